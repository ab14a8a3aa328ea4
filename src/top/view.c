/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The whole screen: one of the panes, and the line below it. */
#include "src/top/panes.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <stdlib.h>

/* On a smaller screen nothing can be read. */
#define LEAST_WIDTH  24
#define LEAST_HEIGHT 7

static const char *const hints[] = {
	[LC_TOP_LIST] = "Enter evidence  e explain  f filter  s sort  p profile  h help  q leave",
	[LC_TOP_EVIDENCE] = "e explain  p profile  Esc back  h help  q leave",
	[LC_TOP_TEXT] = "Esc back  q leave",
};

size_t lc_top_room(const struct lc_top_view *view)
{
	return view->height > LC_TOP_ABOVE + LC_TOP_BELOW ? view->height - LC_TOP_ABOVE - LC_TOP_BELOW : 1;
}

size_t lc_top_scroll(size_t first, size_t chosen, size_t n, size_t room)
{
	size_t last = n > room ? n - room : 0;

	if (first > chosen)
		first = chosen;
	if (chosen >= first + room)
		first = chosen + 1 - room;
	return first < last ? first : last;
}

const struct lc_top_row *lc_top_chosen(const struct lc_top *top, const struct lc_top_view *view)
{
	const struct lc_top_row *row = lc_top_find(top, view->chosen);

	/* In the list there is always one; what is open elsewhere does not turn into another. */
	return row || view->pane != LC_TOP_LIST || !top->n_rows ? row : &top->rows[0];
}

void lc_top_say(struct lc_top_view *view, const char *text)
{
	struct lc_strbuf line = {0};

	free(view->status);
	lc_escape_terminal(&line, text);
	view->status = text ? lc_strbuf_steal(&line) : NULL;
}

/* Where line N of TEXT begins; its end where it has no such line. */
static const char *line_of(const char *text, size_t n)
{
	for (; n && *text; n--) {
		const char *end = strchr(text, '\n');

		text = end ? end + 1 : text + strlen(text);
	}
	return text;
}

static size_t count_lines(const char *text)
{
	size_t n = 0;

	for (; *text; n++)
		text = line_of(text, 1);
	return n;
}

/* Adds the line that TEXT begins with. */
static void add_text_line(struct lc_top_lines *lines, const char *text, size_t width)
{
	struct lc_top_line *line = lc_lines_add(lines, LC_TOP_PLAIN);
	_cleanup_(lc_strbuf_free) struct lc_strbuf copy = {0};

	lc_strbuf_add(&copy, text, strcspn(text, "\n"));
	lc_line_add(lines, line, copy.text, LC_TOP_PLAIN);
	lc_line_end(lines, line, width);
}

/* Makes the lines of an explanation again where the screen has another width now, unless what it was about is gone. */
static void wrap_again(const struct lc_top *top, struct lc_top_view *view)
{
	const struct lc_top_row *row = lc_top_chosen(top, view);
	struct lc_strbuf text = {0};

	if (!view->text_width || view->text_width == view->width || !row)
		return;
	if (lc_top_explain(row->target, view->cap, view->width, &text)) {
		lc_strbuf_free(&text);
		return;
	}
	free(view->text);
	view->text = lc_strbuf_steal(&text);
	view->text_width = view->width;
}

void lc_top_draw_text(struct lc_top_lines *lines, const struct lc_top *top, struct lc_top_view *view)
{
	/* Nothing but the last line stands beside it. */
	size_t room = view->height > LC_TOP_BELOW ? view->height - LC_TOP_BELOW : 1;
	size_t n, last;
	const char *text;

	wrap_again(top, view);
	text = view->text ? view->text : "";
	n = count_lines(text);
	last = n > room ? n - room : 0;
	if (view->first_line > last)
		view->first_line = last;
	text = line_of(text, view->first_line);
	for (size_t i = 0; i < room && *text; i++, text = line_of(text, 1))
		add_text_line(lines, text, view->width);
}

/* The line below everything: what is typed, what was done last, or what the keys are. */
static void add_last_line(struct lc_top_lines *lines, const struct lc_top_view *view)
{
	struct lc_top_line *line = lc_lines_add(lines, LC_TOP_PLAIN);
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	if (view->typing) {
		lc_strbuf_adds(&text, "filter: ");
		lc_escape_terminal(&text, view->typed.text);
		lc_strbuf_adds(&text, "_");
		lc_line_add(lines, line, text.text, LC_TOP_STRONG);
	} else if (view->status) {
		lc_line_add(lines, line, view->status, LC_TOP_STRONG);
	} else {
		lc_line_add(lines, line,
			strlen(hints[view->pane]) > view->width ? "h help  q leave" : hints[view->pane], LC_TOP_FAINT);
	}
	lc_line_end(lines, line, view->width);
}

void lc_top_draw(
	const struct lc_top *top, struct lc_top_view *view, size_t width, size_t height, struct lc_top_lines *lines)
{
	static void (*const panes[])(struct lc_top_lines *, const struct lc_top *, struct lc_top_view *) = {
		[LC_TOP_LIST] = lc_top_draw_list,
		[LC_TOP_EVIDENCE] = lc_top_draw_evidence,
		[LC_TOP_TEXT] = lc_top_draw_text,
	};

	view->width = width;
	view->height = height;
	if (!width || !height)
		return;
	if (width < LEAST_WIDTH || height < LEAST_HEIGHT) {
		struct lc_top_line *line = lc_lines_add(lines, LC_TOP_PLAIN);

		lc_line_add(lines, line, "too small", LC_TOP_PLAIN);
		lc_line_end(lines, line, width);
	} else {
		panes[view->pane](lines, top, view);
	}
	while (lines->n + LC_TOP_BELOW < height && lc_lines_add(lines, LC_TOP_PLAIN))
		continue;
	if (lines->n < height)
		add_last_line(lines, view);
}

void lc_top_view_clear(struct lc_top_view *view)
{
	free(view->text);
	free(view->status);
	lc_strbuf_free(&view->typed);
	*view = (struct lc_top_view){0};
}
