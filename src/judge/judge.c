/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The judgement: from the facts of each check to its class, and from the classes to the list. */
#include <leastcap/capset.h>
#include <leastcap/judge.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The classes whose capabilities are on the list, and those of what was asked for and, if granted, made use of. */
static const bool listed[LC_CLASS_N] = {[LC_CLASS_REQUIRED] = true, [LC_CLASS_IMPLIED] = true};
static const bool used[LC_CLASS_N] = {
	[LC_CLASS_REQUIRED] = true,
	[LC_CLASS_IMPLIED] = true,
	[LC_CLASS_ALTERNATIVE] = true,
	[LC_CLASS_ADVISORY] = true,
};

/* Whether the syscall failed as one does for want of a capability. */
static bool syscall_failed(const struct lc_check *check)
{
	return check->result && (!strcmp(check->result, "EPERM") || !strcmp(check->result, "EACCES"));
}

/*
 * The class of CHECK. What does not concern the list at all comes first: the runtime's work, somebody else's
 * credentials, a user namespace that the workload made itself. An unknown call site counts as one that decides.
 */
static enum lc_class class_of(const struct lc_check *check, const struct lc_callsite *row)
{
	if (check->phase == LC_PHASE_SETUP)
		return LC_CLASS_SETUP;
	if (check->credential == LC_CREDENTIAL_OVERRIDDEN)
		return LC_CLASS_OVERRIDDEN;
	if (check->userns == LC_USERNS_OTHER)
		return LC_CLASS_NESTED;
	if (check->authority == LC_AUTHORITY_OWNER)
		return LC_CLASS_OWNER;
	if (row)
		return row->class;
	if (check->verdict == LC_VERDICT_DENIED)
		return syscall_failed(check) ? LC_CLASS_BLOCKED : LC_CLASS_REFUSED;
	return LC_CLASS_REQUIRED;
}

int lc_judge_check(struct lc_check *check)
{
	const struct lc_callsite *row = lc_callsite_find(check);
	char *why = NULL;

	check->class = class_of(check, row);
	if (row && check->class == row->class) {
		why = strdup(row->why);
		if (!why)
			return -ENOMEM;
	}
	free(check->why);
	check->why = why;
	return 0;
}

int lc_judge_target(struct lc_target *target)
{
	uint64_t blocked = 0, asked = 0;

	target->cap_add = 0;
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];
		int r = lc_judge_check(check);

		if (r)
			return r;
		if (listed[check->class] && check->verdict == LC_VERDICT_GRANTED)
			target->cap_add |= LC_CAP_BIT(check->cap);
		if (used[check->class] && check->verdict == LC_VERDICT_GRANTED)
			asked |= LC_CAP_BIT(check->cap);
		if (check->class == LC_CLASS_BLOCKED)
			blocked |= LC_CAP_BIT(check->cap);
	}
	target->unused = target->granted & ~asked;
	target->wanted = blocked & ~target->cap_add;
	return 0;
}
