/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a profile from JSON that anybody may have written: every type and range is checked, and the message says where. */
#include "fields.h"
#include "json_stacks.h"
#include "json_value.h"

#include <leastcap/array.h>
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
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Reads one of VOCABULARY's words. Without a value the number is MISSING; it is an error where that is -1. */
static int read_word(const struct lc_json_place *place, const json_t *value, const struct lc_vocabulary *vocabulary,
	int missing, int *number)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf known = {0};
	int read;

	if (!value && missing >= 0) {
		*number = missing;
		return 0;
	}
	if (!json_is_string(value))
		return lc_json_complain_type(place, value, "a string");
	read = lc_vocabulary_value(vocabulary, json_string_value(value));
	if (read >= 0) {
		*number = read;
		return 0;
	}
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
	int number;

	if (!json_is_string(value))
		return lc_json_complain_type(place, value, "the name of a capability");
	number = lc_cap_from_name(json_string_value(value));
	if (number < 0)
		return lc_json_complain(place, "\"%.*s\" is no capability", LC_QUOTE_SIZE, json_string_value(value));
	*cap = number;
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

		if (err)
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

/* Reads TEXT, ".123456Z" or "Z". -EINVAL when it is neither. */
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

/* Reads a time. Where it is missing, *NS is unchanged. */
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

/* Adds the permission bits, in octal ("0755"), to *MODE. They may be missing. */
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

/* Adds the kind of file to *MODE. It may be missing, or one that only later versions have a word for. */
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

/* Reads OBJECT, which stands at PLACE, to INTO. */
typedef int reader(const struct lc_json_place *place, const json_t *object, void *into);

/* Reads the object that is KEY's in OBJECT, by READ to INTO. It may be missing. */
static int read_member(
	const struct lc_json_place *parent, const json_t *object, const char *key, reader *read, void *into)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const json_t *member = json_object_get(object, key);

	if (!member)
		return 0;
	if (!json_is_object(member))
		return lc_json_complain_type(&here, member, "an object");
	return read(&here, member, into);
}

/* Reads the objects in the list that is KEY's in OBJECT, each by READ to INTO. */
static int read_list(
	const struct lc_json_place *parent, const json_t *object, const char *key, reader *read, void *into)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const json_t *array = json_object_get(object, key);
	const json_t *value;
	size_t index;

	if (!json_is_array(array))
		return lc_json_complain_type(&here, array, "a list");
	json_array_foreach(array, index, value)
	{
		struct lc_json_place item = lc_json_place_index(&here, index);
		int err = json_is_object(value) ? read(&item, value, into)
						: lc_json_complain_type(&item, value, "an object");

		if (err)
			return err;
	}
	return 0;
}

/* The file that a check was about. */
static int read_object(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_object *file = into;

	return lc_json_read_strings(place, object, file, lc_object_strings) ?:
		read_mode(place, object, &file->mode) ?:
		read_type(place, object, &file->mode);
}

static int read_check(const struct lc_json_place *place, const json_t *object, struct lc_check *check)
{
	struct lc_json_place cap = lc_json_place_key(place, "cap");

	return read_cap(&cap, json_object_get(object, "cap"), &check->cap) ?:
		read_words(place, object, check, lc_evidence_words) ?:
		read_flags(place, object, check, lc_evidence_flags) ?:
		lc_json_read_count(place, object, "count", &check->count) ?:
		read_time(place, object, "first", &check->first_ns) ?:
		read_time(place, object, "last", &check->last_ns) ?:
		lc_json_read_strings(place, object, check, lc_evidence_strings) ?:
		read_member(place, object, "object", read_object, &check->object);
}

static int read_evidence(const struct lc_json_place *place, const json_t *object, void *into)
{
	_cleanup_(lc_check_clear) struct lc_check check = {0};

	return read_check(place, object, &check) ?: lc_target_add_evidence(into, &check);
}

/* Reads an argument of a system call, "0x10000000". It may be missing. */
static int read_argument(const struct lc_json_place *parent, const json_t *object, uint64_t *argument)
{
	struct lc_json_place here = lc_json_place_key(parent, "argument");
	const json_t *value = json_object_get(object, "argument");
	const char *text;
	size_t length;

	if (!value)
		return 0;
	if (!json_is_string(value))
		return lc_json_complain_type(&here, value, "a string of hexadecimal digits");
	text = json_string_value(value);
	length = strlen(text);
	if (length < 3 || length > 18 || strncmp(text, "0x", 2) != 0 || text[2 + strspn(text + 2, "0123456789abcdef")])
		return lc_json_complain(&here, "\"%.*s\" is no number such as 0x10000000", LC_QUOTE_SIZE, text);
	*argument = strtoull(text + 2, NULL, 16);
	return 0;
}

static int read_failure_fields(const struct lc_json_place *place, const json_t *object, struct lc_failure *failure)
{
	return read_words(place, object, failure, lc_failure_words) ?:
		read_flags(place, object, failure, lc_failure_flags) ?:
		read_masks(place, object, failure, lc_failure_masks) ?:
		read_argument(place, object, &failure->argument) ?:
		lc_json_read_count(place, object, "count", &failure->count) ?:
		read_time(place, object, "first", &failure->first_ns) ?:
		read_time(place, object, "last", &failure->last_ns) ?:
		lc_json_read_strings(place, object, failure, lc_failure_strings) ?:
		read_member(place, object, "object", read_object, &failure->object);
}

static int read_failure(const struct lc_json_place *place, const json_t *object, void *into)
{
	_cleanup_(lc_failure_clear) struct lc_failure failure = {0};

	return read_failure_fields(place, object, &failure) ?: lc_target_add_failure(into, &failure);
}

/* What the engine was told. */
static int read_configured(const struct lc_json_place *place, const json_t *object, void *into)
{
	return read_masks(place, object, into, lc_configured_masks);
}

static int read_advice(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_json_place cap_place = lc_json_place_key(place, "cap");
	struct lc_json_place text_place = lc_json_place_key(place, "text");
	char *text = NULL;
	int cap = 0;

	return read_cap(&cap_place, json_object_get(object, "cap"), &cap) ?:
		lc_json_read_string(&text_place, json_object_get(object, "text"), true, &text) ?:
		lc_target_add_advice(into, cap, text);
}

static int read_sets(const struct lc_json_place *place, const json_t *object, void *into)
{
	return read_masks(place, object, into, lc_sets_masks);
}

/* Reads OBJECT's sets, which an audit always writes. */
static int read_own_sets(const struct lc_json_place *place, const json_t *object, struct lc_sets *sets)
{
	struct lc_json_place here = lc_json_place_key(place, "sets");

	if (!json_object_get(object, "sets"))
		return lc_json_complain_type(&here, NULL, "an object");
	return read_member(place, object, "sets", read_sets, sets);
}

/* What an audit found of the first process. */
static int read_init(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_init *init = into;
	int err = lc_json_read_strings(place, object, init, lc_init_strings)
			  ?: read_flags(place, object, init, lc_init_flags);

	if (err || !json_object_get(object, "pid"))
		return err;
	return lc_json_read_count(place, object, "pid", &init->pid) ?:
		read_words(place, object, init, lc_init_words) ?:
		read_own_sets(place, object, &init->sets);
}

/* What an audit found of all processes together. */
static int read_members(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_members *members = into;

	return lc_json_read_count(place, object, "count", &members->n) ?:
		read_flags(place, object, members, lc_members_flags) ?:
		lc_json_read_strings(place, object, members, lc_members_strings) ?:
		read_own_sets(place, object, &members->sets);
}

/* What an audit made of the target. Older audits have no score. */
static int read_rating(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_rating *rating = into;
	int err = json_object_get(object, "score") ? lc_json_read_count(place, object, "score", &rating->score) : 0;

	return err ?: read_words(place, object, rating, lc_rating_words) ?:
		lc_json_read_strings(place, object, rating, lc_rating_strings);
}

/* One of the things that its score is made of. */
static int read_hazard(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_hazard hazard = {0};
	int err = read_words(place, object, &hazard, lc_hazard_words) ?:
			  lc_json_read_count(place, object, "points", &hazard.points) ?:
			  read_flags(place, object, &hazard, lc_hazard_flags) ?:
			  lc_json_read_strings(place, object, &hazard, lc_hazard_strings);

	if (!err)
		err = lc_target_add_hazard(into, &hazard);
	lc_hazard_clear(&hazard);
	return err;
}

static int read_run(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_proof *proof = into;
	struct lc_proof_run *runs = lc_array_grow(proof->runs, proof->n_runs, sizeof(*runs));
	struct lc_proof_run *run;

	if (!runs)
		return -ENOMEM;
	proof->runs = runs;
	run = &runs[proof->n_runs++];
	*run = (struct lc_proof_run){0};
	return read_words(place, object, run, lc_run_words) ?:
		read_flags(place, object, run, lc_run_flags) ?:
		read_masks(place, object, run, lc_run_masks) ?:
		lc_json_read_strings(place, object, run, lc_run_strings);
}

/* That the list was proven. */
static int read_proof(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_target *target = into;
	struct lc_proof *proof = calloc(1, sizeof(*proof));

	if (!proof)
		return -ENOMEM;
	target->proof = proof;
	return lc_json_read_strings(place, object, proof, lc_proof_strings) ?:
		read_flags(place, object, proof, lc_proof_flags) ?:
		read_time(place, object, "ended", &proof->ended_ns) ?:
		read_masks(place, object, proof, lc_proof_masks) ?:
		read_list(place, object, "runs", read_run, proof);
}

/* The times of a target's life. */
static int read_life(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_life *life = into;
	int err = read_words(place, object, life, lc_life_words);

	for (const struct lc_time_field *field = lc_life_times; !err && field->key; field++)
		err = read_time(place, object, field->key, (int64_t *)((char *)life + field->offset));
	return err ? err : lc_json_read_count(place, object, "starts", &life->starts);
}

/* How much of a target's life was seen. */
static int read_seen(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_seen *seen = into;
	uint64_t cut = 0;
	int err = read_words(place, object, seen, lc_seen_words);

	for (const struct lc_time_field *field = lc_seen_times; !err && field->key; field++)
		err = read_time(place, object, field->key, (int64_t *)((char *)seen + field->offset));
	if (!err && json_object_get(object, "cut_after"))
		err = lc_json_read_count(place, object, "cut_after", &cut);
	seen->cut_ns = (int64_t)cut;
	return err;
}

/* Reads the entries of the list that is KEY's in OBJECT, each by READ to INTO. It may be missing. */
static int read_entries(
	const struct lc_json_place *parent, const json_t *object, const char *key, reader *read, void *into)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const json_t *array = json_object_get(object, key), *value;
	size_t index;

	if (array && !json_is_array(array))
		return lc_json_complain_type(&here, array, "a list");
	json_array_foreach(array, index, value)
	{
		struct lc_json_place item = lc_json_place_index(&here, index);
		int err = read(&item, value, into);

		if (err)
			return err;
	}
	return 0;
}

static int read_signal(const struct lc_json_place *place, const json_t *value, void *into)
{
	uint32_t *signals = into;
	int signal = json_is_string(value) ? lc_signal_number(json_string_value(value)) : 0;

	if (!json_is_string(value))
		return lc_json_complain_type(place, value, "a string");
	if (!signal)
		return lc_json_complain(place, "is no signal that is recorded");
	*signals |= 1U << signal;
	return 0;
}

static int read_volume(const struct lc_json_place *place, const json_t *value, void *into)
{
	_cleanup_free_ char *path = NULL;

	return lc_json_read_string(place, value, true, &path) ?: lc_volumes_add(into, path);
}

/* One port. They are in ascending order, so that any number of them is read in no time. */
static int read_port(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_coverage *coverage = into;
	struct lc_json_place here = lc_json_place_key(place, "port");
	uint64_t number = 0, connections = 0;
	int err = lc_json_read_count(place, object, "port", &number)
			  ?: lc_json_read_count(place, object, "connections", &connections);

	if (err)
		return err;
	if (!number || number > UINT16_MAX)
		return lc_json_complain(&here, "is no port");
	if (coverage->n_ports && coverage->ports[coverage->n_ports - 1].number >= number)
		return lc_json_complain(&here, "is not above the one before");
	return lc_coverage_add_port(coverage, (uint16_t)number, connections);
}

/* One program that a file names. They are in the order of their paths, as ports are in theirs. */
static int read_program(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_coverage *coverage = into;
	struct lc_json_place path_place = lc_json_place_key(place, "path");
	struct lc_json_place file_place = lc_json_place_key(place, "named_in");
	_cleanup_free_ char *path = NULL, *file = NULL;
	bool ran = false;
	int err = lc_json_read_string(&path_place, json_object_get(object, "path"), true, &path)
			  ?: lc_json_read_string(&file_place, json_object_get(object, "named_in"), true, &file)
			  ?: lc_json_read_flag(place, object, "ran", &ran);

	if (err)
		return err;
	if (coverage->n_programs && strcmp(coverage->programs[coverage->n_programs - 1].path, path) >= 0)
		return lc_json_complain(&path_place, "is not behind the one before");
	return lc_coverage_add_program(coverage, path, file, ran);
}

/* What the target was asked for and what not. */
static int read_coverage(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_coverage *coverage = into;
	int err = read_entries(place, object, "handled", read_signal, &coverage->handled)
			  ?: read_entries(place, object, "sent", read_signal, &coverage->sent);

	if (!err && json_object_get(object, "programs_unknown"))
		err = lc_json_read_count(place, object, "programs_unknown", &coverage->programs_unknown);
	if (!err && json_object_get(object, "ports"))
		err = read_list(place, object, "ports", read_port, coverage);
	if (!err && json_object_get(object, "programs"))
		err = read_list(place, object, "programs", read_program, coverage);
	return err;
}

/* What was lost, by what was full. Newer profiles may know further kinds, which are passed over. */
static int read_losses(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_losses *losses = into;
	int err = 0;

	for (int i = 0; !err && i < LC_LOSS_N; i++) {
		const char *name = lc_loss_name((enum lc_loss)i);

		if (json_object_get(object, name))
			err = lc_json_read_count(place, object, name, &losses->of[i]);
	}
	return err;
}

/* The parts of a target that older profiles, or those that are no audit's, may lack. */
static int read_parts(const struct lc_json_place *place, const json_t *object, struct lc_target *target)
{
	const struct {
		const char *key;
		reader *read;
		void *into;
	} parts[] = {
		{"configured", read_configured, target},
		{"lost", read_losses, &target->losses},
		{"rating", read_rating, &target->rating},
		{"init", read_init, &target->init},
		{"processes", read_members, &target->members},
		{"life", read_life, &target->life},
		{"seen", read_seen, &target->seen},
		{"coverage", read_coverage, &target->coverage},
		{"proven", read_proof, target},
	};
	int err = 0;

	for (size_t i = 0; !err && i < sizeof(parts) / sizeof(parts[0]); i++)
		err = read_member(place, object, parts[i].key, parts[i].read, parts[i].into);
	return err;
}

static int read_kind(const struct lc_json_place *place, const json_t *object, enum lc_target_kind *kind)
{
	struct lc_json_place here = lc_json_place_key(place, "kind");
	int number = 0;
	int err = read_word(&here, json_object_get(object, "kind"), &lc_vocabulary_target_kind, -1, &number);

	*kind = (enum lc_target_kind)number;
	return err;
}

static int read_target(const struct lc_json_place *place, const json_t *object, void *into)
{
	struct lc_target *target = lc_profile_add_target(into);
	int err;

	if (!target)
		return -ENOMEM;
	err = read_kind(place, object, &target->kind) ?:
		lc_json_read_strings(place, object, target, lc_target_strings) ?:
		lc_json_read_flag(place, object, "privileged", &target->privileged) ?:
		lc_json_read_flag(place, object, "seccomp", &target->seccomp) ?:
		lc_json_read_flag(place, object, "own_filter", &target->own_filter) ?:
		read_parts(place, object, target) ?:
		read_entries(place, object, "volumes", read_volume, &target->volumes) ?:
		read_masks(place, object, target, lc_target_masks);
	if (!err && json_object_get(object, "left"))
		err = lc_json_read_count(place, object, "left", &target->n_left);
	if (!err && json_object_get(object, "hazards"))
		err = read_list(place, object, "hazards", read_hazard, target);
	if (!err && json_object_get(object, "advice"))
		err = read_list(place, object, "advice", read_advice, target);
	if (!err && json_object_get(object, "failures"))
		err = read_list(place, object, "failures", read_failure, target);
	return err ? err : read_list(place, object, "evidence", read_evidence, target);
}

static int read_host(const struct lc_json_place *place, const json_t *object, void *into)
{
	return lc_json_read_strings(place, object, into, lc_host_strings);
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
	err = read_schema(root, object) ?:
		lc_json_read_string(&tool, json_object_get(object, "tool"), false, &profile->tool) ?:
		read_member(root, object, "host", read_host, profile) ?:
		read_time(root, object, "started", &profile->started_ns) ?:
		read_time(root, object, "ended", &profile->ended_ns) ?:
		lc_json_read_count(root, object, "lost", &profile->lost) ?:
		read_member(root, object, "lost_elsewhere", read_losses, &profile->elsewhere) ?:
		read_list(root, object, "targets", read_target, profile);
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
