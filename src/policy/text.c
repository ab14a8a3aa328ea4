/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is found of a profile under a policy, as lines for a person. */
#include "policy_private.h"

#include <leastcap/baseline.h>
#include <leastcap/capset.h>
#include <leastcap/escape.h>
#include <leastcap/report.h>

#include <errno.h>

/* So many names fit on a line. */
#define LC_MOST_NAMES 5

const char *lc_policy_entry_word(const struct lc_policy *policy)
{
	static const char *const words[] = {
		[LC_POLICY_COMPOSE] = "service",
		[LC_POLICY_KUBERNETES] = "container",
		[LC_POLICY_PROFILE] = "target",
	};

	return words[policy->kind];
}

/* "compose.yaml:7: " */
static void add_place(struct lc_strbuf *out, const char *path, size_t line)
{
	lc_escape_terminal(out, path);
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
	struct lc_strbuf refusals = {0};

	lc_report_add_refusals(&refusals, target);
	lc_strbuf_addf(out, ": no %s of this file is meant for it; it %s ", lc_policy_entry_word(policy),
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
	bool denied = finding->kind == LC_FINDING_WANTED || finding->kind == LC_FINDING_SURVIVED;

	return denied && lc_report_refusal(finding->target, __builtin_ctzll(finding->caps));
}

/* What FINDING says of its capabilities. */
static void add_statement(struct lc_strbuf *out, const struct lc_finding *finding)
{
	static const char *const words[][2] = {
		[LC_FINDING_NEEDED] = {": needs ", ", which is not allowed"},
		[LC_FINDING_WANTED] = {": was denied ", ", which is not allowed"},
		[LC_FINDING_SURVIVED] = {": was denied ", ", which is not allowed and which it may do without"},
		[LC_FINDING_UNUSED] = {": allows ", ", which nothing needed"},
	};

	lc_strbuf_adds(out, is_refusal(finding) ? ": was refused what needs " : words[finding->kind][0]);
	lc_cap_add_names(out, finding->caps);
	lc_strbuf_adds(out, words[finding->kind][1]);
}

/* Why TARGET's list does not count as proven. */
static const char *why_unproven(const struct lc_target *target)
{
	if (!target->proof)
		return "not proven";
	if (target->proof->stopped)
		return "not proven, because the trials were stopped";
	return "proven only with a patch, and not with the project's files as they are";
}

const char *lc_finding_kind_name(enum lc_finding_kind kind)
{
	static const char *const names[LC_FINDING_KIND_N] = {
		[LC_FINDING_UNKNOWN] = "unknown",
		[LC_FINDING_NEEDED] = "needed",
		[LC_FINDING_WANTED] = "wanted",
		[LC_FINDING_SURVIVED] = "survived",
		[LC_FINDING_UNUSED] = "unused",
		[LC_FINDING_PARTIAL] = "partial",
		[LC_FINDING_UNPROVEN] = "unproven",
		[LC_FINDING_UNTOLD] = "untold",
		[LC_FINDING_STALE] = "stale",
	};

	return names[kind];
}

bool lc_finding_is_about_recording(const struct lc_finding *finding)
{
	return finding->kind == LC_FINDING_PARTIAL || finding->kind == LC_FINDING_UNPROVEN ||
	       finding->kind == LC_FINDING_UNTOLD;
}

const char *lc_finding_path(const struct lc_policy *policy, const struct lc_finding *finding)
{
	if (finding->kind == LC_FINDING_STALE)
		return finding->accepted->path;
	return finding->allowed && finding->allowed->path ? finding->allowed->path : policy->path;
}

size_t lc_finding_line(const struct lc_finding *finding)
{
	const struct lc_allowed *allowed = finding->allowed;
	bool is_dropped = finding->target && allowed && allowed->drop_line && allowed->dropped & finding->caps;

	if (finding->kind == LC_FINDING_STALE)
		return finding->accepted->line;
	return !allowed ? 0 : is_dropped ? allowed->drop_line : allowed->line;
}

void lc_policy_add_acceptance(struct lc_strbuf *out, const struct lc_accepted *accepted)
{
	lc_strbuf_addf(out, "%saccepted until %s by ", accepted->expired ? "was " : "", accepted->expires);
	lc_escape_terminal(out, accepted->owner);
	lc_strbuf_adds(out, ": ");
	lc_escape_terminal(out, accepted->reason);
}

/* Whether something in POLICY is what ACCEPTED is meant for. */
static bool has_counterpart(const struct lc_policy *policy, const struct lc_accepted *accepted)
{
	for (size_t i = 0; i < policy->n; i++) {
		if (lc_policy_is_meant_for(accepted, &policy->list[i]))
			return true;
	}
	return false;
}

/* "web: nothing needs NET_RAW, which is accepted until …" */
static void add_stale(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding)
{
	const struct lc_accepted *accepted = finding->accepted;

	lc_escape_terminal(out, accepted->name);
	if (has_counterpart(policy, accepted)) {
		lc_strbuf_adds(out, ": nothing needs ");
		lc_cap_add_names(out, finding->caps);
		lc_strbuf_adds(out, ", which ");
	} else {
		lc_strbuf_addf(out, ": no %s of ", lc_policy_entry_word(policy));
		lc_escape_terminal(out, policy->path);
		lc_strbuf_adds(out, " is called so, for which ");
		lc_cap_add_names(out, finding->caps);
		lc_strbuf_adds(out, " ");
	}
	lc_strbuf_adds(out, accepted->expired ? "" : "is ");
	lc_policy_add_acceptance(out, accepted);
}

/* What FINDING says of the recording or a file as a whole. Whether it is about that. */
static bool add_whole(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding)
{
	switch (finding->kind) {
	case LC_FINDING_UNTOLD:
		lc_strbuf_addf(out, "%zu value%s not known from the file alone: --strict takes none", policy->unknown,
			policy->unknown == 1 ? " is" : "s are");
		return true;
	case LC_FINDING_PARTIAL:
		lc_report_add_seen(out, finding->target);
		return true;
	case LC_FINDING_UNPROVEN:
		lc_escape_terminal(out, finding->target->name);
		lc_strbuf_addf(out, ": its list is %s; 'leastcap prove' does that", why_unproven(finding->target));
		return true;
	case LC_FINDING_STALE:
		add_stale(out, policy, finding);
		return true;
	default:
		return false;
	}
}

void lc_policy_add_message(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding)
{
	const struct lc_allowed *allowed = finding->allowed;

	if (add_whole(out, policy, finding))
		return;
	add_target(out, finding);
	if (finding->target && !allowed)
		add_unknown(out, policy, finding->target);
	else
		add_statement(out, finding);
	if (finding->target && allowed) {
		add_reason(out, finding);
		if (!finding->accepted || finding->fails)
			add_remedy(out, policy, finding);
	}
	if (finding->accepted) {
		lc_strbuf_adds(out, "; ");
		lc_policy_add_acceptance(out, finding->accepted);
	}
}

void lc_policy_add_finding(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding)
{
	add_place(out, lc_finding_path(policy, finding), lc_finding_line(finding));
	lc_strbuf_adds(out, finding->fails ? "" : "note: ");
	lc_policy_add_message(out, policy, finding);
	lc_strbuf_adds(out, "\n");
}

/* "web"; "shop/web" of a manifest. */
static void add_entry_name(struct lc_strbuf *out, const struct lc_allowed *allowed)
{
	if (allowed->target) {
		lc_escape_terminal(out, allowed->target->name);
		return;
	}
	lc_escape_terminal(out, allowed->workload);
	lc_strbuf_adds(out, allowed->workload ? "/" : "");
	lc_escape_terminal(out, allowed->name);
}

/* "; 2 were not recorded: cache, worker" */
static void add_unrecorded(
	struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_findings *findings, size_t n)
{
	size_t named = 0;

	if (!n)
		return;
	lc_strbuf_addf(out, "; %zu %s not recorded: ", n, n == 1 ? "was" : "were");
	for (size_t i = 0; i < policy->n && named < LC_MOST_NAMES; i++) {
		if (findings->recorded[i])
			continue;
		lc_strbuf_adds(out, named++ ? ", " : "");
		add_entry_name(out, &policy->list[i]);
	}
	if (n > named)
		lc_strbuf_addf(out, " and %zu more", n - named);
}

void lc_policy_add_pass(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_findings *findings)
{
	size_t n = 0;

	for (size_t i = 0; i < policy->n; i++)
		n += findings->recorded[i];
	if (!n)
		return;
	lc_strbuf_addf(out, "%zu %s%s within ", n, lc_policy_entry_word(policy), n == 1 ? " keeps" : "s keep");
	lc_escape_terminal(out, policy->path);
	if (policy->n_more)
		lc_strbuf_addf(out, " and %zu more file%s", policy->n_more, policy->n_more == 1 ? "" : "s");
	add_unrecorded(out, policy, findings, policy->n - n);
	if (findings->n_passed_over)
		lc_strbuf_addf(out, "; %zu that it does not know %s passed over", findings->n_passed_over,
			findings->n_passed_over == 1 ? "was" : "were");
	if (findings->n_accepted) {
		lc_strbuf_addf(out, "; %zu finding%s accepted by ", findings->n_accepted,
			findings->n_accepted == 1 ? " is" : "s are");
		lc_escape_terminal(out, findings->baseline);
	}
	lc_strbuf_adds(out, "\n");
}

void lc_policy_add_lost(struct lc_strbuf *out, const struct lc_policy_result *result)
{
	lc_report_add_lost_of(out, result->profile, result->known, NULL);
}

/* What is about no line of the file is for whoever made the check, and not here. */
static int render(const struct lc_policy_result *result, struct lc_strbuf *out)
{
	const struct lc_findings *findings = result->findings;

	for (size_t i = 0; i < findings->n; i++) {
		if (!lc_finding_is_about_recording(&findings->list[i]))
			lc_policy_add_finding(out, result->policy, &findings->list[i]);
	}
	if (lc_policy_passed(result))
		lc_policy_add_pass(out, result->policy, findings);
	return out->failed ? -ENOMEM : 0;
}

const struct lc_policy_format lc_policy_text = {
	.name = "text",
	.description = "for people: a line for each finding, or one that all keep within the file",
	.render = render,
};
