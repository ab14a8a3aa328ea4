/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By which words people call targets, and which of many they choose. */
#ifndef LEASTCAP_CHOICE_H
#define LEASTCAP_CHOICE_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>

/* How a target answers to a word. */
enum lc_answer {
	LC_ANSWER_NONE,
	LC_ANSWER_GROUP, /* it is one of those that are called so together: a compose service, a pod */
	LC_ANSWER_OWN,   /* it is called so itself */
};

/*
 * Whether TARGET is called WORD: by its name, the beginning of its id (three digits or more), "pod/container" or "namespace/pod/container", a unit also without
 * ".service"; or with others by its compose service ("web", "shop/web") or its pod ("web-1", "default/web-1").
 */
enum lc_answer lc_target_answers(const struct lc_target *target, const char *word);

/*
 * The nearest to WORD of NEAR (NULL: nothing is yet) and what TARGET is called: its name, its compose service, its pod. So the nearest of many is found by one
 * after the other. NULL when none is near enough. Lent.
 */
const char *lc_target_suggest(const struct lc_target *target, const char *word, const char *near);

/* Which targets are chosen. Strings are lent. Without any condition all are. */
struct lc_choice {
	char **names;
	size_t n_names;
	const char *project; /* of compose; NULL: any */
	const char *image;   /* NULL: any */
};

/* Whether CHOICE has a condition. */
bool lc_choice_is_made(const struct lc_choice *choice);

/* Whether TARGET is of CHOICE's project and image. Its names are not looked at. */
bool lc_choice_allows(const struct lc_choice *choice, const struct lc_target *target);

/*
 * Leaves in PROFILE what CHOICE chooses. Where a target is called by a name itself, those that are so only together with others are not meant by it. What was lost
 * of the others is no loss then. 0; -ENOENT when a name (*MISSING, lent; NULL: the project or the image) has no target, and PROFILE is unchanged; or -ENOMEM.
 */
int lc_choice_apply(const struct lc_choice *choice, struct lc_profile *profile, const char **missing);

#endif
