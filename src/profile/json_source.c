/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON text that is read once, from its start to its end: whole in memory, or a piece of a file at a time. */
#include "json_source.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much of a file is in memory, unless a text in it is longer. */
#define WINDOW_SIZE ((size_t)256 << 10)

void lc_json_source_text(struct lc_json_source *source, const char *text, size_t length)
{
	source->text = text;
	source->length = length;
}

void lc_json_source_fill(struct lc_json_source *source, lc_json_fill *fill, void *from)
{
	source->fill = fill;
	source->from = from;
}

void lc_json_source_clear(struct lc_json_source *source)
{
	free(source->window);
	source->window = NULL;
}

/* Counts the N bytes at TEXT to the lines, and the characters of the last one, that *LINE and *COLUMN say. */
static void count_lines(const char *text, size_t n, size_t *line, size_t *column)
{
	const char *end = text + n;

	for (const char *found; n && (found = memchr(text, '\n', (size_t)(end - text))); text = found + 1) {
		++*line;
		*column = 0;
	}
	/* All bytes of a character but the first are 10xxxxxx. */
	for (; text < end; text++)
		*column += ((unsigned char)*text & 0xc0) != 0x80;
}

/* Moves what is not read yet to the start of the window, and makes room behind it. 0 or -ENOMEM. */
static int make_room(struct lc_json_source *source)
{
	size_t kept = source->length - source->at;
	char *window = source->window;

	count_lines(source->text, source->at, &source->line, &source->column);
	if (kept)
		memmove(window, window + source->at, kept);
	if (source->room - kept < WINDOW_SIZE / 2) {
		size_t room = source->room ? source->room * 2 : WINDOW_SIZE;

		window = realloc(window, room);
		if (!window)
			return -ENOMEM;
		source->window = window;
		source->room = room;
	}
	source->text = window;
	source->length = kept;
	source->at = 0;
	return 0;
}

bool lc_json_source_more(struct lc_json_source *source)
{
	long n;

	if (!source->fill || source->error)
		return false;
	source->error = make_room(source);
	if (source->error)
		return false;
	n = source->fill(source->from, source->window + source->length, source->room - source->length);
	if (n <= 0) {
		source->error = (int)n;
		source->fill = NULL;
		return false;
	}
	source->length += (size_t)n;
	return true;
}

int lc_json_source_complain(struct lc_json_source *source, size_t ahead, const char *format, ...)
{
	_cleanup_free_ char *reason = NULL;
	size_t line = source->line, column = source->column;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&reason, format, args);
	va_end(args);
	if (n < 0) {
		reason = NULL;
		return -ENOMEM;
	}
	count_lines(source->text, source->at + ahead, &line, &column);
	return lc_json_complain(source->root, "line %zu column %zu: %s", line + 1, column, reason);
}

int lc_json_source_ends(struct lc_json_source *source)
{
	if (source->error)
		return source->error;
	return lc_json_source_complain(
		source, source->length - source->at, "the file ends in the middle of the profile");
}
