/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The list: a summary, and a row for each target with the capabilities that it used now and ever. */
#include "src/top/panes.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/escape.h>
#include <leastcap/facts.h>

#include <inttypes.h>

/* How many cells the columns have, but for those of the name and the capabilities; and what lies between columns. */
#define SCORE   5
#define RATE    8
#define REFUSED 7
#define LOST    5
#define GAP     2

/* The narrowest column of names that is still shortened, and from how many cells on the screen has which column. */
#define LEAST_NAME   12
#define WITH_RATE    56
#define WITH_REFUSED 64
#define WITH_LOST    72

/* Which columns there are, and how wide that of the names is. */
struct columns {
	size_t screen; /* 0: any width */
	size_t name;
	bool rate, refused, lost;
};

void lc_top_add_name(struct lc_strbuf *out, const struct lc_target *target)
{
	const char *const parts[] = {target->pod ? target->namespace : NULL, target->pod};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		lc_escape_terminal(out, parts[i]);
		lc_strbuf_adds(out, parts[i] ? "/" : "");
	}
	lc_escape_terminal(out, target->name ? target->name : "?");
	lc_strbuf_adds(out, target->life.ended_ns ? " (ended)" : "");
}

static size_t widest_name(const struct lc_top *top)
{
	size_t widest = LEAST_NAME;

	for (size_t i = 0; i < top->n_rows; i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0};
		size_t width;

		lc_top_add_name(&name, top->rows[i].target);
		width = name.text ? lc_cells_width(name.text) : 0;
		widest = width > widest ? width : widest;
	}
	return widest;
}

static struct columns choose_columns(const struct lc_top *top, size_t width)
{
	struct columns columns = {
		.screen = width,
		.name = widest_name(top),
		.rate = !width || width >= WITH_RATE,
		.refused = !width || width >= WITH_REFUSED,
		.lost = !width || width >= WITH_LOST,
	};
	size_t fixed = SCORE + 2 * GAP + (columns.rate ? RATE + GAP : 0) + (columns.refused ? REFUSED + GAP : 0) +
		       (columns.lost ? LOST + GAP : 0);
	size_t share = width > fixed ? (width - fixed) * 2 / 5 : 0;

	if (width && columns.name > share)
		columns.name = share > LEAST_NAME ? share : LEAST_NAME;
	return columns;
}

static void gap(struct lc_top_lines *lines, struct lc_top_line *line)
{
	lc_line_cell(lines, line, "", GAP, false, LC_TOP_PLAIN);
}

static void add_heading(struct lc_top_lines *lines, const struct columns *columns)
{
	struct lc_top_line *line = lc_lines_add(lines, LC_TOP_HEADING);
	const struct {
		const char *text;
		size_t width;
		bool shown, right;
	} cells[] = {
		{"SCORE", SCORE, true, true},
		{"NAME", columns->name, true, false},
		{"CHECKS/S", RATE, columns->rate, true},
		{"REFUSED", REFUSED, columns->refused, true},
		{"LOST", LOST, columns->lost, true},
		{"CAPABILITIES: *NOW !DENIED", 0, true, false},
	};

	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		if (!cells[i].shown)
			continue;
		if (i)
			gap(lines, line);
		lc_line_cell(lines, line, cells[i].text, cells[i].width, cells[i].right, LC_TOP_PLAIN);
	}
	lc_line_end(lines, line, columns->screen);
}

/* The name of CAP as the list has it in ROW: "*CHOWN", "!SYS_ADMIN". */
static void name_cap(const struct lc_top_row *row, int cap, char text[LC_CAP_NAME_SIZE + 2])
{
	char name[LC_CAP_NAME_SIZE];
	bool denied = !(row->target->cap_add & LC_CAP_BIT(cap));

	snprintf(text, LC_CAP_NAME_SIZE + 2, "%s%s%s", row->now & LC_CAP_BIT(cap) ? "*" : "", denied ? "!" : "",
		lc_cap_name(cap, name));
}

static enum lc_top_look look_of(const struct lc_top_row *row, int cap)
{
	if (row->now & LC_CAP_BIT(cap))
		return LC_TOP_NEW;
	return row->target->cap_add & LC_CAP_BIT(cap) ? LC_TOP_PLAIN : LC_TOP_ALERT;
}

/* Adds ROW's capabilities: those used now, then the others; so many as LINE has room for up to WIDTH cells (0: any number), and how many more there are. */
static void add_caps(struct lc_top_lines *lines, struct lc_top_line *line, const struct lc_top_row *row, size_t width)
{
	const uint64_t sets[] = {row->now, row->ever & ~row->now};
	int left = __builtin_popcountll(row->ever);
	char text[LC_CAP_NAME_SIZE + 2];
	bool first = true;

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		uint64_t set = sets[i];

		for (int cap; (cap = lc_cap_take(&set)) >= 0; left--, first = false) {
			size_t used = lc_line_width(line) + !first;

			name_cap(row, cap, text);
			/* Behind it stands how many more there are. */
			if (width && used + strlen(text) + (left > 1 ? strlen(" +99") : 0) > width) {
				snprintf(text, sizeof(text), "%s+%d", first ? "" : " ", left);
				lc_line_add(lines, line, text, LC_TOP_FAINT);
				return;
			}
			lc_line_add(lines, line, first ? "" : " ", LC_TOP_PLAIN);
			lc_line_add(lines, line, text, look_of(row, cap));
		}
	}
}

static void add_number(struct lc_top_lines *lines, struct lc_top_line *line, uint64_t n, size_t width, bool rate,
	enum lc_top_look look)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	if (rate)
		lc_number_add_rate(&text, n);
	else
		lc_number_add(&text, n);
	gap(lines, line);
	lc_line_cell(lines, line, text.text ? text.text : "", width, true, n ? look : LC_TOP_PLAIN);
}

static void add_row(struct lc_top_lines *lines, const struct lc_top *top, const struct lc_top_row *row,
	const struct columns *columns, bool chosen)
{
	struct lc_top_line *line = lc_lines_add(lines, chosen ? LC_TOP_CHOSEN : LC_TOP_PLAIN);
	_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0};
	char score[24] = "-";

	if (row->is_rated)
		snprintf(score, sizeof(score), "%" PRIu64, row->score);
	lc_line_cell(lines, line, score, SCORE, true,
		row->score >= LC_POINTS_HOST        ? LC_TOP_ALERT
		: row->score >= LC_POINTS_DANGEROUS ? LC_TOP_STRONG
						    : LC_TOP_PLAIN);
	gap(lines, line);
	lc_top_add_name(&name, row->target);
	lc_line_cell(lines, line, name.text ? name.text : "?", columns->name, false,
		row->target->life.ended_ns ? LC_TOP_FAINT : LC_TOP_PLAIN);
	if (columns->rate)
		add_number(lines, line, lc_top_rate(top, row->new_checks), RATE, true, LC_TOP_PLAIN);
	if (columns->refused)
		add_number(lines, line, row->refused, REFUSED, false, LC_TOP_STRONG);
	if (columns->lost)
		add_number(lines, line, row->lost, LOST, false, LC_TOP_ALERT);
	gap(lines, line);
	add_caps(lines, line, row, columns->screen);
	lc_line_end(lines, line, columns->screen);
}

/* "05:12:33 UTC  5 containers  12 checks/s  3 refused  0 lost" */
static void add_numbers(struct lc_top_lines *lines, struct lc_top_line *line, const struct lc_top *top)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	uint64_t more = 0, refused = 0;
	bool containers = true;

	for (size_t i = 0; i < top->n_rows; i++) {
		more = lc_count_add(more, top->rows[i].new_checks);
		refused = lc_count_add(refused, top->rows[i].refused);
		containers &= top->rows[i].target->kind == LC_TARGET_CONTAINER;
	}
	lc_clock_add_utc(&text, "%H:%M:%S UTC", top->now.ended_ns);
	lc_strbuf_addf(
		&text, "  %zu %s%s  ", top->n_rows, containers ? "container" : "target", top->n_rows == 1 ? "" : "s");
	lc_number_add_rate(&text, lc_top_rate(top, more));
	lc_strbuf_adds(&text, " checks/s  ");
	lc_number_add(&text, refused);
	lc_strbuf_adds(&text, " refused  ");
	lc_line_add(lines, line, text.text, LC_TOP_PLAIN);
	lc_strbuf_free(&text);
	lc_number_add(&text, top->now.lost);
	lc_strbuf_adds(&text, " lost");
	lc_line_add(lines, line, text.text, top->now.lost ? LC_TOP_ALERT : LC_TOP_PLAIN);
}

/* What is looked at, and what of it in which order. */
static void add_choice(struct lc_top_lines *lines, struct lc_top_line *line, const struct lc_top *top)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_escape_terminal(&text, top->where);
	lc_strbuf_addf(&text, "%sby %s", text.length ? ", " : "", lc_top_orders[top->order]);
	if (top->filter && *top->filter) {
		lc_strbuf_adds(&text, ", filter ");
		lc_escape_terminal(&text, top->filter);
	}
	if (top->n_left_out)
		lc_strbuf_addf(&text, ", %zu left out", top->n_left_out);
	lc_line_add(lines, line, text.text, LC_TOP_FAINT);
}

static void add_summary(struct lc_top_lines *lines, const struct lc_top *top, size_t width)
{
	struct lc_top_line *line = lc_lines_add(lines, LC_TOP_PLAIN);

	lc_line_add(lines, line, "leastcap top  ", LC_TOP_STRONG);
	add_numbers(lines, line, top);
	lc_line_end(lines, line, width);
	line = lc_lines_add(lines, LC_TOP_PLAIN);
	add_choice(lines, line, top);
	lc_line_end(lines, line, width);
}

/* Which of TOP's rows VIEW has chosen. */
static size_t chosen_row(const struct lc_top *top, const struct lc_top_view *view)
{
	const struct lc_top_row *row = lc_top_find(top, view->chosen);

	return row ? (size_t)(row - top->rows) : 0;
}

void lc_top_draw_list(struct lc_top_lines *lines, const struct lc_top *top, struct lc_top_view *view)
{
	struct columns columns = choose_columns(top, view->width);
	size_t room = lc_top_room(view), chosen = chosen_row(top, view);

	add_summary(lines, top, view->width);
	lc_lines_add(lines, LC_TOP_PLAIN);
	add_heading(lines, &columns);
	view->first = lc_top_scroll(view->first, chosen, top->n_rows, room);
	for (size_t i = view->first; i < top->n_rows && i < view->first + room; i++)
		add_row(lines, top, &top->rows[i], &columns, i == chosen);
	if (!top->n_rows) {
		struct lc_top_line *line = lc_lines_add(lines, LC_TOP_PLAIN);

		lc_line_add(lines, line, top->n_left_out ? "Nothing is called so." : "Nothing has been seen yet.",
			LC_TOP_FAINT);
		lc_line_end(lines, line, view->width);
	}
}

/* Appends LINES to OUT, without spaces at their ends. */
static void add_text(struct lc_strbuf *out, const struct lc_top_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		const struct lc_strbuf *text = &lines->lines[i].text;
		size_t length = text->length;

		while (length && text->text[length - 1] == ' ')
			length--;
		lc_strbuf_add(out, text->text ? text->text : "", length);
		lc_strbuf_adds(out, "\n");
	}
	out->failed |= lines->failed;
}

int lc_top_print(const struct lc_top *top, size_t width, struct lc_strbuf *out)
{
	struct columns columns = choose_columns(top, width);
	struct lc_top_lines lines = {0};

	add_summary(&lines, top, width);
	add_heading(&lines, &columns);
	for (size_t i = 0; i < top->n_rows; i++)
		add_row(&lines, top, &top->rows[i], &columns, false);
	add_text(out, &lines);
	lc_top_lines_clear(&lines);
	return out->failed ? -ENOMEM : 0;
}
