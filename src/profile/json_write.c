/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes a profile as JSON: one field per line, and what has no list inside it on one line. */
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
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define LC_NS_PER_US     INT64_C(1000)
#define LC_TIME_SIZE     64
#define LC_MODE_SIZE     8 /* "0755" */
#define LC_ARGUMENT_SIZE 24

/* The member of the structure at BASE that FIELD describes. */
#define MEMBER(type, base, field) ((const type *)((const char *)(base) + (field)->offset))

static json_t *count_value(uint64_t count)
{
	return json_integer((json_int_t)(count > LC_COUNT_MAX ? LC_COUNT_MAX : count));
}

/* An argument of a system call, in hexadecimal because integers of JSON have a sign. */
static json_t *argument_value(uint64_t argument)
{
	char text[LC_ARGUMENT_SIZE];

	snprintf(text, sizeof(text), "0x%" PRIx64, argument);
	return json_string(text);
}

/* NS as RFC 3339 in UTC, to the second or the microsecond. What lies before 1970 is written as 1970. */
static json_t *time_value(int64_t ns, bool with_microseconds)
{
	time_t seconds = (time_t)(ns > 0 ? ns / LC_NS_PER_S : 0);
	int microseconds = (int)(ns > 0 ? ns % LC_NS_PER_S / LC_NS_PER_US : 0);
	char text[LC_TIME_SIZE];
	struct tm utc;
	size_t length;

	if (!gmtime_r(&seconds, &utc))
		return NULL;
	length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	if (with_microseconds)
		snprintf(text + length, sizeof(text) - length, ".%06dZ", microseconds);
	else
		snprintf(text + length, sizeof(text) - length, "Z");
	return json_string(text);
}

/* Each of the functions called set_ returns 0 or -ENOMEM. */
static int set_strings(json_t *object, const void *base, const struct lc_string_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		const char *text = *MEMBER(char *, base, field);

		if (text)
			err = lc_json_set(object, field->key, lc_json_text(text));
		else if (field->nullable)
			err = lc_json_set(object, field->key, json_null());
	}
	return err;
}

static int set_words(json_t *object, const void *base, const struct lc_word_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		int value = *MEMBER(int, base, field);

		if (field->left_out && value == field->missing)
			continue;
		err = lc_json_set(object, field->key, json_string(lc_vocabulary_word(field->vocabulary, value)));
	}
	return err;
}

static int set_times(json_t *object, const void *base, const struct lc_time_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		int64_t ns = *MEMBER(int64_t, base, field);

		if (ns)
			err = lc_json_set(object, field->key, time_value(ns, true));
	}
	return err;
}

static int set_flags(json_t *object, const void *base, const struct lc_flag_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		if (*MEMBER(bool, base, field))
			err = lc_json_set(object, field->key, json_true());
	}
	return err;
}

static int set_masks(json_t *object, const void *base, const struct lc_mask_field *field)
{
	int err = 0;

	for (; !err && field->key; field++)
		err = lc_json_set(object, field->key, lc_json_capabilities(*MEMBER(uint64_t, base, field), false));
	return err;
}

static json_t *host_value(const struct lc_profile *profile)
{
	_cleanup_json_ json_t *object = json_object();

	return object && !set_strings(object, profile, lc_host_strings) ? json_incref(object) : NULL;
}

static json_t *masks_value(const void *base, const struct lc_mask_field *field)
{
	_cleanup_json_ json_t *object = json_object();

	return object && !set_masks(object, base, field) ? json_incref(object) : NULL;
}

/* The kind of file that MODE says, or NULL. */
static const char *file_type(uint32_t mode)
{
	for (const struct lc_file_type *type = lc_file_types; type->word; type++) {
		if (type->bits == (mode & S_IFMT))
			return type->word;
	}
	return NULL;
}

static json_t *object_value(const struct lc_object *file)
{
	_cleanup_json_ json_t *object = json_object();
	const char *type = file_type(file->mode);
	char mode[LC_MODE_SIZE];

	snprintf(mode, sizeof(mode), "%04o", (unsigned int)(file->mode & 07777));
	if (!object || set_strings(object, file, lc_object_strings) || lc_json_set(object, "mode", json_string(mode)) ||
		(type && lc_json_set(object, "type", json_string(type))))
		return NULL;
	return json_incref(object);
}

static json_t *check_value(const struct lc_check *check, struct lc_json_stacks *stacks)
{
	_cleanup_json_ json_t *object = json_object();
	char name[LC_CAP_NAME_SIZE];

	if (!object || lc_json_set(object, "cap", json_string(lc_cap_name(check->cap, name))) ||
		set_words(object, check, lc_evidence_words) || set_flags(object, check, lc_evidence_flags) ||
		lc_json_set(object, "count", count_value(check->count)) ||
		lc_json_set(object, "first", time_value(check->first_ns, true)) ||
		lc_json_set(object, "last", time_value(check->last_ns, true)) ||
		set_strings(object, check, lc_evidence_strings) ||
		(check->object.path && lc_json_set(object, "object", object_value(&check->object))) ||
		lc_json_add_stack(stacks, object, "kernel_stack", check->kernel_stack) ||
		lc_json_add_stack(stacks, object, "user_stack", check->user_stack))
		return NULL;
	return json_incref(object);
}

static json_t *failure_value(const struct lc_failure *failure)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || set_words(object, failure, lc_failure_words) || set_flags(object, failure, lc_failure_flags) ||
		(failure->caps && set_masks(object, failure, lc_failure_masks)) ||
		(failure->argument && lc_json_set(object, "argument", argument_value(failure->argument))) ||
		lc_json_set(object, "count", count_value(failure->count)) ||
		lc_json_set(object, "first", time_value(failure->first_ns, true)) ||
		lc_json_set(object, "last", time_value(failure->last_ns, true)) ||
		set_strings(object, failure, lc_failure_strings) ||
		(failure->object.path && lc_json_set(object, "object", object_value(&failure->object))))
		return NULL;
	return json_incref(object);
}

static json_t *advice_value(const struct lc_target *target)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; array && i < target->n_advice; i++) {
		_cleanup_json_ json_t *object = json_object();
		char name[LC_CAP_NAME_SIZE];

		if (!object || lc_json_set(object, "cap", json_string(lc_cap_name(target->advice[i].cap, name))) ||
			lc_json_set(object, "text", lc_json_text(target->advice[i].text)) ||
			json_array_append(array, object))
			return NULL;
	}
	return json_incref(array);
}

static json_t *init_value(const struct lc_init *init)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || set_strings(object, init, lc_init_strings) || set_flags(object, init, lc_init_flags))
		return NULL;
	if (init->pid &&
		(lc_json_set(object, "pid", count_value(init->pid)) || set_words(object, init, lc_init_words) ||
			lc_json_set(object, "sets", masks_value(&init->sets, lc_sets_masks))))
		return NULL;
	return json_incref(object);
}

static json_t *members_value(const struct lc_members *members)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set(object, "count", count_value(members->n)) ||
		set_flags(object, members, lc_members_flags) ||
		lc_json_set(object, "sets", masks_value(&members->sets, lc_sets_masks)) ||
		set_strings(object, members, lc_members_strings))
		return NULL;
	return json_incref(object);
}

static json_t *hazards_value(const struct lc_target *target)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; array && i < target->n_hazards; i++) {
		const struct lc_hazard *hazard = &target->hazards[i];
		_cleanup_json_ json_t *object = json_object();

		if (!object || set_words(object, hazard, lc_hazard_words) ||
			lc_json_set(object, "points", count_value(hazard->points)) ||
			set_strings(object, hazard, lc_hazard_strings) || set_flags(object, hazard, lc_hazard_flags) ||
			json_array_append(array, object))
			return NULL;
	}
	return json_incref(array);
}

static json_t *rating_value(const struct lc_rating *rating)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || set_words(object, rating, lc_rating_words) ||
		lc_json_set(object, "score", count_value(rating->score)) ||
		set_strings(object, rating, lc_rating_strings))
		return NULL;
	return json_incref(object);
}

/* A baseline has no list. */
static json_t *run_value(const struct lc_proof_run *run)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || set_words(object, run, lc_run_words) || set_flags(object, run, lc_run_flags) ||
		((run->purpose != LC_TRIAL_BASELINE || run->list || run->without) &&
			set_masks(object, run, lc_run_masks)) ||
		set_strings(object, run, lc_run_strings))
		return NULL;
	return json_incref(object);
}

static json_t *proof_value(const struct lc_proof *proof)
{
	_cleanup_json_ json_t *object = json_object();
	_cleanup_json_ json_t *runs = json_array();

	for (size_t i = 0; runs && i < proof->n_runs; i++) {
		if (json_array_append_new(runs, run_value(&proof->runs[i])))
			return NULL;
	}
	if (!object || !runs || set_strings(object, proof, lc_proof_strings) ||
		set_flags(object, proof, lc_proof_flags) ||
		lc_json_set(object, "ended", time_value(proof->ended_ns, false)) ||
		set_masks(object, proof, lc_proof_masks) || json_object_set(object, "runs", runs))
		return NULL;
	return json_incref(object);
}

/* Sets the times of TARGET's life; leaves them out where its beginning is not known. 0 or -ENOMEM. */
static int set_life(json_t *object, const struct lc_target *target)
{
	_cleanup_json_ json_t *life = json_object();

	if (!target->life.began_ns)
		return 0;
	if (!life || set_words(life, &target->life, lc_life_words) || set_times(life, &target->life, lc_life_times) ||
		lc_json_set(life, "starts", count_value(target->life.starts)))
		return -ENOMEM;
	return lc_json_set(object, "life", json_incref(life));
}

/* Sets how much of TARGET's life was seen; leaves it out where that is not known. 0 or -ENOMEM. */
static int set_seen(json_t *object, const struct lc_seen *seen)
{
	_cleanup_json_ json_t *value = json_object();

	if (!value || set_words(value, seen, lc_seen_words) || set_times(value, seen, lc_seen_times))
		return -ENOMEM;
	if (seen->cut_ns && lc_json_set(value, "cut_after", count_value((uint64_t)seen->cut_ns)))
		return -ENOMEM;
	return json_object_size(value) ? lc_json_set(object, "seen", json_incref(value)) : 0;
}

/* The names of SIGNALS, 1 << NUMBER of each. */
static json_t *signals_value(uint32_t signals)
{
	_cleanup_json_ json_t *array = json_array();

	for (const int *signal = lc_signal_numbers; array && *signal; signal++) {
		if (signals & 1U << *signal && json_array_append_new(array, json_string(lc_signal_name(*signal))))
			return NULL;
	}
	return json_incref(array);
}

static json_t *ports_value(const struct lc_coverage *coverage)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; array && i < coverage->n_ports; i++) {
		_cleanup_json_ json_t *port = json_object();

		if (!port || lc_json_set(port, "port", count_value(coverage->ports[i].number)) ||
			lc_json_set(port, "connections", count_value(coverage->ports[i].connections)) ||
			json_array_append(array, port))
			return NULL;
	}
	return json_incref(array);
}

static json_t *programs_value(const struct lc_coverage *coverage)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; array && i < coverage->n_programs; i++) {
		_cleanup_json_ json_t *program = json_object();

		if (!program || lc_json_set(program, "path", lc_json_text(coverage->programs[i].path)) ||
			lc_json_set(program, "named_in", lc_json_text(coverage->programs[i].file)) ||
			lc_json_set(program, "ran", json_boolean(coverage->programs[i].ran)) ||
			json_array_append(array, program))
			return NULL;
	}
	return json_incref(array);
}

/* Sets what TARGET was asked for and what not; leaves out what is not known. 0 or -ENOMEM. */
static int set_coverage(json_t *object, const struct lc_coverage *coverage)
{
	_cleanup_json_ json_t *value = json_object();

	if (!value || (coverage->handled && lc_json_set(value, "handled", signals_value(coverage->handled))) ||
		(coverage->sent && lc_json_set(value, "sent", signals_value(coverage->sent))) ||
		(coverage->n_ports && lc_json_set(value, "ports", ports_value(coverage))) ||
		(coverage->lowest && lc_json_set(value, "lowest_port", count_value(coverage->lowest))) ||
		(coverage->n_programs && lc_json_set(value, "programs", programs_value(coverage))) ||
		(coverage->programs_unknown &&
			lc_json_set(value, "programs_unknown", count_value(coverage->programs_unknown))))
		return -ENOMEM;
	return json_object_size(value) ? lc_json_set(object, "coverage", json_incref(value)) : 0;
}

/* What an audit adds to a target. */
static int set_audit(json_t *object, const struct lc_target *target)
{
	int err = 0;

	if (target->rating.level != LC_RATING_UNRATED)
		err = lc_json_set(object, "rating", rating_value(&target->rating));
	if (!err && (target->init.pid || target->init.unread))
		err = lc_json_set(object, "init", init_value(&target->init));
	if (!err && target->members.n)
		err = lc_json_set(object, "processes", members_value(&target->members));
	if (!err && target->n_hazards)
		err = lc_json_set(object, "hazards", hazards_value(target));
	return err;
}

/* Sets KEY of OBJECT to LOSSES; leaves it out where nothing is lost. 0 or -ENOMEM. */
static int set_losses(json_t *object, const char *key, const struct lc_losses *losses)
{
	_cleanup_json_ json_t *lost = json_object();

	if (!lost)
		return -ENOMEM;
	for (int i = 0; i < LC_LOSS_N; i++) {
		if (losses->of[i] && lc_json_set(lost, lc_loss_name((enum lc_loss)i), count_value(losses->of[i])))
			return -ENOMEM;
	}
	return json_object_size(lost) ? lc_json_set(object, key, json_incref(lost)) : 0;
}

/* Sets where TARGET has volumes; leaves it out where it has none. 0 or -ENOMEM. */
static int set_volumes(json_t *object, const struct lc_volumes *volumes)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; array && i < volumes->n; i++) {
		if (json_array_append_new(array, lc_json_text(volumes->paths[i])))
			return -ENOMEM;
	}
	if (!array)
		return -ENOMEM;
	return volumes->n ? lc_json_set(object, "volumes", json_incref(array)) : 0;
}

/* What is said of TARGET, but for its evidence and failures. */
static json_t *target_value(const struct lc_target *target)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set(object, "kind", json_string(lc_target_kind_name(target->kind))) ||
		set_strings(object, target, lc_target_strings) ||
		lc_json_set(object, "privileged", json_boolean(target->privileged)) ||
		(target->n_left && lc_json_set(object, "left", count_value(target->n_left))) ||
		(target->seccomp && lc_json_set(object, "seccomp", json_true())) ||
		(target->own_filter && lc_json_set(object, "own_filter", json_true())) || set_audit(object, target) ||
		set_losses(object, "lost", &target->losses) ||
		lc_json_set(object, "configured", masks_value(target, lc_configured_masks)) ||
		set_masks(object, target, lc_target_masks) || set_life(object, target) ||
		set_seen(object, &target->seen) || set_volumes(object, &target->volumes) ||
		set_coverage(object, &target->coverage) ||
		(target->proof && lc_json_set(object, "proven", proof_value(target->proof))) ||
		lc_json_set(object, "advice", advice_value(target)))
		return NULL;
	return json_incref(object);
}

/* What is said of PROFILE, but for its targets and stacks. */
static json_t *profile_value(const struct lc_profile *profile)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set(object, "schema", json_string(LC_PROFILE_SCHEMA)) ||
		(profile->tool && lc_json_set(object, "tool", lc_json_text(profile->tool))) ||
		lc_json_set(object, "host", host_value(profile)) ||
		lc_json_set(object, "started", time_value(profile->started_ns, false)) ||
		lc_json_set(object, "ended", time_value(profile->ended_ns, false)) ||
		lc_json_set(object, "lost", count_value(profile->lost)) ||
		set_losses(object, "lost_elsewhere", &profile->elsewhere))
		return NULL;
	return json_incref(object);
}

/* Whether VALUE is written on one line: a list of plain values, or an object without a list in it, as a piece of evidence is. */
// NOLINTNEXTLINE(misc-no-recursion)
static bool is_flat(json_t *value)
{
	const char *key;
	size_t index;
	json_t *child;

	json_object_foreach(value, key, child)
	{
		if (json_is_array(child) || (json_is_object(child) && !is_flat(child)))
			return false;
	}
	json_array_foreach(value, index, child)
	{
		if (json_is_object(child) || json_is_array(child))
			return false;
	}
	return true;
}

static int add_bytes(const char *bytes, size_t n, void *out)
{
	lc_strbuf_add(out, bytes, n);
	return 0;
}

static void add_flat(struct lc_strbuf *out, json_t *value)
{
	if (json_dump_callback(value, add_bytes, out, JSON_ENCODE_ANY))
		out->failed = true;
}

/* Appends a line break and DEPTH levels of indentation. */
static void add_line(struct lc_strbuf *out, int depth)
{
	lc_strbuf_addf(out, "\n%*s", 2 * depth, "");
}

static void add_value(struct lc_strbuf *out, json_t *value, int depth);

/* Appends the key of a member of what stands at DEPTH, behind SEPARATOR. */
static void add_key(struct lc_strbuf *out, const char *separator, const char *key, int depth)
{
	lc_strbuf_adds(out, separator);
	add_line(out, depth + 1);
	lc_strbuf_addf(out, "\"%s\": ", key);
}

/* Appends the members of OBJECT, which stands at DEPTH. */
// NOLINTNEXTLINE(misc-no-recursion)
static void add_members(struct lc_strbuf *out, json_t *object, int depth)
{
	const char *separator = "";
	const char *key;
	json_t *child;

	json_object_foreach(object, key, child)
	{
		add_key(out, separator, key, depth);
		separator = ",";
		add_value(out, child, depth + 1);
	}
}

/* Appends VALUE, which stands at DEPTH; recursion is as deep as the schema. */
// NOLINTNEXTLINE(misc-no-recursion)
static void add_value(struct lc_strbuf *out, json_t *value, int depth)
{
	const char *separator = "";
	size_t index;
	json_t *child;

	if (is_flat(value)) {
		add_flat(out, value);
		return;
	}
	lc_strbuf_adds(out, json_is_object(value) ? "{" : "[");
	add_members(out, value, depth);
	json_array_foreach(value, index, child)
	{
		lc_strbuf_adds(out, separator);
		separator = ",";
		add_line(out, depth + 1);
		add_value(out, child, depth + 1);
	}
	add_line(out, depth);
	lc_strbuf_adds(out, json_is_object(value) ? "}" : "]");
}

/* Appends VALUE (NULL: out of memory), the next element of a list at DEPTH, and drops it. A profile is too large to be values all at once. */
static void add_element(struct lc_strbuf *out, json_t *value, bool first, int depth)
{
	lc_strbuf_adds(out, first ? "" : ",");
	add_line(out, depth + 1);
	if (value)
		add_value(out, value, depth + 1);
	else
		out->failed = true;
	json_decref(value);
}

/* Ends a list of N elements at DEPTH. */
static void end_list(struct lc_strbuf *out, size_t n, int depth)
{
	if (n)
		add_line(out, depth);
	lc_strbuf_adds(out, "]");
}

/* Appends TARGET, which stands at DEPTH. */
static void add_target(struct lc_strbuf *out, const struct lc_target *target, struct lc_json_stacks *stacks, int depth)
{
	_cleanup_json_ json_t *object = target_value(target);

	lc_strbuf_adds(out, "{");
	if (object)
		add_members(out, object, depth);
	else
		out->failed = true;
	add_key(out, ",", "evidence", depth);
	lc_strbuf_adds(out, "[");
	for (size_t i = 0; i < target->n_evidence && !out->failed; i++)
		add_element(out, check_value(&target->evidence[i], stacks), i == 0, depth + 1);
	end_list(out, target->n_evidence, depth + 1);
	if (target->n_failures) {
		add_key(out, ",", "failures", depth);
		lc_strbuf_adds(out, "[");
		for (size_t i = 0; i < target->n_failures && !out->failed; i++)
			add_element(out, failure_value(&target->failures[i]), i == 0, depth + 1);
		end_list(out, target->n_failures, depth + 1);
	}
	add_line(out, depth);
	lc_strbuf_adds(out, "}");
}

static void add_targets(struct lc_strbuf *out, const struct lc_profile *profile, struct lc_json_stacks *stacks)
{
	add_key(out, ",", "targets", 0);
	lc_strbuf_adds(out, "[");
	for (size_t i = 0; i < profile->n_targets && !out->failed; i++) {
		lc_strbuf_adds(out, i ? "," : "");
		add_line(out, 2);
		add_target(out, &profile->targets[i], stacks, 2);
	}
	end_list(out, profile->n_targets, 1);
}

int lc_profile_add_json(const struct lc_profile *profile, struct lc_strbuf *out)
{
	_cleanup_json_ json_t *object = profile_value(profile);
	_cleanup_(lc_json_stacks_clear) struct lc_json_stacks stacks = {0};

	if (!object || lc_json_stacks_begin(&stacks))
		return -ENOMEM;
	lc_strbuf_adds(out, "{");
	add_members(out, object, 0);
	add_targets(out, profile, &stacks);
	if (json_array_size(stacks.array)) {
		add_key(out, ",", "stacks", 0);
		add_value(out, stacks.array, 1);
	}
	lc_strbuf_adds(out, "\n}\n");
	return out->failed ? -ENOMEM : 0;
}

char *lc_profile_to_json(const struct lc_profile *profile)
{
	struct lc_strbuf out = {0};

	if (!lc_profile_add_json(profile, &out))
		return lc_strbuf_steal(&out);
	lc_strbuf_free(&out);
	return NULL;
}
