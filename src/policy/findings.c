/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A profile under a policy: what each target needs beyond it, and what nothing needs of it. */
#include "policy_private.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/judge.h>

#include <errno.h>
#include <stdlib.h>

int lc_policy_add_to_findings(struct lc_findings *findings, struct lc_finding finding)
{
	struct lc_finding *list = lc_array_grow(findings->list, findings->n, sizeof(*list));

	if (!list)
		return -ENOMEM;
	findings->list = list;
	list[findings->n++] = finding;
	findings->n_failures += finding.fails;
	return 0;
}

/* The profile under the policy. */
struct checker {
	const struct lc_policy *policy;
	const struct lc_policy_rules *rules;
	struct lc_findings *findings;
	uint64_t *used; /* of each entry of the policy */
};

/* Adds one finding like FINDING, of KIND, for each capability in CAPS. */
static int add_findings(
	const struct checker *checker, struct lc_finding finding, enum lc_finding_kind kind, uint64_t caps)
{
	int r = 0;

	finding.kind = kind;
	finding.fails = checker->rules->counts[kind];
	for (int cap; !r && (cap = lc_cap_take(&caps)) >= 0;) {
		finding.caps = LC_CAP_BIT(cap);
		r = lc_policy_add_to_findings(checker->findings, finding);
	}
	return r;
}

/* What the earlier profile's target did without: it was denied it as well, or its trials have passed without. */
static uint64_t did_without(const struct lc_allowed *allowed)
{
	const struct lc_target *target = allowed->target;

	if (!target)
		return 0;
	return target->wanted | (target->proof ? target->proof->removed : 0);
}

/* Adds what TARGET needs, and was denied, beyond ALLOWED. */
static int check_entry(const struct checker *checker, const struct lc_target *target, const struct lc_allowed *allowed)
{
	const struct lc_finding finding = {.target = target, .allowed = allowed};
	uint64_t denied = target->wanted & ~target->cap_add & ~allowed->caps & ~checker->rules->spared;
	uint64_t survived = denied & (lc_judge_wanted_by_the_way(target) | did_without(allowed));
	int r = add_findings(checker, finding, LC_FINDING_NEEDED, target->cap_add & ~allowed->caps);

	if (!r)
		r = add_findings(checker, finding, LC_FINDING_WANTED, denied & ~survived);
	return r ? r : add_findings(checker, finding, LC_FINDING_SURVIVED, survived);
}

/* Adds what TARGET needs beyond each of its entries, and to what is used of these. */
static int check_target(const struct checker *checker, const struct lc_target *target)
{
	const struct lc_policy *policy = checker->policy;
	const struct lc_allowed *allowed;
	size_t cursor = 0;
	bool known = false;
	int r = 0;

	while (!r && (allowed = lc_policy_next(policy, target, &cursor))) {
		known = true;
		/* What was not seen may have used what is allowed. */
		checker->findings->recorded[allowed - policy->list] |= !target->sandbox;
		checker->used[allowed - policy->list] |= target->cap_add | target->wanted;
		r = check_entry(checker, target, allowed);
	}
	if (r || known)
		return r;
	if (checker->rules->ignore_unknown) {
		checker->findings->n_passed_over++;
		return 0;
	}
	return lc_policy_add_to_findings(
		checker->findings, (struct lc_finding){.kind = LC_FINDING_UNKNOWN,
					   .target = target,
					   .fails = checker->rules->counts[LC_FINDING_UNKNOWN]});
}

/* Adds what nothing needed of each entry that was recorded. */
static int check_unused(const struct checker *checker)
{
	const struct lc_policy *policy = checker->policy;
	int r = 0;

	for (size_t i = 0; !r && i < policy->n; i++) {
		struct lc_finding finding = {.kind = LC_FINDING_UNUSED,
			.fails = true,
			.allowed = &policy->list[i],
			.caps = policy->list[i].caps & ~checker->used[i]};

		if (checker->findings->recorded[i] && finding.caps)
			r = lc_policy_add_to_findings(checker->findings, finding);
	}
	return r;
}

/* Adds each target that the file knows and of whose life a part was not recorded. */
static int check_seen(const struct checker *checker, const struct lc_profile *profile)
{
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		struct lc_finding finding = {.kind = LC_FINDING_PARTIAL, .fails = true, .target = target};
		size_t cursor = 0;

		finding.allowed = lc_policy_next(checker->policy, target, &cursor);
		if (!finding.allowed || target->sandbox || !lc_seen_is_partial(&target->seen))
			continue;
		r = lc_policy_add_to_findings(checker->findings, finding);
		checker->findings->n_partial++;
	}
	return r;
}

/* Adds each target that the file knows and whose list is not proven. */
static int check_proofs(const struct checker *checker, const struct lc_profile *profile)
{
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		const struct lc_proof *proof = target->proof;
		struct lc_finding finding = {.kind = LC_FINDING_UNPROVEN, .fails = true, .target = target};
		size_t cursor = 0;

		finding.allowed = lc_policy_next(checker->policy, target, &cursor);
		if (finding.allowed && (!proof || proof->stopped || proof->patch_sha256))
			r = lc_policy_add_to_findings(checker->findings, finding);
	}
	return r;
}

int lc_policy_check(const struct lc_policy *policy, const struct lc_profile *profile,
	const struct lc_policy_rules *rules, struct lc_findings *findings)
{
	_cleanup_free_ uint64_t *used = calloc(policy->n + 1, sizeof(*used));
	const struct checker checker = {.policy = policy, .rules = rules, .findings = findings, .used = used};
	int r;

	findings->recorded = calloc(policy->n + 1, sizeof(*findings->recorded));
	r = used && findings->recorded ? 0 : -ENOMEM;
	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = check_target(&checker, &profile->targets[i]);
	if (!r && rules->counts[LC_FINDING_UNUSED])
		r = check_unused(&checker);
	if (!r && rules->counts[LC_FINDING_PARTIAL])
		r = check_seen(&checker, profile);
	if (!r && rules->counts[LC_FINDING_UNPROVEN])
		r = check_proofs(&checker, profile);
	if (!r && rules->counts[LC_FINDING_UNTOLD] && policy->unknown)
		r = lc_policy_add_to_findings(findings, (struct lc_finding){.kind = LC_FINDING_UNTOLD, .fails = true});
	if (r)
		lc_findings_clear(findings);
	return r;
}

bool *lc_policy_known(const struct lc_policy *policy, const struct lc_profile *profile)
{
	bool *known = calloc(profile->n_targets + 1, sizeof(*known));

	for (size_t i = 0; known && i < profile->n_targets; i++) {
		size_t cursor = 0;

		known[i] = lc_policy_next(policy, &profile->targets[i], &cursor);
	}
	return known;
}

bool lc_policy_passed(const struct lc_policy_result *result)
{
	return !result->findings->n_failures && !lc_profile_lost(result->profile, result->known);
}

bool lc_policy_is_repeated(const struct lc_findings *findings, size_t number)
{
	const struct lc_finding *finding = &findings->list[number];

	for (size_t i = 0; finding->allowed && i < number; i++) {
		const struct lc_finding *before = &findings->list[i];

		if (before->kind == finding->kind && before->allowed == finding->allowed &&
			before->caps == finding->caps)
			return true;
	}
	return false;
}

void lc_findings_clear(struct lc_findings *findings)
{
	free(findings->list);
	free(findings->recorded);
	*findings = (struct lc_findings){0};
}
