/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The calls that a target was refused, merged and in the order in which reports show them. */
#ifndef LEASTCAP_REPORT_REFUSED_H
#define LEASTCAP_REPORT_REFUSED_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Calls of one program that failed alike, for one cause. */
struct lc_report_refusal {
	const struct lc_failure *failure; /* the most frequent of them */
	uint64_t count;                   /* of all that it stands for */
	size_t others;                    /* kinds besides the one shown */
};

struct lc_report_refusals {
	struct lc_report_refusal *list;
	size_t n;
	size_t n_left;     /* that there was no room for */
	uint64_t expected; /* calls that are not among them, because programs get over their failure */
};

/* How many calls of a target failed. */
struct lc_report_refused {
	uint64_t calls;
	uint64_t expected; /* such as programs get over; not among CALLS */
};

struct lc_report_refused lc_report_count_refused(const struct lc_target *target);

/*
 * Fills REFUSALS (zeroed before; lc_report_refusals_clear frees it), the most frequent first: at most so many as a reader takes in, without
 * those that programs get over. When VERBOSE each failure is one, and these come last. 0 or -ENOMEM.
 */
int lc_report_refusals_fill(struct lc_report_refusals *refusals, const struct lc_target *target, bool verbose);

/* Frees what REFUSALS owns and zeroes it. */
void lc_report_refusals_clear(struct lc_report_refusals *refusals);

/* Whether CHECK blocked such calls as FAILURE is one of, and its capability opens them. */
bool lc_report_is_refused_by(const struct lc_failure *failure, const struct lc_check *check);

/* Whether it blocked one of those that REFUSALS tell of. */
bool lc_report_refusals_tell(const struct lc_report_refusals *refusals, const struct lc_check *check);

/* The capabilities of which REFUSALS say that they open a call. */
uint64_t lc_report_refusals_caps(const struct lc_report_refusals *refusals);

/* Of N calls: "1 call was refused", "3 calls were refused". */
void lc_report_add_n_refused(struct lc_strbuf *out, uint64_t n);

/* "Docker's filter refused it …. SYS_ADMIN lets it through." Escaped for terminals; nothing where nothing is known. */
void lc_report_add_cause(struct lc_strbuf *out, const struct lc_failure *failure);

/* The section of the text report; nothing where nothing was refused. */
void lc_report_add_refused(
	struct lc_strbuf *out, const struct lc_style *style, const struct lc_report_refusals *refusals);

/* What TARGET wanted that REFUSALS do not tell of: "wanted, but denied: NET_ADMIN (ip: sendto → EPERM)". */
void lc_report_add_wanted(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target,
	const struct lc_report_refusals *refusals);

/* Whether there is another list to try than TARGET's, because something was refused. */
bool lc_report_has_next(const struct lc_target *target);

/* Appends the end of the text report of a target that was refused something. */
void lc_report_add_next(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target);

/* Appends what there is to know of that list, and what TARGET used. */
void lc_report_add_used(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target);

#endif
