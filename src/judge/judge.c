/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judgement: from the facts of each check to its class, from the classes to the list, from the list to the advice. */
#include "judge_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/judge.h>

int lc_judge_target(struct lc_target *target)
{
	_cleanup_(lc_decisions_clear) struct lc_decisions decisions = {0};
	int r = lc_judge_classify(target);

	if (!r)
		r = lc_judge_went_on(target);
	if (!r)
		r = lc_judge_seccomp(target);
	if (!r)
		r = lc_judge_fruitless(target);
	if (!r)
		r = lc_judge_decide(target, &decisions);
	if (!r)
		r = lc_judge_proven(target);
	if (!r)
		r = lc_judge_failures(target);
	return r ? r : lc_judge_advise(target, &decisions);
}
