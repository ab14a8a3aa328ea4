/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of a check as SARIF: an alert at the line of the file for each finding that fails, or is accepted, and none for what is no finding. */
#include "policy_private.h"

#include <leastcap/baseline.h>
#include <leastcap/cleanup.h>
#include <leastcap/sarif.h>

#include <errno.h>

/* The rule by which FINDING is an alert: its capability's, where it is about one. */
static int rule_of(const struct lc_finding *finding)
{
	switch (finding->kind) {
	case LC_FINDING_UNUSED:
		return LC_SARIF_BEYOND_NEED;
	case LC_FINDING_UNKNOWN:
		return LC_SARIF_UNKNOWN;
	case LC_FINDING_PARTIAL:
		return LC_SARIF_PARTIAL;
	case LC_FINDING_UNPROVEN:
		return LC_SARIF_UNPROVEN;
	case LC_FINDING_UNTOLD:
		return LC_SARIF_UNTOLD;
	case LC_FINDING_STALE:
		return LC_SARIF_STALE;
	default:
		return __builtin_ctzll(finding->caps);
	}
}

/* Whether FINDING fails, or would without the baseline. */
static bool is_alert(const struct lc_finding *finding)
{
	return finding->fails || (finding->accepted && finding->kind != LC_FINDING_STALE);
}

static int add_alert(struct lc_sarif *sarif, const struct lc_policy *policy, const struct lc_finding *finding)
{
	bool needed = finding->kind == LC_FINDING_NEEDED || finding->kind == LC_FINDING_WANTED;
	_cleanup_(lc_strbuf_free) struct lc_strbuf accepted = {0};
	struct lc_sarif_alert alert = {
		.rule = rule_of(finding),
		.level = finding->fails ? needed ? "error" : "warning" : "note",
		.finding = lc_finding_kind_name(finding->kind),
		.target = finding->target,
		.entry = finding->allowed                    ? finding->allowed->where
			 : finding->kind == LC_FINDING_STALE ? finding->accepted->name
							     : NULL,
		.place = {.path = lc_finding_path(policy, finding), .line = lc_finding_line(finding)},
	};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_strbuf message = {0};

	if (!finding->fails) {
		lc_policy_add_acceptance(&accepted, finding->accepted);
		alert.accepted = accepted.text;
	}
	lc_policy_add_message(&text, policy, finding);
	lc_sarif_add_text(&message, text.text);
	message.failed |= text.failed || accepted.failed;
	return lc_sarif_add(sarif, &alert, &message);
}

static int render(const struct lc_policy_result *result, struct lc_strbuf *out)
{
	const struct lc_findings *findings = result->findings;
	struct lc_sarif sarif = {.has_baseline = findings->baseline};
	int r = 0;

	for (size_t i = 0; !r && i < findings->n; i++) {
		if (is_alert(&findings->list[i]) && !lc_policy_is_repeated(findings, i))
			r = add_alert(&sarif, result->policy, &findings->list[i]);
	}
	if (!r)
		r = lc_sarif_render(&sarif, result->profile, out);
	lc_sarif_clear(&sarif);
	return r;
}

const struct lc_policy_format lc_policy_sarif = {
	.name = "sarif",
	.description = "an alert at the file's line for each finding, for code scanning (SARIF 2.1.0)",
	.render = render,
};
