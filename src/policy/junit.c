/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of a check as JUnit's XML, which continuous integration shows: a test case for each service, container or target of the file. */
#include "policy_private.h"

#include <leastcap/baseline.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/report.h>

#include <errno.h>

/* A check's result being written, case by case. */
struct suite {
	const struct lc_policy_result *result;
	struct lc_strbuf cases;
	size_t n;
	size_t n_failures;
	size_t n_errors;
	size_t n_skipped;
};

/* Appends NAME="TEXT", of which the escaping makes a value that XML takes, too. */
static void add_attribute(struct lc_strbuf *out, const char *name, const char *text)
{
	lc_strbuf_addf(out, " %s=\"", name);
	lc_escape_html(out, text);
	lc_strbuf_adds(out, "\"");
}

/* Begins the case of what is called NAME and stands on LINE (0: unknown) of PATH (NULL: of the first file). */
static void begin_case(struct suite *suite, const char *name, const char *path, size_t line)
{
	struct lc_strbuf *out = &suite->cases;

	suite->n++;
	lc_strbuf_adds(out, "    <testcase");
	path = path ? path : suite->result->policy->path;
	add_attribute(out, "classname", path);
	add_attribute(out, "name", name);
	add_attribute(out, "file", path);
	if (line)
		lc_strbuf_addf(out, " line=\"%zu\"", line);
	lc_strbuf_adds(out, ">\n");
}

static void end_case(struct suite *suite)
{
	lc_strbuf_adds(&suite->cases, "    </testcase>\n");
}

/* What a case is about: an entry of the file, a target that it does not know, an entry of the baseline, or nothing of them: the file itself. */
struct subject {
	const struct lc_allowed *allowed;
	const struct lc_target *target;
	const struct lc_accepted *stale;
};

static bool belongs(const struct lc_finding *finding, const struct subject *subject)
{
	if (finding->kind == LC_FINDING_STALE || subject->stale)
		return finding->kind == LC_FINDING_STALE && finding->accepted == subject->stale;
	return finding->allowed == subject->allowed && (subject->allowed || finding->target == subject->target);
}

/* Appends the lines of those findings of a case that fail, or that do not. Returns the first of them, or NULL. */
static const struct lc_finding *add_lines(
	struct lc_strbuf *out, const struct lc_policy_result *result, bool fails, const struct subject *subject)
{
	const struct lc_finding *first = NULL;

	for (size_t i = 0; i < result->findings->n; i++) {
		const struct lc_finding *finding = &result->findings->list[i];
		_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};

		if (finding->fails != fails || !belongs(finding, subject))
			continue;
		first = first ? first : finding;
		lc_policy_add_finding(&line, result->policy, finding);
		if (line.length)
			line.text[line.length - 1] = '\0';
		out->failed |= line.failed;
		lc_escape_html(out, line.text);
		lc_strbuf_adds(out, "\n");
	}
	return first;
}

/* The findings of a case: one failure, however many they are, because readers show one; and notes. */
static void add_findings(struct suite *suite, const struct subject *subject)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf failures = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf notes = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf message = {0};
	const struct lc_finding *first = add_lines(&failures, suite->result, true, subject);

	if (first) {
		suite->n_failures++;
		lc_policy_add_message(&message, suite->result->policy, first);
		lc_strbuf_adds(&suite->cases, "      <failure");
		add_attribute(&suite->cases, "type", lc_finding_kind_name(first->kind));
		add_attribute(&suite->cases, "message", message.text);
		lc_strbuf_adds(&suite->cases, ">");
		lc_strbuf_adds(&suite->cases, failures.text);
		lc_strbuf_adds(&suite->cases, "</failure>\n");
	}
	if (add_lines(&notes, suite->result, false, subject)) {
		lc_strbuf_adds(&suite->cases, "      <system-out>");
		lc_strbuf_adds(&suite->cases, notes.text);
		lc_strbuf_adds(&suite->cases, "</system-out>\n");
	}
	suite->cases.failed |= failures.failed || notes.failed || message.failed;
}

/* The case of each entry of the file. */
static void add_entries(struct suite *suite)
{
	const struct lc_policy *policy = suite->result->policy;

	for (size_t i = 0; i < policy->n; i++) {
		const struct lc_allowed *allowed = &policy->list[i];

		begin_case(
			suite, allowed->target ? allowed->target->name : allowed->where, allowed->path, allowed->line);
		if (suite->result->findings->recorded[i]) {
			add_findings(suite, &(const struct subject){.allowed = allowed});
		} else {
			suite->n_skipped++;
			lc_strbuf_adds(&suite->cases, "      <skipped message=\"was not recorded\"/>\n");
		}
		end_case(suite);
	}
}

/* The case of each target that the file does not know. */
static void add_unknown(struct suite *suite)
{
	const struct lc_findings *findings = suite->result->findings;

	for (size_t i = 0; i < findings->n; i++) {
		if (findings->list[i].kind != LC_FINDING_UNKNOWN)
			continue;
		begin_case(suite, findings->list[i].target->name, NULL, 0);
		add_findings(suite, &(const struct subject){.target = findings->list[i].target});
		end_case(suite);
	}
}

/* The case of each entry of the baseline that accepts what nothing needs. */
static void add_stale(struct suite *suite)
{
	const struct lc_findings *findings = suite->result->findings;

	for (size_t i = 0; i < findings->n; i++) {
		const struct lc_accepted *accepted = findings->list[i].accepted;
		_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0};

		if (findings->list[i].kind != LC_FINDING_STALE)
			continue;
		lc_strbuf_addf(&name, "what is accepted of %s is needed", accepted->name);
		suite->cases.failed |= name.failed;
		begin_case(suite, name.text, accepted->path, accepted->line);
		add_findings(suite, &(const struct subject){.stale = accepted});
		end_case(suite);
	}
}

/* The case of the file itself, where it has values that are not known, and of a recording that lacks something. */
static void add_whole(struct suite *suite)
{
	const struct lc_findings *findings = suite->result->findings;
	_cleanup_(lc_strbuf_free) struct lc_strbuf lost = {0};

	for (size_t i = 0; i < findings->n; i++) {
		if (findings->list[i].kind != LC_FINDING_UNTOLD)
			continue;
		begin_case(suite, "the file alone tells what is allowed", NULL, 0);
		add_findings(suite, &(const struct subject){0});
		end_case(suite);
	}
	lc_policy_add_lost(&lost, suite->result);
	suite->cases.failed |= lost.failed;
	if (!lost.length)
		return;
	suite->n_errors++;
	begin_case(suite, "the recording is complete", NULL, 0);
	lc_strbuf_adds(&suite->cases, "      <error");
	add_attribute(&suite->cases, "message", lost.text);
	lc_strbuf_adds(&suite->cases, "/>\n");
	end_case(suite);
}

static int render(const struct lc_policy_result *result, struct lc_strbuf *out)
{
	struct suite suite = {.result = result};

	add_entries(&suite);
	add_unknown(&suite);
	add_stale(&suite);
	add_whole(&suite);
	lc_strbuf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite");
	add_attribute(out, "name", "leastcap check");
	lc_strbuf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\">\n", suite.n,
		suite.n_failures, suite.n_errors, suite.n_skipped);
	lc_strbuf_adds(out, suite.cases.text);
	lc_strbuf_adds(out, "  </testsuite>\n</testsuites>\n");
	out->failed |= suite.cases.failed;
	lc_strbuf_free(&suite.cases);
	return out->failed ? -ENOMEM : 0;
}

const struct lc_policy_format lc_policy_junit = {
	.name = "junit",
	.description = "a test case for each service, as JUnit's XML",
	.render = render,
};
