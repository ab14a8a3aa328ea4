/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a baseline accepts of what a check has found, and what it accepts though nothing needs it. */
#include "policy_private.h"

#include <leastcap/array.h>
#include <leastcap/baseline.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <string.h>

bool lc_policy_is_meant_for(const struct lc_accepted *accepted, const struct lc_allowed *allowed)
{
	const char *name = allowed->target ? allowed->target->name : allowed->name;
	size_t length = allowed->workload ? strlen(allowed->workload) : 0;

	if (!name)
		return false;
	if (!strcmp(accepted->name, name))
		return true;
	return length && !strncmp(accepted->name, allowed->workload, length) && accepted->name[length] == '/' &&
	       !strcmp(accepted->name + length + 1, name);
}

/* The entry that accepts most of what FINDING is about; one that has expired only where no other accepts any. NULL: none does. */
static struct lc_accepted *find_entry(const struct lc_baseline *baseline, const struct lc_finding *finding)
{
	struct lc_accepted *found = NULL;

	for (size_t i = 0; finding->allowed && i < baseline->n; i++) {
		struct lc_accepted *accepted = &baseline->list[i];

		if (!(accepted->caps & finding->caps) || !lc_policy_is_meant_for(accepted, finding->allowed))
			continue;
		accepted->used |= accepted->caps & finding->caps;
		if (!found || (found->expired && !accepted->expired))
			found = accepted;
	}
	return found;
}

/*
 * Accepts finding NUMBER of FINDINGS. What the entry does not accept of it becomes a finding of its own at their end, where its turn comes
 * again. 0 or -ENOMEM.
 */
static int accept_finding(const struct lc_baseline *baseline, struct lc_findings *findings, size_t number)
{
	struct lc_finding *finding = &findings->list[number];
	struct lc_accepted *accepted = find_entry(baseline, finding);
	struct lc_finding rest = *finding;
	int r = 0;

	/* A note fails nothing, so that there is nothing to accept. */
	if (!accepted || !finding->fails)
		return 0;
	rest.caps &= ~accepted->caps;
	finding->caps &= accepted->caps;
	finding->accepted = accepted;
	finding->fails = accepted->expired;
	findings->n_failures -= !accepted->expired;
	findings->n_accepted += !accepted->expired;
	if (rest.caps)
		r = lc_policy_add_to_findings(findings, rest);
	return r;
}

/* What ACCEPTED accepts for nothing, as far as the check has looked: nothing of POLICY is meant, or nothing that was recorded needs it. */
static uint64_t stale(const struct lc_accepted *accepted, const struct lc_policy *policy,
	const struct lc_policy_rules *rules, const struct lc_findings *findings)
{
	uint64_t looked_for = UINT64_MAX;
	bool is_known = false, is_recorded = false;

	for (size_t i = 0; i < policy->n; i++) {
		if (!lc_policy_is_meant_for(accepted, &policy->list[i]))
			continue;
		is_known = true;
		is_recorded |= findings->recorded[i];
		/* What is allowed is looked at only where that counts. */
		if (!rules->counts[LC_FINDING_UNUSED])
			looked_for &= ~policy->list[i].caps;
	}
	return is_known && !is_recorded ? 0 : accepted->caps & ~accepted->used & looked_for;
}

int lc_baseline_apply(struct lc_baseline *baseline, const struct lc_policy *policy, const struct lc_policy_rules *rules,
	struct lc_findings *findings)
{
	int r = 0;

	findings->baseline = baseline->path;
	for (size_t i = 0; !r && i < findings->n; i++)
		r = accept_finding(baseline, findings, i);
	for (size_t i = 0; !r && i < baseline->n; i++) {
		struct lc_finding finding = {.kind = LC_FINDING_STALE,
			.fails = rules->counts[LC_FINDING_STALE],
			.accepted = &baseline->list[i],
			.caps = stale(&baseline->list[i], policy, rules, findings)};

		if (finding.caps)
			r = lc_policy_add_to_findings(findings, finding);
	}
	return r;
}
