/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A profile of what the store has seen since a time: each host's pieces as the text of a profile, and these merged. */
#include "store_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <string.h>

static const char cannot_read[] = "cannot be read";

/* TIME, a column with nanoseconds since 1970, as a profile has it. */
#define TIME_TEXT(column)                                                                                              \
	"strftime('%Y-%m-%dT%H:%M:%S', " column " / 1000000000, 'unixepoch') || printf('.%06dZ', " column              \
	" % 1000000000 / 1000)"

/* Each piece of a workload that was seen since then: its text without the bracket that ends it, and its counters. */
/* clang-format off */
static const char select_pieces[] =
	"SELECT substr(text, 1, length(text) - 1) || printf(',\"count\":%lld,\"first\":\"', sum(count)) || \n"
	TIME_TEXT("min(first)") " || '\",\"last\":\"' || " TIME_TEXT("max(last)") " || '\"}'\n"
	"FROM piece JOIN day ON day.piece = piece.id\n"
	"WHERE workload = ? AND failure = ? AND last >= ? GROUP BY piece.id ORDER BY piece.id";

/* Each host: its number; what is said of it, without brackets, and when something was seen there. */
static const char select_hosts[] =
	"SELECT id, substr(about, 2, length(about) - 2) || ',\"started\":\"' || \n"
	TIME_TEXT("first") " || '\",\"ended\":\"' || " TIME_TEXT("last") " || '\"'\n"
	"FROM host WHERE last >= ? ORDER BY id";
/* clang-format on */

struct reading {
	struct lc_store *store;
	int64_t since;
	struct lc_merge merge;
	char **message;
};

/* Appends the texts in the first column of what SQL selects, with commas between. 0 or a negative errno. */
static int add_texts(
	struct reading *reading, const char *sql, const struct lc_store_value *values, int n, struct lc_strbuf *out)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;
	int code = lc_store_ask(reading->store, sql, values, n, &statement);

	for (bool first = true; code == SQLITE_ROW; code = sqlite3_step(statement), first = false) {
		lc_strbuf_adds(out, first ? "" : ",");
		lc_strbuf_adds(out, (const char *)sqlite3_column_text(statement, 0));
	}
	if (code != SQLITE_DONE)
		return lc_store_complain(reading->store, cannot_read, reading->message);
	return out->failed ? -ENOMEM : 0;
}

/* Appends ",NAME:[…]", the pieces of the workload: its evidence, or its refused calls. */
static int add_pieces(struct reading *reading, int64_t workload, bool failure, struct lc_strbuf *out)
{
	int r;

	lc_strbuf_adds(out, failure ? ",\"failures\":[" : ",\"evidence\":[");
	r = add_texts(reading, select_pieces,
		(struct lc_store_value[]){{.number = workload}, {.number = failure}, {.number = reading->since}}, 3,
		out);
	lc_strbuf_adds(out, "]");
	return r;
}

/* Appends "{…}", what is missing of the workload (0: what is nobody's). */
static int add_lost(struct reading *reading, int64_t host, int64_t workload, struct lc_strbuf *out)
{
	int r;

	lc_strbuf_adds(out, "{");
	r = add_texts(reading,
		"SELECT printf('\"%s\":%lld', loss, sum(count)) FROM lost WHERE host = ? AND workload = ? AND day >= ? GROUP BY loss",
		(struct lc_store_value[]){
			{.number = host}, {.number = workload}, {.number = reading->since / LC_STORE_DAY_NS}},
		3, out);
	lc_strbuf_adds(out, "}");
	return r;
}

/* Appends the workloads of HOST that were seen since then, each with its pieces. */
static int add_workloads(struct reading *reading, int64_t host, struct lc_strbuf *out)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;
	int code = lc_store_ask(reading->store,
		"SELECT id, substr(about, 1, length(about) - 1) FROM workload WHERE host = ? AND last >= ? ORDER BY id",
		(struct lc_store_value[]){{.number = host}, {.number = reading->since}}, 2, &statement);
	int r = 0;

	for (bool first = true; !r && code == SQLITE_ROW; first = false) {
		int64_t workload = sqlite3_column_int64(statement, 0);

		lc_strbuf_adds(out, first ? "" : ",\n");
		lc_strbuf_adds(out, (const char *)sqlite3_column_text(statement, 1));
		lc_strbuf_adds(out, ",\"lost\":");
		r = add_lost(reading, host, workload, out) ?: add_pieces(reading, workload, false, out)
			?: add_pieces(reading, workload, true, out);
		lc_strbuf_adds(out, "}");
		code = sqlite3_step(statement);
	}
	if (!r && code != SQLITE_DONE)
		r = lc_store_complain(reading->store, cannot_read, reading->message);
	return r;
}

/* Adds what was seen on the host that STATEMENT stands at (its number; what is said of it, and when, without brackets) to the merge. */
static int add_host(struct reading *reading, sqlite3_stmt *statement)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	int64_t host = sqlite3_column_int64(statement, 0);
	int r;

	lc_strbuf_addf(&text, "{\"schema\":\"" LC_PROFILE_SCHEMA "\",%s,\"lost\":0,\"lost_elsewhere\":",
		(const char *)sqlite3_column_text(statement, 1));
	r = add_lost(reading, host, 0, &text);
	lc_strbuf_adds(&text, ",\"targets\":[");
	r = r ?: add_workloads(reading, host, &text);
	lc_strbuf_adds(&text, "]}");
	r = r ?: text.failed ? -ENOMEM : 0;
	r = r ?: lc_profile_from_json(&profile, text.text, text.length, reading->message);
	if (r)
		return r;
	profile.lost = lc_losses_total(&profile.elsewhere);
	for (size_t i = 0; i < profile.n_targets; i++)
		profile.lost = lc_count_add(profile.lost, lc_losses_total(&profile.targets[i].losses));
	return lc_merge_add(&reading->merge, &profile);
}

static int add_hosts(struct reading *reading)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;
	int code = lc_store_ask(
		reading->store, select_hosts, (struct lc_store_value[]){{.number = reading->since}}, 1, &statement);
	int r = 0;

	while (!r && code == SQLITE_ROW) {
		r = add_host(reading, statement);
		code = sqlite3_step(statement);
	}
	return r || code == SQLITE_DONE ? r : lc_store_complain(reading->store, cannot_read, reading->message);
}

int lc_store_read(struct lc_store *store, int64_t since, struct lc_profile *profile, char **message)
{
	struct reading reading = {.store = store, .since = since > 0 ? since : 0, .message = message};
	_cleanup_free_ char *undo = NULL;
	int r;

	*message = NULL;
	/* All is read as of one moment. */
	r = lc_store_run(store, "BEGIN", cannot_read, message);
	if (r)
		return r;
	r = add_hosts(&reading) ?: lc_merge_finish(&reading.merge, profile);
	lc_merge_clear(&reading.merge);
	lc_store_run(store, "COMMIT", cannot_read, &undo);
	return r;
}
