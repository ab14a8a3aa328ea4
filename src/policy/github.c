/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The result of a check as workflow commands of GitHub Actions, which shows them at the lines of the file (docs.github.com, "Workflow commands for GitHub
 * Actions"; toolkit/packages/core/src/command.ts says what is escaped).
 */
#include "policy_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/path.h>

#include <errno.h>
#include <string.h>

/* Appends "::error file=compose.yaml,line=7,title=leastcap::" for what stands on LINE (0: unknown) of PATH. */
static void begin_command(struct lc_strbuf *out, const char *command, const char *path, size_t line)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf file = {0};

	lc_path_add_in_repository(&file, path);
	out->failed |= file.failed;
	lc_strbuf_addf(out, "::%s file=", command);
	lc_escape_workflow_property(out, file.text);
	if (line)
		lc_strbuf_addf(out, ",line=%zu", line);
	lc_strbuf_adds(out, ",title=leastcap::");
}

static void add_finding(struct lc_strbuf *out, const struct lc_policy *policy, const struct lc_finding *finding)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf message = {0};

	begin_command(
		out, finding->fails ? "error" : "notice", lc_finding_path(policy, finding), lc_finding_line(finding));
	lc_policy_add_message(&message, policy, finding);
	out->failed |= message.failed;
	lc_escape_workflow(out, message.text);
	lc_strbuf_adds(out, "\n");
}

/* Appends TEXT, a line with its end or nothing, as a COMMAND about POLICY's file; TEXT is freed. */
static void add_whole(
	struct lc_strbuf *out, const struct lc_policy *policy, const char *command, struct lc_strbuf *text)
{
	out->failed |= text->failed;
	if (text->length) {
		text->text[strcspn(text->text, "\n")] = '\0';
		begin_command(out, command, policy->path, 0);
		lc_escape_workflow(out, text->text);
		lc_strbuf_adds(out, "\n");
	}
	lc_strbuf_free(text);
}

static int render(const struct lc_policy_result *result, struct lc_strbuf *out)
{
	const struct lc_findings *findings = result->findings;
	struct lc_strbuf text = {0};

	for (size_t i = 0; i < findings->n; i++) {
		if (!lc_policy_is_repeated(findings, i))
			add_finding(out, result->policy, &findings->list[i]);
	}
	lc_policy_add_lost(&text, result);
	add_whole(out, result->policy, "warning", &text);
	if (lc_policy_passed(result))
		lc_policy_add_pass(&text, result->policy, findings);
	add_whole(out, result->policy, "notice", &text);
	return out->failed ? -ENOMEM : 0;
}

const struct lc_policy_format lc_policy_github = {
	.name = "github",
	.description = "annotations at the file's lines, as workflow commands of GitHub Actions",
	.render = render,
};
