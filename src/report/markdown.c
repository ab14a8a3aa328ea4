/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The markdown report: for a pull request, in GitHub's flavour. */
#include "audit.h"
#include "parts.h"
#include "refused.h"
#include "rows.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/report.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

/* Appends what TEXT holds, escaped, after BEFORE and before AFTER, and frees it; nothing where there is no text. */
static void add_escaped(struct lc_strbuf *out, const char *before, struct lc_strbuf *text, const char *after)
{
	out->failed |= text->failed;
	if (text->text) {
		lc_strbuf_adds(out, before);
		lc_escape_markdown(out, text->text);
		lc_strbuf_adds(out, after);
	}
	lc_strbuf_free(text);
}

/* The options, and what somebody who takes them as they are has to know. */
static void add_answer(struct lc_strbuf *out, const struct lc_target *target)
{
	struct lc_strbuf text = {0};

	lc_report_add_label(&text, target);
	add_escaped(out, "### ", &text, "\n\n");
	lc_report_add_seen(&text, target);
	add_escaped(out, "", &text, "\n\n");
	lc_report_add_claim(&text, target);
	add_escaped(out, "", &text, "\n\n");
	if (!target->sandbox) {
		lc_strbuf_adds(out, "```\n");
		lc_report_add_options(out, target->cap_add);
		lc_strbuf_adds(out, "\n```\n\n");
	}
	lc_report_add_need(&text, target);
	add_escaped(out, "", &text, "\n\n");
	lc_report_add_crash_loop(&text, target);
	add_escaped(out, "", &text, "\n\n");
	lc_report_add_user(&text, target);
	add_escaped(out, "", &text, "\n\n");
	lc_report_add_verify(&text, target);
	add_escaped(out, "", &text, "\n\n");
	lc_report_add_start_only(&text, target);
	add_escaped(out, "", &text, "\n\n");
	lc_report_add_unseen(&text, target);
	add_escaped(out, "", &text, "\n\n");
	lc_strbuf_adds(&text, lc_report_privileged(target));
	add_escaped(out, "", &text, "\n\n");
}

static void add_row(struct lc_strbuf *out, const struct lc_report_row *row)
{
	struct lc_strbuf caller = {0};
	char name[LC_CAP_NAME_SIZE];

	lc_report_add_caller(&caller, row->check);
	lc_strbuf_addf(out, "| %s | %s | %" PRIu64, lc_cap_name(row->check->cap, name),
		lc_class_name(row->check->class), row->count);
	add_escaped(out, " | <code>", &caller, "</code>");
	if (row->others)
		lc_strbuf_addf(out, " and %zu more", row->others);
	lc_strbuf_adds(out, " |\n");
}

static int add_table(struct lc_strbuf *out, const struct lc_target *target, const struct lc_report_refusals *refusals)
{
	_cleanup_free_ struct lc_report_row *rows = NULL;
	size_t n = 0;
	int r = lc_report_rows(target, refusals, false, &rows, &n);

	if (r || !n)
		return r;
	lc_strbuf_adds(out, "| Capability | Class | Count | What asked |\n| --- | --- | ---: | --- |\n");
	for (size_t i = 0; i < n; i++)
		add_row(out, &rows[i]);
	lc_strbuf_adds(out, "\n");
	return 0;
}

static void add_refusal(struct lc_strbuf *out, const struct lc_report_refusal *row)
{
	struct lc_strbuf text = {0};

	lc_report_add_failed_call(&text, row->failure);
	lc_strbuf_addf(out, "| %s | %" PRIu64, lc_cause_name(row->failure->cause), row->count);
	add_escaped(out, " | <code>", &text, "</code>");
	if (row->others)
		lc_strbuf_addf(out, " and %zu more", row->others);
	lc_report_add_cause(&text, row->failure);
	add_escaped(out, "<br>", &text, "");
	lc_strbuf_adds(out, " |\n");
}

/* What has no row. */
static void add_folded(struct lc_strbuf *out, const struct lc_report_refusals *refusals)
{
	if (refusals->n_left)
		lc_strbuf_addf(out, "- %zu more kinds of refused calls\n", refusals->n_left);
	if (refusals->expected)
		lc_strbuf_addf(out, "- failed calls that programs get over: %" PRIu64 "\n", refusals->expected);
	lc_strbuf_adds(out, refusals->n_left || refusals->expected ? "\n" : "");
}

/* The calls that were refused. */
static void add_refused(struct lc_strbuf *out, const struct lc_report_refusals *refusals)
{
	if (refusals->n)
		lc_strbuf_adds(out, "| Cause | Count | What was refused |\n| --- | ---: | --- |\n");
	for (size_t i = 0; i < refusals->n; i++)
		add_refusal(out, &refusals->list[i]);
	lc_strbuf_adds(out, refusals->n ? "\n" : "");
	add_folded(out, refusals);
}

static void add_next(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t next = lc_report_next(target);
	struct lc_strbuf likely = {0};

	if (next == target->cap_add || target->sandbox)
		return;
	lc_strbuf_adds(out, "To try next:\n\n```\n");
	lc_report_add_options(out, next);
	lc_strbuf_adds(out, "\n```\n\n");
	lc_report_add_likely(&likely, target);
	add_escaped(out, "", &likely, "\n\n");
}

/* "- granted, never used: KILL, MKNOD" */
static void add_mask(struct lc_strbuf *out, const char *what, uint64_t mask)
{
	struct lc_strbuf names = {0};

	lc_cap_add_names(&names, mask);
	if (!names.text)
		return;
	lc_strbuf_addf(out, "- %s: ", what);
	add_escaped(out, "", &names, "\n");
}

/* What a reader opens who wants to know more. */
static void add_details(
	struct lc_strbuf *out, const struct lc_target *target, const struct lc_report_refusals *refusals)
{
	uint64_t wanted = target->wanted & ~lc_report_refusals_caps(refusals);

	if (!target->unused && !wanted && !target->n_advice)
		return;
	lc_strbuf_adds(out, "<details><summary>");
	lc_strbuf_adds(out, target->n_advice ? "What to do instead" : "What it held and lacked");
	lc_strbuf_adds(out, "</summary>\n\n");
	add_mask(out, "granted, never used", target->unused);
	add_mask(out, "wanted, but denied", wanted);
	for (size_t i = 0; i < target->n_advice; i++) {
		char name[LC_CAP_NAME_SIZE];

		lc_strbuf_adds(out, "- ");
		lc_escape_markdown(out, lc_cap_name(target->advice[i].cap, name));
		lc_strbuf_adds(out, ": ");
		lc_escape_markdown(out, target->advice[i].text);
		lc_strbuf_adds(out, "\n");
	}
	lc_strbuf_adds(out, "\n</details>\n\n");
}

static void add_proof(struct lc_strbuf *out, const struct lc_target *target)
{
	struct lc_strbuf text = {0};

	lc_report_add_proof(&text, target);
	if (text.text)
		add_escaped(out, "", &text, "\n\n");
}

static int add_target(struct lc_strbuf *out, const struct lc_target *target)
{
	_cleanup_(lc_report_refusals_clear) struct lc_report_refusals refusals = {0};
	int r = lc_report_refusals_fill(&refusals, target, false);

	if (r)
		return r;
	add_answer(out, target);
	add_proof(out, target);
	r = add_table(out, target, &refusals);
	add_refused(out, &refusals);
	add_next(out, target);
	add_details(out, target, &refusals);
	return r;
}

/* "docker.sock 100, root 5" */
static void add_score(struct lc_strbuf *out, const struct lc_target *target)
{
	for (size_t i = 0; i < target->n_hazards; i++) {
		struct lc_strbuf brief = {0};

		lc_report_add_hazard_brief(&brief, &target->hazards[i]);
		add_escaped(out, i ? ", " : "", &brief, "");
		lc_strbuf_addf(out, " %" PRIu64, target->hazards[i].points);
	}
}

static void add_text(struct lc_strbuf *out, const char *before, const char *hostile, const char *after)
{
	struct lc_strbuf text = {0};

	lc_strbuf_adds(&text, hostile);
	add_escaped(out, before, &text, after);
}

/* What makes the score of each target, and what to do. */
static void add_audit(struct lc_strbuf *out, const struct lc_profile *profile)
{
	lc_strbuf_adds(out, "| Score | Target | What it is made of | What to do |\n| ---: | --- | --- | --- |\n");
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		struct lc_strbuf name = {0};

		lc_report_add_audited_name(&name, target);
		lc_strbuf_addf(out, "| %" PRIu64 " | ", target->rating.score);
		add_escaped(out, "", &name, "");
		lc_strbuf_adds(out, " | ");
		add_score(out, target);
		add_text(out, target->n_hazards ? "<br>" : "", target->rating.why, "");
		add_text(out, " | ", target->rating.advice, "");
		lc_strbuf_adds(out, " |\n");
	}
	lc_strbuf_adds(out, "\n");
}

static bool is_audit(const struct lc_profile *profile)
{
	return profile->n_targets && profile->targets[0].rating.level != LC_RATING_UNRATED;
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	struct lc_strbuf text = {0};
	int r = 0;

	lc_strbuf_adds(out, "## Capabilities\n\n");
	lc_report_add_lost(&text, profile);
	add_escaped(out, "**", &text, "**\n\n");
	lc_report_add_origin(&text, profile);
	add_escaped(out, "", &text, "\n\n");
	if (lc_report_not_looked_at(profile))
		lc_strbuf_addf(out, "%s\n\n", lc_report_not_looked_at(profile));
	if (!profile->n_targets)
		lc_strbuf_addf(out, "%s\n", lc_report_nothing(profile));
	if (is_audit(profile))
		add_audit(out, profile);
	/* What nobody watched has no list. */
	for (size_t i = 0; !r && !lc_profile_is_unwatched(profile) && i < profile->n_targets; i++)
		r = add_target(out, &profile->targets[i]);
	return out->failed ? -ENOMEM : r;
}

const struct lc_report_format lc_report_markdown = {
	.name = "markdown",
	.description = "tables for a pull request",
	.render = render,
};
