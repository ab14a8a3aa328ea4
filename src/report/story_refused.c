/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The story of refused calls: which program made them, about what, and why they failed. */
#include <leastcap/story.h>

#include "parts.h"
#include "refused.h"
#include "rows.h"
#include "story_parts.h"
#include <leastcap/paragraph.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <errno.h>
#include <string.h>

/* Whether a blocked check of CAP, which is told as evidence, tells of FAILURE. */
static bool is_told(const struct lc_target *target, const struct lc_failure *failure, int cap)
{
	for (size_t i = 0; failure->denied && i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->cap == cap && lc_report_is_refused_by(failure, check))
			return true;
	}
	return false;
}

bool lc_story_is_chosen(
	const struct lc_target *target, const struct lc_failure *failure, const struct lc_story_chosen *chosen)
{
	if (chosen->syscall)
		return failure->syscall && strcmp(failure->syscall, chosen->syscall) == 0;
	if (chosen->cap >= 0)
		return failure->caps & LC_CAP_BIT(chosen->cap) && !is_told(target, failure, chosen->cap);
	return !failure->expected && !(failure->caps & target->wanted);
}

/* What the call was, and its error: the heading of a piece. */
static void add_heading(struct lc_strbuf *out, const struct lc_style *style, const struct lc_failure *failure)
{
	const char *const words[] = {lc_report_short_failed_program(failure), failure->syscall, failure->about};
	struct lc_strbuf text = {0};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!words[i])
			continue;
		lc_strbuf_adds(&text, text.length ? " " : "");
		lc_escape_terminal(&text, words[i]);
	}
	lc_strbuf_adds(&text, text.length ? "" : "?");
	if (failure->result) {
		lc_strbuf_adds(&text, " → ");
		lc_escape_terminal(&text, failure->result);
	}
	lc_strbuf_adds(out, "\n");
	lc_story_add_line(out, style, &text, true);
}

/* What the seccomp filters of the task say, by answer; NULL: nothing that helps. */
static const char *const filter_words[LC_FILTER_ANSWERS_N] = {
	[LC_FILTER_UNKNOWN] = "its filter of system calls could not be read",
	[LC_FILTER_NONE] = "no filter of system calls",
	[LC_FILTER_ALLOWS] = "its filter of system calls lets it through",
	[LC_FILTER_REFUSES] = "its filter of system calls refuses it",
};

/* What the kernel side found: the filter, the checks, no_new_privs. */
static void add_facts(struct lc_strbuf *out, const struct lc_style *style, const struct lc_failure *failure)
{
	struct lc_strbuf text = {0};

	lc_strbuf_adds(&text, filter_words[failure->filter]);
	lc_strbuf_adds(&text, failure->denied  ? "; a capability was asked for, and denied"
			      : failure->asked ? "; a capability was asked for, and none was denied"
					       : "; no capability was asked for");
	lc_strbuf_adds(&text, failure->no_new_privs ? "; under no_new_privs." : ".");
	lc_paragraph_take(out, style, "kernel:", &text);
}

static void add_piece(struct lc_strbuf *out, const struct lc_style *style, const struct lc_report_refusal *row)
{
	const struct lc_failure *failure = row->failure;
	_cleanup_(lc_strbuf_free) struct lc_strbuf lead = {0};
	struct lc_strbuf cause = {0};

	add_heading(out, style, failure);
	lc_story_add_circumstances(out, style,
		&(struct lc_story_circumstances){.count = row->count,
			.first_ns = failure->first_ns,
			.last_ns = failure->last_ns,
			.exe = failure->exe,
			.user = failure->user,
			.object = &failure->object});
	lc_strbuf_addf(&lead, "%s:", lc_cause_name(failure->cause));
	lc_report_add_cause(&cause, failure);
	if (failure->expected)
		lc_strbuf_addf(&cause, "%sPrograms get over such a failure.", cause.length ? " " : "");
	if (!cause.length)
		lc_strbuf_adds(&cause, "why is not known.");
	out->failed |= lead.failed;
	lc_paragraph_take(out, style, lead.text ? lead.text : "", &cause);
	add_facts(out, style, failure);
}

size_t lc_story_add_refusals(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target,
	const struct lc_story_chosen *chosen)
{
	_cleanup_(lc_report_refusals_clear) struct lc_report_refusals refusals = {0};
	size_t n = 0;

	if (lc_report_refusals_fill(&refusals, target, true)) {
		out->failed = true;
		return 0;
	}
	for (size_t i = 0; i < refusals.n; i++) {
		if (!lc_story_is_chosen(target, refusals.list[i].failure, chosen))
			continue;
		if (style->verbose || n < LC_PIECES_TOLD)
			add_piece(out, style, &refusals.list[i]);
		n++;
	}
	if (!style->verbose && n > LC_PIECES_TOLD)
		lc_strbuf_addf(out, "\n+%zu more; -v tells them all\n", n - LC_PIECES_TOLD);
	return n;
}

bool lc_story_has_refusal(const struct lc_target *target, const char *syscall)
{
	const struct lc_story_chosen chosen = {.syscall = syscall, .cap = -1};

	for (size_t i = 0; i < target->n_failures; i++) {
		if (lc_story_is_chosen(target, &target->failures[i], &chosen))
			return true;
	}
	return false;
}

int lc_story_tell_refusals(
	const struct lc_target *target, const char *syscall, const struct lc_style *style, struct lc_strbuf *out)
{
	struct lc_strbuf line = {0};

	lc_report_add_label(&line, target);
	if (!syscall)
		lc_strbuf_adds(&line, ": calls that were refused, and nothing on a list opens");
	else if (lc_story_has_refusal(target, syscall))
		lc_strbuf_addf(&line, ": %s was refused", syscall);
	else
		lc_strbuf_addf(&line, ": %s was never refused", syscall);
	lc_story_add_line(out, style, &line, true);
	lc_story_add_refusals(out, style, target, &(struct lc_story_chosen){.syscall = syscall, .cap = -1});
	return out->failed ? -ENOMEM : 0;
}
