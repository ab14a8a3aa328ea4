/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The string builder: a buffer that doubles, and a flag that says whether an allocation failed. */
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LC_STRBUF_FIRST_CAPACITY 64

/* Makes room for LENGTH more bytes and the NUL. */
static bool reserve(struct lc_strbuf *buf, size_t length)
{
	size_t capacity = buf->capacity ? buf->capacity : LC_STRBUF_FIRST_CAPACITY;
	char *text;

	if (buf->failed)
		return false;
	if (length >= SIZE_MAX / 2 - buf->length) {
		buf->failed = true;
		return false;
	}
	while (capacity < buf->length + length + 1)
		capacity *= 2;
	if (capacity == buf->capacity)
		return true;
	text = realloc(buf->text, capacity);
	if (!text) {
		buf->failed = true;
		return false;
	}
	buf->text = text;
	buf->capacity = capacity;
	return true;
}

void lc_strbuf_add(struct lc_strbuf *buf, const char *text, size_t length)
{
	if (!length || !reserve(buf, length))
		return;
	memcpy(buf->text + buf->length, text, length);
	buf->length += length;
	buf->text[buf->length] = '\0';
}

void lc_strbuf_adds(struct lc_strbuf *buf, const char *text)
{
	if (text)
		lc_strbuf_add(buf, text, strlen(text));
}

void lc_strbuf_addf(struct lc_strbuf *buf, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list args;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0) {
		text = NULL;
		buf->failed = true;
		return;
	}
	lc_strbuf_add(buf, text, (size_t)length);
}

void lc_strbuf_separate(struct lc_strbuf *buf, const char *separator)
{
	if (buf->length)
		lc_strbuf_adds(buf, separator);
}

char *lc_strbuf_steal(struct lc_strbuf *buf)
{
	char *text = NULL;

	if (!buf->failed) {
		text = buf->text ? buf->text : strdup("");
		buf->text = NULL;
	}
	lc_strbuf_free(buf);
	return text;
}

void lc_strbuf_free(struct lc_strbuf *buf)
{
	free(buf->text);
	*buf = (struct lc_strbuf){0};
}

char *lc_copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

int lc_copy_to(char **into, const char *text)
{
	char *copy = lc_copy(text);

	if (text && !copy)
		return -ENOMEM;
	*into = copy;
	return 0;
}
