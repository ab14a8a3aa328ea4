/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of a check as GitLab's code quality report, which merge requests show at the lines of the file (docs.gitlab.com, "Code Quality report format"). */
#include "policy_private.h"

#include <leastcap/baseline.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/facts.h>
#include <leastcap/json.h>
#include <leastcap/path.h>
#include <leastcap/sha256.h>

#include <errno.h>

/* How much of FINDING there is to it, in GitLab's words. */
static const char *severity_of(const struct lc_finding *finding)
{
	uint64_t caps = finding->caps;

	if (!finding->fails)
		return "info";
	if (finding->kind != LC_FINDING_NEEDED && finding->kind != LC_FINDING_WANTED)
		return "minor";
	for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
		if (lc_danger_find(cap))
			return "critical";
	}
	return "major";
}

/* An issue: DESCRIPTION, which is freed, at LINE (0: the first) of PATH. PRINT, which is freed, tells it from all others in every run. */
static json_t *issue_value(const char *name, const char *severity, const char *path, size_t line,
	struct lc_strbuf *description, struct lc_strbuf *print)
{
	char hash[LC_SHA256_SIZE];
	struct lc_strbuf file = {0};
	bool failed;

	lc_path_add_in_repository(&file, path);
	lc_strbuf_addf(print, "\n%s", file.text ? file.text : "");
	failed = print->failed;
	lc_sha256(failed ? "" : print->text, failed ? 0 : print->length, hash);
	lc_strbuf_free(print);
	return json_pack("{s:o, s:o, s:s, s:s, s:{s:o, s:{s:I}}}", "description", lc_json_taken(description),
		"check_name", failed ? NULL : json_sprintf("leastcap-%s", name), "fingerprint", hash, "severity",
		severity, "location", "path", lc_json_taken(&file), "lines", "begin", (json_int_t)(line ? line : 1));
}

/* What FINDING is about, in words that are the same in every run. */
static void add_print(struct lc_strbuf *out, const struct lc_finding *finding)
{
	const struct lc_target *target = finding->target;

	lc_strbuf_addf(out, "%s\n", lc_finding_kind_name(finding->kind));
	if (finding->allowed)
		lc_strbuf_adds(out, finding->allowed->where);
	else if (target)
		lc_strbuf_adds(out, target->service ? target->service : target->name);
	else if (finding->accepted)
		lc_strbuf_adds(out, finding->accepted->name);
	lc_strbuf_adds(out, "\n");
	lc_cap_add_names(out, finding->caps);
}

static json_t *finding_value(const struct lc_policy *policy, const struct lc_finding *finding)
{
	struct lc_strbuf description = {0}, print = {0};

	lc_policy_add_message(&description, policy, finding);
	add_print(&print, finding);
	return issue_value(lc_finding_kind_name(finding->kind), severity_of(finding), lc_finding_path(policy, finding),
		lc_finding_line(finding), &description, &print);
}

static int render(const struct lc_policy_result *result, struct lc_strbuf *out)
{
	_cleanup_json_ json_t *issues = json_array();
	struct lc_strbuf lost = {0}, print = {0};

	for (size_t i = 0; i < result->findings->n; i++) {
		if (!lc_policy_is_repeated(result->findings, i) &&
			json_array_append_new(issues, finding_value(result->policy, &result->findings->list[i])))
			return -ENOMEM;
	}
	lc_policy_add_lost(&lost, result);
	if (!lost.length)
		return lost.failed ? -ENOMEM : lc_json_render(issues, out);
	lc_strbuf_adds(&print, "incomplete");
	if (json_array_append_new(issues, issue_value("incomplete", "major", result->policy->path, 0, &lost, &print)))
		return -ENOMEM;
	return lc_json_render(issues, out);
}

const struct lc_policy_format lc_policy_gitlab = {
	.name = "gitlab",
	.description = "an issue at the file's line for each finding, as GitLab's code quality report",
	.render = render,
};
