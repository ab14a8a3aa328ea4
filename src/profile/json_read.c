/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a profile from JSON that anybody may have written: every type and range is checked, and the message says where. */
#include "fields.h"
#include "json_stacks.h"
#include "json_value.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/json.h>
#include <leastcap/profile.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Reads one of VOCABULARY's words; absent is MISSING unless that is -1. */
static int read_word(const struct lc_json_place *place, const json_t *value, const struct lc_vocabulary *vocabulary,
	int missing, int *number)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf known = {0};

	if (!value && missing >= 0) {
		*number = missing;
		return 0;
	}
	if (!json_is_string(value))
		return lc_json_complain_type(place, value, "a string");
	*number = lc_vocabulary_value(vocabulary, json_string_value(value));
	if (*number >= 0)
		return 0;
	for (int i = 0; i < vocabulary->n; i++) {
		lc_strbuf_separate(&known, ", ");
		lc_strbuf_adds(&known, vocabulary->words[i]);
	}
	return lc_json_complain(
		place, "\"%.*s\" is none of %s", LC_QUOTE_SIZE, json_string_value(value), known.text ? known.text : "");
}

static int read_words(
	const struct lc_json_place *place, const json_t *object, void *base, const struct lc_word_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		struct lc_json_place here = lc_json_place_key(place, field->key);

		err = read_word(&here, json_object_get(object, field->key), field->vocabulary, field->missing,
			(int *)((char *)base + field->offset));
	}
	return err;
}

static int read_cap(const struct lc_json_place *place, const json_t *value, int *cap)
{
	if (!json_is_string(value))
		return lc_json_complain_type(place, value, "the name of a capability");
	*cap = lc_cap_from_name(json_string_value(value));
	if (*cap < 0)
		return lc_json_complain(place, "\"%.*s\" is no capability", LC_QUOTE_SIZE, json_string_value(value));
	return 0;
}

static int read_mask(const struct lc_json_place *place, const json_t *value, uint64_t *mask)
{
	const json_t *name;
	size_t index;

	if (!json_is_array(value))
		return lc_json_complain_type(place, value, "a list of capabilities");
	json_array_foreach(value, index, name)
	{
		struct lc_json_place here = lc_json_place_index(place, index);
		int cap = 0;
		int err = read_cap(&here, name, &cap);

		if (err || cap < 0)
			return err;
		*mask |= LC_CAP_BIT(cap);
	}
	return 0;
}

static int read_masks(
	const struct lc_json_place *place, const json_t *object, void *base, const struct lc_mask_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		struct lc_json_place here = lc_json_place_key(place, field->key);

		const json_t *value = json_object_get(object, field->key);

		if (value || !field->optional)
			err = read_mask(&here, value, (uint64_t *)((char *)base + field->offset));
	}
	return err;
}

static int read_flags(
	const struct lc_json_place *place, const json_t *object, void *base, const struct lc_flag_field *field)
{
	int err = 0;

	for (; !err && field->key; field++)
		err = lc_json_read_flag(place, object, field->key, (bool *)((char *)base + field->offset));
	return err;
}

/* Reads ".123456Z" or "Z", whole; -EINVAL when TEXT is neither. */
static int parse_fraction(const char *text, int64_t *ns)
{
	int64_t digit_ns = LC_NS_PER_S;

	*ns = 0;
	if (*text == '.') {
		for (text++; *text >= '0' && *text <= '9'; text++) {
			digit_ns /= 10;
			*ns += (*text - '0') * digit_ns;
		}
		if (digit_ns == LC_NS_PER_S)
			return -EINVAL;
	}
	return strcmp(text, "Z") == 0 ? 0 : -EINVAL;
}

/* Reads an RFC 3339 time in UTC between 1970 and 2261, which nanoseconds in 64 bits can hold. */
static int parse_time(const char *text, int64_t *ns)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	struct tm utc = {0};
	struct tm normal;
	int64_t fraction;
	time_t seconds;

	for (size_t i = 0; shape[i]; i++) {
		if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return -EINVAL;
	}
	if (!strptime(text, "%Y-%m-%dT%H:%M:%S", &utc) || parse_fraction(text + sizeof(shape) - 1, &fraction))
		return -EINVAL;
	normal = utc;
	seconds = timegm(&normal);
	/* timegm takes 31 February for 3 March. */
	if (normal.tm_mday != utc.tm_mday || utc.tm_year < 70 || utc.tm_year > 361)
		return -EINVAL;
	*ns = (int64_t)seconds * LC_NS_PER_S + fraction;
	return 0;
}

/* Reads a time; absent is left as it is. */
static int read_time(const struct lc_json_place *parent, const json_t *object, const char *key, int64_t *ns)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const json_t *value = json_object_get(object, key);

	if (!value)
		return 0;
	if (!json_is_string(value))
		return lc_json_complain_type(&here, value, "a time");
	if (parse_time(json_string_value(value), ns))
		return lc_json_complain(&here, "\"%.*s\" is no UTC time such as 2026-11-22T05:00:00Z", LC_QUOTE_SIZE,
			json_string_value(value));
	return 0;
}

/* Reads the bits below the kind of file, in octal ("0755"); absent is 0. */
static int read_mode(const struct lc_json_place *parent, const json_t *object, uint32_t *mode)
{
	struct lc_json_place here = lc_json_place_key(parent, "mode");
	const json_t *value = json_object_get(object, "mode");
	const char *digits;

	if (!value)
		return 0;
	if (!json_is_string(value))
		return lc_json_complain_type(&here, value, "a string of octal digits");
	digits = json_string_value(value);
	if (!*digits || strlen(digits) > 4 || digits[strspn(digits, "01234567")])
		return lc_json_complain(&here, "\"%.*s\" is no mode such as 0755", LC_QUOTE_SIZE, digits);
	*mode |= (uint32_t)strtoul(digits, NULL, 8);
	return 0;
}

/* Reads the kind of file; one that this version has no word for is not known. */
static int read_type(const struct lc_json_place *parent, const json_t *object, uint32_t *mode)
{
	struct lc_json_place here = lc_json_place_key(parent, "type");
	const json_t *value = json_object_get(object, "type");

	if (!value)
		return 0;
	if (!json_is_string(value))
		return lc_json_complain_type(&here, value, "a string");
	for (const struct lc_file_type *type = lc_file_types; type->word; type++) {
		if (strcmp(type->word, json_string_value(value)) == 0)
			*mode |= type->bits;
	}
	return 0;
}

/* Reads the file that a check was about. */
static int read_object(const struct lc_json_place *parent, const json_t *check, struct lc_object *file)
{
	struct lc_json_place here = lc_json_place_key(parent, "object");
	const json_t *object = json_object_get(check, "object");
	int err;

	if (!object)
		return 0;
	if (!json_is_object(object))
		return lc_json_complain_type(&here, object, "an object");
	err = lc_json_read_strings(&here, object, file, lc_object_strings);
	if (!err)
		err = read_mode(&here, object, &file->mode);
	return err ? err : read_type(&here, object, &file->mode);
}

static int read_check(const struct lc_json_place *place, const json_t *object, struct lc_check *check)
{
	struct lc_json_place cap = lc_json_place_key(place, "cap");
	int err;

	if (!json_is_object(object))
		return lc_json_complain_type(place, object, "an object");
	err = read_cap(&cap, json_object_get(object, "cap"), &check->cap);
	if (!err)
		err = read_words(place, object, check, lc_evidence_words);
	if (!err)
		err = read_flags(place, object, check, lc_evidence_flags);
	if (!err)
		err = lc_json_read_count(place, object, "count", &check->count);
	if (!err)
		err = read_time(place, object, "first", &check->first_ns);
	if (!err)
		err = read_time(place, object, "last", &check->last_ns);
	if (!err)
		err = lc_json_read_strings(place, object, check, lc_evidence_strings);
	return err ? err : read_object(place, object, &check->object);
}

static int read_evidence(const struct lc_json_place *parent, const json_t *object, struct lc_target *target)
{
	struct lc_json_place here = lc_json_place_key(parent, "evidence");
	const json_t *array = json_object_get(object, "evidence");
	const json_t *value;
	size_t index;

	if (!json_is_array(array))
		return lc_json_complain_type(&here, array, "a list");
	json_array_foreach(array, index, value)
	{
		_cleanup_(lc_check_clear) struct lc_check check = {0};
		struct lc_json_place item = lc_json_place_index(&here, index);
		int err = read_check(&item, value, &check);

		if (!err)
			err = lc_target_add_evidence(target, &check);
		if (err)
			return err;
	}
	return 0;
}

/* Reads what the engine was told; older profiles may lack it. */
static int read_configured(const struct lc_json_place *parent, const json_t *object, struct lc_target *target)
{
	struct lc_json_place here = lc_json_place_key(parent, "configured");
	const json_t *configured = json_object_get(object, "configured");

	if (!configured)
		return 0;
	if (!json_is_object(configured))
		return lc_json_complain_type(&here, configured, "an object");
	return read_masks(&here, configured, target, lc_configured_masks);
}

static int read_advice(const struct lc_json_place *place, const json_t *object, struct lc_target *target)
{
	_cleanup_free_ char *text = NULL;
	struct lc_json_place cap_place = lc_json_place_key(place, "cap");
	struct lc_json_place text_place = lc_json_place_key(place, "text");
	int cap = 0;
	int err;

	if (!json_is_object(object))
		return lc_json_complain_type(place, object, "an object");
	err = read_cap(&cap_place, json_object_get(object, "cap"), &cap);
	if (!err)
		err = lc_json_read_string(&text_place, json_object_get(object, "text"), true, &text);
	if (err)
		return err;
	err = lc_target_add_advice(target, cap, text);
	text = NULL;
	return err;
}

/* Reads what is advised; older profiles lack it. */
static int read_all_advice(const struct lc_json_place *parent, const json_t *object, struct lc_target *target)
{
	struct lc_json_place here = lc_json_place_key(parent, "advice");
	const json_t *array = json_object_get(object, "advice");
	const json_t *value;
	size_t index;
	int err = 0;

	if (array && !json_is_array(array))
		return lc_json_complain_type(&here, array, "a list");
	json_array_foreach(array, index, value)
	{
		struct lc_json_place item = lc_json_place_index(&here, index);

		err = read_advice(&item, value, target);
		if (err)
			break;
	}
	return err;
}

static int read_sets(const struct lc_json_place *parent, const json_t *object, struct lc_sets *sets)
{
	struct lc_json_place here = lc_json_place_key(parent, "sets");
	const json_t *value = json_object_get(object, "sets");

	if (!json_is_object(value))
		return lc_json_complain_type(&here, value, "an object");
	return read_masks(&here, value, sets, lc_sets_masks);
}

/* Reads what is known of the first process; only an audit tells. */
static int read_init(const struct lc_json_place *parent, const json_t *target, struct lc_init *init)
{
	struct lc_json_place here = lc_json_place_key(parent, "init");
	const json_t *object = json_object_get(target, "init");
	int err;

	if (!object)
		return 0;
	if (!json_is_object(object))
		return lc_json_complain_type(&here, object, "an object");
	err = lc_json_read_strings(&here, object, init, lc_init_strings);
	if (err || !json_object_get(object, "pid"))
		return err;
	err = lc_json_read_count(&here, object, "pid", &init->pid);
	if (!err)
		err = read_words(&here, object, init, lc_init_words);
	if (!err)
		err = read_flags(&here, object, init, lc_init_flags);
	return err ? err : read_sets(&here, object, &init->sets);
}

/* Reads what is known of all processes together; only an audit tells. */
static int read_members(const struct lc_json_place *parent, const json_t *target, struct lc_members *members)
{
	struct lc_json_place here = lc_json_place_key(parent, "processes");
	const json_t *object = json_object_get(target, "processes");
	int err;

	if (!object)
		return 0;
	if (!json_is_object(object))
		return lc_json_complain_type(&here, object, "an object");
	err = lc_json_read_count(&here, object, "count", &members->n);
	if (!err)
		err = read_flags(&here, object, members, lc_members_flags);
	if (!err)
		err = lc_json_read_strings(&here, object, members, lc_members_strings);
	return err ? err : read_sets(&here, object, &members->sets);
}

/* Reads what an audit made of it; other profiles lack it. */
static int read_rating(const struct lc_json_place *parent, const json_t *target, struct lc_rating *rating)
{
	struct lc_json_place here = lc_json_place_key(parent, "rating");
	const json_t *object = json_object_get(target, "rating");
	int err;

	if (!object)
		return 0;
	if (!json_is_object(object))
		return lc_json_complain_type(&here, object, "an object");
	err = read_words(&here, object, rating, lc_rating_words);
	return err ? err : lc_json_read_strings(&here, object, rating, lc_rating_strings);
}

/* Reads what is lost by what was full; older profiles lack it, and newer ones may know more. */
static int read_losses(
	const struct lc_json_place *parent, const json_t *target, const char *key, struct lc_losses *losses)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const json_t *object = json_object_get(target, key);
	int err = 0;

	if (!object)
		return 0;
	if (!json_is_object(object))
		return lc_json_complain_type(&here, object, "an object");
	for (int i = 0; !err && i < LC_LOSS_N; i++) {
		const char *name = lc_loss_name((enum lc_loss)i);

		if (json_object_get(object, name))
			err = lc_json_read_count(&here, object, name, &losses->of[i]);
	}
	return err;
}

static int read_target(const struct lc_json_place *place, const json_t *object, struct lc_target *target)
{
	struct lc_json_place kind = lc_json_place_key(place, "kind");
	int number = 0;
	int err;

	if (!json_is_object(object))
		return lc_json_complain_type(place, object, "an object");
	err = read_word(&kind, json_object_get(object, "kind"), &lc_vocabulary_target_kind, -1, &number);
	if (err)
		return err;
	target->kind = (enum lc_target_kind)number;
	err = lc_json_read_strings(place, object, target, lc_target_strings);
	if (!err)
		err = lc_json_read_flag(place, object, "privileged", &target->privileged);
	if (!err && json_object_get(object, "left"))
		err = lc_json_read_count(place, object, "left", &target->n_left);
	if (!err)
		err = lc_json_read_flag(place, object, "seccomp", &target->seccomp);
	if (!err)
		err = read_configured(place, object, target);
	if (!err)
		err = read_losses(place, object, "lost", &target->losses);
	if (!err)
		err = read_rating(place, object, &target->rating);
	if (!err)
		err = read_init(place, object, &target->init);
	if (!err)
		err = read_members(place, object, &target->members);
	if (!err)
		err = read_masks(place, object, target, lc_target_masks);
	if (!err)
		err = read_all_advice(place, object, target);
	return err ? err : read_evidence(place, object, target);
}

static int read_targets(const struct lc_json_place *root, const json_t *object, struct lc_profile *profile)
{
	struct lc_json_place here = lc_json_place_key(root, "targets");
	const json_t *array = json_object_get(object, "targets");
	const json_t *value;
	size_t index;

	if (!json_is_array(array))
		return lc_json_complain_type(&here, array, "a list");
	json_array_foreach(array, index, value)
	{
		struct lc_json_place item = lc_json_place_index(&here, index);
		struct lc_target *target = lc_profile_add_target(profile);
		int err = target ? read_target(&item, value, target) : -ENOMEM;

		if (err)
			return err;
	}
	return 0;
}

static int read_host(const struct lc_json_place *root, const json_t *object, struct lc_profile *profile)
{
	struct lc_json_place here = lc_json_place_key(root, "host");
	const json_t *host = json_object_get(object, "host");

	if (!host)
		return 0;
	if (!json_is_object(host))
		return lc_json_complain_type(&here, host, "an object");
	return lc_json_read_strings(&here, host, profile, lc_host_strings);
}

static int read_schema(const struct lc_json_place *root, const json_t *object)
{
	struct lc_json_place here = lc_json_place_key(root, "schema");
	const json_t *value = json_object_get(object, "schema");

	if (!value || !json_is_string(value))
		return lc_json_complain(root, "this is no leastcap profile: it has no \"schema\"");
	if (strcmp(json_string_value(value), LC_PROFILE_SCHEMA) != 0)
		return lc_json_complain(&here, "\"%.*s\" cannot be read, only \"%s\"", LC_QUOTE_SIZE,
			json_string_value(value), LC_PROFILE_SCHEMA);
	return 0;
}

static int read_profile(const struct lc_json_place *root, const json_t *object, struct lc_profile *profile)
{
	struct lc_json_place tool = lc_json_place_key(root, "tool");
	int err;

	if (!json_is_object(object))
		return lc_json_complain(root, "this is no leastcap profile: it is %s", lc_json_type_name(object));
	err = read_schema(root, object);
	if (!err)
		err = lc_json_read_string(&tool, json_object_get(object, "tool"), false, &profile->tool);
	if (!err)
		err = read_host(root, object, profile);
	if (!err)
		err = read_time(root, object, "started", &profile->started_ns);
	if (!err)
		err = read_time(root, object, "ended", &profile->ended_ns);
	if (!err)
		err = lc_json_read_count(root, object, "lost", &profile->lost);
	if (!err)
		err = read_losses(root, object, "lost_elsewhere", &profile->elsewhere);
	if (!err)
		err = read_targets(root, object, profile);
	return err ? err : lc_json_read_stacks(root, object, profile);
}

/* Parses TEXT, or says in which line it stops being JSON. */
static json_t *parse(const struct lc_json_place *root, const char *text, size_t length)
{
	json_error_t error;
	json_t *value;

	if (lc_json_has_too_many_values(text, length)) {
		lc_json_complain(root, "more than %d values: too big for a profile", LC_PROFILE_MAX_VALUES);
		return NULL;
	}
	/* jansson itself refuses nesting beyond 2048 levels. */
	value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
	if (!value && json_error_code(&error) == json_error_premature_end_of_input)
		lc_json_complain(root, "line %d column %d: the file ends in the middle of the profile", error.line,
			error.column);
	else if (!value)
		lc_json_complain(root, "line %d column %d: %s", error.line, error.column, error.text);
	return value;
}

int lc_profile_from_json(struct lc_profile *profile, const char *text, size_t length, char **message)
{
	const struct lc_json_place root = {.message = message};
	_cleanup_json_ json_t *value = NULL;
	int err;

	*profile = (struct lc_profile){0};
	*message = NULL;
	value = parse(&root, text, length);
	err = value ? read_profile(&root, value, profile) : -EINVAL;
	if (err)
		lc_profile_clear(profile);
	if (err == -ENOMEM)
		lc_json_complain(&root, "out of memory");
	return err;
}
