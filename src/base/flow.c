/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running text for a terminal. */
#include <leastcap/flow.h>

#include <string.h>

static bool starts_character(char byte)
{
	return ((unsigned char)byte & 0xc0) != 0x80;
}

size_t lc_flow_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += starts_character(*text);
	return width;
}

/* Where character N of TEXT starts, or TEXT's end. */
static const char *character_at(const char *text, size_t n)
{
	for (; *text; text++) {
		if (starts_character(*text) && n-- == 0)
			break;
	}
	return text;
}

static void break_line(struct lc_flow *flow)
{
	if (flow->line_end)
		lc_strbuf_adds(flow->out, flow->line_end);
	if (flow->off)
		lc_strbuf_adds(flow->out, flow->off);
	lc_strbuf_addf(flow->out, "\n%*s", (int)flow->indent, "");
	flow->column = flow->indent;
	flow->started = false;
}

void lc_flow_piece(struct lc_flow *flow, const char *piece)
{
	size_t width = lc_flow_width(piece);
	size_t reserved = flow->line_end ? lc_flow_width(flow->line_end) : 0;

	if (flow->started && flow->columns && flow->column + 1 + width + reserved > flow->columns)
		break_line(flow);
	if (flow->started) {
		lc_strbuf_adds(flow->out, " ");
		flow->column++;
	} else if (flow->on) {
		lc_strbuf_adds(flow->out, flow->on);
	}
	lc_strbuf_adds(flow->out, piece);
	flow->column += width;
	flow->started = true;
}

void lc_flow_words(struct lc_flow *flow, const char *text)
{
	while (*text) {
		struct lc_strbuf word = {0};
		struct lc_strbuf piece = {0};
		size_t length;

		text += strspn(text, " ");
		length = strcspn(text, " ");
		lc_strbuf_add(&word, text, length);
		if (word.text)
			lc_flow_elide(&piece, word.text, flow->longest);
		if (piece.text)
			lc_flow_piece(flow, piece.text);
		flow->out->failed |= word.failed || piece.failed;
		lc_strbuf_free(&word);
		lc_strbuf_free(&piece);
		text += length;
	}
}

void lc_flow_end(struct lc_flow *flow)
{
	if (flow->started && flow->off)
		lc_strbuf_adds(flow->out, flow->off);
	lc_strbuf_adds(flow->out, "\n");
	flow->column = 0;
	flow->started = false;
}

void lc_flow_elide(struct lc_strbuf *out, const char *text, size_t width)
{
	size_t whole = lc_flow_width(text);
	size_t tail;

	if (!width || whole <= width) {
		lc_strbuf_adds(out, text);
		return;
	}
	/* The end of a path says more than its beginning. */
	tail = width / 2;
	lc_strbuf_add(out, text, (size_t)(character_at(text, width - 1 - tail) - text));
	lc_strbuf_adds(out, "…");
	lc_strbuf_adds(out, character_at(text, whole - tail));
}
