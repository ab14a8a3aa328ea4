/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The screen, by curses. */
#include "src/top/terminal.h"

#include <leastcap/top.h>

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* How long (milliseconds) after an escape character the rest of a key may take. */
#define ESCAPE_MS 25

struct lc_top_screen {
	SCREEN *curses;
	attr_t looks[LC_TOP_LOOKS];
	short pairs[LC_TOP_LOOKS];
};

/* Whatever is shown is UTF-8. */
static void choose_locale(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static void choose_looks(struct lc_top_screen *screen, bool color)
{
	screen->looks[LC_TOP_HEADING] = A_REVERSE;
	screen->looks[LC_TOP_CHOSEN] = A_REVERSE | A_BOLD;
	screen->looks[LC_TOP_STRONG] = A_BOLD;
	screen->looks[LC_TOP_ALERT] = A_BOLD;
	screen->looks[LC_TOP_NEW] = A_BOLD;
	screen->looks[LC_TOP_FAINT] = A_DIM;
	if (!color || !has_colors() || start_color() == ERR)
		return;
	use_default_colors();
	init_pair(1, COLOR_RED, -1);
	init_pair(2, COLOR_GREEN, -1);
	screen->pairs[LC_TOP_ALERT] = 1;
	screen->pairs[LC_TOP_NEW] = 2;
}

int lc_top_screen_check(void)
{
	return lc_terminal_learn();
}

int lc_top_screen_open(struct lc_top_screen **result, bool color)
{
	struct lc_top_screen *screen;
	int r = lc_terminal_learn();

	if (r)
		return r;
	screen = calloc(1, sizeof(*screen));
	if (!screen)
		return -ENOMEM;
	choose_locale();
	lc_terminal_take();
	screen->curses = newterm(NULL, stdout, stdin);
	if (!screen->curses) {
		lc_terminal_leave();
		free(screen);
		return -ENXIO;
	}
	set_term(screen->curses);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, true);
	nodelay(stdscr, true);
	set_escdelay(ESCAPE_MS);
	curs_set(0);
	choose_looks(screen, color);
	*result = screen;
	return 0;
}

/* Writes the bytes of TEXT from BEGIN to END as LOOK on a line that looks as BASE. */
static void draw_part(const struct lc_top_screen *screen, const struct lc_strbuf *text, size_t begin, size_t end,
	enum lc_top_look base, enum lc_top_look look)
{
	enum lc_top_look of = screen->pairs[look] ? look : base;

	if (begin >= end)
		return;
	attr_set(screen->looks[base] | screen->looks[look], screen->pairs[of], NULL);
	addnstr(text->text + begin, (int)(end - begin));
}

static void draw_line(const struct lc_top_screen *screen, int y, const struct lc_top_line *line)
{
	size_t done = 0;

	move(y, 0);
	for (size_t i = 0; i < line->n_spans; i++) {
		const struct lc_top_span *span = &line->spans[i];

		draw_part(screen, &line->text, done, span->begin, line->look, LC_TOP_PLAIN);
		draw_part(screen, &line->text, span->begin, span->end, line->look, span->look);
		done = span->end;
	}
	draw_part(screen, &line->text, done, line->text.length, line->look, LC_TOP_PLAIN);
	attr_set(A_NORMAL, 0, NULL);
}

void lc_top_screen_draw(struct lc_top_screen *screen, const struct lc_top *top, struct lc_top_view *view)
{
	struct lc_top_lines lines = {0};
	int height, width;

	getmaxyx(stdscr, height, width);
	lc_top_draw(top, view, width > 0 ? (size_t)width : 0, height > 0 ? (size_t)height : 0, &lines);
	erase();
	for (size_t i = 0; i < lines.n && i < (size_t)height; i++)
		draw_line(screen, (int)i, &lines.lines[i]);
	refresh();
	lc_top_lines_clear(&lines);
}

bool lc_top_screen_is_resized(const struct lc_top_screen *screen)
{
	struct winsize size;
	int height, width;

	(void)screen;
	getmaxyx(stdscr, height, width);
	return !ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_row && size.ws_col &&
	       (size.ws_row != height || size.ws_col != width);
}

/* What curses calls the keys that are no characters. */
static const struct {
	wint_t curses;
	enum lc_top_key key;
} keys[] = {
	{KEY_UP, LC_KEY_UP},
	{KEY_DOWN, LC_KEY_DOWN},
	{KEY_LEFT, LC_KEY_LEFT},
	{KEY_PPAGE, LC_KEY_PAGE_UP},
	{KEY_NPAGE, LC_KEY_PAGE_DOWN},
	{KEY_HOME, LC_KEY_HOME},
	{KEY_END, LC_KEY_END},
	{KEY_ENTER, LC_KEY_ENTER},
	{KEY_BACKSPACE, LC_KEY_ERASE},
};

/* Whether nobody is at the terminal any more. */
static bool is_gone(void)
{
	struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};

	return poll(&input, 1, 0) > 0 && input.revents & (POLLHUP | POLLERR | POLLNVAL);
}

int64_t lc_top_screen_key(struct lc_top_screen *screen)
{
	wint_t key = 0;
	int kind;

	(void)screen;
	while ((kind = get_wch(&key)) != ERR) {
		if (kind == OK)
			return key == '\r' ? LC_KEY_ENTER : key == '\b' ? LC_KEY_ERASE : (int64_t)key;
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
			if (keys[i].curses == key)
				return keys[i].key;
		}
	}
	return is_gone() ? -EIO : LC_KEY_NONE;
}

void lc_top_screen_close(struct lc_top_screen *screen)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen->curses);
	lc_terminal_leave();
	free(screen);
}
