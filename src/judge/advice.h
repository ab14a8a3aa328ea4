/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a piece of advice is made from: one capability of a list, and the decisions that it is there for. */
#ifndef LEASTCAP_JUDGE_ADVICE_H
#define LEASTCAP_JUDGE_ADVICE_H

#include "judge_private.h"

#include <leastcap/strbuf.h>

/* How many programs or syscalls a sentence names. */
#define LC_NAMED 3

struct lc_need {
	const struct lc_target *target;
	const struct lc_decisions *decisions;
	int cap;
	bool denied; /* it is wanted, and not on the list */
};

/* The next decision that NEED's capability was taken for, from *CURSOR (0 at first) on; NULL behind the last one. */
const struct lc_decision *lc_need_next(const struct lc_need *need, size_t *cursor);

/* Appends "uid 33" for "33:33"; nothing when USER is unknown. */
void lc_advice_add_user(struct lc_strbuf *out, const char *before, const char *user);

/* Appends what to do about owners and modes instead of granting NEED's capability, if that is about files. */
void lc_advice_on_files(struct lc_strbuf *out, const struct lc_need *need);

/* Appends which programs' files carry NEED's capability. */
void lc_advice_on_carriers(struct lc_strbuf *out, const struct lc_need *need);

/* Appends what to do where no_new_privs makes void what a program's file carries. */
void lc_advice_on_void_files(struct lc_strbuf *out, const struct lc_need *need);

/* Appends where else to change owners. */
void lc_advice_on_chown(struct lc_strbuf *out, const struct lc_need *need);

/* Appends how a target does without NEED's capability if nothing but its start needs it. */
void lc_advice_on_start(struct lc_strbuf *out, const struct lc_need *need);

/* Appends how to do without a privileged port. */
void lc_advice_on_ports(struct lc_strbuf *out, const struct lc_need *need);

#endif
