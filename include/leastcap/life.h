/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The times of a target's life: its start, its service and its stop, and what it needed in which. */
#ifndef LEASTCAP_LIFE_H
#define LEASTCAP_LIFE_H

#include <leastcap/model.h>

#include <stdbool.h>

/* A target that asks for nothing new for so long has started. */
#define LC_LIFE_QUIET_NS INT64_C(5000000000)

/*
 * A target has served if it goes on for so long after its last change of credentials. What ends sooner is a command that does its work as
 * another user.
 */
#define LC_LIFE_SERVICE_NS INT64_C(1000000000)

/*
 * Finds the end of TARGET's start, and gives each check of its workload the times of life in which it was made. TARGET's life says when it
 * began, what it accepted, and when it was told to stop and ended. START_NS: how long the start takes, as the user has it; 0: signs tell.
 * NOW_NS: when the recording ended. Where no sign is found nothing is known. 0
 * or -ENOMEM.
 */
int lc_life_fill(struct lc_target *target, int64_t start_ns, int64_t now_ns);

/*
 * Gives each check of TARGET's workload the times of life in which it was made, by an end of its start that has been found before. STARTING: as long as there is
 * no sign of that end, everything is of its start.
 */
void lc_life_place(struct lc_target *target, bool starting);

/*
 * Adds the times of life in which MORE, which is one piece of evidence with CHECK, was made. Where those of one are not known, those of both
 * are not.
 */
void lc_life_unite(struct lc_check *check, const struct lc_check *more);

/* The capabilities of TARGET's list, which has been judged, that nothing but its start was seen to need. */
uint64_t lc_life_start_only(const struct lc_target *target);

/*
 * The user (CAP_SETUID) or group (CAP_SETGID) that TARGET, which has been judged, became whenever CAP let it change; negative where that is not known, or
 * was several.
 */
long lc_life_becomes(const struct lc_target *target, int cap);

#endif
