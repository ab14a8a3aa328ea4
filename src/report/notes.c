/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text report says besides its answer and its table. */
#include "notes.h"
#include "parts.h"
#include <leastcap/paragraph.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <inttypes.h>

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
	lc_report_add_user(&text, target);
	lc_paragraph_take(out, style, "", &text);
	lc_strbuf_adds(&text, lc_report_privileged(target));
	lc_paragraph_take(out, style, "", &text);
	if (target->n_left)
		add_left(out, style, target);
}

/* "    DAC_OVERRIDE: /var/log/nginx is …" */
static void add_piece_of_advice(struct lc_strbuf *out, const struct lc_style *style, const struct lc_advice *advice)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	char name[LC_CAP_NAME_SIZE];
	struct lc_flow flow;

	lc_strbuf_addf(&text, "%s: ", lc_cap_name(advice->cap, name));
	lc_paragraph_escape(&text, advice->text, 0);
	out->failed |= text.failed;
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
	for (size_t i = 0; i < target->n_advice; i++)
		add_piece_of_advice(out, style, &target->advice[i]);
}
