/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Escaping of hostile strings for terminals, comments, YAML, HTML and JSON, over one strict UTF-8 decoder. */
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LC_REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/*
 * Code points that move the cursor, reorder text or show nothing at all: what a reader sees must be what is there.
 * Unicode 15, general categories Cc, Cf, Zl and Zp as far as they matter here. Sorted.
 */
static const struct {
	uint32_t first;
	uint32_t last;
} unprintable[] = {
	{0x0000, 0x001f},   /* C0 */
	{0x007f, 0x009f},   /* DEL, C1 */
	{0x00ad, 0x00ad},   /* soft hyphen */
	{0x0600, 0x0605},   /* Arabic number signs, which enclose what follows */
	{0x061c, 0x061c},   /* Arabic letter mark */
	{0x115f, 0x1160},   /* Hangul fillers: blank letters */
	{0x180b, 0x180f},   /* Mongolian variation selectors and vowel separator */
	{0x200b, 0x200f},   /* zero-width characters and directional marks */
	{0x2028, 0x202e},   /* line and paragraph separators, embeddings and overrides */
	{0x2060, 0x206f},   /* word joiner, isolates, deprecated formatting */
	{0x3164, 0x3164},   /* Hangul filler */
	{0xfe00, 0xfe0f},   /* variation selectors */
	{0xfeff, 0xfeff},   /* byte order mark */
	{0xffa0, 0xffa0},   /* halfwidth Hangul filler */
	{0xfff0, 0xfffb},   /* interlinear annotation */
	{0xfffe, 0xffff},   /* no characters */
	{0xe0000, 0xe0fff}, /* tags and more variation selectors */
	{0x10fffe, 0x10ffff},
};

static bool is_printable(uint32_t code_point)
{
	for (size_t i = 0; i < sizeof(unprintable) / sizeof(unprintable[0]); i++) {
		if (code_point < unprintable[i].first)
			return true;
		if (code_point <= unprintable[i].last)
			return false;
	}
	return true;
}

size_t lc_utf8_decode(const char *text, uint32_t *code_point)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char lead = (unsigned char)text[0];
	size_t length = lead < 0x80             ? 1
			: (lead & 0xe0) == 0xc0 ? 2
			: (lead & 0xf0) == 0xe0 ? 3
			: (lead & 0xf8) == 0xf0 ? 4
						: 0;
	uint32_t value;

	if (length == 0)
		return 0;
	value = length == 1 ? lead : lead & (0x7fU >> length);
	for (size_t i = 1; i < length; i++) {
		unsigned char next = (unsigned char)text[i];

		/* Also stops at the terminating NUL. */
		if ((next & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (next & 0x3f);
	}
	if (value < smallest[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
		return 0;
	*code_point = value;
	return length;
}

/* Appends one byte the way strace shows it. */
static void add_byte_escape(struct lc_strbuf *buf, unsigned char byte)
{
	if (byte == '\n')
		lc_strbuf_adds(buf, "\\n");
	else if (byte == '\t')
		lc_strbuf_adds(buf, "\\t");
	else if (byte == '\r')
		lc_strbuf_adds(buf, "\\r");
	else if (byte == '\033')
		lc_strbuf_adds(buf, "\\033");
	else
		lc_strbuf_addf(buf, "\\x%02x", byte);
}

void lc_escape_terminal(struct lc_strbuf *buf, const char *text)
{
	if (!text)
		return;
	while (*text) {
		uint32_t code_point = 0;
		size_t length = lc_utf8_decode(text, &code_point);

		if (length && is_printable(code_point)) {
			lc_strbuf_add(buf, text, length);
			text += length;
			continue;
		}
		if (!length)
			length = 1;
		for (; length; length--)
			add_byte_escape(buf, (unsigned char)*text++);
	}
}

void lc_escape_comment(struct lc_strbuf *buf, const char *text)
{
	lc_escape_terminal(buf, text);
}

/* The reference for a character that ends text or an attribute's value in HTML; NULL for all others. */
static const char *html_reference(char character)
{
	switch (character) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void lc_escape_html(struct lc_strbuf *buf, const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf visible = {0};

	lc_escape_terminal(&visible, text);
	buf->failed |= visible.failed;
	for (size_t i = 0; i < visible.length; i++) {
		const char *reference = html_reference(visible.text[i]);

		if (reference)
			lc_strbuf_adds(buf, reference);
		else
			lc_strbuf_add(buf, &visible.text[i], 1);
	}
}

/* Whether the character at AT of TEXT could be markup, a link or the name of an emoji; in the middle of words much is not. */
static bool is_markup(const char *text, size_t at)
{
	int before = at ? (unsigned char)text[at - 1] : ' ';
	int after = (unsigned char)text[at + 1];

	switch (text[at]) {
	case '_':
		return !isalnum(before) || !isalnum(after);
	case ':': /* https: and :bug:, but not a tag or an end */
		return after && after != ' ' && !isdigit(after);
	case '.': /* www. */
		return before == 'w' || before == 'W';
	default:
		return strchr("\\`*[]<>&|~$#", text[at]);
	}
}

void lc_escape_markdown(struct lc_strbuf *buf, const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf visible = {0};

	lc_escape_terminal(&visible, text);
	buf->failed |= visible.failed;
	for (size_t i = 0; i < visible.length; i++) {
		/* GitHub looks for mentions in the text that it shows: in code there is none. */
		if (visible.text[i] == '@')
			lc_strbuf_adds(buf, "<code>&#64;</code>");
		else if (is_markup(visible.text, i))
			lc_strbuf_addf(buf, "&#%d;", visible.text[i]);
		else
			lc_strbuf_add(buf, &visible.text[i], 1);
	}
}

void lc_escape_shell(struct lc_strbuf *buf, const char *text)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-+@:%,";

	if (text && *text && strspn(text, plain) == strlen(text)) {
		lc_strbuf_adds(buf, text);
		return;
	}
	lc_strbuf_adds(buf, "'");
	for (; text && *text; text++) {
		if (*text == '\'')
			lc_strbuf_adds(buf, "'\\''");
		else
			lc_strbuf_add(buf, text, 1);
	}
	lc_strbuf_adds(buf, "'");
}

void lc_escape_cel(struct lc_strbuf *buf, const char *text)
{
	lc_strbuf_adds(buf, "'");
	while (text && *text) {
		uint32_t code_point = 0xfffd;
		size_t length = lc_utf8_decode(text, &code_point);

		if (code_point == '\'' || code_point == '\\')
			lc_strbuf_addf(buf, "\\%c", (char)code_point);
		else if (code_point >= ' ' && code_point <= '~')
			lc_strbuf_add(buf, text, 1);
		else
			lc_strbuf_addf(buf, "\\U%08x", code_point);
		text += length ? length : 1;
	}
	lc_strbuf_adds(buf, "'");
}

/* Appends TEXT with each of CHARACTERS as % and its number. */
static void add_percent_encoded(struct lc_strbuf *buf, const char *text, const char *characters)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf visible = {0};

	lc_escape_terminal(&visible, text);
	buf->failed |= visible.failed;
	for (size_t i = 0; i < visible.length; i++) {
		if (strchr(characters, visible.text[i]))
			lc_strbuf_addf(buf, "%%%02X", (unsigned char)visible.text[i]);
		else
			lc_strbuf_add(buf, &visible.text[i], 1);
	}
}

void lc_escape_workflow(struct lc_strbuf *buf, const char *text)
{
	add_percent_encoded(buf, text, "%");
}

void lc_escape_workflow_property(struct lc_strbuf *buf, const char *text)
{
	add_percent_encoded(buf, text, "%:,");
}

/* Appends one character of a double-quoted scalar (YAML 1.2, section 5.7). */
static void add_yaml_character(struct lc_strbuf *buf, const char *text, size_t length, uint32_t code_point)
{
	if (code_point == '"' || code_point == '\\')
		lc_strbuf_addf(buf, "\\%c", (char)code_point);
	else if (code_point == '\n')
		lc_strbuf_adds(buf, "\\n");
	else if (code_point == '\t')
		lc_strbuf_adds(buf, "\\t");
	else if (code_point == '\r')
		lc_strbuf_adds(buf, "\\r");
	else if (is_printable(code_point))
		lc_strbuf_add(buf, text, length);
	else if (code_point <= 0xff)
		lc_strbuf_addf(buf, "\\x%02x", code_point);
	else if (code_point <= 0xffff)
		lc_strbuf_addf(buf, "\\u%04x", code_point);
	else
		lc_strbuf_addf(buf, "\\U%08x", code_point);
}

void lc_escape_yaml(struct lc_strbuf *buf, const char *text)
{
	lc_strbuf_adds(buf, "\"");
	while (text && *text) {
		uint32_t code_point = 0;
		size_t length = lc_utf8_decode(text, &code_point);

		/* A YAML escape names a character, so a byte that is none can only be marked as such. */
		if (length)
			add_yaml_character(buf, text, length, code_point);
		else
			lc_strbuf_adds(buf, LC_REPLACEMENT);
		text += length ? length : 1;
	}
	lc_strbuf_adds(buf, "\"");
}

void lc_escape_terminal_format(struct lc_strbuf *buf, const char *format, va_list arguments)
{
	_cleanup_free_ char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0) {
		text = NULL;
		buf->failed = true;
	}
	lc_escape_terminal(buf, text);
}

char *lc_utf8_dup(const char *text)
{
	struct lc_strbuf copy = {0};

	if (!text)
		return NULL;
	while (*text) {
		uint32_t code_point = 0;
		size_t length = lc_utf8_decode(text, &code_point);

		if (length)
			lc_strbuf_add(&copy, text, length);
		else
			lc_strbuf_adds(&copy, LC_REPLACEMENT);
		text += length ? length : 1;
	}
	return lc_strbuf_steal(&copy);
}
