/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads a profile from JSON that anybody may have written: every type and range is checked, and the message says where. */
#include "json_read.h"
#include "fields.h"
#include "json_fields.h"
#include "json_parse.h"
#include "json_stacks.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Reads OBJECT, which stands at PLACE, to INTO. */
typedef int reader(const struct lc_json_place *place, const struct lc_parsed *object, void *into);

/* Reads the object that is KEY's in OBJECT, by READ to INTO. It may be missing. */
static int read_member(
	const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, reader *read, void *into)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const struct lc_parsed *member = lc_parsed_get(object, key);

	if (!member)
		return 0;
	if (!lc_parsed_is(member, LC_PARSED_OBJECT))
		return lc_json_complain_type(&here, member, "an object");
	return read(&here, member, into);
}

/* Reads the objects in the list that is KEY's in OBJECT, each by READ to INTO, unless they were read already. */
static int read_list(
	const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, reader *read, void *into)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const struct lc_parsed *array = lc_parsed_get(object, key);
	const struct lc_parsed *value;
	size_t index = 0;

	if (lc_parsed_is(array, LC_PARSED_READ))
		return 0;
	if (!lc_parsed_is(array, LC_PARSED_LIST))
		return lc_json_complain_type(&here, array, "a list");
	for (value = lc_parsed_first(array); value; value = lc_parsed_next(array, value), index++) {
		struct lc_json_place item = lc_json_place_index(&here, index);
		int err = lc_parsed_is(value, LC_PARSED_OBJECT) ? read(&item, value, into)
								: lc_json_complain_type(&item, value, "an object");

		if (err)
			return err;
	}
	return 0;
}

/* The file that a check was about. */
static int read_object(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_object *file = into;

	return lc_json_read_strings(place, object, file, lc_object_strings) ?:
		lc_json_read_mode(place, object, &file->mode) ?:
		lc_json_read_type(place, object, &file->mode);
}

static int read_check(const struct lc_json_place *place, const struct lc_parsed *object, struct lc_check *check)
{
	struct lc_json_place cap = lc_json_place_key(place, "cap");

	return lc_json_read_cap(&cap, lc_parsed_get(object, "cap"), &check->cap) ?:
		lc_json_read_words(place, object, check, lc_evidence_words) ?:
		lc_json_read_flags(place, object, check, lc_evidence_flags) ?:
		lc_json_read_count(place, object, "count", &check->count) ?:
		lc_json_read_time(place, object, "first", &check->first_ns) ?:
		lc_json_read_time(place, object, "last", &check->last_ns) ?:
		lc_json_read_strings(place, object, check, lc_evidence_strings) ?:
		read_member(place, object, "object", read_object, &check->object);
}

/* A profile that is being read. */
struct reading {
	struct lc_json_source *source;
	struct lc_profile *profile;
	struct lc_parsed_tree whole;  /* without what is in its long lists */
	struct lc_parsed_tree target; /* of which this then holds the newest target, */
	struct lc_parsed_tree piece;  /* and this the newest of its pieces, or a stack */
	struct lc_json_place place;   /* of the newest target */
	struct lc_json_read_stacks stacks;
};

/* The target whose JSON is being read. */
static struct lc_target *newest(struct reading *reading)
{
	return &reading->profile->targets[reading->profile->n_targets - 1];
}

static int read_evidence(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	_cleanup_(lc_check_clear) struct lc_check check = {0};
	struct reading *reading = into;

	return read_check(place, object, &check) ?: lc_target_add_evidence(newest(reading), &check)
		?: lc_json_read_stack_uses(place, object, reading->profile, &reading->stacks);
}

/* Reads an argument of a system call, "0x10000000". It may be missing. */
static int read_argument(const struct lc_json_place *parent, const struct lc_parsed *object, uint64_t *argument)
{
	struct lc_json_place here = lc_json_place_key(parent, "argument");
	const struct lc_parsed *value = lc_parsed_get(object, "argument");
	const char *text;
	size_t length;

	if (!value)
		return 0;
	if (!lc_parsed_is(value, LC_PARSED_STRING))
		return lc_json_complain_type(&here, value, "a string of hexadecimal digits");
	text = value->text;
	length = strlen(text);
	if (length < 3 || length > 18 || strncmp(text, "0x", 2) != 0 || text[2 + strspn(text + 2, "0123456789abcdef")])
		return lc_json_complain(&here, "\"%.*s\" is no number such as 0x10000000", LC_QUOTE_SIZE, text);
	*argument = strtoull(text + 2, NULL, 16);
	return 0;
}

static int read_failure_fields(
	const struct lc_json_place *place, const struct lc_parsed *object, struct lc_failure *failure)
{
	return lc_json_read_words(place, object, failure, lc_failure_words) ?:
		lc_json_read_flags(place, object, failure, lc_failure_flags) ?:
		lc_json_read_masks(place, object, failure, lc_failure_masks) ?:
		read_argument(place, object, &failure->argument) ?:
		lc_json_read_count(place, object, "count", &failure->count) ?:
		lc_json_read_time(place, object, "first", &failure->first_ns) ?:
		lc_json_read_time(place, object, "last", &failure->last_ns) ?:
		lc_json_read_strings(place, object, failure, lc_failure_strings) ?:
		read_member(place, object, "object", read_object, &failure->object);
}

static int read_failure(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	_cleanup_(lc_failure_clear) struct lc_failure failure = {0};

	return read_failure_fields(place, object, &failure) ?: lc_target_add_failure(newest(into), &failure);
}

/* What the engine was told. */
static int read_configured(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	return lc_json_read_masks(place, object, into, lc_configured_masks);
}

static int read_advice(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_json_place cap_place = lc_json_place_key(place, "cap");
	struct lc_json_place text_place = lc_json_place_key(place, "text");
	char *text = NULL;
	int cap = 0;

	return lc_json_read_cap(&cap_place, lc_parsed_get(object, "cap"), &cap) ?:
		lc_json_read_string(&text_place, lc_parsed_get(object, "text"), true, &text) ?:
		lc_target_add_advice(into, cap, text);
}

static int read_sets(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	return lc_json_read_masks(place, object, into, lc_sets_masks);
}

/* Reads OBJECT's sets, which an audit always writes. */
static int read_own_sets(const struct lc_json_place *place, const struct lc_parsed *object, struct lc_sets *sets)
{
	struct lc_json_place here = lc_json_place_key(place, "sets");

	if (!lc_parsed_get(object, "sets"))
		return lc_json_complain_type(&here, NULL, "an object");
	return read_member(place, object, "sets", read_sets, sets);
}

/* What an audit found of the first process. */
static int read_init(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_init *init = into;
	int err = lc_json_read_strings(place, object, init, lc_init_strings)
			  ?: lc_json_read_flags(place, object, init, lc_init_flags);

	if (err || !lc_parsed_get(object, "pid"))
		return err;
	return lc_json_read_count(place, object, "pid", &init->pid) ?:
		lc_json_read_words(place, object, init, lc_init_words) ?:
		read_own_sets(place, object, &init->sets);
}

/* What an audit found of all processes together. */
static int read_members(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_members *members = into;

	return lc_json_read_count(place, object, "count", &members->n) ?:
		lc_json_read_flags(place, object, members, lc_members_flags) ?:
		lc_json_read_strings(place, object, members, lc_members_strings) ?:
		read_own_sets(place, object, &members->sets);
}

/* What an audit made of the target. Older audits have no score. */
static int read_rating(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_rating *rating = into;
	int err = lc_parsed_get(object, "score") ? lc_json_read_count(place, object, "score", &rating->score) : 0;

	return err ?: lc_json_read_words(place, object, rating, lc_rating_words) ?:
		lc_json_read_strings(place, object, rating, lc_rating_strings);
}

/* One of the things that its score is made of. */
static int read_hazard(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_hazard hazard = {0};
	int err = lc_json_read_words(place, object, &hazard, lc_hazard_words) ?:
			  lc_json_read_count(place, object, "points", &hazard.points) ?:
			  lc_json_read_flags(place, object, &hazard, lc_hazard_flags) ?:
			  lc_json_read_strings(place, object, &hazard, lc_hazard_strings);

	if (!err)
		err = lc_target_add_hazard(into, &hazard);
	lc_hazard_clear(&hazard);
	return err;
}

static int read_run(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_proof *proof = into;
	struct lc_proof_run *runs = lc_array_grow(proof->runs, proof->n_runs, sizeof(*runs));
	struct lc_proof_run *run;

	if (!runs)
		return -ENOMEM;
	proof->runs = runs;
	run = &runs[proof->n_runs++];
	*run = (struct lc_proof_run){0};
	return lc_json_read_words(place, object, run, lc_run_words) ?:
		lc_json_read_flags(place, object, run, lc_run_flags) ?:
		lc_json_read_masks(place, object, run, lc_run_masks) ?:
		lc_json_read_strings(place, object, run, lc_run_strings);
}

/* That the list was proven. */
static int read_proof(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_target *target = into;
	struct lc_proof *proof = calloc(1, sizeof(*proof));

	if (!proof)
		return -ENOMEM;
	target->proof = proof;
	return lc_json_read_strings(place, object, proof, lc_proof_strings) ?:
		lc_json_read_flags(place, object, proof, lc_proof_flags) ?:
		lc_json_read_time(place, object, "ended", &proof->ended_ns) ?:
		lc_json_read_masks(place, object, proof, lc_proof_masks) ?:
		read_list(place, object, "runs", read_run, proof);
}

/* The times of a target's life. */
static int read_life(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_life *life = into;
	int err = lc_json_read_words(place, object, life, lc_life_words);

	for (const struct lc_time_field *field = lc_life_times; !err && field->key; field++)
		err = lc_json_read_time(place, object, field->key, (int64_t *)((char *)life + field->offset));
	return err ? err : lc_json_read_count(place, object, "starts", &life->starts);
}

/* How much of a target's life was seen. */
static int read_seen(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_seen *seen = into;
	uint64_t cut = 0;
	int err = lc_json_read_words(place, object, seen, lc_seen_words);

	for (const struct lc_time_field *field = lc_seen_times; !err && field->key; field++)
		err = lc_json_read_time(place, object, field->key, (int64_t *)((char *)seen + field->offset));
	if (!err && lc_parsed_get(object, "cut_after"))
		err = lc_json_read_count(place, object, "cut_after", &cut);
	seen->cut_ns = (int64_t)cut;
	return err;
}

/* Reads the entries of the list that is KEY's in OBJECT, each by READ to INTO. It may be missing. */
static int read_entries(
	const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, reader *read, void *into)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const struct lc_parsed *array = lc_parsed_get(object, key), *value;
	size_t index = 0;

	if (array && !lc_parsed_is(array, LC_PARSED_LIST))
		return lc_json_complain_type(&here, array, "a list");
	for (value = lc_parsed_first(array); value; value = lc_parsed_next(array, value), index++) {
		struct lc_json_place item = lc_json_place_index(&here, index);
		int err = read(&item, value, into);

		if (err)
			return err;
	}
	return 0;
}

static int read_signal(const struct lc_json_place *place, const struct lc_parsed *value, void *into)
{
	uint32_t *signals = into;
	int signal = lc_parsed_is(value, LC_PARSED_STRING) ? lc_signal_number(value->text) : 0;

	if (!lc_parsed_is(value, LC_PARSED_STRING))
		return lc_json_complain_type(place, value, "a string");
	if (!signal)
		return lc_json_complain(place, "is no signal that is recorded");
	*signals |= 1U << signal;
	return 0;
}

static int read_volume(const struct lc_json_place *place, const struct lc_parsed *value, void *into)
{
	_cleanup_free_ char *path = NULL;

	return lc_json_read_string(place, value, true, &path) ?: lc_volumes_add(into, path);
}

/* One port. They are in ascending order, so that any number of them is read in no time. */
static int read_port(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
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
static int read_program(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_coverage *coverage = into;
	struct lc_json_place path_place = lc_json_place_key(place, "path");
	struct lc_json_place file_place = lc_json_place_key(place, "named_in");
	_cleanup_free_ char *path = NULL, *file = NULL;
	bool ran = false;
	int err = lc_json_read_string(&path_place, lc_parsed_get(object, "path"), true, &path)
			  ?: lc_json_read_string(&file_place, lc_parsed_get(object, "named_in"), true, &file)
			  ?: lc_json_read_flag(place, object, "ran", &ran);

	if (err)
		return err;
	if (coverage->n_programs && strcmp(coverage->programs[coverage->n_programs - 1].path, path) >= 0)
		return lc_json_complain(&path_place, "is not behind the one before");
	return lc_coverage_add_program(coverage, path, file, ran);
}

/* The lowest port that only the privileged have by default, of those that the target bound; absent: it bound none. */
static int read_lowest_port(const struct lc_json_place *place, const struct lc_parsed *object, uint16_t *lowest)
{
	struct lc_json_place here = lc_json_place_key(place, "lowest_port");
	uint64_t number = 0;
	int err;

	if (!lc_parsed_get(object, "lowest_port"))
		return 0;
	err = lc_json_read_count(place, object, "lowest_port", &number);
	if (err)
		return err;
	if (!number || number >= LC_UNPRIVILEGED_PORT)
		return lc_json_complain(&here, "is no port below 1024");
	*lowest = (uint16_t)number;
	return 0;
}

/* What the target was asked for and what not. */
static int read_coverage(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_coverage *coverage = into;
	int err = read_entries(place, object, "handled", read_signal, &coverage->handled)
			  ?: read_entries(place, object, "sent", read_signal, &coverage->sent);

	if (!err && lc_parsed_get(object, "programs_unknown"))
		err = lc_json_read_count(place, object, "programs_unknown", &coverage->programs_unknown);
	if (!err && lc_parsed_get(object, "ports"))
		err = read_list(place, object, "ports", read_port, coverage);
	if (!err)
		err = read_lowest_port(place, object, &coverage->lowest);
	if (!err && lc_parsed_get(object, "programs"))
		err = read_list(place, object, "programs", read_program, coverage);
	return err;
}

/* What was lost, by what was full. Newer profiles may know further kinds, which are passed over. */
static int read_losses(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct lc_losses *losses = into;
	int err = 0;

	for (int i = 0; !err && i < LC_LOSS_N; i++) {
		const char *name = lc_loss_name((enum lc_loss)i);

		if (lc_parsed_get(object, name))
			err = lc_json_read_count(place, object, name, &losses->of[i]);
	}
	return err;
}

/* The parts of a target that older profiles, or those that are no audit's, may lack. */
static int read_parts(const struct lc_json_place *place, const struct lc_parsed *object, struct lc_target *target)
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

static int read_kind(const struct lc_json_place *place, const struct lc_parsed *object, enum lc_target_kind *kind)
{
	struct lc_json_place here = lc_json_place_key(place, "kind");
	int number = 0;
	int err = lc_json_read_word(&here, lc_parsed_get(object, "kind"), &lc_vocabulary_target_kind, -1, &number);

	*kind = (enum lc_target_kind)number;
	return err;
}

/* Reads what is said of the newest target, OBJECT at PLACE. */
static int read_members_of(const struct lc_json_place *place, const struct lc_parsed *object, struct reading *reading)
{
	struct lc_target *target = newest(reading);
	int err = read_kind(place, object, &target->kind) ?:
			  lc_json_read_strings(place, object, target, lc_target_strings) ?:
			  lc_json_read_flag(place, object, "privileged", &target->privileged) ?:
			  lc_json_read_flag(place, object, "seccomp", &target->seccomp) ?:
			  lc_json_read_flag(place, object, "own_filter", &target->own_filter) ?:
			  read_parts(place, object, target) ?:
			  read_entries(place, object, "volumes", read_volume, &target->volumes) ?:
			  lc_json_read_masks(place, object, target, lc_target_masks);

	if (!err && lc_parsed_get(object, "left"))
		err = lc_json_read_count(place, object, "left", &target->n_left);
	if (!err && lc_parsed_get(object, "hazards"))
		err = read_list(place, object, "hazards", read_hazard, target);
	if (!err && lc_parsed_get(object, "advice"))
		err = read_list(place, object, "advice", read_advice, target);
	if (!err && lc_parsed_get(object, "failures"))
		err = read_list(place, object, "failures", read_failure, reading);
	return err ? err : read_list(place, object, "evidence", read_evidence, reading);
}

static int read_target(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	struct reading *reading = into;

	return lc_profile_add_target(reading->profile) ? read_members_of(place, object, reading) : -ENOMEM;
}

/* Reads the list at HERE, before which the source stands: each element is parsed, read by READ to INTO, and forgotten. 1 or a negative errno. */
static int read_pieces(struct reading *reading, const struct lc_json_place *here, reader *read, void *into)
{
	int r;

	for (size_t i = 0; (r = lc_parsed_element(reading->source, i == 0)) > 0; i++) {
		struct lc_json_place item = lc_json_place_index(here, i);

		r = lc_parsed_read(&reading->piece, reading->source, NULL, NULL);
		if (!r && !lc_parsed_is(reading->piece.values, LC_PARSED_OBJECT))
			r = lc_json_complain_type(&item, reading->piece.values, "an object");
		if (!r)
			r = read(&item, reading->piece.values, into);
		if (r)
			return r;
	}
	return r < 0 ? r : 1;
}

/* Reads the long lists of the newest target as they come. */
static int read_target_list(void *context, const struct lc_parsed *before, const char *key)
{
	struct reading *reading = context;
	struct lc_json_place here = lc_json_place_key(&reading->place, key);

	(void)before;
	if (strcmp(key, "evidence") == 0)
		return read_pieces(reading, &here, read_evidence, reading);
	if (strcmp(key, "failures") == 0)
		return read_pieces(reading, &here, read_failure, reading);
	return 0;
}

/* Reads the targets, each with what its long lists hold as that comes. 1 or a negative errno. */
static int read_targets(struct reading *reading, const struct lc_json_place *here)
{
	struct lc_json_source *source = reading->source;
	int r;

	for (size_t i = 0; (r = lc_parsed_element(source, i == 0)) > 0; i++) {
		reading->place = lc_json_place_index(here, i);
		if (!lc_profile_add_target(reading->profile))
			return -ENOMEM;
		r = lc_parsed_read(&reading->target, source, read_target_list, reading);
		if (!r && !lc_parsed_is(reading->target.values, LC_PARSED_OBJECT))
			r = lc_json_complain_type(&reading->place, reading->target.values, "an object");
		if (!r)
			r = read_members_of(&reading->place, reading->target.values, reading);
		if (r)
			return r;
	}
	return r < 0 ? r : 1;
}

static int read_host(const struct lc_json_place *place, const struct lc_parsed *object, void *into)
{
	return lc_json_read_strings(place, object, into, lc_host_strings);
}

static int read_schema(const struct lc_json_place *root, const struct lc_parsed *object)
{
	struct lc_json_place here = lc_json_place_key(root, "schema");
	const struct lc_parsed *value = lc_parsed_get(object, "schema");

	if (!value || !lc_parsed_is(value, LC_PARSED_STRING))
		return lc_json_complain(root, "this is no leastcap profile: it has no \"schema\"");
	if (strcmp(value->text, LC_PROFILE_SCHEMA) != 0)
		return lc_json_complain(
			&here, "\"%.*s\" cannot be read, only \"%s\"", LC_QUOTE_SIZE, value->text, LC_PROFILE_SCHEMA);
	return 0;
}

/*
 * Reads the profile's long lists as they come. Those that come before the schema, which may be another, wait: what is wrong with them is not
 * worth telling then.
 */
static int read_profile_list(void *context, const struct lc_parsed *before, const char *key)
{
	struct reading *reading = context;
	const struct lc_json_place *root = reading->source->root;
	struct lc_json_place here = lc_json_place_key(root, key);
	int err;

	if (!lc_parsed_get(before, "schema"))
		return 0;
	err = read_schema(root, before);
	if (err)
		return err;
	if (strcmp(key, "targets") == 0)
		return read_targets(reading, &here);
	if (strcmp(key, "stacks") == 0)
		return read_pieces(reading, &here, lc_json_read_stack, &reading->stacks);
	return 0;
}

static int read_profile(const struct lc_json_place *root, const struct lc_parsed *object, struct reading *reading)
{
	struct lc_profile *profile = reading->profile;
	struct lc_json_place tool = lc_json_place_key(root, "tool");
	int err;

	if (!lc_parsed_is(object, LC_PARSED_OBJECT))
		return lc_json_complain(root, "this is no leastcap profile: it is %s", lc_json_type_name(object));
	err = read_schema(root, object) ?:
		lc_json_read_string(&tool, lc_parsed_get(object, "tool"), false, &profile->tool) ?:
		read_member(root, object, "host", read_host, profile) ?:
		lc_json_read_time(root, object, "started", &profile->started_ns) ?:
		lc_json_read_time(root, object, "ended", &profile->ended_ns) ?:
		lc_json_read_count(root, object, "lost", &profile->lost) ?:
		read_member(root, object, "lost_elsewhere", read_losses, &profile->elsewhere) ?:
		read_list(root, object, "targets", read_target, reading);
	if (!err && lc_parsed_get(object, "stacks"))
		err = read_list(root, object, "stacks", lc_json_read_stack, &reading->stacks);
	return err ? err : lc_json_give_stacks(root, &reading->stacks, profile);
}

int lc_profile_from_source(struct lc_profile *profile, struct lc_json_source *source)
{
	struct reading reading = {.source = source, .profile = profile};
	int err;

	*profile = (struct lc_profile){0};
	err = lc_parsed_read(&reading.whole, source, read_profile_list, &reading) ?:
		lc_parsed_end(source) ?:
		read_profile(source->root, reading.whole.values, &reading);
	lc_parsed_clear(&reading.whole);
	lc_parsed_clear(&reading.target);
	lc_parsed_clear(&reading.piece);
	lc_json_read_stacks_clear(&reading.stacks);
	if (err)
		lc_profile_clear(profile);
	if (err == -ENOMEM)
		lc_json_complain(source->root, "out of memory");
	return err;
}

int lc_profile_from_json(struct lc_profile *profile, const char *text, size_t length, char **message)
{
	const struct lc_json_place root = {.message = message};
	struct lc_json_source source = {.root = &root};

	*message = NULL;
	lc_json_source_text(&source, text, length);
	return lc_profile_from_source(profile, &source);
}
