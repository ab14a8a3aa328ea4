/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The evidence of one target: what asked for which capability, what was refused, and how much of that is new. */
#include "src/top/panes.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/report.h>

/* How many cells the columns have. */
#define CAPABILITY 16
#define CLASS      12
#define COUNT      6
#define MORE       6
#define GAP        2

/* From how many cells on the screen has the column of the classes. */
#define WITH_CLASS 60

static void add_heading(struct lc_top_lines *lines, size_t width)
{
	struct lc_top_line *line = lc_lines_add(lines, LC_TOP_HEADING);

	lc_line_cell(lines, line, "CAPABILITY", CAPABILITY + GAP, false, LC_TOP_PLAIN);
	if (width >= WITH_CLASS)
		lc_line_cell(lines, line, "CLASS", CLASS + GAP, false, LC_TOP_PLAIN);
	lc_line_cell(lines, line, "COUNT", COUNT, true, LC_TOP_PLAIN);
	lc_line_cell(lines, line, "+NOW", MORE, true, LC_TOP_PLAIN);
	lc_line_add(lines, line, "  WHAT ASKED, WHAT WAS REFUSED", LC_TOP_PLAIN);
	lc_line_end(lines, line, width);
}

/* What PIECE is about: a capability's name; of refused calls that which would have let them through, if it is one. */
static void name_piece(const struct lc_top_piece *piece, char name[LC_CAP_NAME_SIZE])
{
	uint64_t caps = piece->check ? LC_CAP_BIT(piece->check->cap) : piece->failure->caps;

	if (__builtin_popcountll(caps) == 1)
		lc_cap_name(lc_cap_take(&caps), name);
	else
		snprintf(name, LC_CAP_NAME_SIZE, "-");
}

static enum lc_top_look look_of(const struct lc_top_piece *piece)
{
	if (piece->check)
		return piece->check->class == LC_CLASS_BLOCKED    ? LC_TOP_ALERT
		       : piece->check->class == LC_CLASS_ADVISORY ? LC_TOP_FAINT
								  : LC_TOP_PLAIN;
	return piece->failure->expected ? LC_TOP_FAINT : LC_TOP_ALERT;
}

static void add_counts(struct lc_top_lines *lines, struct lc_top_line *line, const struct lc_top_piece *piece)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_number_add(&text, piece->count);
	lc_line_cell(lines, line, text.text ? text.text : "", COUNT, true, LC_TOP_PLAIN);
	lc_strbuf_free(&text);
	if (piece->more) {
		lc_strbuf_adds(&text, "+");
		lc_number_add(&text, piece->more);
	}
	lc_line_cell(lines, line, text.text ? text.text : "", MORE, true, LC_TOP_NEW);
}

static void add_piece(struct lc_top_lines *lines, const struct lc_top_piece *piece, size_t width, bool chosen)
{
	struct lc_top_line *line = lc_lines_add(lines, chosen ? LC_TOP_CHOSEN : LC_TOP_PLAIN);
	_cleanup_(lc_strbuf_free) struct lc_strbuf what = {0};
	char name[LC_CAP_NAME_SIZE];
	size_t used;

	name_piece(piece, name);
	lc_line_cell(lines, line, name, CAPABILITY, false, look_of(piece));
	lc_line_cell(lines, line, "", GAP, false, LC_TOP_PLAIN);
	if (width >= WITH_CLASS) {
		lc_line_cell(lines, line,
			piece->check ? lc_class_name(piece->check->class) : lc_cause_name(piece->failure->cause), CLASS,
			false, LC_TOP_PLAIN);
		lc_line_cell(lines, line, "", GAP, false, LC_TOP_PLAIN);
	}
	add_counts(lines, line, piece);
	lc_line_cell(lines, line, "", GAP, false, LC_TOP_PLAIN);
	if (piece->check)
		lc_report_add_caller(&what, piece->check);
	else
		lc_report_add_failed_call(&what, piece->failure);
	used = lc_line_width(line);
	if (used < width)
		lc_line_cell(lines, line, what.text ? what.text : "", width - used, false, LC_TOP_PLAIN);
	lc_line_end(lines, line, width);
}

/* "score 145, needs 3 of 14, 12 checks/s, 2 refused, 0 lost" */
static void add_numbers(
	struct lc_top_lines *lines, const struct lc_top *top, const struct lc_top_row *row, size_t width)
{
	struct lc_top_line *line = lc_lines_add(lines, LC_TOP_PLAIN);
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	if (row->is_rated) {
		lc_strbuf_adds(&text, "score ");
		lc_number_add(&text, row->score);
		lc_strbuf_adds(&text, ", ");
	}
	lc_strbuf_addf(&text, "needs %d", __builtin_popcountll(row->target->cap_add));
	if (row->target->granted)
		lc_strbuf_addf(&text, " of %d", __builtin_popcountll(row->target->granted));
	lc_strbuf_adds(&text, ", ");
	lc_number_add_rate(&text, lc_top_rate(top, row->new_checks));
	lc_strbuf_adds(&text, " checks/s, ");
	lc_number_add(&text, row->refused);
	lc_strbuf_adds(&text, " refused, ");
	lc_number_add(&text, row->lost);
	lc_strbuf_adds(&text, " lost");
	lc_line_add(lines, line, text.text, row->lost ? LC_TOP_ALERT : LC_TOP_PLAIN);
	lc_line_end(lines, line, width);
}

static void add_title(struct lc_top_lines *lines, const struct lc_top *top, const struct lc_top_row *row, size_t width)
{
	struct lc_top_line *line = lc_lines_add(lines, LC_TOP_PLAIN);
	_cleanup_(lc_strbuf_free) struct lc_strbuf label = {0};

	lc_top_add_name(&label, row->target);
	if (row->target->image) {
		lc_strbuf_adds(&label, " (");
		lc_escape_terminal(&label, row->target->image);
		lc_strbuf_adds(&label, ")");
	}
	lc_line_cell(lines, line, label.text ? label.text : "?", width, false, LC_TOP_STRONG);
	lc_line_end(lines, line, width);
	add_numbers(lines, top, row, width);
	lc_lines_add(lines, LC_TOP_PLAIN);
}

void lc_top_draw_evidence(struct lc_top_lines *lines, const struct lc_top *top, struct lc_top_view *view)
{
	const struct lc_top_row *row = lc_top_chosen(top, view);
	_cleanup_free_ struct lc_top_piece *pieces = NULL;
	size_t n = 0, room = lc_top_room(view);

	if (!row) {
		lc_line_add(lines, lc_lines_add(lines, LC_TOP_PLAIN), "It is not there any more.", LC_TOP_PLAIN);
		return;
	}
	if (lc_top_pieces(row, &pieces, &n)) {
		lines->failed = true;
		return;
	}
	if (n && view->piece >= n)
		view->piece = n - 1;
	add_title(lines, top, row, view->width);
	add_heading(lines, view->width);
	view->first_piece = lc_top_scroll(view->first_piece, view->piece, n, room);
	for (size_t i = view->first_piece; i < n && i < view->first_piece + room; i++)
		add_piece(lines, &pieces[i], view->width, i == view->piece);
	if (!n)
		lc_line_add(lines, lc_lines_add(lines, LC_TOP_PLAIN), "It has asked for nothing yet.", LC_TOP_FAINT);
}
