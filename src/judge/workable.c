/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the capabilities that a decision accepts work with the engine: it has to know them, and its filter to be opened by them. */
#include "filtered.h"
#include "judge_private.h"

#include <leastcap/capset.h>
#include <leastcap/engine.h>

#include <stdio.h>

uint64_t lc_judge_known_to_engine(const struct lc_target *target)
{
	int engine = target->engine ? lc_engine_from_name(target->engine) : -1;

	if (target->kind != LC_TARGET_CONTAINER || engine < 0)
		return UINT64_MAX;
	return lc_engine_known((enum lc_engine)engine, target->engine_version);
}

uint64_t lc_judge_workable(const struct lc_target *target, const struct lc_decision *decision)
{
	uint64_t accepted = LC_CAP_BIT(decision->check->cap), opening;

	if (!decision->pair)
		return accepted;
	accepted |= LC_CAP_BIT(decision->pair->narrow) | LC_CAP_BIT(decision->pair->wide);
	if (accepted & lc_judge_known_to_engine(target))
		accepted &= lc_judge_known_to_engine(target);
	/* What opens the call besides is there for another decision, and opens it for this one too. */
	opening = lc_opened_by(target, decision->check->syscall, 0) & lc_judge_known_to_engine(target);
	return opening && !(opening & ~accepted) ? opening : accepted;
}

char *lc_judge_unworkable(const struct lc_target *target, const struct lc_check *check, int cap, int taken)
{
	const char *version = target->engine_version ? target->engine_version : "";
	char name[LC_CAP_NAME_SIZE], other[LC_CAP_NAME_SIZE];
	char *why;
	int r;

	lc_cap_name(cap, name);
	lc_cap_name(taken, other);
	if (!(lc_judge_known_to_engine(target) & LC_CAP_BIT(cap)))
		r = asprintf(&why, "%s would do for the kernel, but %s%s%s does not know it", name, target->engine,
			*version ? " " : "", version);
	else
		r = asprintf(&why, "%s would do for the kernel, but the filter of %s lets %s through only with %s",
			name, target->engine, check->syscall, other);
	return r < 0 ? NULL : why;
}
