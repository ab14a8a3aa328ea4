/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each key does. */
#include "src/top/panes.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <stdlib.h>
#include <wchar.h>

/* How long a filter may be, in bytes. */
#define LONGEST_FILTER 256

static const char help[] = "leastcap top: who uses which capability now\n"
			   "\n"
			   "SCORE         how dangerous it is: 100 and more is as good as root of the host\n"
			   "CHECKS/S      how often its own work asked for capabilities in the last interval\n"
			   "REFUSED       calls that were refused and that programs do not get over\n"
			   "LOST          how much is missing from its evidence\n"
			   "CAPABILITIES  what it needs; * used in the last interval, ! denied\n"
			   "\n"
			   "Up, Down, j, k, PgUp, PgDn, Home, End   choose, or scroll\n"
			   "Enter     what asked for each capability, and what was refused\n"
			   "e         explain: the container, or in its evidence the capability\n"
			   "f or /    show only what a name, an image or a capability has in it; nothing: all\n"
			   "s         sort by the next: score, checks, refused, capabilities, name\n"
			   "p         write the container's profile to a new file in this directory\n"
			   "Esc       back\n"
			   "q         leave\n";

/* Opens TEXT, which VIEW then owns, to be read. */
static void open_text(struct lc_top_view *view, char *text)
{
	free(view->text);
	view->text = text;
	view->first_line = view->text_width = 0;
	if (view->pane != LC_TOP_TEXT)
		view->back = view->pane;
	view->pane = LC_TOP_TEXT;
}

/* The capability that VIEW's chosen piece of evidence is about; negative: none, or it is no evidence that is seen. */
static int chosen_cap(const struct lc_top_row *row, const struct lc_top_view *view)
{
	_cleanup_free_ struct lc_top_piece *pieces = NULL;
	uint64_t caps;
	size_t n = 0;

	if (view->pane != LC_TOP_EVIDENCE || lc_top_pieces(row, &pieces, &n) || view->piece >= n)
		return -1;
	if (pieces[view->piece].check)
		return pieces[view->piece].check->cap;
	caps = pieces[view->piece].failure->caps;
	return lc_cap_take(&caps);
}

static void explain(const struct lc_top *top, struct lc_top_view *view)
{
	const struct lc_top_row *row = lc_top_chosen(top, view);
	struct lc_strbuf text = {0};

	if (!row || view->pane == LC_TOP_TEXT)
		return;
	memcpy(view->chosen, row->key, sizeof(view->chosen));
	view->cap = chosen_cap(row, view);
	if (lc_top_explain(row->target, view->cap, view->width, &text)) {
		lc_strbuf_free(&text);
		return;
	}
	open_text(view, lc_strbuf_steal(&text));
	view->text_width = view->width;
}

static void open_help(struct lc_top_view *view)
{
	char *text = strdup(help);

	if (text)
		open_text(view, text);
}

static void open_evidence(const struct lc_top *top, struct lc_top_view *view)
{
	const struct lc_top_row *row = lc_top_chosen(top, view);

	if (!row || view->pane != LC_TOP_LIST)
		return;
	memcpy(view->chosen, row->key, sizeof(view->chosen));
	view->piece = view->first_piece = 0;
	view->pane = LC_TOP_EVIDENCE;
}

static void go_back(struct lc_top_view *view)
{
	if (view->pane == LC_TOP_TEXT)
		view->pane = view->back;
	else
		view->pane = LC_TOP_LIST;
}

/* WHERE moved by BY, but not out of the N that there are. */
static size_t moved(size_t where, long by, size_t n)
{
	if (by < 0)
		return where > (size_t)-by ? where - (size_t)-by : 0;
	return !n ? 0 : where + (size_t)by < n ? where + (size_t)by : n - 1;
}

/* Moves what is chosen in VIEW's pane, or what is seen of a text, by BY. */
static void move(const struct lc_top *top, struct lc_top_view *view, long by)
{
	const struct lc_top_row *row = lc_top_chosen(top, view);

	if (view->pane == LC_TOP_TEXT)
		view->first_line = moved(view->first_line, by, (size_t)INT32_MAX);
	else if (view->pane == LC_TOP_EVIDENCE)
		view->piece = moved(view->piece, by, (size_t)INT32_MAX);
	else if (row)
		memcpy(view->chosen, top->rows[moved((size_t)(row - top->rows), by, top->n_rows)].key,
			sizeof(view->chosen));
}

/* Whether KEY moves. Then it has. */
static bool move_by_key(const struct lc_top *top, struct lc_top_view *view, uint32_t key)
{
	long page = (long)lc_top_room(view);
	const struct {
		uint32_t key;
		long by;
	} moves[] = {
		{LC_KEY_UP, -1},
		{'k', -1},
		{LC_KEY_DOWN, 1},
		{'j', 1},
		{LC_KEY_PAGE_UP, -page},
		{LC_KEY_PAGE_DOWN, page},
		{' ', page},
		{LC_KEY_HOME, -INT32_MAX},
		{LC_KEY_END, INT32_MAX},
	};

	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (moves[i].key != key)
			continue;
		move(top, view, moves[i].by);
		return true;
	}
	return false;
}

/* Takes the last character off TYPED. */
static void erase(struct lc_strbuf *typed)
{
	while (typed->length && ((unsigned char)typed->text[typed->length - 1] & 0xc0) == 0x80)
		typed->length--;
	if (typed->length)
		typed->length--;
	if (typed->text)
		typed->text[typed->length] = '\0';
}

/* Appends KEY, a character, to TYPED in UTF-8. */
static void type_character(struct lc_strbuf *typed, uint32_t key)
{
	char bytes[4];
	size_t n = key < 0x80 ? 1 : key < 0x800 ? 2 : key < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};

	if (key < ' ' || key >= LC_KEY_UP || typed->length + n > LONGEST_FILTER)
		return;
	for (size_t i = n; i-- > 0; key >>= 6)
		bytes[i] = (char)(i || n == 1 ? (n == 1 ? key : 0x80 | (key & 0x3f)) : leads[n] | key);
	lc_strbuf_add(typed, bytes, n);
}

/* Ends the typing of a filter, which from now on holds. */
static void take_filter(struct lc_top *top, struct lc_top_view *view)
{
	char *filter = lc_strbuf_steal(&view->typed);

	view->typing = false;
	if (!filter)
		return;
	free(top->filter);
	top->filter = filter;
	lc_top_arrange(top);
}

/* Does what KEY asks for while a filter is typed. */
static void press_typing(struct lc_top *top, struct lc_top_view *view, uint32_t key)
{
	if (key == LC_KEY_ENTER) {
		take_filter(top, view);
	} else if (key == LC_KEY_ESCAPE) {
		lc_strbuf_free(&view->typed);
		view->typing = false;
	} else if (key == LC_KEY_ERASE) {
		erase(&view->typed);
	} else {
		type_character(&view->typed, key);
	}
}

/* Begins to type a filter, from that which holds. */
static void begin_filter(const struct lc_top *top, struct lc_top_view *view)
{
	view->pane = LC_TOP_LIST;
	view->typing = true;
	lc_strbuf_free(&view->typed);
	lc_strbuf_adds(&view->typed, top->filter);
}

static void sort_by_next(struct lc_top *top, struct lc_top_view *view)
{
	view->pane = LC_TOP_LIST;
	top->order = (top->order + 1) % LC_TOP_ORDERS;
	lc_top_arrange(top);
}

enum lc_top_action lc_top_press(struct lc_top *top, struct lc_top_view *view, uint32_t key)
{
	if (key == LC_KEY_NONE)
		return LC_TOP_NOTHING;
	lc_top_say(view, NULL);
	if (view->typing) {
		press_typing(top, view, key);
		return LC_TOP_NOTHING;
	}
	if (move_by_key(top, view, key))
		return LC_TOP_NOTHING;
	switch (key) {
	case 'q':
	case 'Q':
		return LC_TOP_LEAVE;
	case 'p':
		return lc_top_chosen(top, view) ? LC_TOP_SAVE : LC_TOP_NOTHING;
	case 'e':
		explain(top, view);
		return LC_TOP_NOTHING;
	case 'f':
	case '/':
		begin_filter(top, view);
		return LC_TOP_NOTHING;
	case 's':
		sort_by_next(top, view);
		return LC_TOP_NOTHING;
	case 'h':
	case '?':
		open_help(view);
		return LC_TOP_NOTHING;
	case LC_KEY_ENTER:
		open_evidence(top, view);
		return LC_TOP_NOTHING;
	case LC_KEY_ESCAPE:
	case LC_KEY_ERASE:
	case LC_KEY_LEFT:
		go_back(view);
		return LC_TOP_NOTHING;
	default:
		return LC_TOP_NOTHING;
	}
}
