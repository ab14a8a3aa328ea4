/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's part on what an audit made of a target: its score, why, what to do. */
#include "audit.h"
#include "html.h"

#include <leastcap/escape.h>

#include <inttypes.h>

/* Appends TEXT, if there is any, as a paragraph of CLASS. */
static void add_paragraph(struct lc_strbuf *out, const char *class, const char *text)
{
	if (!text)
		return;
	lc_strbuf_addf(out, "<p class=\"%s\">", class);
	lc_escape_html(out, text);
	lc_strbuf_adds(out, "</p>\n");
}

static void add_hazard(struct lc_strbuf *out, const struct lc_hazard *hazard)
{
	struct lc_strbuf name = {0};

	lc_report_add_hazard_name(&name, hazard);
	lc_strbuf_addf(out, "<dt>%" PRIu64 "</dt><dd><strong>", hazard->points);
	lc_escape_html(out, name.text);
	lc_strbuf_adds(out, "</strong> ");
	lc_escape_html(out, hazard->why);
	lc_strbuf_adds(out, "</dd>\n");
	out->failed |= name.failed;
	lc_strbuf_free(&name);
}

void lc_html_add_audit(struct lc_strbuf *out, const struct lc_target *target)
{
	if (target->rating.level == LC_RATING_UNRATED)
		return;
	lc_strbuf_addf(out, "<p class=\"rating\"><strong>%s, score %" PRIu64 "</strong></p>\n",
		lc_rating_name(target->rating.level), target->rating.score);
	add_paragraph(out, "note", target->rating.why);
	add_paragraph(out, "note", target->rating.advice);
	add_paragraph(out, "note", target->rating.told);
	if (!target->n_hazards)
		return;
	lc_strbuf_adds(out, "<dl class=\"hazards\">\n");
	for (size_t i = 0; i < target->n_hazards; i++)
		add_hazard(out, &target->hazards[i]);
	lc_strbuf_adds(out, "</dl>\n");
}
