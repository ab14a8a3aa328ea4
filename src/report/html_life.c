/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's time line of a target: its capabilities, and when it asked for each. */
#include "html.h"
#include "parts.h"
#include "rows.h"

#include <leastcap/capset.h>
#include <leastcap/escape.h>

/* Into how many columns a life is divided. */
#define COLUMNS 120

/* Sizes in units of the picture. */
#define LABEL_WIDTH  170
#define COLUMN_WIDTH 6
#define ROW_HEIGHT   20
#define BAR_HEIGHT   12
#define HEAD_HEIGHT  20

/* One target's life, and in which of its columns each capability was asked for. */
struct line {
	const struct lc_life *life;
	int64_t end_ns;
	bool asked[64][COLUMNS];
	uint64_t caps; /* with a row */
};

/* In which column NS lies; what lies outside of the life is in the first or the last. */
static int column_of(const struct line *line, int64_t ns)
{
	double length = (double)line->end_ns - (double)line->life->began_ns;
	double part = length > 0 ? ((double)ns - (double)line->life->began_ns) / length : 0;

	if (!(part > 0))
		return 0;
	return part < 1 ? (int)(part * COLUMNS) : COLUMNS - 1;
}

/* Marks when CHECK was made. Of more than two nobody knows when those between the first and the last were made. */
static void mark(struct line *line, const struct lc_check *check)
{
	int first = column_of(line, check->first_ns), last = column_of(line, check->last_ns);

	line->caps |= LC_CAP_BIT(check->cap);
	line->asked[check->cap][first] = line->asked[check->cap][last] = true;
	for (int i = first; check->count > 2 && i < last; i++)
		line->asked[check->cap][i] = true;
}

/* Fills LINE with what TARGET asked for itself. */
static void fill(struct line *line, const struct lc_target *target)
{
	line->life = &target->life;
	line->end_ns = target->life.ended_ns ? target->life.ended_ns : target->life.served_ns;
	for (size_t i = 0; !target->life.ended_ns && i < target->n_evidence; i++) {
		if (target->evidence[i].last_ns > line->end_ns)
			line->end_ns = target->evidence[i].last_ns;
	}
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->cap >= 0 && check->cap < 64 && !lc_report_is_left_out(check->class))
			mark(line, check);
	}
}

/* A time of life as a band behind the rows, from column FIRST until LAST, with its name above. */
static void add_band(struct lc_strbuf *out, const char *class, const char *name, int first, int last, int height)
{
	int left = LABEL_WIDTH + first * COLUMN_WIDTH;

	if (first >= last)
		return;
	lc_strbuf_addf(out, "<rect class=\"%s\" x=\"%d\" y=\"0\" width=\"%d\" height=\"%d\"/>", class, left,
		(last - first) * COLUMN_WIDTH, height);
	lc_strbuf_addf(out, "<text x=\"%d\" y=\"%d\">%s</text>\n", left + 2, HEAD_HEIGHT - 6, name);
}

/* The times of life, of a picture so high as HEIGHT. */
static void add_bands(struct lc_strbuf *out, const struct line *line, int height)
{
	int served = column_of(line, line->life->served_ns) + 1;
	int stopping = line->life->stopping_ns ? column_of(line, line->life->stopping_ns) : COLUMNS;

	served = served < stopping ? served : stopping;
	add_band(out, "start", "start", 0, served, height);
	add_band(out, "serving", "serving", served, stopping, height);
	add_band(out, "stop", "stop", stopping, COLUMNS, height);
}

/* The row of CAP, whose top is at Y. ON_LIST: it is on the target's list. */
static void add_row(struct lc_strbuf *out, const struct line *line, int cap, int y, bool on_list)
{
	char name[LC_CAP_NAME_SIZE];
	const bool *asked = line->asked[cap];

	lc_strbuf_addf(out, "<text x=\"0\" y=\"%d\">%s</text>", y + BAR_HEIGHT + 2, lc_cap_name(cap, name));
	for (int i = 0, end; i < COLUMNS; i = end) {
		for (end = i + 1; end < COLUMNS && asked[end] == asked[i]; end++)
			;
		if (asked[i])
			lc_strbuf_addf(out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
				on_list ? "listed" : "other", LABEL_WIDTH + i * COLUMN_WIDTH, y + 4,
				(end - i) * COLUMN_WIDTH, BAR_HEIGHT);
	}
	lc_strbuf_adds(out, "\n");
}

void lc_html_add_life(struct lc_strbuf *out, const struct lc_target *target)
{
	struct line line = {0};
	struct lc_strbuf words = {0};
	uint64_t rows;
	int height, y = HEAD_HEIGHT;

	if (!target->life.began_ns || !target->life.sign)
		return;
	fill(&line, target);
	if (!line.caps)
		return;
	rows = line.caps;
	height = HEAD_HEIGHT + ROW_HEIGHT * __builtin_popcountll(rows);
	lc_strbuf_addf(out,
		"<h4>Time line</h4>\n<figure class=\"life\">\n<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"When it asked for which capability\">\n",
		LABEL_WIDTH + COLUMNS * COLUMN_WIDTH, height);
	add_bands(out, &line, height);
	for (int cap; (cap = lc_cap_take(&rows)) >= 0; y += ROW_HEIGHT)
		add_row(out, &line, cap, y, target->cap_add & LC_CAP_BIT(cap));
	lc_report_add_life(&words, target);
	lc_strbuf_adds(out, "</svg>\n<figcaption>");
	lc_escape_html(out, words.text);
	lc_strbuf_adds(out, "</figcaption>\n</figure>\n");
	out->failed |= words.failed;
	lc_strbuf_free(&words);
}
