/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judge: which checks put a capability on the list, and why. */
#ifndef LEASTCAP_JUDGE_H
#define LEASTCAP_JUDGE_H

#include <leastcap/model.h>

/*
 * The class of CHECK, of TARGET, by itself, and whether it is survivable, into CHECK. Returns the judge's sentence, which
 * may be NULL. A denied check's class depends on its result: while that is unknown it is one of refused, alternative, ….
 */
const char *lc_judge_check(struct lc_check *check, const struct lc_target *target);

/*
 * Adds to TARGET's evidence that CALL, which its engine's filter guards, was let through, for the capability by which it was. Nothing is
 * added where it asks for none. CALL keeps its strings. 0 or -ENOMEM.
 */
int lc_judge_add_passed(struct lc_target *target, const struct lc_failure *call);

/*
 * Judges FAILURE, of TARGET, by itself: fills its cause, expected, caps, why and help, whose former strings are freed. 0, or -ENOMEM and
 * FAILURE's judgement is unchanged.
 */
int lc_judge_failure(struct lc_failure *failure, const struct lc_target *target);

/* What to try next for a target that was refused something. */
struct lc_next {
	/* What it used, and what opens what it was refused. What programs usually go on without is left for when nothing else is wanted. */
	uint64_t list;
	uint64_t
		likely; /* what programs usually want after that, or looked for by themselves; not in LIST, and a guess until it is seen */
	uint64_t
		guessed; /* what is to be tried at once with LIST, because programs usually want it after that; not in LIST */
	uint64_t looked_for; /* what programs may have looked for by themselves, also what is in LIST */
};

/* What to try next for TARGET, which has been judged. LIST is its cap_add where nothing is known to open what it was refused. */
struct lc_next lc_judge_next(const struct lc_target *target);

/* Those of TARGET's wanted that only calls want without which programs usually go on. */
uint64_t lc_judge_wanted_by_the_way(const struct lc_target *target);

/* Whether granted checks of CLASS make use of what they are granted, so that it is not unused. */
bool lc_judge_is_use(enum lc_class class);

/* Judges all evidence and failures of TARGET and fills its cap_add, verify, unused, wanted and advice. 0, or -ENOMEM. */
int lc_judge_target(struct lc_target *target);

/* The piece of TARGET's evidence, judged, that says most about why it needs or wants CAP; NULL when there is none. */
const struct lc_check *lc_judge_caller(const struct lc_target *target, int cap);

#endif
