/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text in the cells of a terminal. */
#include "src/top/cells.h"

#include <leastcap/escape.h>

#include <wchar.h>

/* How many cells the character at TEXT takes, which is *LENGTH bytes long. */
static size_t width_of(const char *text, size_t *length)
{
	uint32_t code_point = 0;
	int width;

	*length = lc_utf8_decode(text, &code_point);
	if (!*length)
		*length = 1;
	width = wcwidth((wchar_t)code_point);
	/* A character that the locale does not know is drawn as something. */
	return width < 0 ? 1 : (size_t)width;
}

size_t lc_cells_width(const char *text)
{
	size_t width = 0, length;

	for (; *text; text += length)
		width += width_of(text, &length);
	return width;
}

size_t lc_cells_head(const char *text, size_t *width)
{
	size_t taken = 0, bytes = 0, length;

	while (text[bytes]) {
		size_t more = width_of(text + bytes, &length);

		if (taken + more > *width)
			break;
		taken += more;
		bytes += length;
	}
	*width = taken;
	return bytes;
}

/* The longest end of TEXT that has at most *WIDTH cells; *WIDTH becomes how many it has. */
static const char *tail(const char *text, size_t *width)
{
	size_t left = lc_cells_width(text), length;

	/* What joins the character before it must not stand behind the ellipsis. */
	while (*text && (left > *width || !width_of(text, &length))) {
		left -= width_of(text, &length);
		text += length;
	}
	*width = left;
	return text;
}

size_t lc_cells_fit(struct lc_strbuf *out, const char *text, size_t width)
{
	size_t whole = lc_cells_width(text);
	size_t after = width / 3, before = width - 1 - after;
	const char *end;

	if (!width || whole <= width) {
		lc_strbuf_adds(out, text);
		return whole;
	}
	end = tail(text, &after);
	lc_strbuf_add(out, text, lc_cells_head(text, &before));
	lc_strbuf_adds(out, "…");
	lc_strbuf_adds(out, end);
	return before + 1 + after;
}

void lc_cells_space(struct lc_strbuf *out, size_t n)
{
	lc_strbuf_addf(out, "%*s", (int)n, "");
}
