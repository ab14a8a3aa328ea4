/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds checks of calls that the engine's filter of system calls lets through only with a capability. */
#include "causes.h"
#include "filtered.h"
#include "judge_private.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What TARGET's engine's filter had to be opened by for CHECK, in a user namespace that the workload made: for the call that it was made in, and
 * for the call before it that made the namespace.
 */
static uint64_t opened_by(const struct lc_target *target, const struct lc_check *check)
{
	return lc_opened_by(target, check->syscall, 0) | lc_opened_by(target, "unshare", CLONE_NEWUSER);
}

/*
 * Whether CHECK, in a user namespace that the workload made, needs a capability for the engine's filter. For the kernel's check alone no list would
 * have it, but without it the filter gives EPERM. What a profile of the user's own lets through is evidence of its own.
 */
static bool is_gated(const struct lc_target *target, const struct lc_check *check)
{
	return !target->own_filter && (check->class == LC_CLASS_OWNER || check->class == LC_CLASS_NESTED) &&
	       check->verdict == LC_VERDICT_GRANTED && target->granted & LC_CAP_BIT(check->cap) && target->engine &&
	       opened_by(target, check) & LC_CAP_BIT(check->cap);
}

/* Sets CHECK's sentence, taking over WHY. */
static int set_why(struct lc_check *check, char *why)
{
	if (!why)
		return -ENOMEM;
	free(check->why);
	check->why = why;
	return 0;
}

/* Says of CHECK that the kernel asked nothing, but the filter let its call through only because TARGET has the capability. */
static int explain_passed(const struct lc_target *target, struct lc_check *check)
{
	const char *engine = lc_words_engine(target->engine);
	const char *syscall = check->syscall ? check->syscall : "the call";
	char name[LC_CAP_NAME_SIZE];
	char *why;
	int r;

	if (target->own_filter)
		r = asprintf(&why,
			"the container's own seccomp profile lets %s through only with %s, whatever the kernel then asks",
			syscall, lc_cap_name(check->cap, name));
	else if (target->privileged)
		r = asprintf(&why,
			"a privileged container has no filter of system calls, but without that %s's default one lets %s through only with %s",
			engine, syscall, lc_cap_name(check->cap, name));
	else
		r = asprintf(&why,
			"%s's filter lets %s through only with %s, whatever the kernel then asks: a seccomp profile that allows it would do",
			engine, syscall, lc_cap_name(check->cap, name));
	return set_why(check, r < 0 ? NULL : why);
}

int lc_judge_seccomp(struct lc_target *target)
{
	static const char why[] =
		"the kernel asks in the workload's own user namespace only, but the engine's default filter allows it to have one only with this: a seccomp profile that allows it would do";
	int r = 0;

	if (target->kind != LC_TARGET_CONTAINER)
		return 0;
	for (size_t i = 0; !r && i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];

		if (check->source == LC_SOURCE_FILTER) {
			r = explain_passed(target, check);
		} else if (target->seccomp && is_gated(target, check)) {
			check->class = LC_CLASS_IMPLIED;
			r = set_why(check, strdup(why));
		}
	}
	return r;
}
