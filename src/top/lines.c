/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of the screen, put together from pieces. */
#include "src/top/lines.h"
#include "src/top/cells.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct lc_top_line *lc_lines_add(struct lc_top_lines *lines, enum lc_top_look look)
{
	struct lc_top_line *grown = lc_array_grow(lines->lines, lines->n, sizeof(*grown));

	if (!grown) {
		lines->failed = true;
		return NULL;
	}
	lines->lines = grown;
	grown[lines->n] = (struct lc_top_line){.look = look};
	return &grown[lines->n++];
}

/* Makes what LINE has from byte BEGIN on look as LOOK says. */
static void mark(struct lc_top_lines *lines, struct lc_top_line *line, size_t begin, enum lc_top_look look)
{
	struct lc_top_span *spans;

	lines->failed |= line->text.failed;
	if (look == LC_TOP_PLAIN || line->text.failed || begin == line->text.length)
		return;
	spans = lc_array_grow(line->spans, line->n_spans, sizeof(*spans));
	if (!spans) {
		lines->failed = true;
		return;
	}
	line->spans = spans;
	spans[line->n_spans++] = (struct lc_top_span){begin, line->text.length, look};
}

void lc_line_add(struct lc_top_lines *lines, struct lc_top_line *line, const char *text, enum lc_top_look look)
{
	size_t begin = line ? line->text.length : 0;

	if (!line)
		return;
	lc_strbuf_adds(&line->text, text);
	mark(lines, line, begin, look);
}

void lc_line_cell(struct lc_top_lines *lines, struct lc_top_line *line, const char *text, size_t width, bool right,
	enum lc_top_look look)
{
	size_t cells = lc_cells_width(text), begin;

	if (!line)
		return;
	if (right && cells < width)
		lc_cells_space(&line->text, width - cells);
	begin = line->text.length;
	cells = lc_cells_fit(&line->text, text, width);
	mark(lines, line, begin, look);
	if (!right && cells < width)
		lc_cells_space(&line->text, width - cells);
}

size_t lc_line_width(const struct lc_top_line *line)
{
	return line && line->text.text ? lc_cells_width(line->text.text) : 0;
}

/* Takes what lies behind LENGTH bytes out of LINE's spans. */
static void cut_spans(struct lc_top_line *line, size_t length)
{
	for (size_t i = 0; i < line->n_spans; i++) {
		struct lc_top_span *span = &line->spans[i];

		span->begin = span->begin < length ? span->begin : length;
		span->end = span->end < length ? span->end : length;
	}
}

void lc_line_end(struct lc_top_lines *lines, struct lc_top_line *line, size_t width)
{
	size_t cells = lc_line_width(line);
	struct lc_strbuf kept = {0};

	if (!line || !width)
		return;
	if (cells > width) {
		cells = width - 1;
		lc_strbuf_add(&kept, line->text.text, lc_cells_head(line->text.text, &cells));
		cut_spans(line, kept.length);
		lc_strbuf_adds(&kept, "…");
		lc_strbuf_free(&line->text);
		line->text = kept;
		cells++;
	}
	lc_cells_space(&line->text, width - cells);
	lines->failed |= line->text.failed;
}

void lc_number_add(struct lc_strbuf *out, uint64_t n)
{
	static const char units[] = "kMGTPE";
	size_t unit = 0;

	if (n < 10000) {
		lc_strbuf_addf(out, "%" PRIu64, n);
		return;
	}
	for (; n >= 1000000; n /= 1000)
		unit++;
	if (n < 10000)
		lc_strbuf_addf(out, "%" PRIu64 ".%" PRIu64 "%c", n / 1000, n / 100 % 10, units[unit]);
	else
		lc_strbuf_addf(out, "%" PRIu64 "%c", n / 1000, units[unit]);
}

void lc_number_add_rate(struct lc_strbuf *out, uint64_t n)
{
	uint64_t tenths = n / 100;

	if (n && n < 100)
		lc_strbuf_adds(out, "0.1");
	else if (tenths < 100 && tenths % 10)
		lc_strbuf_addf(out, "%" PRIu64 ".%" PRIu64, tenths / 10, tenths % 10);
	else
		lc_number_add(out, n / 1000);
}

void lc_top_lines_clear(struct lc_top_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		lc_strbuf_free(&lines->lines[i].text);
		free(lines->lines[i].spans);
	}
	free(lines->lines);
	*lines = (struct lc_top_lines){0};
}
