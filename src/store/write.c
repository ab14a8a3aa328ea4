/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a recording has seen, added to the store: pieces by what makes them one, counted by day. */
#include "store_private.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/json.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What a piece's text leaves out: its counters are in the table, and its stacks are the recording's alone. */
static const char *const left_out[] = {"count", "first", "last", "kernel_stack", "user_stack"};

/* Where pieces are added: which recording's, of which target. */
struct place {
	struct lc_store *store;
	int64_t host, workload;
	int64_t last; /* when the recording ended */
	char **message;
};

static const char cannot_write[] = "cannot be written";

/* Runs SQL with the N VALUES; *NUMBER, which may be NULL, becomes the first column of its first row. 0 or a negative errno. */
static int run_with(
	const struct place *place, const char *sql, const struct lc_store_value *values, int n, int64_t *number)
{
	sqlite3_stmt *statement = NULL;
	int code = lc_store_ask_again(place->store, sql, values, n, &statement);
	int r;

	if (code == SQLITE_ROW && number)
		*number = sqlite3_column_int64(statement, 0);
	while (code == SQLITE_ROW)
		code = sqlite3_step(statement);
	r = code == SQLITE_DONE ? 0 : lc_store_complain(place->store, cannot_write, place->message);
	sqlite3_reset(statement);
	return r;
}

/* VALUE on one line, its members in the alphabet's order, so that what is equal is the same text. NULL when out of memory. */
static char *text_of(const json_t *value)
{
	return json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
}

/* PROFILE as a value. NULL when out of memory. */
static json_t *value_of(const struct lc_profile *profile)
{
	_cleanup_free_ char *text = lc_profile_to_json(profile);

	return text ? json_loads(text, 0, NULL) : NULL;
}

/* What makes CHECK one with another in the store. The times of life count, because a merge needs each piece's own. */
static struct lc_check stored_identity(const struct lc_check *check)
{
	struct lc_check identity = lc_check_identity(check);

	identity.at_start = check->at_start;
	identity.while_serving = check->while_serving;
	identity.at_stop = check->at_stop;
	return identity;
}

/* PROFILE with nothing in its pieces but what makes them one with others, as a value. NULL when out of memory. */
static json_t *identity_of(const struct lc_profile *profile)
{
	struct lc_profile blank = {.n_targets = profile->n_targets};
	struct lc_target *targets = calloc(profile->n_targets + 1, sizeof(*targets));
	json_t *value = NULL;
	bool failed = !targets;

	blank.targets = targets;
	for (size_t i = 0; !failed && i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		targets[i].name = target->name;
		targets[i].evidence = calloc(target->n_evidence + 1, sizeof(*targets[i].evidence));
		targets[i].failures = calloc(target->n_failures + 1, sizeof(*targets[i].failures));
		failed = !targets[i].evidence || !targets[i].failures;
		for (size_t j = 0; !failed && j < target->n_evidence; j++)
			targets[i].evidence[targets[i].n_evidence++] = stored_identity(&target->evidence[j]);
		for (size_t j = 0; !failed && j < target->n_failures; j++)
			targets[i].failures[targets[i].n_failures++] = lc_failure_identity(&target->failures[j]);
	}
	if (!failed)
		value = value_of(&blank);
	/* The strings are PROFILE's. */
	for (size_t i = 0; targets && i < profile->n_targets; i++) {
		free(targets[i].evidence);
		free(targets[i].failures);
	}
	free(targets);
	return value;
}

/* Adds COUNT of the piece called IDENTITY, as VALUE tells it. */
static int add_piece(const struct place *place, bool failure, const char *identity, json_t *value,
	const struct lc_store_value times[3])
{
	_cleanup_free_ char *text = NULL;
	int64_t piece = 0;
	int r;

	for (size_t i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++)
		json_object_del(value, left_out[i]);
	text = text_of(value);
	if (!text)
		return -ENOMEM;
	r = run_with(place,
		"INSERT INTO piece (workload, failure, identity, sampled, text) VALUES (?, ?, ?, ?, ?) ON CONFLICT (workload, failure, identity) DO UPDATE SET\n"
		"text = CASE WHEN (excluded.sampled, excluded.text) < (sampled, text) THEN excluded.text ELSE text END,\n"
		"sampled = min(sampled, excluded.sampled)",
		(struct lc_store_value[]){
			{.number = place->workload}, {.number = failure}, {.text = identity}, times[1], {.text = text}},
		5, NULL);
	r = r
		    ?: run_with(place, "SELECT id FROM piece WHERE workload = ? AND failure = ? AND identity = ?",
			       (struct lc_store_value[]){
				       {.number = place->workload}, {.number = failure}, {.text = identity}},
			       3, &piece);
	if (r)
		return r;
	return run_with(place,
		"INSERT INTO day (piece, day, count, first, last) VALUES (?, ?, ?, ?, ?) ON CONFLICT (piece, day) DO UPDATE SET\n"
		"count = min(count, 9223372036854775807 - excluded.count) + excluded.count, first = min(first, excluded.first), last = max(last, excluded.last)",
		(struct lc_store_value[]){
			{.number = piece}, {.number = times[2].number / LC_STORE_DAY_NS}, times[0], times[1], times[2]},
		5, NULL);
}

/* Adds the evidence of TARGET, or its refused calls, with what VALUES say of each, and with their IDENTITIES. */
static int add_pieces(const struct place *place, const struct lc_target *target, bool failure, const json_t *values,
	const json_t *identities)
{
	size_t n = failure ? target->n_failures : target->n_evidence;
	int r = 0;

	for (size_t i = 0; !r && i < n; i++) {
		const struct lc_check *check = failure ? NULL : &target->evidence[i];
		const struct lc_failure *call = failure ? &target->failures[i] : NULL;
		uint64_t count = lc_count_add(check ? check->count : call->count, 0);
		_cleanup_free_ char *identity = text_of(json_array_get(identities, i));

		if (!identity)
			return -ENOMEM;
		r = add_piece(place, failure, identity, json_array_get(values, i),
			(struct lc_store_value[]){{.number = (int64_t)count},
				{.number = check ? check->first_ns : call->first_ns},
				{.number = check ? check->last_ns : call->last_ns}});
	}
	return r;
}

/* Adds what LOSSES say is missing, of the workload or (0) of nobody. */
static int add_losses(const struct place *place, int64_t workload, const struct lc_losses *losses)
{
	int r = 0;

	for (int i = 0; !r && i < LC_LOSS_N; i++) {
		if (!losses->of[i])
			continue;
		r = run_with(place,
			"INSERT INTO lost (host, workload, day, loss, count) VALUES (?, ?, ?, ?, ?) ON CONFLICT (host, workload, day, loss) DO UPDATE SET\n"
			"count = min(count, 9223372036854775807 - excluded.count) + excluded.count",
			(struct lc_store_value[]){{.number = place->host}, {.number = workload},
				{.number = place->last / LC_STORE_DAY_NS}, {.text = lc_loss_name((enum lc_loss)i)},
				{.number = (int64_t)lc_count_add(losses->of[i], 0)}},
			5, NULL);
	}
	return r;
}

/* What tells TARGET from others, and the version of its image. NULL when out of memory. */
static char *target_identity(const struct lc_target *target)
{
	struct lc_strbuf text = {0};

	lc_target_add_identity(&text, target);
	lc_strbuf_addf(&text, " %s", target->image_id ? target->image_id : "");
	return lc_strbuf_steal(&text);
}

/* What of a target's value is kept elsewhere, or is of one moment only. */
static const char *const not_about[] = {
	"evidence", "failures", "lost", "advice", "rating", "init", "processes", "hazards"};

/* TARGET, a value, without that. NULL when out of memory. */
static json_t *about_of(const json_t *target)
{
	json_t *copy = json_copy((json_t *)target);

	for (size_t i = 0; copy && i < sizeof(not_about) / sizeof(not_about[0]); i++)
		json_object_del(copy, not_about[i]);
	return copy;
}

/* Adds ABOUT, a target without pieces whose reference is taken, to MERGE. 0 or a negative errno. */
static int merge_about(struct lc_merge *merge, json_t *about)
{
	_cleanup_json_ json_t *value =
		json_pack("{s:s, s:i, s:[o]}", "schema", LC_PROFILE_SCHEMA, "lost", 0, "targets", about);
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *text = NULL, *message = NULL;

	if (!value || lc_json_set(about, "evidence", json_array()))
		return -ENOMEM;
	text = text_of(value);
	if (!text)
		return -ENOMEM;
	return lc_profile_from_json(&profile, text, strlen(text), &message) ?: lc_merge_add(merge, &profile);
}

/* What TARGET, a value, and OLD, as this has made it before (NULL: nothing), say together: a target's text without pieces. NULL when that failed. */
static char *united_about(const json_t *target, const char *old)
{
	_cleanup_(lc_merge_clear) struct lc_merge merge = {0};
	_cleanup_(lc_profile_clear) struct lc_profile merged = {0};
	_cleanup_json_ json_t *value = NULL, *about = about_of(target);

	if (!old)
		return about ? text_of(about) : NULL;
	if (!about || merge_about(&merge, json_incref(about)) || merge_about(&merge, json_loads(old, 0, NULL)) ||
		lc_merge_finish(&merge, &merged))
		return NULL;
	value = value_of(&merged);
	json_decref(about);
	about = about_of(json_array_get(json_object_get(value, "targets"), 0));
	return about ? text_of(about) : NULL;
}

/* Finds or adds the workload that TARGET is, with what VALUE says of it; PLACE's workload becomes its. */
static int add_workload(struct place *place, const struct lc_target *target, const json_t *value)
{
	_cleanup_free_ char *identity = target_identity(target), *about = NULL;
	_cleanup_statement_ sqlite3_stmt *statement = NULL;
	const char *old = NULL;
	int code, r;

	if (!identity)
		return -ENOMEM;
	code = lc_store_ask(place->store, "SELECT about FROM workload WHERE host = ? AND identity = ?",
		(struct lc_store_value[]){{.number = place->host}, {.text = identity}}, 2, &statement);
	if (code == SQLITE_ROW)
		old = (const char *)sqlite3_column_text(statement, 0);
	else if (code != SQLITE_DONE)
		return lc_store_complain(place->store, cannot_write, place->message);
	about = united_about(value, old);
	if (!about)
		return -ENOMEM;
	r = run_with(place,
		"INSERT INTO workload (host, identity, about, last) VALUES (?, ?, ?, ?) ON CONFLICT (host, identity) DO UPDATE SET about = excluded.about, last = max(last, excluded.last)",
		(struct lc_store_value[]){
			{.number = place->host}, {.text = identity}, {.text = about}, {.number = place->last}},
		4, NULL);
	return r
		       ?: run_with(place, "SELECT id FROM workload WHERE host = ? AND identity = ?",
				  (struct lc_store_value[]){{.number = place->host}, {.text = identity}}, 2,
				  &place->workload);
}

/* Finds or adds the host that PROFILE was recorded on, as VALUE tells of it; PLACE's host becomes its. */
static int add_host(struct place *place, const struct lc_profile *profile, const json_t *value)
{
	_cleanup_free_ char *about = NULL;
	_cleanup_json_ json_t *said = json_pack(
		"{s:O*, s:O*}", "tool", json_object_get(value, "tool"), "host", json_object_get(value, "host"));
	int r;

	about = said ? text_of(said) : NULL;
	if (!about)
		return -ENOMEM;
	r = run_with(place,
		"INSERT INTO host (about, first, last) VALUES (?, ?, ?) ON CONFLICT (about) DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)",
		(struct lc_store_value[]){
			{.text = about}, {.number = profile->started_ns}, {.number = profile->ended_ns}},
		3, NULL);
	return r
		       ?: run_with(place, "SELECT id FROM host WHERE about = ?",
				  (struct lc_store_value[]){{.text = about}}, 1, &place->host);
}

/* What PROFILE lacks of which it is not known whose it is: also what older profiles only count together. */
static struct lc_losses nobodys(const struct lc_profile *profile)
{
	struct lc_losses losses = profile->elsewhere;
	uint64_t told = lc_losses_total(&losses);

	for (size_t i = 0; i < profile->n_targets; i++)
		told = lc_count_add(told, lc_losses_total(&profile->targets[i].losses));
	if (profile->lost > told)
		losses.of[LC_LOSS_CHECKS] = lc_count_add(losses.of[LC_LOSS_CHECKS], profile->lost - told);
	return losses;
}

/* Adds what PROFILE says of TARGET, one of its own, alone: all of them together would take much memory at once. */
static int add_target(struct place *place, const struct lc_profile *profile, struct lc_target *target)
{
	struct lc_profile alone = *profile;
	_cleanup_json_ json_t *value = NULL, *identities = NULL;
	const json_t *said, *name;
	int r;

	alone.targets = target;
	alone.n_targets = 1;
	value = value_of(&alone);
	identities = value ? identity_of(&alone) : NULL;
	if (!identities)
		return -ENOMEM;
	said = json_array_get(json_object_get(value, "targets"), 0);
	name = json_array_get(json_object_get(identities, "targets"), 0);
	r = add_workload(place, target, said);
	r = r ?: add_losses(place, place->workload, &target->losses);
	r = r ?: add_pieces(place, target, false, json_object_get(said, "evidence"), json_object_get(name, "evidence"));
	return r
		       ?: add_pieces(place, target, true, json_object_get(said, "failures"),
				  json_object_get(name, "failures"));
}

/* Adds all that PROFILE says. */
static int add_profile(struct place *place, const struct lc_profile *profile)
{
	struct lc_profile host = *profile;
	struct lc_losses losses = nobodys(profile);
	_cleanup_json_ json_t *value = NULL;
	int r;

	host.targets = NULL;
	host.n_targets = 0;
	value = value_of(&host);
	r = value ? add_host(place, profile, value) : -ENOMEM;
	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = add_target(place, profile, &profile->targets[i]);
	return r ?: add_losses(place, 0, &losses);
}

/* Notes that the recording called NAME is in the store. 1; 0: it was before; or a negative errno. */
static int add_name(struct place *place, const char *name)
{
	int r;

	if (!name)
		return 1;
	r = run_with(place, "INSERT INTO recording (name) VALUES (?) ON CONFLICT DO NOTHING",
		(struct lc_store_value[]){{.text = name}}, 1, NULL);
	return r ? r : sqlite3_changes(place->store->database) > 0;
}

/* The number of the last workload and of the last piece that was added to STORE. 0 or a negative errno with *MESSAGE. */
static int find_last(struct lc_store *store, int64_t last[2], char **message)
{
	return lc_store_number(store, "SELECT max(id) FROM workload", cannot_write, &last[0], message)
		       ?: lc_store_number(store, "SELECT max(id) FROM piece", cannot_write, &last[1], message);
}

int lc_store_add_increment(struct lc_store *store, const struct lc_profile *increment, bool *is_new, char **message)
{
	struct place place = {.store = store, .last = increment->ended_ns, .message = message};
	int64_t before[2] = {0}, after[2] = {0};
	int r;

	*message = NULL;
	r = lc_store_begin(store, cannot_write, message);
	if (r)
		return r;
	r = find_last(store, before, message) ?: add_profile(&place, increment);
	r = r ?: find_last(store, after, message) ?: lc_store_note_session(store, increment->ended_ns, message);
	r = lc_store_end(store, r, cannot_write, message);
	if (!r)
		*is_new = after[0] > before[0] || after[1] > before[1];
	return r;
}

int lc_store_add(struct lc_store *store, const struct lc_profile *profile, const char *name, char **message)
{
	struct place place = {.store = store, .last = profile->ended_ns, .message = message};
	int r, added;

	*message = NULL;
	r = lc_store_begin(store, cannot_write, message);
	if (r)
		return r;
	r = added = add_name(&place, name);
	if (r > 0)
		r = add_profile(&place, profile);
	r = lc_store_end(store, r, cannot_write, message);
	return r < 0 ? r : added;
}
