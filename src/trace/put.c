/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Numbers, quoted strings and names of constants, appended the way strace prints them. */
#include "src/trace/decode.h"

#include <string.h>

#define LC_DIGITS 24 /* of a 64-bit number, in octal and with a 0 */

/* Writes VALUE's digits so that they end before END; at least LEAST of them. Returns where they begin. */
static char *digits(char *end, uint64_t value, unsigned base, unsigned least)
{
	char *at = end;

	while (value || least) {
		*--at = "0123456789abcdef"[value % base];
		value /= base;
		if (least)
			least--;
	}
	return at;
}

void lc_put_unsigned(struct lc_strbuf *out, uint64_t value)
{
	lc_put_padded(out, value, 1);
}

void lc_put_padded(struct lc_strbuf *out, uint64_t value, unsigned least)
{
	char text[LC_DIGITS];
	char *end = text + sizeof(text);
	char *at = digits(end, value, 10, least);

	lc_strbuf_add(out, at, (size_t)(end - at));
}

void lc_put_signed(struct lc_strbuf *out, int64_t value)
{
	if (value < 0)
		lc_strbuf_add(out, "-", 1);
	lc_put_unsigned(out, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void lc_put_hex_digits(struct lc_strbuf *out, uint64_t value)
{
	char text[LC_DIGITS];
	char *end = text + sizeof(text);
	char *at = digits(end, value, 16, 1);

	lc_strbuf_add(out, at, (size_t)(end - at));
}

void lc_put_hex(struct lc_strbuf *out, uint64_t value)
{
	if (value)
		lc_strbuf_add(out, "0x", 2);
	lc_put_hex_digits(out, value);
}

void lc_put_octal(struct lc_strbuf *out, uint64_t value)
{
	char text[LC_DIGITS];
	char *end = text + sizeof(text);
	char *at = digits(end, value, 8, 1);

	if (value)
		*--at = '0';
	while (end - at < 3)
		*--at = '0';
	lc_strbuf_add(out, at, (size_t)(end - at));
}

/* The letter that stands for BYTE behind a backslash, or 0. */
static char letter_of(unsigned char byte)
{
	switch (byte) {
	case '"':
	case '\\':
		return (char)byte;
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	case '\v':
		return 'v';
	default:
		return 0;
	}
}

/* Appends BYTE escaped. Where NEXT, the byte behind it, could be taken for another digit, all three are written. */
static void escape_byte(struct lc_strbuf *out, unsigned char byte, unsigned char next)
{
	char text[5];
	char *end = text + sizeof(text);
	char *at = end;

	if (letter_of(byte))
		*--at = letter_of(byte);
	else
		at = digits(end, byte, 8, next >= '0' && next <= '7' ? 3 : 1);
	*--at = '\\';
	lc_strbuf_add(out, at, (size_t)(end - at));
}

void lc_put_escaped(struct lc_strbuf *out, const unsigned char *bytes, size_t length, const char *also)
{
	size_t start = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = bytes[i];

		if (byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\' && !(also && strchr(also, byte)))
			continue;
		lc_strbuf_add(out, (const char *)bytes + start, i - start);
		escape_byte(out, byte, i + 1 < length ? bytes[i + 1] : 0);
		start = i + 1;
	}
	lc_strbuf_add(out, (const char *)bytes + start, length - start);
}

void lc_put_quoted(struct lc_strbuf *out, const unsigned char *bytes, size_t length, bool cut)
{
	lc_strbuf_add(out, "\"", 1);
	lc_put_escaped(out, bytes, length, NULL);
	lc_strbuf_adds(out, cut ? "\"..." : "\"");
}

/* Appends a number that is none of CONSTANTS. */
static void put_unknown(struct lc_strbuf *out, const struct lc_constants *constants, uint64_t value)
{
	if (!constants->family) {
		lc_put_signed(out, (int32_t)value);
		return;
	}
	lc_put_hex(out, value);
	lc_strbuf_adds(out, " /* ");
	lc_strbuf_adds(out, constants->family);
	lc_strbuf_adds(out, " */");
}

void lc_put_flags(struct lc_strbuf *out, const struct lc_constants *constants, uint64_t value)
{
	uint64_t left = value;
	size_t before = out->length;

	for (size_t i = 0; i < constants->n; i++) {
		const struct lc_constant *row = &constants->rows[i];

		/* A zero of a field is shown if the field was empty in VALUE itself. */
		if (((row->value ? left : value) & row->mask) != row->value || !row->mask)
			continue;
		if (out->length > before)
			lc_strbuf_add(out, "|", 1);
		lc_strbuf_adds(out, row->name);
		left &= ~row->mask;
	}
	if (!left && out->length == before) {
		lc_strbuf_add(out, "0", 1);
	} else if (left && out->length == before) {
		put_unknown(out, constants, left);
	} else if (left) {
		lc_strbuf_add(out, "|", 1);
		lc_put_hex(out, left);
	}
}

void lc_put_word(struct lc_strbuf *out, const struct lc_constants *constants, uint64_t value)
{
	for (size_t i = 0; i < constants->n; i++) {
		if (constants->rows[i].value == (uint32_t)value) {
			lc_strbuf_adds(out, constants->rows[i].name);
			return;
		}
	}
	put_unknown(out, constants, (uint32_t)value);
}

uint64_t lc_number_at(const unsigned char *bytes, size_t size)
{
	uint64_t value64;
	uint32_t value32;
	uint16_t value16;

	switch (size) {
	case sizeof(value64):
		memcpy(&value64, bytes, sizeof(value64));
		return value64;
	case sizeof(value32):
		memcpy(&value32, bytes, sizeof(value32));
		return value32;
	case sizeof(value16):
		memcpy(&value16, bytes, sizeof(value16));
		return value16;
	default:
		return bytes[0];
	}
}
