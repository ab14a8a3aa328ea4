/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds checks of calls that the engine's filter of system calls lets through only with a capability. */
#include "judge_private.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * What TARGET's engine's filter had to be opened by for CHECK, in a user namespace that the workload made: for the call that it was made in, and
 * for the call before it that made the namespace.
 */
static uint64_t opened_by(const struct lc_target *target, const struct lc_check *check)
{
	return lc_filter_opens(target->engine, target->engine_version, check->syscall, 0) |
	       lc_filter_opens(target->engine, target->engine_version, "unshare", 0);
}

/*
 * Whether CHECK, in a user namespace that the workload made, needs a capability for the engine's filter. For the kernel's check alone no list would
 * have it, but without it the filter gives EPERM.
 */
static bool is_gated(const struct lc_target *target, const struct lc_check *check)
{
	return (check->class == LC_CLASS_OWNER || check->class == LC_CLASS_NESTED) &&
	       check->verdict == LC_VERDICT_GRANTED && target->granted & LC_CAP_BIT(check->cap) && target->engine &&
	       opened_by(target, check) & LC_CAP_BIT(check->cap);
}

int lc_judge_seccomp(struct lc_target *target)
{
	static const char why[] =
		"the kernel asks in the workload's own user namespace only, but the engine's default filter allows it to have one only with this: a seccomp profile that allows it would do";

	if (!target->seccomp || target->kind != LC_TARGET_CONTAINER)
		return 0;
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];
		char *sentence;

		if (!is_gated(target, check))
			continue;
		sentence = strdup(why);
		if (!sentence)
			return -ENOMEM;
		free(check->why);
		check->why = sentence;
		check->class = LC_CLASS_IMPLIED;
	}
	return 0;
}
