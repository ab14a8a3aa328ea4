/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge: which checks put a capability on the list, and why. */
#ifndef LEASTCAP_JUDGE_H
#define LEASTCAP_JUDGE_H

#include <leastcap/profile.h>

#include <stddef.h>

#define LC_CALLSITE_FUNCTIONS 6

/*
 * What is known of one kind of call site. A row fits a check of a capability in CAPS at one of FUNCTIONS (they get
 * inlined and renamed: a row can name several; none: any function).
 */
struct lc_callsite {
	const char *functions[LC_CALLSITE_FUNCTIONS];
	uint64_t caps;
	enum lc_class class;
	bool noaudit;            /* only its checks without audit: the others in the same function do decide */
	const char *not_in_call; /* only in syscalls whose name does not have this in it; NULL: in all */
	const char *why;
	const char *source; /* where the kernel says so */
};

/* The table of call sites, N rows. A call site that is not in it decides its syscall. */
const struct lc_callsite *lc_callsites(size_t *n);

/* The row that fits CHECK, or NULL. */
const struct lc_callsite *lc_callsite_find(const struct lc_check *check);

/* Decides CHECK's class and why. 0, or -ENOMEM. */
int lc_judge_check(struct lc_check *check);

/* Judges all evidence of TARGET and fills its cap_add, unused and wanted from that and from its granted. 0, or -ENOMEM. */
int lc_judge_target(struct lc_target *target);

#endif
