/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the piece of evidence that says most about why a capability is on a list. */
#include <leastcap/capset.h>
#include <leastcap/facts.h>
#include <leastcap/judge.h>

/* Whether CHECK says why CAP is needed: it asked for CAP, or for the other one of a pair. */
static bool speaks_for(const struct lc_check *check, int cap)
{
	const struct lc_alternative *pair;

	if (check->cap == cap)
		return true;
	if (check->class != LC_CLASS_ALTERNATIVE && check->class != LC_CLASS_BLOCKED)
		return false;
	pair = lc_alternative_find(check);
	return pair && (pair->narrow == cap || pair->wide == cap);
}

/* Whether CHECK's program is known. It is not where CHECK stands for many that were left out of the profile. */
static bool is_somebodys(const struct lc_check *check)
{
	return check->exe || check->comm;
}

/* Whether A says more than B (may be NULL): about CAP itself, of a weightier class, of somebody, more often. */
static bool says_more(const struct lc_check *a, const struct lc_check *b, int cap)
{
	if (!b || (a->cap == cap) != (b->cap == cap))
		return !b || a->cap == cap;
	if (a->class != b->class)
		return a->class < b->class;
	return is_somebodys(a) != is_somebodys(b) ? is_somebodys(a) : a->count > b->count;
}

const struct lc_check *lc_judge_caller(const struct lc_target *target, int cap)
{
	const struct lc_check *caller = NULL;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		/* The classes after it say nothing about the lists. */
		if (check->class <= LC_CLASS_REFUSED && speaks_for(check, cap) && says_more(check, caller, cap))
			caller = check;
	}
	return caller;
}
