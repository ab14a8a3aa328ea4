/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the text report's table: a target's evidence, merged and in the order in which it is shown. */
#ifndef LEASTCAP_REPORT_ROWS_H
#define LEASTCAP_REPORT_ROWS_H

#include <leastcap/flow.h>
#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is said in place of a file's owner and mode when its file system did not answer. */
#define LC_OBJECT_LATE "its file could not be looked at in time"

struct lc_report_row {
	const struct lc_check *check; /* the one with the biggest count of those whose program is known */
	uint64_t count;               /* of all that the row stands for */
	size_t others;                /* programs and system calls besides the one shown */
};

/* Whether checks of CLASS say nothing about the target's own needs. One line sums them up instead of rows. */
bool lc_report_is_left_out(enum lc_class class);

/* The program that asked: its path, or else its name, or NULL. */
const char *lc_report_program(const struct lc_check *check);

/* The same without directories. */
const char *lc_report_short_program(const struct lc_check *check);

/* The same two of the program whose call failed. */
const char *lc_report_failed_program(const struct lc_failure *failure);
const char *lc_report_short_failed_program(const struct lc_failure *failure);

/* Appends BEFORE and TEXT to OUT as a word of what began at START, escaped for a terminal. Nothing when TEXT is empty or NULL. */
void lc_report_add_word(struct lc_strbuf *out, size_t start, const char *before, const char *text);

/* Appends PREFIX and TEXT to FLOW as a piece, shortened to WIDTH columns (0: not). Nothing when TEXT is empty or NULL. */
void lc_report_add_name(struct lc_flow *flow, const char *prefix, const char *text, size_t width);

/* Appends to FLOW the file OBJECT with its owner and mode (its path unless ABOUT, which may be NULL, is that already), and USER (NULL: unknown). */
void lc_report_add_who_and_where(
	struct lc_flow *flow, const struct lc_object *object, const char *about, const char *user);

struct lc_report_refusals;

/*
 * Makes TARGET's rows: one per capability and class, or when VERBOSE one per piece of evidence, of every class. TOLD (NULL: nothing) is what the
 * report tells of refused calls: unless VERBOSE, no row says it again. 0, or -ENOMEM with *ROWS and *N_ROWS unchanged. Caller frees *ROWS.
 */
int lc_report_rows(const struct lc_target *target, const struct lc_report_refusals *told, bool verbose,
	struct lc_report_row **rows, size_t *n_rows);

#endif
