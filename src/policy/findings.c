/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A profile under a policy: what each target needs beyond it, and what nothing needs of it. */
#include "policy_private.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/judge.h>
#include <leastcap/report.h>

#include <errno.h>
#include <stdlib.h>

static int add_finding(struct lc_findings *findings, struct lc_finding finding)
{
	struct lc_finding *list = lc_array_grow(findings->list, findings->n, sizeof(*list));

	if (!list)
		return -ENOMEM;
	findings->list = list;
	list[findings->n++] = finding;
	return 0;
}

/* Adds one finding like FINDING for each capability in CAPS. */
static int add_findings(struct lc_findings *findings, struct lc_finding finding, uint64_t caps)
{
	int r = 0;

	for (int cap; !r && (cap = lc_cap_take(&caps)) >= 0;) {
		finding.caps = LC_CAP_BIT(cap);
		r = add_finding(findings, finding);
	}
	return r;
}

/* Adds what TARGET needs to the USED of each of its entries in POLICY. These are RECORDED: only they can have something unused. */
static int check_target(const struct lc_policy *policy, const struct lc_target *target, struct lc_findings *findings,
	uint64_t *used, bool *recorded)
{
	const struct lc_allowed *allowed;
	size_t cursor = 0;
	bool known = false;
	int r = 0;

	while (!r && (allowed = lc_policy_next(policy, target, &cursor))) {
		struct lc_finding finding = {.target = target, .allowed = allowed};

		known = true;
		/* What was not seen may have used what is allowed. */
		recorded[allowed - policy->list] |= !target->sandbox;
		used[allowed - policy->list] |= target->cap_add | target->wanted;
		finding.kind = LC_FINDING_NEEDED;
		r = add_findings(findings, finding, target->cap_add & ~allowed->caps);
		finding.kind = LC_FINDING_WANTED;
		if (!r)
			r = add_findings(findings, finding, target->wanted & ~target->cap_add & ~allowed->caps);
	}
	if (!r && !known)
		r = add_finding(findings, (struct lc_finding){.kind = LC_FINDING_UNKNOWN, .target = target});
	return r;
}

int lc_policy_check(const struct lc_policy *policy, const struct lc_profile *profile, struct lc_findings *findings)
{
	_cleanup_free_ uint64_t *used = calloc(policy->n + 1, sizeof(*used));
	_cleanup_free_ bool *recorded = calloc(policy->n + 1, sizeof(*recorded));
	int r = used && recorded ? 0 : -ENOMEM;

	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = check_target(policy, &profile->targets[i], findings, used, recorded);
	for (size_t i = 0; !r && i < policy->n; i++) {
		struct lc_finding finding = {.kind = LC_FINDING_UNUSED,
			.allowed = &policy->list[i],
			.caps = policy->list[i].caps & ~used[i]};

		if (recorded[i] && finding.caps)
			r = add_finding(findings, finding);
	}
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

void lc_findings_clear(struct lc_findings *findings)
{
	free(findings->list);
	*findings = (struct lc_findings){0};
}

/* "compose.yaml:7: " */
static void add_place(struct lc_strbuf *out, const struct lc_policy *policy, size_t line)
{
	lc_escape_terminal(out, policy->path);
	if (line)
		lc_strbuf_addf(out, ":%zu", line);
	lc_strbuf_adds(out, ": ");
}

/* "; add it to cap_add of service web" */
static void add_remedy(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding)
{
	static const char *const lists[][2] = {
		[LC_POLICY_COMPOSE] = {"cap_add", "cap_drop"},
		[LC_POLICY_KUBERNETES] = {"securityContext.capabilities.add", "securityContext.capabilities.drop"},
		[LC_POLICY_PROFILE] = {"cap_add", ""},
	};
	bool is_dropped = finding->allowed->dropped & finding->caps;

	lc_strbuf_addf(out, "; %s %s of ", is_dropped ? "take it out of" : "add it to",
		lists[policy->kind][is_dropped ? 1 : 0]);
	lc_escape_terminal(out, finding->allowed->where);
	if (finding->allowed->partly_read)
		lc_strbuf_adds(out, ", or to what that extends, which was not read");
}

static void add_reason(struct lc_strbuf *out, const struct lc_finding *finding)
{
	struct lc_strbuf reason = {0};

	lc_report_add_reason(&reason, finding->target, __builtin_ctzll(finding->caps));
	lc_strbuf_adds(out, reason.length ? ": " : "");
	lc_strbuf_adds(out, reason.text);
	out->failed |= reason.failed;
	lc_strbuf_free(&reason);
}

/* What an unknown target needs, so that somebody can write its entry. */
static void add_unknown(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_target *target)
{
	static const char *const entries[] = {
		[LC_POLICY_COMPOSE] = "service",
		[LC_POLICY_KUBERNETES] = "container",
		[LC_POLICY_PROFILE] = "target",
	};
	struct lc_strbuf refusals = {0};

	lc_report_add_refusals(&refusals, target);
	lc_strbuf_addf(out, ": no %s of this file is meant for it; it %s ", entries[policy->kind],
		refusals.length ? "used" : "needs");
	lc_cap_add_names(out, target->cap_add);
	lc_strbuf_adds(out, target->cap_add ? "" : "no capability");
	lc_strbuf_adds(out, refusals.length ? "; " : "");
	lc_strbuf_adds(out, refusals.text);
	out->failed |= refusals.failed;
	lc_strbuf_free(&refusals);
}

/* The recorded target that FINDING is about, or the entry of the file. */
static void add_target(struct lc_strbuf *out, const struct lc_finding *finding)
{
	const struct lc_allowed *allowed = finding->allowed;
	const struct lc_target *target = finding->target;

	if (!target && allowed)
		target = allowed->target;
	if (target)
		lc_report_add_label(out, target);
	else if (allowed)
		lc_escape_terminal(out, allowed->where);
}

/* Whether FINDING is about a capability that nobody asked for, because a call was refused before. */
static bool is_refusal(const struct lc_finding *finding)
{
	return finding->kind == LC_FINDING_WANTED && lc_report_refusal(finding->target, __builtin_ctzll(finding->caps));
}

/* What FINDING says of its capabilities. */
static void add_statement(struct lc_strbuf *out, const struct lc_finding *finding)
{
	static const char *const words[][2] = {
		[LC_FINDING_NEEDED] = {": needs ", ", which is not allowed"},
		[LC_FINDING_WANTED] = {": was denied ", ", which is not allowed"},
		[LC_FINDING_UNUSED] = {": allows ", ", which nothing needed"},
	};

	lc_strbuf_adds(out, is_refusal(finding) ? ": was refused what needs " : words[finding->kind][0]);
	lc_cap_add_names(out, finding->caps);
	lc_strbuf_adds(out, words[finding->kind][1]);
}

void lc_policy_add_finding(
	struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding, bool note)
{
	const struct lc_allowed *allowed = finding->allowed;
	bool is_dropped = finding->target && allowed && allowed->drop_line && allowed->dropped & finding->caps;

	add_place(out, policy, !allowed ? 0 : is_dropped ? allowed->drop_line : allowed->line);
	lc_strbuf_adds(out, note ? "note: " : "");
	add_target(out, finding);
	if (finding->target && !allowed)
		add_unknown(out, policy, finding->target);
	else
		add_statement(out, finding);
	if (finding->target && allowed) {
		add_reason(out, finding);
		add_remedy(out, policy, finding);
	}
	lc_strbuf_adds(out, "\n");
}
