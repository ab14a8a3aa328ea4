/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's section on one target: its options, what to know about them, and the evidence. */
#include "html.h"
#include "parts.h"
#include "refused.h"
#include "rows.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <inttypes.h>
#include <string.h>

static void add_summary(struct lc_strbuf *out, const struct lc_profile *profile, const struct lc_target *target)
{
	int wanted = __builtin_popcountll(target->wanted);
	int too_many = __builtin_popcountll(lc_html_too_many(target));
	uint64_t refused = lc_report_count_refused(target).calls;

	if (target->sandbox) {
		lc_strbuf_adds(out, "<summary>not seen</summary>\n");
		return;
	}
	if (lc_profile_is_unwatched(profile)) {
		lc_strbuf_addf(out, "<summary>%d held</summary>\n", __builtin_popcountll(target->granted));
		return;
	}
	lc_strbuf_addf(out, "<summary>%d on the list", __builtin_popcountll(target->cap_add));
	if (too_many)
		lc_strbuf_addf(out, ", %d too many", too_many);
	if (wanted)
		lc_strbuf_addf(out, ", %d wanted", wanted);
	if (refused)
		lc_strbuf_addf(out, ", %" PRIu64 " refused", refused);
	lc_strbuf_adds(out, "</summary>\n");
}

/* Appends TEXT as a paragraph and frees it. Nothing where there is no text. */
static void add_note(struct lc_strbuf *out, struct lc_strbuf *text)
{
	out->failed |= text->failed;
	if (text->text) {
		lc_strbuf_adds(out, "<p class=\"note\">");
		lc_escape_html(out, text->text);
		lc_strbuf_adds(out, "</p>\n");
	}
	lc_strbuf_free(text);
}

/* The line of options; it breaks between them only. */
static void add_options(struct lc_strbuf *out, uint64_t mask)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf options = {0};
	const char *separator = "";
	char *rest = NULL;

	lc_report_add_options(&options, mask);
	out->failed |= options.failed;
	if (options.failed)
		return;
	lc_strbuf_adds(out, "<pre class=\"options\"><code>");
	for (char *option = strtok_r(options.text, " ", &rest); option; option = strtok_r(NULL, " ", &rest)) {
		lc_strbuf_addf(out, "%s<span>%s</span>", separator, option);
		separator = " ";
	}
	lc_strbuf_adds(out, "</code></pre>\n");
}

/* The options, and what somebody who takes them as they are has to know: visible without opening anything. */
static void add_answer(struct lc_strbuf *out, const struct lc_profile *profile, const struct lc_target *target)
{
	bool watched = !lc_profile_is_unwatched(profile);
	struct lc_strbuf note = {0};

	lc_strbuf_adds(out, "<div class=\"answer\">\n");
	lc_report_add_seen(&note, target);
	add_note(out, &note);
	lc_report_add_claim(&note, target);
	add_note(out, &note);
	lc_html_add_audit(out, target);
	if (watched && !target->sandbox)
		add_options(out, target->cap_add);
	if (watched)
		lc_report_add_need(&note, target);
	add_note(out, &note);
	lc_report_add_crash_loop(&note, target);
	add_note(out, &note);
	lc_report_add_user(&note, target);
	add_note(out, &note);
	if (watched)
		lc_strbuf_adds(&note, lc_report_privileged(target));
	add_note(out, &note);
	lc_strbuf_adds(out, "</div>\n");
}

/* What the list rests on, and what it says nothing of. */
static void add_notes(struct lc_strbuf *out, const struct lc_target *target)
{
	struct lc_strbuf note = {0};

	lc_report_add_verify(&note, target);
	add_note(out, &note);
	lc_report_add_start_only(&note, target);
	add_note(out, &note);
	lc_report_add_unseen(&note, target);
	add_note(out, &note);
}

static void add_fact(struct lc_strbuf *out, const char *name, const char *value)
{
	if (!value || !*value)
		return;
	lc_strbuf_addf(out, "<dt>%s</dt><dd>", name);
	lc_escape_html(out, value);
	lc_strbuf_adds(out, "</dd>\n");
}

static void add_mask(struct lc_strbuf *out, const char *name, uint64_t mask)
{
	if (!mask)
		return;
	lc_strbuf_addf(out, "<dt>%s</dt><dd>", name);
	lc_cap_add_names(out, mask);
	lc_strbuf_adds(out, "</dd>\n");
}

/* What to try next, where something was refused. */
static void add_next(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t next = lc_report_next(target);
	struct lc_strbuf likely = {0};

	if (next == target->cap_add || target->sandbox)
		return;
	lc_strbuf_adds(out, "<h4>To try next</h4>\n");
	add_options(out, next);
	lc_report_add_likely(&likely, target);
	add_note(out, &likely);
}

/* What the target does not need and what it lacked. */
static void add_besides(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t too_many = target->sandbox ? 0 : lc_html_too_many(target);

	if (!too_many && !target->wanted)
		return;
	lc_strbuf_adds(out, "<dl>\n");
	add_mask(out, "granted, never used", target->unused);
	add_mask(out, "granted, used without need", too_many & ~target->unused);
	add_mask(out, "wanted, but denied", target->wanted);
	lc_strbuf_adds(out, "</dl>\n");
}

static void add_proof(struct lc_strbuf *out, const struct lc_target *target)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_report_add_proof(&text, target);
	add_fact(out, "proof", text.text);
	out->failed |= text.failed;
}

/* What the target is. */
static void add_facts(struct lc_strbuf *out, const struct lc_target *target)
{
	lc_strbuf_adds(out, "<dl class=\"facts\">\n");
	add_fact(out, "kind", lc_target_kind_name(target->kind));
	add_fact(out, "image", target->image);
	add_fact(out, "project", target->project);
	add_fact(out, "service", target->service);
	add_fact(out, "user", target->user);
	add_fact(out, "engine", target->engine);
	add_fact(out, "id", target->id);
	add_proof(out, target);
	add_fact(out, "cgroup", target->cgroup);
	add_mask(out, "configured: add", target->configured_add);
	add_mask(out, "configured: drop", target->configured_drop);
	lc_strbuf_adds(out, "</dl>\n");
}

static void add_advice(struct lc_strbuf *out, const struct lc_target *target)
{
	char name[LC_CAP_NAME_SIZE];

	if (!target->n_advice)
		return;
	lc_strbuf_adds(out, "<h4>What to do instead, and what granting means</h4>\n<dl>\n");
	for (size_t i = 0; i < target->n_advice; i++) {
		lc_strbuf_addf(out, "<dt>%s</dt><dd>", lc_cap_name(target->advice[i].cap, name));
		lc_escape_html(out, target->advice[i].text);
		lc_strbuf_adds(out, "</dd>\n");
	}
	lc_strbuf_adds(out, "</dl>\n");
}

/* "Left out: 234 setup, 126 overridden; report -v shows them." */
static void add_left_out(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t counts[LC_CLASS_N] = {0};
	const char *separator = "<p>Checks left out: ";

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		counts[check->class] = lc_count_add(counts[check->class], check->count);
	}
	for (enum lc_class class = 0; class < LC_CLASS_N; class ++) {
		if (!counts[class] || !lc_report_is_left_out(class))
			continue;
		lc_strbuf_addf(out, "%s%" PRIu64 " %s", separator, counts[class], lc_class_name(class));
		separator = ", ";
	}
	if (separator[0] == ',')
		lc_strbuf_adds(out, "; <code>leastcap report -v</code> shows them.</p>\n");
}

/* Whether there is no more to say of TARGET than that it needs nothing. */
static bool needs_nothing(const struct lc_target *target)
{
	return !target->cap_add && !target->wanted && !target->sandbox && !target->privileged &&
	       target->rating.level == LC_RATING_UNRATED && !lc_report_count_refused(target).calls;
}

/* What is folded: what the answer rests on. 0 or -errno. */
static int add_details(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	const struct lc_target *target)
{
	int r;

	add_notes(out, target);
	add_next(out, target);
	if (!lc_profile_is_unwatched(profile))
		add_besides(out, target);
	r = lc_html_add_refused(out, style, target);
	if (r)
		return r;
	add_advice(out, target);
	lc_html_add_life(out, target);
	r = lc_html_add_evidence(out, style, target);
	if (r)
		return r;
	add_facts(out, target);
	if (!style->verbose)
		add_left_out(out, target);
	return 0;
}

int lc_html_add_target(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	size_t number, bool closed)
{
	const struct lc_target *target = &profile->targets[number - 1];
	int r;

	lc_strbuf_addf(out, "<section class=\"target%s\">\n<h3>", needs_nothing(target) ? " nothing" : "");
	lc_html_add_name(out, target);
	lc_strbuf_adds(out, "</h3>\n");
	add_answer(out, profile, target);
	r = lc_html_add_formats(out, style, profile, number);
	if (r)
		return r;
	lc_strbuf_addf(out, "<details class=\"evidence-of\"%s>\n", closed ? "" : " open");
	add_summary(out, profile, target);
	/* The links from the map lead into the section, so that a browser opens it without the script. */
	lc_strbuf_addf(out, "<div id=\"t%zu\">\n", number);
	r = add_details(out, style, profile, target);
	lc_strbuf_adds(out, "</div>\n</details>\n</section>\n");
	return r;
}
