/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text report says of refused calls: which they were, the cause of each, and what to try next. */
#include "parts.h"
#include "refused.h"
#include "rows.h"
#include <leastcap/paragraph.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <inttypes.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

#define LC_BOLD  "\033[1m"
#define LC_PLAIN "\033[0m"

/* How wide the program, the system call and its errno may be in "NET_ADMIN (ip: sendto → EPERM)", which has to fit on a line. */
#define LC_PROGRAM_WIDTH 16
#define LC_SYSCALL_WIDTH 20
#define LC_RESULT_WIDTH  12

/* Widths of the table's columns. */
struct widths {
	int cause;
	int count;
	size_t refused; /* where the last column starts */
};

static int max(int a, int b)
{
	return a > b ? a : b;
}

static struct widths measure(const struct lc_report_refusals *refusals)
{
	struct widths widths = {.cause = (int)strlen("CAUSE"), .count = (int)strlen("COUNT")};

	for (size_t i = 0; i < refusals->n; i++) {
		const struct lc_report_refusal *row = &refusals->list[i];

		widths.cause = max(widths.cause, (int)strlen(lc_cause_name(row->failure->cause)));
		widths.count = max(widths.count, snprintf(NULL, 0, "%" PRIu64, row->count));
	}
	widths.refused = 2 + (size_t)widths.cause + 2 + (size_t)widths.count + 2;
	return widths;
}

/* The file that the call was about, who made it and under what. */
static void add_circumstances(struct lc_flow *flow, const struct lc_failure *failure)
{
	lc_report_add_who_and_where(flow, &failure->object, failure->about, failure->user);
	if (failure->no_new_privs)
		lc_report_add_name(flow, "", "under no_new_privs", 0);
}

/* The last column: program, system call, what it was about, its error. */
static void add_call(struct lc_flow *flow, const struct lc_report_refusal *row, bool verbose)
{
	const struct lc_failure *failure = row->failure;
	/* A verbose report has long names whole. */
	size_t width = verbose || !flow->columns ? 0 : flow->columns - flow->indent;

	if (width && (flow->columns <= flow->indent || width < LC_LEAST_WIDTH))
		width = LC_LEAST_WIDTH;
	lc_report_add_name(
		flow, "", verbose ? lc_report_failed_program(failure) : lc_report_short_failed_program(failure), width);
	lc_report_add_name(flow, "", failure->syscall, width);
	lc_report_add_name(flow, "", failure->about, width);
	if (verbose)
		add_circumstances(flow, failure);
	if (!flow->started)
		lc_flow_piece(flow, "?");
	lc_report_add_name(flow, "→ ", failure->result, width);
	if (row->others) {
		struct lc_strbuf more = {0};

		lc_strbuf_addf(&more, "+%zu more", row->others);
		lc_paragraph_set(flow, &more);
	}
}

static void add_row(struct lc_strbuf *out, const struct lc_style *style, const struct widths *widths,
	const struct lc_report_refusal *row)
{
	struct lc_flow flow = {.out = out,
		.columns = lc_paragraph_columns(style),
		.indent = widths->refused,
		.column = widths->refused};
	_cleanup_(lc_strbuf_free) struct lc_strbuf cause = {0};

	if (flow.columns && !style->verbose)
		flow.longest =
			flow.columns > flow.indent + LC_LEAST_WIDTH ? flow.columns - flow.indent : LC_LEAST_WIDTH;
	lc_strbuf_addf(out, "  %-*s  %*" PRIu64 "  ", widths->cause, lc_cause_name(row->failure->cause), widths->count,
		row->count);
	add_call(&flow, row, style->verbose);
	lc_flow_end(&flow);
	lc_report_add_cause(&cause, row->failure);
	out->failed |= cause.failed;
	if (!cause.text)
		return;
	lc_strbuf_addf(out, "%*s", (int)flow.indent, "");
	flow.column = flow.indent;
	lc_flow_words(&flow, cause.text);
	lc_flow_end(&flow);
}

/* What has no row: "24 more failed calls that programs get over; -v lists them" */
static void add_folded(struct lc_strbuf *out, const struct lc_style *style, const struct lc_report_refusals *refusals)
{
	struct lc_strbuf text = {0};

	if (refusals->n_left)
		lc_strbuf_addf(&text, "%zu more kinds of refused calls", refusals->n_left);
	if (refusals->expected)
		lc_strbuf_addf(&text, "%s%" PRIu64 "%s failed call%s that programs get over",
			refusals->n_left ? ", and " : "", refusals->expected, refusals->n ? " more" : "",
			refusals->expected == 1 ? "" : "s");
	if (text.length)
		lc_strbuf_addf(&text, "; -v lists %s", refusals->n_left || refusals->expected > 1 ? "them" : "it");
	lc_paragraph_take(out, style, "", &text);
}

static bool ends_with_blank_line(const struct lc_strbuf *out)
{
	return out->length >= 2 && strcmp(out->text + out->length - 2, "\n\n") == 0;
}

void lc_report_add_refused(
	struct lc_strbuf *out, const struct lc_style *style, const struct lc_report_refusals *refusals)
{
	struct widths widths = measure(refusals);

	for (size_t i = 0; i < refusals->n; i++) {
		bool expected = refusals->list[i].failure->expected;

		if (!i || refusals->list[i - 1].failure->expected != expected)
			lc_strbuf_addf(out, "%s  %-*s  %*s  %s\n", ends_with_blank_line(out) ? "" : "\n", widths.cause,
				"CAUSE", widths.count, "COUNT",
				expected ? "FAILED, AND PROGRAMS GET OVER IT" : "WHAT WAS REFUSED");
		add_row(out, style, &widths, &refusals->list[i]);
	}
	add_folded(out, style, refusals);
	lc_strbuf_adds(out, refusals->n ? "\n" : "");
}

/* Sets BLOCKED, by capability, to the blocked check with the biggest count. */
static void find_blocked(const struct lc_target *target, const struct lc_check *blocked[64])
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->class != LC_CLASS_BLOCKED || check->cap < 0 || check->cap >= 64)
			continue;
		if (!blocked[check->cap] || check->count > blocked[check->cap]->count)
			blocked[check->cap] = check;
	}
}

/* "NET_ADMIN (ip: sendto → EPERM)" */
static void add_wanted_piece(struct lc_strbuf *piece, int cap, const struct lc_check *check)
{
	char name[LC_CAP_NAME_SIZE];
	const char *program = check ? lc_report_short_program(check) : NULL;

	lc_strbuf_adds(piece, lc_cap_name(cap, name));
	if (!check || (!program && !check->syscall))
		return;
	lc_strbuf_adds(piece, " (");
	lc_paragraph_escape(piece, program, LC_PROGRAM_WIDTH);
	if (program && check->syscall)
		lc_strbuf_adds(piece, ": ");
	lc_paragraph_escape(piece, check->syscall, LC_SYSCALL_WIDTH);
	if (check->result) {
		lc_strbuf_adds(piece, " → ");
		lc_paragraph_escape(piece, check->result, LC_RESULT_WIDTH);
	}
	lc_strbuf_adds(piece, ")");
}

void lc_report_add_wanted(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target,
	const struct lc_report_refusals *refusals)
{
	const struct lc_check *blocked[64] = {NULL};
	uint64_t rest = target->wanted & ~lc_report_refusals_caps(refusals);
	struct lc_flow flow;

	if (!rest)
		return;
	find_blocked(target, blocked);
	flow = lc_paragraph_start(out, style, "wanted, but denied:");
	for (int cap; (cap = lc_cap_take(&rest)) >= 0;) {
		struct lc_strbuf piece = {0};

		add_wanted_piece(&piece, cap, blocked[cap]);
		lc_strbuf_adds(&piece, rest ? "," : "");
		lc_paragraph_set(&flow, &piece);
	}
	lc_flow_end(&flow);
}

bool lc_report_has_next(const struct lc_target *target)
{
	return !target->sandbox && lc_report_next(target) != target->cap_add;
}

void lc_report_add_used(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	struct lc_strbuf text = {0};

	if (target->cap_add) {
		lc_strbuf_adds(&text, "It used only ");
		lc_cap_add_names(&text, target->cap_add);
		lc_strbuf_adds(&text, ".");
	}
	lc_paragraph_take(out, style, "", &text);
	lc_report_add_likely(&text, target);
	lc_paragraph_take(out, style, "", &text);
}

void lc_report_add_next(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	bool has_next = lc_report_has_next(target);

	if (!has_next && lc_report_count_refused(target).calls)
		lc_paragraph_add(out, style, "to try next: no other list; see above what would help");
	/* Each run of one that holds less than engines grant shows one step more. */
	if (has_next && target->kind == LC_TARGET_CONTAINER && !(target->granted & LC_CAP_BIT(CAP_CHOWN)))
		lc_paragraph_add(out, style,
			"Each run with so little shows the next step; one with the engine's defaults shows all at once.");
}
