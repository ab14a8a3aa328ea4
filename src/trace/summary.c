/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables at the end of a trace, in the look of strace -c, or as JSON. */
#include "src/trace/decode.h"

#include <leastcap/capset.h>
#include <leastcap/json.h>
#include <leastcap/table.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LC_SYSCALL_NAME   44 /* the longest of the kernel's has 28 letters */
#define LC_SYSCALL_COLUMN 17 /* with a blank behind it */

/* What is counted together. The table compares all of it, so that the bytes behind the name have to be zero. */
struct row_key {
	uint64_t caps;                 /* that let a refused call through */
	int32_t of;                    /* a capability; of refused calls a cause */
	char syscall[LC_SYSCALL_NAME]; /* empty: not in a system call */
};

struct row {
	struct row_key key;
	uint64_t verdicts[LC_VERDICT_N]; /* refused calls count as denied */
};

struct lc_trace_summary {
	struct lc_table *checks;   /* struct row by struct row_key */
	struct lc_table *failures; /* the same of refused calls */
};

struct lc_trace_summary *lc_trace_summary_new(void)
{
	struct lc_trace_summary *summary = calloc(1, sizeof(*summary));

	if (!summary)
		return NULL;
	summary->checks = lc_table_new(sizeof(struct row_key));
	summary->failures = lc_table_new(sizeof(struct row_key));
	if (summary->checks && summary->failures)
		return summary;
	lc_trace_summary_free(summary);
	return NULL;
}

/* The row of KEY in TABLE, made when there is none; NULL when out of memory. */
static struct row *row_of(struct lc_table *table, const struct row_key *key)
{
	struct row *row = lc_table_get(table, key);

	if (row)
		return row;
	row = calloc(1, sizeof(*row));
	if (!row)
		return NULL;
	row->key = *key;
	if (!lc_table_put(table, &row->key, row))
		return row;
	free(row);
	return NULL;
}

/* Adds COUNT of VERDICT in SYSCALL (may be NULL) to the row of KEY in TABLE. 0 or -ENOMEM. */
static int add(struct lc_table *table, struct row_key key, const char *syscall, enum lc_verdict verdict, uint64_t count)
{
	struct row *row;

	if (syscall)
		memcpy(key.syscall, syscall, strnlen(syscall, sizeof(key.syscall) - 1));
	row = row_of(table, &key);
	if (!row)
		return -ENOMEM;
	row->verdicts[verdict] += count;
	return 0;
}

int lc_trace_summary_add(struct lc_trace_summary *summary, const struct lc_check *check)
{
	if ((unsigned)check->verdict >= LC_VERDICT_N)
		return 0;
	return add(summary->checks, (struct row_key){.of = check->cap}, check->syscall, check->verdict, check->count);
}

int lc_trace_summary_add_failure(struct lc_trace_summary *summary, const struct lc_failure *failure)
{
	const struct row_key key = {.of = (int32_t)failure->cause, .caps = failure->caps};

	return add(summary->failures, key, failure->syscall, LC_VERDICT_DENIED, failure->count);
}

static uint64_t checks_of(const struct row *row)
{
	return row->verdicts[LC_VERDICT_GRANTED] + row->verdicts[LC_VERDICT_DENIED];
}

/* Orders rows by their number of checks, the most first, then by capability or cause, and syscall, so that the order is always the same. */
static int compare(const void *a, const void *b)
{
	const struct row *left = *(const struct row *const *)a;
	const struct row *right = *(const struct row *const *)b;

	if (checks_of(left) != checks_of(right))
		return checks_of(left) > checks_of(right) ? -1 : 1;
	if (left->key.of != right->key.of)
		return left->key.of < right->key.of ? -1 : 1;
	if (strcmp(left->key.syscall, right->key.syscall) != 0)
		return strcmp(left->key.syscall, right->key.syscall);
	return (left->key.caps > right->key.caps) - (left->key.caps < right->key.caps);
}

/* All rows of TABLE, in order; the caller frees the array. NULL when out of memory. */
static const struct row **sorted(const struct lc_table *table)
{
	size_t n = lc_table_size(table);
	const struct row **rows = calloc(n + 1, sizeof(const struct row *));
	size_t cursor = 0;

	for (size_t i = 0; rows && i < n; i++)
		rows[i] = lc_table_next(table, &cursor);
	if (rows)
		qsort(rows, n, sizeof(const struct row *), compare);
	return rows;
}

/* Appends a number in its column; nothing where it is 0, as strace does with errors. */
static void put_count(struct lc_strbuf *out, uint64_t count)
{
	if (count)
		lc_strbuf_addf(out, " %9" PRIu64, count);
	else
		lc_strbuf_addf(out, " %9s", "");
}

/* Appends the first two columns: N, and how much that is of TOTAL. */
static void put_share(struct lc_strbuf *out, uint64_t n, uint64_t total)
{
	lc_strbuf_addf(out, "%8.2f %9" PRIu64, total ? 100.0 * (double)n / (double)total : 100.0, n);
}

static void put_row(struct lc_strbuf *out, const struct row *row, uint64_t total, const char *cap, const char *syscall)
{
	put_share(out, checks_of(row), total);
	put_count(out, row->verdicts[LC_VERDICT_GRANTED]);
	put_count(out, row->verdicts[LC_VERDICT_DENIED]);
	lc_strbuf_addf(out, *syscall ? " %-18s " : " %s", cap);
	lc_put_escaped(out, (const unsigned char *)syscall, strlen(syscall), NULL);
	lc_strbuf_add(out, "\n", 1);
}

static void print_checks(const struct lc_trace_summary *summary, struct lc_strbuf *out)
{
	static const char line[] = "-------- --------- --------- --------- ------------------ ----------------\n";
	const struct row **rows = sorted(summary->checks);
	struct row total = {0};
	char cap[LC_CAP_NAME_SIZE];

	if (!rows) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; rows[i]; i++) {
		for (size_t verdict = 0; verdict < LC_VERDICT_N; verdict++)
			total.verdicts[verdict] += rows[i]->verdicts[verdict];
	}
	lc_strbuf_addf(
		out, "%8s %9s %9s %9s %-18s %s\n", "% checks", "checks", "granted", "denied", "capability", "syscall");
	lc_strbuf_adds(out, line);
	for (size_t i = 0; rows[i]; i++)
		put_row(out, rows[i], checks_of(&total), lc_cap_name(rows[i]->key.of, cap),
			*rows[i]->key.syscall ? rows[i]->key.syscall : "(none)");
	lc_strbuf_adds(out, line);
	put_row(out, &total, checks_of(&total), "total", "");
	free(rows);
}

static void put_failures(struct lc_strbuf *out, const struct row *row, uint64_t total)
{
	const char *cause = lc_cause_name((enum lc_cause)row->key.of);
	size_t begin;

	put_share(out, checks_of(row), total);
	lc_strbuf_addf(out, " %-18s ", cause ? cause : "");
	begin = out->length;
	lc_put_escaped(out, (const unsigned char *)row->key.syscall, strlen(row->key.syscall), NULL);
	while (row->key.caps && !out->failed && out->length - begin < LC_SYSCALL_COLUMN)
		lc_strbuf_add(out, " ", 1);
	lc_cap_add_list(out, row->key.caps, "", " or ", false);
	lc_strbuf_add(out, "\n", 1);
}

static void print_failures(const struct lc_trace_summary *summary, struct lc_strbuf *out)
{
	static const char line[] = "-------- --------- ------------------ ---------------- ----------------\n";
	const struct row **rows = sorted(summary->failures);
	uint64_t total = 0;

	if (!rows) {
		out->failed = true;
		return;
	}
	for (size_t i = 0; rows[i]; i++)
		total += checks_of(rows[i]);
	lc_strbuf_addf(out, "\n%8s %9s %-18s %-16s %s\n", "% calls", "refused", "cause", "syscall", "opened by");
	lc_strbuf_adds(out, line);
	for (size_t i = 0; rows[i]; i++)
		put_failures(out, rows[i], total);
	lc_strbuf_adds(out, line);
	put_share(out, total, total);
	lc_strbuf_adds(out, " total\n");
	free(rows);
}

void lc_trace_summary_print(const struct lc_trace_summary *summary, struct lc_strbuf *out)
{
	print_checks(summary, out);
	if (lc_table_size(summary->failures))
		print_failures(summary, out);
}

/* Appends ROW, whose reference is taken, and the syscall of KEY, as a line. */
static void put_line(struct lc_strbuf *out, json_t *row, const struct row_key *key)
{
	char *text = NULL;

	if (row && (!*key->syscall || !lc_json_set_text(row, "syscall", key->syscall)))
		text = json_dumps(row, JSON_COMPACT | JSON_ENSURE_ASCII);
	if (text)
		lc_strbuf_addf(out, "%s\n", text);
	else
		out->failed = true;
	free(text);
	json_decref(row);
}

static json_t *row_json(const struct row *row)
{
	char cap[LC_CAP_NAME_SIZE];

	return json_pack("{s:s, s:I, s:I}", "cap", lc_cap_name(row->key.of, cap), "granted",
		(json_int_t)row->verdicts[LC_VERDICT_GRANTED], "denied", (json_int_t)row->verdicts[LC_VERDICT_DENIED]);
}

static json_t *failure_json(const struct row *row)
{
	const char *cause = lc_cause_name((enum lc_cause)row->key.of);

	return json_pack("{s:s, s:I, s:o}", "cause", cause ? cause : "unknown", "refused", (json_int_t)checks_of(row),
		"caps", lc_json_capabilities(row->key.caps, false));
}

/* Appends the rows of TABLE, each as MAKE makes it. */
static void put_lines(struct lc_strbuf *out, const struct lc_table *table, json_t *(*make)(const struct row *row))
{
	const struct row **rows = sorted(table);

	if (!rows)
		out->failed = true;
	for (size_t i = 0; rows && rows[i]; i++)
		put_line(out, make(rows[i]), &rows[i]->key);
	free(rows);
}

void lc_trace_summary_json(const struct lc_trace_summary *summary, struct lc_strbuf *out)
{
	put_lines(out, summary->checks, row_json);
	put_lines(out, summary->failures, failure_json);
}

void lc_trace_summary_free(struct lc_trace_summary *summary)
{
	if (!summary)
		return;
	lc_table_free(summary->checks, free);
	lc_table_free(summary->failures, free);
	free(summary);
}
