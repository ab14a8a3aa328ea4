/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text report says besides its answer and its table. */
#include "notes.h"
#include "parts.h"
#include <leastcap/paragraph.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <inttypes.h>
#include <string.h>

/* "2 processes left its cgroup (sshd → /user.slice/…): …" */
static void add_left(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	struct lc_strbuf text = {0};

	lc_strbuf_addf(&text, "%" PRIu64 " process%s left its cgroup", target->n_left, target->n_left == 1 ? "" : "es");
	if (target->left_to) {
		lc_strbuf_adds(&text, " (");
		lc_paragraph_escape(&text, target->left_to, 0);
		lc_strbuf_adds(&text, ")");
	}
	lc_strbuf_addf(&text, ": what %s asked for there is counted here.", target->n_left == 1 ? "it" : "they");
	lc_paragraph_take(out, style, "", &text);
}

void lc_report_add_notes(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	struct lc_strbuf text = {0};

	lc_report_add_claim(&text, target);
	lc_paragraph_take(out, style, "", &text);
	lc_report_add_need(&text, target);
	lc_paragraph_take(out, style, "", &text);
	lc_report_add_crash_loop(&text, target);
	lc_paragraph_take(out, style, "", &text);
	lc_report_add_user(&text, target);
	lc_paragraph_take(out, style, "", &text);
	lc_strbuf_adds(&text, lc_report_privileged(target));
	lc_paragraph_take(out, style, "", &text);
	if (target->n_left)
		add_left(out, style, target);
}

/* The length of TEXT's first sentence; of all of it where that is the only one. */
static size_t first_sentence(const char *text)
{
	for (const char *end = strstr(text, ". "); end; end = strstr(end + 1, ". ")) {
		if (end[2] >= 'A' && end[2] <= 'Z')
			return (size_t)(end - text) + 1;
	}
	return strlen(text);
}

/* How much of ADVICE is told: the rest of it is for a verbose report. */
static size_t told_length(const struct lc_style *style, const struct lc_advice *advice)
{
	return style->verbose ? strlen(advice->text) : first_sentence(advice->text);
}

/* Whether the same is told of both. */
static bool tells_the_same(const struct lc_style *style, const struct lc_advice *a, const struct lc_advice *b)
{
	size_t length = told_length(style, a);

	return length == told_length(style, b) && strncmp(a->text, b->text, length) == 0;
}

/* "    SETGID, SETUID: …": what is told of the capabilities in MASK alike, as of ADVICE. */
static void add_piece_of_advice(
	struct lc_strbuf *out, const struct lc_style *style, uint64_t mask, const struct lc_advice *advice)
{
	_cleanup_free_ char *told = strndup(advice->text, told_length(style, advice));
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_flow flow;

	lc_cap_add_names(&text, mask);
	lc_strbuf_adds(&text, ": ");
	lc_paragraph_escape(&text, told ? told : "", 0);
	out->failed |= text.failed || !told;
	if (!text.text)
		return;
	lc_strbuf_adds(out, "  ");
	flow = lc_paragraph_start(out, style, "");
	flow.column += 2;
	flow.indent += 2;
	flow.longest = flow.longest > LC_LEAST_WIDTH + 2 ? flow.longest - 2 : flow.longest;
	lc_flow_words(&flow, text.text);
	lc_flow_end(&flow);
}

void lc_report_add_advice(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	if (!target->n_advice)
		return;
	lc_paragraph_add(out, style, "what to do instead, and what granting means:");
	for (size_t i = 0; i < target->n_advice;) {
		uint64_t mask = 0;
		size_t first = i;

		for (; i < target->n_advice && tells_the_same(style, &target->advice[first], &target->advice[i]); i++)
			mask |= LC_CAP_BIT(target->advice[i].cap);
		add_piece_of_advice(out, style, mask, &target->advice[first]);
	}
}
