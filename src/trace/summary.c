/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table at the end of a trace, in the look of strace -c. */
#include "src/trace/decode.h"

#include <leastcap/capset.h>
#include <leastcap/table.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LC_SYSCALL_NAME 40 /* the longest of the kernel's has 28 letters */

/* What is counted together. The table compares all of it, so that the bytes behind the name have to be zero. */
struct row_key {
	int32_t cap;
	char syscall[LC_SYSCALL_NAME]; /* empty: not in a system call */
};

struct row {
	struct row_key key;
	uint64_t verdicts[LC_VERDICT_N];
};

struct lc_trace_summary {
	struct lc_table *rows; /* struct row by struct row_key */
};

struct lc_trace_summary *lc_trace_summary_new(void)
{
	struct lc_trace_summary *summary = calloc(1, sizeof(*summary));

	if (!summary)
		return NULL;
	summary->rows = lc_table_new(sizeof(struct row_key));
	if (summary->rows)
		return summary;
	free(summary);
	return NULL;
}

/* The row of KEY, made when there is none; NULL when out of memory. */
static struct row *row_of(struct lc_trace_summary *summary, const struct row_key *key)
{
	struct row *row = lc_table_get(summary->rows, key);

	if (row)
		return row;
	row = calloc(1, sizeof(*row));
	if (!row)
		return NULL;
	row->key = *key;
	if (!lc_table_put(summary->rows, key, row))
		return row;
	free(row);
	return NULL;
}

int lc_trace_summary_add(struct lc_trace_summary *summary, const struct lc_check *check)
{
	struct row_key key = {.cap = check->cap};
	struct row *row;

	if ((unsigned)check->verdict >= LC_VERDICT_N)
		return 0;
	if (check->syscall)
		memcpy(key.syscall, check->syscall, strnlen(check->syscall, sizeof(key.syscall) - 1));
	row = row_of(summary, &key);
	if (!row)
		return -ENOMEM;
	row->verdicts[check->verdict] += check->count;
	return 0;
}

static uint64_t checks_of(const struct row *row)
{
	return row->verdicts[LC_VERDICT_GRANTED] + row->verdicts[LC_VERDICT_DENIED];
}

/* Orders rows by their number of checks, the most first, then by capability and syscall, so that the order is always the same. */
static int compare(const void *a, const void *b)
{
	const struct row *left = *(const struct row *const *)a;
	const struct row *right = *(const struct row *const *)b;

	if (checks_of(left) != checks_of(right))
		return checks_of(left) > checks_of(right) ? -1 : 1;
	if (left->key.cap != right->key.cap)
		return left->key.cap < right->key.cap ? -1 : 1;
	return strcmp(left->key.syscall, right->key.syscall);
}

/* All rows, in order; the caller frees the array. NULL when out of memory. */
static const struct row **sorted(const struct lc_trace_summary *summary)
{
	size_t n = lc_table_size(summary->rows);
	const struct row **rows = calloc(n + 1, sizeof(const struct row *));
	size_t cursor = 0;

	for (size_t i = 0; rows && i < n; i++)
		rows[i] = lc_table_next(summary->rows, &cursor);
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

static void put_row(struct lc_strbuf *out, const struct row *row, uint64_t total, const char *cap, const char *syscall)
{
	uint64_t checks = checks_of(row);

	lc_strbuf_addf(out, "%8.2f %9" PRIu64, total ? 100.0 * (double)checks / (double)total : 100.0, checks);
	put_count(out, row->verdicts[LC_VERDICT_GRANTED]);
	put_count(out, row->verdicts[LC_VERDICT_DENIED]);
	lc_strbuf_addf(out, *syscall ? " %-18s " : " %s", cap);
	lc_put_escaped(out, (const unsigned char *)syscall, strlen(syscall), NULL);
	lc_strbuf_add(out, "\n", 1);
}

void lc_trace_summary_print(const struct lc_trace_summary *summary, struct lc_strbuf *out)
{
	static const char line[] = "-------- --------- --------- --------- ------------------ ----------------\n";
	const struct row **rows = sorted(summary);
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
		put_row(out, rows[i], checks_of(&total), lc_cap_name(rows[i]->key.cap, cap),
			*rows[i]->key.syscall ? rows[i]->key.syscall : "(none)");
	lc_strbuf_adds(out, line);
	put_row(out, &total, checks_of(&total), "total", "");
	free(rows);
}

void lc_trace_summary_free(struct lc_trace_summary *summary)
{
	if (!summary)
		return;
	lc_table_free(summary->rows, free);
	free(summary);
}
