/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paragraphs of the text report. */
#include <leastcap/paragraph.h>

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

size_t lc_paragraph_columns(const struct lc_style *style)
{
	return style->columns > 0 ? (size_t)style->columns : 0;
}

void lc_paragraph_escape(struct lc_strbuf *piece, const char *text, size_t width)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf escaped = {0};

	lc_escape_terminal(&escaped, text);
	piece->failed |= escaped.failed;
	if (escaped.text)
		lc_flow_elide(piece, escaped.text, width);
}

void lc_paragraph_set(struct lc_flow *flow, struct lc_strbuf *piece)
{
	flow->out->failed |= piece->failed;
	if (piece->text)
		lc_flow_piece(flow, piece->text);
	lc_strbuf_free(piece);
}

struct lc_flow lc_paragraph_start(struct lc_strbuf *out, const struct lc_style *style, const char *lead)
{
	struct lc_flow flow = {.out = out, .columns = lc_paragraph_columns(style), .indent = 4, .column = 2};

	if (flow.columns && !style->verbose)
		flow.longest =
			flow.columns > flow.indent + LC_LEAST_WIDTH ? flow.columns - flow.indent : LC_LEAST_WIDTH;
	lc_strbuf_adds(out, "  ");
	lc_flow_words(&flow, lead);
	return flow;
}

void lc_paragraph_add(struct lc_strbuf *out, const struct lc_style *style, const char *text)
{
	struct lc_flow flow = lc_paragraph_start(out, style, text);

	lc_flow_end(&flow);
}

void lc_paragraph_take(struct lc_strbuf *out, const struct lc_style *style, const char *lead, struct lc_strbuf *text)
{
	out->failed |= text->failed;
	if (text->text) {
		struct lc_flow flow = lc_paragraph_start(out, style, lead);

		lc_flow_words(&flow, text->text);
		lc_flow_end(&flow);
	}
	lc_strbuf_free(text);
}

void lc_paragraph_below(struct lc_flow *flow, const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf escaped = {0};

	lc_escape_terminal(&escaped, text);
	lc_strbuf_addf(flow->out, "%*s", (int)flow->indent, "");
	flow->column = flow->indent;
	flow->out->failed |= escaped.failed;
	lc_flow_words(flow, escaped.text ? escaped.text : "");
	lc_flow_end(flow);
}
