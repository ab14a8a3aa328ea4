/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The difference between two profiles, target by target, as a reviewer wants it. */
#ifndef LEASTCAP_DIFF_H
#define LEASTCAP_DIFF_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The lists that are compared. */
enum lc_diff_list { LC_DIFF_NEEDED, LC_DIFF_WANTED, LC_DIFF_UNUSED, LC_DIFF_LIST_N };

/* What one profile says of a target. Containers of one name and kind (or one service) are taken together. */
struct lc_diff_side {
	const struct lc_target *const *targets;
	size_t n; /* 0: this profile does not have it */
	uint64_t lists[LC_DIFF_LIST_N];
	uint64_t granted;
};

/* Refused calls of one side that the other does not have, a piece of each kind. The array is owned, the failures are the profile's. */
struct lc_diff_refusals {
	const struct lc_failure **list;
	size_t n;
};

/* One target, in the old profile and in the new one. */
struct lc_diff_target {
	struct lc_diff_side old;
	struct lc_diff_side new;
	struct lc_diff_refusals came; /* calls that are refused now and were not */
	struct lc_diff_refusals
		went; /* calls that were refused and are not any more; none where the new profile lacks the target */
	/* What a proof of the old list was made of, and what ran in the new recording, where these are two images and the new list is not proven; else NULL. */
	const char *proven_image;
	const char *new_image;
	/* A proof of either side that was made with a patch of the project's files with which the other side is not proven; NULL: none. */
	const struct lc_proof *old_patched;
	const struct lc_proof *new_patched;
};

/* What differs. The targets stay those of the two profiles, which must stay as they are meanwhile. */
struct lc_diff {
	struct lc_diff_target *list;
	size_t n;
	const struct lc_profile *old;
	const struct lc_profile *new;
	const struct lc_target **sorted[2]; /* what the sides point into */
};

/*
 * Fills DIFF (zeroed before) with the targets whose lists or refused calls differ, or of which a proof is stale. Calls are of one kind where program, system call, error, cause and
 * what opens them are the same. Those that programs get over do not count. A container that only the old profile has and one that only the
 * new one has are the same where their image is, and neither is a compose service, because the names of others are often made up.
 * 0, or -ENOMEM with DIFF zero again.
 */
int lc_diff_make(struct lc_diff *diff, const struct lc_profile *old, const struct lc_profile *new);

/* What came to LIST of TARGET, and what went from it. What was unused and is used now has not gone. */
uint64_t lc_diff_added(const struct lc_diff_target *target, enum lc_diff_list list);
uint64_t lc_diff_removed(const struct lc_diff_target *target, enum lc_diff_list list);

/* The piece of SIDE's evidence that says most about why it needs or wants CAP, or NULL. */
const struct lc_check *lc_diff_caller(const struct lc_diff_side *side, int cap);

/* Frees what DIFF owns and zeroes it. */
void lc_diff_clear(struct lc_diff *diff);

#endif
