/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The difference between two profiles as text: a target, and below it what came and what went. */
#include "notes.h"
#include "parts.h"
#include "refused.h"
#include <leastcap/flow.h>
#include <leastcap/paragraph.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/report.h>

#include <errno.h>
#include <string.h>

#define LC_BOLD  "\033[1m"
#define LC_CAME  "\033[31m"
#define LC_WENT  "\033[32m"
#define LC_ALERT "\033[1;31m"
#define LC_PLAIN "\033[0m"

/* A difference being written. */
struct page {
	struct lc_strbuf *out;
	const struct lc_style *style;
	int width; /* of the longest capability's name in this target */
};

static void add_colored(const struct page *page, const char *color, const char *text)
{
	lc_strbuf_adds(page->out, page->style->color ? color : "");
	lc_strbuf_adds(page->out, text);
	lc_strbuf_adds(page->out, page->style->color ? LC_PLAIN : "");
}

/* Starts a line with "+ " or "- " and NAME in WIDTH columns. */
static struct lc_flow start_line(const struct page *page, bool came, const char *name, int width)
{
	struct lc_flow flow = {.out = page->out, .columns = lc_paragraph_columns(page->style)};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	flow.indent = flow.column = 4 + (size_t)width + (width ? 2 : 0);
	lc_strbuf_addf(&text, "%c %-*s", came ? '+' : '-', width, name);
	lc_strbuf_adds(page->out, "  ");
	add_colored(page, came ? LC_CAME : LC_WENT, text.text ? text.text : "");
	lc_strbuf_adds(page->out, width ? "  " : "");
	if (flow.columns)
		flow.longest =
			flow.columns > flow.indent + LC_LEAST_WIDTH ? flow.columns - flow.indent : LC_LEAST_WIDTH;
	return flow;
}

/* The call of SIDE for which CAP is wanted, if it was refused before anything asked for CAP; else NULL. */
static const struct lc_failure *find_refusal(const struct lc_diff_side *side, int cap)
{
	const struct lc_failure *failure = NULL;

	for (size_t i = 0; !failure && i < side->n; i++)
		failure = lc_report_refusal(side->targets[i], cap);
	return failure;
}

/* One capability that is wanted, and the refused call that it opens. */
static void add_opener(const struct page *page, int cap, const struct lc_failure *failure)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	char name[LC_CAP_NAME_SIZE];
	struct lc_flow flow = start_line(page, true, lc_cap_name(cap, name), page->width);

	lc_strbuf_adds(&text, "wanted for what was refused: ");
	lc_report_add_failed_call(&text, failure);
	lc_flow_words(&flow, text.text ? text.text : "");
	lc_flow_end(&flow);
	page->out->failed |= text.failed;
	if (failure->why)
		lc_paragraph_below(&flow, failure->why);
}

/* One capability, what is said of it, and what asked for it. */
static void add_capability(
	const struct page *page, bool came, int cap, const char *statement, const struct lc_check *caller)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	char name[LC_CAP_NAME_SIZE];
	struct lc_flow flow = start_line(page, came, lc_cap_name(cap, name), page->width);

	lc_strbuf_adds(&text, statement);
	if (caller) {
		lc_strbuf_adds(&text, ": ");
		lc_report_add_caller(&text, caller);
	}
	lc_flow_words(&flow, text.text ? text.text : "");
	lc_flow_end(&flow);
	page->out->failed |= text.failed;
	if (caller && caller->why)
		lc_paragraph_below(&flow, caller->why);
}

static void add_needed(const struct page *page, const struct lc_diff_target *target)
{
	uint64_t added = lc_diff_added(target, LC_DIFF_NEEDED);
	uint64_t removed = lc_diff_removed(target, LC_DIFF_NEEDED);
	uint64_t changed = added | removed;

	for (int cap; (cap = lc_cap_take(&changed)) >= 0;) {
		bool is_denied = target->new.lists[LC_DIFF_WANTED] & LC_CAP_BIT(cap);

		if (added & LC_CAP_BIT(cap))
			add_capability(page, true, cap, "needed", lc_diff_caller(&target->new, cap));
		else
			add_capability(page, false, cap,
				!target->new.n ? "was needed"
				: is_denied    ? "was needed, and is denied"
					       : "no longer needed",
				NULL);
	}
}

static void add_wanted(const struct page *page, const struct lc_diff_target *target)
{
	uint64_t added = lc_diff_added(target, LC_DIFF_WANTED);
	uint64_t changed = added | (target->new.n ? lc_diff_removed(target, LC_DIFF_WANTED) : 0);

	for (int cap; (cap = lc_cap_take(&changed)) >= 0;) {
		const struct lc_failure *refusal = find_refusal(&target->new, cap);

		if (!(added & LC_CAP_BIT(cap)))
			add_capability(page, false, cap, "no longer wanted", NULL);
		else if (refusal)
			add_opener(page, cap, refusal);
		else
			add_capability(page, true, cap, "wanted, but denied", lc_diff_caller(&target->new, cap));
	}
}

/* Whether add_wanted has told of FAILURE: by the capability that it was denied, or as the call that one opens. */
static bool is_told(const struct lc_diff_target *target, const struct lc_failure *failure, bool came)
{
	uint64_t caps = lc_diff_added(target, LC_DIFF_WANTED) & failure->caps;

	if (!came)
		return failure->caps & lc_diff_removed(target, LC_DIFF_WANTED);
	if (caps && failure->cause == LC_CAUSE_CAPABILITY)
		return true;
	for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
		if (find_refusal(&target->new, cap) == failure)
			return true;
	}
	return false;
}

/* "+ refused: dmesg syslog → EPERM (filter)" */
static void add_refusals(const struct page *page, bool came, const struct lc_diff_target *target)
{
	const struct lc_diff_refusals *refusals = came ? &target->came : &target->went;

	for (size_t i = 0; i < refusals->n; i++) {
		const struct lc_failure *failure = refusals->list[i];
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
		struct lc_flow flow;

		if (is_told(target, failure, came))
			continue;
		lc_strbuf_adds(&text, came ? "refused: " : "no longer refused: ");
		lc_report_add_failed_call(&text, failure);
		lc_strbuf_addf(&text, " (%s)", lc_cause_name(failure->cause));
		flow = start_line(page, came, "", 0);
		lc_flow_words(&flow, text.text ? text.text : "");
		lc_flow_end(&flow);
		if (came && failure->why)
			lc_paragraph_below(&flow, failure->why);
		page->out->failed |= text.failed;
	}
}

/* "+ granted, never used: CHOWN, KILL" */
static void add_unused(const struct page *page, bool came, uint64_t caps)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_flow flow;

	if (!caps)
		return;
	lc_strbuf_adds(&text, came ? "granted, never used: " : "never used, and no longer granted: ");
	lc_cap_add_names(&text, caps);
	page->out->failed |= text.failed;
	flow = start_line(page, came, "", 0);
	lc_flow_words(&flow, text.text ? text.text : "");
	lc_flow_end(&flow);
}

static int longest_name(const struct lc_diff_target *target)
{
	uint64_t caps = 0;
	int width = 0;

	for (enum lc_diff_list list = LC_DIFF_NEEDED; list <= LC_DIFF_WANTED; list++)
		caps |= lc_diff_added(target, list) | lc_diff_removed(target, list);
	for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
		char name[LC_CAP_NAME_SIZE];
		int length = (int)strlen(lc_cap_name(cap, name));

		width = length > width ? length : width;
	}
	return width;
}

/* That the proof of the old list says nothing of what runs now. */
static void add_stale(const struct page *page, const struct lc_diff_target *target)
{
	struct lc_strbuf text = {0};

	if (!target->proven_image)
		return;
	lc_strbuf_adds(&text, "the proof of the old list is stale: it was made with image ");
	lc_paragraph_escape(&text, target->proven_image, LC_DIGEST_WIDTH);
	lc_strbuf_adds(&text, ", and now ");
	lc_paragraph_escape(&text, target->new_image, LC_DIGEST_WIDTH);
	lc_strbuf_adds(&text, " runs");
	lc_paragraph_take(page->out, page->style, "", &text);
}

/* That PROOF, of the list of SIDE, is not of the project's files as they are. */
static void add_patched(const struct page *page, const char *side, const struct lc_proof *proof)
{
	struct lc_strbuf text = {0};

	if (!proof)
		return;
	lc_strbuf_addf(&text, "the proof of the %s list was made", side);
	lc_report_add_patch(&text, proof);
	lc_strbuf_adds(&text, ", and the other's was not");
	lc_paragraph_take(page->out, page->style, "", &text);
}

/* "web (nginx:1.27)", and that it is new, is gone, or was called something else. */
static void add_heading(const struct page *page, const struct lc_diff_target *target)
{
	const struct lc_target *old = target->old.n ? target->old.targets[0] : NULL;
	const struct lc_target *new = target->new.n ? target->new.targets[0] : NULL;
	_cleanup_(lc_strbuf_free) struct lc_strbuf label = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf before = {0};
	struct lc_flow flow = {.out = page->out, .columns = lc_paragraph_columns(page->style), .indent = 4};

	flow.longest = flow.columns > flow.indent ? flow.columns - flow.indent : 0;
	flow.on = page->style->color ? LC_BOLD : NULL;
	flow.off = page->style->color ? LC_PLAIN : NULL;
	lc_report_add_label(&label, new ? new : old);
	if (old && new)
		lc_report_add_label(&before, old);
	lc_flow_words(&flow, label.text ? label.text : "");
	if (!old)
		lc_flow_words(&flow, "— new");
	else if (!new)
		lc_flow_words(&flow, "— gone");
	else if (before.text && label.text && strcmp(before.text, label.text) != 0) {
		lc_flow_words(&flow, "— was");
		lc_flow_words(&flow, before.text);
	}
	lc_flow_end(&flow);
	page->out->failed |= label.failed || before.failed;
}

static void add_lost(const struct page *page, const char *which, const struct lc_profile *profile)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_report_add_lost_of(&text, profile, NULL, which);
	if (text.length) {
		add_colored(page, LC_ALERT, text.text);
		lc_strbuf_adds(page->out, "\n");
	}
	page->out->failed |= text.failed;
}

/* "old profile: web: seen from 14:02 UTC on, …": what PROFILE did not see of its targets' lives. */
static void add_partial(const struct page *page, const char *which, const struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		lc_report_add_seen_in(&text, &profile->targets[i], which);
		if (!text.length)
			continue;
		add_colored(page, LC_ALERT, text.failed ? "" : text.text);
		lc_strbuf_adds(page->out, "\n");
		page->out->failed |= text.failed;
	}
}

int lc_diff_text(const struct lc_diff *diff, const struct lc_style *style, struct lc_strbuf *out)
{
	struct page page = {.out = out, .style = style};

	add_lost(&page, "old", diff->old);
	add_lost(&page, "new", diff->new);
	add_partial(&page, "old", diff->old);
	add_partial(&page, "new", diff->new);
	for (size_t i = 0; i < diff->n; i++) {
		const struct lc_diff_target *target = &diff->list[i];

		page.width = longest_name(target);
		lc_strbuf_adds(out, i ? "\n" : "");
		add_heading(&page, target);
		add_needed(&page, target);
		add_wanted(&page, target);
		add_refusals(&page, true, target);
		add_refusals(&page, false, target);
		add_unused(&page, true, lc_diff_added(target, LC_DIFF_UNUSED));
		add_unused(&page, false, lc_diff_removed(target, LC_DIFF_UNUSED));
		add_stale(&page, target);
		add_patched(&page, "old", target->old_patched);
		add_patched(&page, "new", target->new_patched);
	}
	return out->failed ? -ENOMEM : 0;
}
