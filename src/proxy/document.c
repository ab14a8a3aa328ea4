/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes JSON by jansson, with numbers put aside as strings. */
#include "src/proxy/document.h"

#include <leastcap/cleanup.h>

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* Random, so that no text can have it by intention. */
static int make_mark(struct lc_document *document)
{
	unsigned long long bits;

	if (getrandom(&bits, sizeof(bits), 0) != sizeof(bits))
		return -EIO;
	snprintf(document->mark, sizeof(document->mark), "%016llx", bits);
	return 0;
}

/* How many of the LENGTH bytes at TEXT belong to the string that begins there. */
static size_t string_length(const char *text, size_t length)
{
	size_t i = 1;

	while (i < length && text[i] != '"')
		i += text[i] == '\\' ? 2 : 1;
	return i < length ? i + 1 : length;
}

static size_t number_length(const char *text, size_t length)
{
	size_t i = 1;

	while (i < length && (isalnum((unsigned char)text[i]) || strchr("+-.", text[i])) && text[i])
		i++;
	return i;
}

static size_t digits(const char *text, const char *end)
{
	const char *at = text;

	while (at < end && isdigit((unsigned char)*at))
		at++;
	return (size_t)(at - text);
}

/* What a number is to jansson. */
enum number {
	NUMBER_NONE,  /* none by RFC 8259 */
	NUMBER_KEPT,  /* an integer that is written as it is read */
	NUMBER_OTHER, /* has a fraction or an exponent, or too many digits */
};

/* INT64_MAX has one more. */
#define DIGITS_MAX 18

static enum number tell_number(const char *text, size_t length)
{
	const char *at = text, *end = text + length;
	bool integer = true;
	size_t whole;

	at += at < end && *at == '-';
	whole = digits(at, end);
	if (!whole || (*at == '0' && whole > 1))
		return NUMBER_NONE;
	integer = whole <= DIGITS_MAX && (*at != '0' || at == text);
	at += whole;
	if (at < end && *at == '.') {
		integer = false;
		whole = digits(++at, end);
		at += whole;
	}
	if (whole && at < end && (*at == 'e' || *at == 'E')) {
		integer = false;
		at++;
		at += at < end && (*at == '+' || *at == '-');
		whole = digits(at, end);
		at += whole;
	}
	if (!whole || at != end)
		return NUMBER_NONE;
	return integer ? NUMBER_KEPT : NUMBER_OTHER;
}

/* Appends TEXT with the numbers that jansson would change as strings. What is no number stays, for the parser to refuse. */
static void put_numbers_aside(
	const struct lc_document *document, const char *text, size_t length, struct lc_strbuf *out)
{
	size_t i = 0;

	while (i < length) {
		size_t from = i;

		while (i < length && text[i] != '"' && text[i] != '-' && !isdigit((unsigned char)text[i]))
			i++;
		lc_strbuf_add(out, text + from, i - from);
		from = i;
		if (i == length)
			break;
		i += text[i] == '"' ? string_length(text + i, length - i) : number_length(text + i, length - i);
		if (text[from] == '"' || tell_number(text + from, i - from) != NUMBER_OTHER) {
			lc_strbuf_add(out, text + from, i - from);
			continue;
		}
		lc_strbuf_addf(out, "\"%s", document->mark);
		lc_strbuf_add(out, text + from, i - from);
		lc_strbuf_adds(out, "\"");
	}
}

int lc_document_read(struct lc_document *document, const char *text, size_t length, struct lc_strbuf *why)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf protected = {0};
	json_error_t error;
	int ret;

	*document = (struct lc_document){0};
	ret = make_mark(document);
	if (ret < 0)
		return ret;
	put_numbers_aside(document, text, length, &protected);
	if (protected.failed)
		return -ENOMEM;
	document->root =
		json_loadb(protected.text ?: "", protected.length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (json_is_object(document->root))
		return 0;
	if (document->root)
		lc_strbuf_adds(why, "the body is no JSON object");
	else
		lc_strbuf_addf(why, "the body can't be read as JSON: %s", error.text);
	lc_document_clear(document);
	return -EBADMSG;
}

int lc_document_write(const struct lc_document *document, struct lc_strbuf *out)
{
	_cleanup_free_ char *text = json_dumps(document->root, JSON_COMPACT);
	const char *from = text, *at;

	if (!text)
		return -ENOMEM;
	while ((at = strstr(from, document->mark))) {
		const char *number = at + LC_DOCUMENT_MARK;
		size_t length = strcspn(number, "\"");

		/* Without the quotation marks around it. */
		lc_strbuf_add(out, from, (size_t)(at - from) - 1);
		lc_strbuf_add(out, number, length);
		from = number + length + 1;
	}
	lc_strbuf_adds(out, from);
	return out->failed ? -ENOMEM : 0;
}

void lc_document_clear(struct lc_document *document)
{
	json_decref(document->root);
	*document = (struct lc_document){0};
}

/* The letter at *TEXT, in lower case, and *TEXT after it. To Go also U+017F is an "s", and U+212A a "k". */
static unsigned char take_letter(const char **text)
{
	static const struct {
		const char *bytes;
		unsigned char letter;
	} others[] = {{"\xc5\xbf", 's'}, {"\xe2\x84\xaa", 'k'}};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		size_t length = strlen(others[i].bytes);

		if (strncmp(*text, others[i].bytes, length) == 0) {
			*text += length;
			return others[i].letter;
		}
	}
	return (unsigned char)tolower((unsigned char)*(*text)++);
}

static bool is_same_name(const char *key, const char *name)
{
	while (*key && *name) {
		if (take_letter(&key) != take_letter(&name))
			return false;
	}
	return !*key && !*name;
}

int lc_document_find(const json_t *object, const char *name, const char **key, json_t **value, struct lc_strbuf *why)
{
	const char *found_key;
	json_t *found;

	*key = NULL;
	*value = NULL;
	json_object_foreach((json_t *)object, found_key, found)
	{
		if (!is_same_name(found_key, name))
			continue;
		if (*key) {
			lc_strbuf_addf(why, "the body has %s twice, as %s and as %s", name, *key, found_key);
			return -EBADMSG;
		}
		*key = found_key;
		*value = found;
	}
	*key = *key ?: name;
	return 0;
}
