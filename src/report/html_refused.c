/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's table of the calls that a target was refused. */
#include "html.h"
#include "refused.h"
#include "rows.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <inttypes.h>

/* As many as the table of evidence has, and the same ones in the same place as far as may be. */
static const struct {
	const char *title;
	const char *sort; /* how the script compares the column's cells */
} columns[] = {
	{"Cause", "text"},
	{"Opened by", "text"},
	{"Count", "number"},
	{"Program", "text"},
	{"System call", "text"},
	{"About", "text"},
	{"Filter", "text"},
	{"User", "text"},
	{"First, last (UTC)", "text"},
};

static void add_head(struct lc_strbuf *out)
{
	lc_strbuf_adds(out, "<thead>\n<tr>");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		lc_strbuf_addf(out, "<th scope=\"col\" data-sort=\"%s\">%s</th>", columns[i].sort, columns[i].title);
	lc_strbuf_adds(out, "</tr>\n</thead>\n");
}

/* A line each: what the call was about, the file, and why it failed and what to do. */
static void add_about(struct lc_strbuf *out, const struct lc_failure *failure)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf cause = {0};
	const char *separator = "";

	lc_strbuf_adds(out, "<td>");
	if (failure->about) {
		lc_escape_html(out, failure->about);
		separator = "<br>";
	}
	if (failure->object.path) {
		lc_strbuf_adds(out, separator);
		lc_html_add_object(out, failure->about, &failure->object);
		separator = "<br>";
	}
	lc_report_add_cause(&cause, failure);
	out->failed |= cause.failed;
	if (cause.text) {
		lc_strbuf_addf(out, "%s<em>", separator);
		lc_escape_html(out, cause.text);
		lc_strbuf_adds(out, "</em>");
	}
	lc_strbuf_adds(out, "</td>");
}

static void add_row(struct lc_strbuf *out, const struct lc_target *target, const struct lc_report_refusal *row)
{
	const struct lc_failure *failure = row->failure;
	const char *class = failure->expected ? "expected" : failure->caps & target->wanted ? "blocked" : "failed";

	lc_strbuf_addf(out, "<tr class=\"%s\"><th scope=\"row\">%s</th><td>", class, lc_cause_name(failure->cause));
	lc_cap_add_list(out, failure->caps, "", " or ", false);
	lc_strbuf_addf(out, "</td><td class=\"number\">%" PRIu64 "</td>", row->count);
	lc_html_add_cell(out, lc_report_failed_program(failure));
	lc_html_add_call(out, failure->syscall, failure->result);
	add_about(out, failure);
	lc_html_add_cell(out, lc_filter_answer_name(failure->filter));
	lc_html_add_cell(out, failure->user);
	lc_html_add_times(out, failure->first_ns, failure->last_ns);
	lc_strbuf_adds(out, "</tr>\n");
}

static void add_table(struct lc_strbuf *out, const struct lc_target *target, const struct lc_report_refusals *refusals)
{
	lc_strbuf_adds(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"What was refused to ");
	lc_html_add_name(out, target);
	lc_strbuf_adds(out, "\">\n<table class=\"evidence\">\n<caption>What was refused</caption>\n");
	add_head(out);
	lc_strbuf_adds(out, "<tbody>\n");
	for (size_t i = 0; i < refusals->n; i++)
		add_row(out, target, &refusals->list[i]);
	lc_strbuf_adds(out, "</tbody>\n</table>\n</div>\n");
}

int lc_html_add_refused(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	_cleanup_(lc_report_refusals_clear) struct lc_report_refusals refusals = {0};
	uint64_t expected = lc_report_count_refused(target).expected;
	/* A page has room for a row per kind. */
	int r = lc_report_refusals_fill(&refusals, target, true);

	if (r)
		return r;
	/* Those that programs get over come last. */
	while (!style->verbose && refusals.n && refusals.list[refusals.n - 1].failure->expected)
		refusals.n--;
	if (refusals.n)
		add_table(out, target, &refusals);
	if (!style->verbose && expected)
		lc_strbuf_addf(out,
			"<p>Failed calls that programs get over: %" PRIu64
			"; <code>leastcap report -v</code> shows them.</p>\n",
			expected);
	return 0;
}
