/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What trials have shown goes before what was recorded. */
#include "src/judge/judge_private.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Whether CHECK puts its capability on the list. */
static bool is_listed(const struct lc_check *check)
{
	return check->verdict == LC_VERDICT_GRANTED &&
	       (check->class == LC_CLASS_REQUIRED || check->class == LC_CLASS_IMPLIED);
}

/* CHECK's capability is not on the proven list: its answer changes nothing that the test would notice. 0 or -ENOMEM. */
static int set_aside(struct lc_check *check)
{
	char *why;

	if (asprintf(&why, "%s%sproven: the test passed without", check->why ? check->why : "",
		    check->why ? "; " : "") < 0)
		return -ENOMEM;
	free(check->why);
	check->why = why;
	check->class = LC_CLASS_ADVISORY;
	check->survivable = false;
	return 0;
}

int lc_judge_proven(struct lc_target *target)
{
	const struct lc_proof *proof = target->proof;
	int r = 0;

	if (!proof)
		return 0;
	for (size_t i = 0; !r && i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];

		if (is_listed(check) && !(proof->list & LC_CAP_BIT(check->cap)))
			r = set_aside(check);
	}
	target->cap_add = proof->list;
	/* What was tried, and is still on the list, is needed. */
	target->verify &= proof->untried;
	target->wanted &= ~proof->list;
	target->unused &= ~proof->list;
	return r;
}
