/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that an engine's filter let through because of a capability: what that asks of the list. */
#include "filtered.h"

#include <leastcap/capset.h>
#include <leastcap/facts.h>
#include <leastcap/filter.h>
#include <leastcap/judge.h>
#include <leastcap/order.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How far CAP reaches: a place in the table of dangers, the worst first; behind it those that are not in it. */
static size_t narrowness(int cap)
{
	size_t n;
	const struct lc_danger *dangers = lc_dangers(&n);

	for (size_t i = 0; i < n; i++) {
		if (dangers[i].cap == cap)
			return i;
	}
	return n;
}

int lc_narrowest(uint64_t caps)
{
	int narrowest = -1;

	for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
		if (narrowest < 0 || narrowness(cap) > narrowness(narrowest))
			narrowest = cap;
	}
	return narrowest;
}

uint64_t lc_opened_by(const struct lc_target *target, const char *syscall, uint64_t argument)
{
	if (target->kind != LC_TARGET_CONTAINER || !target->engine || !(target->seccomp || target->privileged))
		return 0;
	if (target->own_filter)
		return lc_profile_opens(target->own_profile, syscall, lc_filter_selector(syscall), argument);
	return lc_filter_opens(target->engine, target->engine_version, syscall, argument);
}

uint64_t lc_filter_accepts(const struct lc_target *target, const struct lc_check *check)
{
	uint64_t opens = lc_opened_by(target, check->syscall, 0);

	return opens & LC_CAP_BIT(check->cap) ? opens : LC_CAP_BIT(check->cap);
}

/* Whether CALL, which passed, went through a filter of TARGET's, or would have if TARGET were not privileged. */
static bool is_filtered(const struct lc_target *target, const struct lc_failure *call)
{
	return !call->result && (target->privileged || call->filter != LC_FILTER_NONE);
}

/* Whether the kernel asked for CAP in a call of TARGET's like CALL, and the list has it for that: then the filter asks for nothing more. */
static bool is_asked_anyway(const struct lc_target *target, const struct lc_failure *call, int cap)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check check = target->evidence[i];

		if (check.cap != cap || check.source != LC_SOURCE_CHECK || check.verdict != LC_VERDICT_GRANTED ||
			lc_compare_text(check.syscall, call->syscall) || lc_compare_text(check.exe, call->exe))
			continue;
		lc_judge_check(&check, target);
		if (check.class == LC_CLASS_REQUIRED && !check.survivable)
			return true;
	}
	return false;
}

/* Fills in CHECK's strings from CALL. 0 or -ENOMEM. */
static int copy_strings(struct lc_check *check, const struct lc_failure *call)
{
	return lc_copy_to(&check->syscall, call->syscall)
		?: lc_copy_to(&check->exe, call->exe)
		?: lc_copy_to(&check->comm, call->comm)
		?: lc_copy_to(&check->about, call->about)
		?: lc_copy_to(&check->user, call->user);
}

/*
 * Whether the filter would have answered CALL as a kernel does that does not have it (ENOSYS). Programs then go on with an older call, for which the
 * filter asks on its own: every thread of the C library begins with clone3.
 */
static bool has_older_way(const struct lc_target *target, const struct lc_failure *call)
{
	const struct lc_filter_row *row =
		lc_filter_row_find(target->engine, target->engine_version, call->syscall, call->argument);

	return row && row->nosys && !target->own_filter;
}

int lc_judge_add_passed(struct lc_target *target, const struct lc_failure *call)
{
	struct lc_check check = {
		.source = LC_SOURCE_FILTER,
		.phase = LC_PHASE_WORKLOAD,
		.audited = LC_AUDITED_UNKNOWN,
		.count = call->count,
		.first_ns = call->first_ns,
		.last_ns = call->last_ns,
	};
	uint64_t held = 0;
	int r;

	if (is_filtered(target, call) && !has_older_way(target, call))
		held = target->granted & lc_opened_by(target, call->syscall, call->argument);
	check.cap = lc_narrowest(held);
	if (check.cap < 0 || is_asked_anyway(target, call, check.cap))
		return 0;
	r = copy_strings(&check, call);
	if (!r)
		r = lc_target_add_evidence(target, &check);
	lc_check_clear(&check);
	return r;
}
