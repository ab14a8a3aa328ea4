/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the text report's table. */
#include "rows.h"
#include "refused.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool lc_report_is_left_out(enum lc_class class)
{
	return class == LC_CLASS_OWNER || class == LC_CLASS_NESTED || class == LC_CLASS_OVERRIDDEN ||
	       class == LC_CLASS_SETUP;
}

const char *lc_report_program(const struct lc_check *check)
{
	return check->exe ? check->exe : check->comm;
}

const char *lc_report_failed_program(const struct lc_failure *failure)
{
	return failure->exe ? failure->exe : failure->comm;
}

static const char *without_directories(const char *program)
{
	const char *slash = program ? strrchr(program, '/') : NULL;

	return slash && slash[1] ? slash + 1 : program;
}

const char *lc_report_short_program(const struct lc_check *check)
{
	return without_directories(lc_report_program(check));
}

const char *lc_report_short_failed_program(const struct lc_failure *failure)
{
	return without_directories(lc_report_failed_program(failure));
}

static int compare_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

/* Compares classes, by importance, then capabilities. */
static int compare_groups(const struct lc_check *a, const struct lc_check *b)
{
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	return a->cap - b->cap;
}

static int compare_callers(const struct lc_check *a, const struct lc_check *b)
{
	int order = compare_text(lc_report_program(a), lc_report_program(b));

	return order ? order : compare_text(a->syscall, b->syscall);
}

/* The most frequent is first. */
static int compare_counts(const struct lc_check *a, const struct lc_check *b)
{
	return (a->count < b->count) - (a->count > b->count);
}

/* Puts together the checks of one group that the same program asked in the same system call. */
static int compare_for_merging(const void *left, const void *right)
{
	const struct lc_check *a = *(const struct lc_check *const *)left;
	const struct lc_check *b = *(const struct lc_check *const *)right;
	int order = compare_groups(a, b);

	if (!order)
		order = compare_callers(a, b);
	if (!order)
		order = compare_counts(a, b);
	return order ? order : compare_text(a->about, b->about);
}

static int compare_for_listing(const void *left, const void *right)
{
	const struct lc_check *a = *(const struct lc_check *const *)left;
	const struct lc_check *b = *(const struct lc_check *const *)right;
	int order = compare_groups(a, b);

	if (!order)
		order = compare_counts(a, b);
	if (!order)
		order = compare_callers(a, b);
	if (!order)
		order = compare_text(a->caller, b->caller);
	return order ? order : compare_text(a->about, b->about);
}

/* Whether A rather than B is shown for their row: its program is known, or else it is more frequent. */
static bool says_more(const struct lc_check *a, const struct lc_check *b)
{
	if (!lc_report_program(a) != !lc_report_program(b))
		return lc_report_program(a);
	return a->count > b->count;
}

/* Merges the N sorted CHECKS into ROWS, which has room for as many. Returns the number of rows. */
static size_t merge(const struct lc_check *const *checks, size_t n, struct lc_report_row *rows)
{
	size_t n_rows = 0;

	for (size_t i = 0; i < n; i++) {
		struct lc_report_row *row;

		if (i == 0 || compare_groups(checks[i - 1], checks[i]) != 0) {
			rows[n_rows++] = (struct lc_report_row){.check = checks[i], .count = checks[i]->count};
			continue;
		}
		row = &rows[n_rows - 1];
		row->count = lc_count_add(row->count, checks[i]->count);
		row->others += compare_callers(checks[i - 1], checks[i]) != 0;
		if (says_more(checks[i], row->check))
			row->check = checks[i];
	}
	return n_rows;
}

/* A row for each of the N CHECKS. Returns the number of rows. */
static size_t list(const struct lc_check *const *checks, size_t n, struct lc_report_row *rows)
{
	for (size_t i = 0; i < n; i++)
		rows[i] = (struct lc_report_row){.check = checks[i], .count = checks[i]->count};
	return n;
}

/* Whether CHECK has a row, or a part of one. */
static bool is_shown(const struct lc_check *check, const struct lc_report_refusals *told, bool verbose)
{
	return verbose || !(lc_report_is_left_out(check->class) || (told && lc_report_refusals_tell(told, check)));
}

int lc_report_rows(const struct lc_target *target, const struct lc_report_refusals *told, bool verbose,
	struct lc_report_row **rows, size_t *n_rows)
{
	const struct lc_check **checks = calloc(target->n_evidence + 1, sizeof(void *));
	struct lc_report_row *made = calloc(target->n_evidence + 1, sizeof(*made));
	size_t n = 0;

	if (!checks || !made) {
		free(checks);
		free(made);
		return -ENOMEM;
	}
	for (size_t i = 0; i < target->n_evidence; i++) {
		if (is_shown(&target->evidence[i], told, verbose))
			checks[n++] = &target->evidence[i];
	}
	qsort(checks, n, sizeof(void *), verbose ? compare_for_listing : compare_for_merging);
	*n_rows = verbose ? list(checks, n, made) : merge(checks, n, made);
	*rows = made;
	free(checks);
	return 0;
}
