/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What single fields of a profile are in JSON: words, capabilities, times, the modes of files. */
#include "json_fields.h"
#include "json_parse.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int lc_json_read_word(const struct lc_json_place *place, const struct lc_parsed *value,
	const struct lc_vocabulary *vocabulary, int missing, int *number)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf known = {0};
	int read;

	if (!value && missing >= 0) {
		*number = missing;
		return 0;
	}
	if (!value || value->type != LC_PARSED_STRING)
		return lc_json_complain_type(place, value, "a string");
	read = lc_vocabulary_value(vocabulary, value->text);
	if (read >= 0) {
		*number = read;
		return 0;
	}
	for (int i = 0; i < vocabulary->n; i++) {
		lc_strbuf_separate(&known, ", ");
		lc_strbuf_adds(&known, vocabulary->words[i]);
	}
	return lc_json_complain(
		place, "\"%.*s\" is none of %s", LC_QUOTE_SIZE, value->text, known.text ? known.text : "");
}

int lc_json_read_words(const struct lc_json_place *place, const struct lc_parsed *object, void *base,
	const struct lc_word_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		struct lc_json_place here = lc_json_place_key(place, field->key);

		err = lc_json_read_word(&here, lc_parsed_get(object, field->key), field->vocabulary, field->missing,
			(int *)((char *)base + field->offset));
	}
	return err;
}

int lc_json_read_cap(const struct lc_json_place *place, const struct lc_parsed *value, int *cap)
{
	int number;

	if (!lc_parsed_is(value, LC_PARSED_STRING))
		return lc_json_complain_type(place, value, "the name of a capability");
	number = lc_cap_from_name(value->text);
	if (number < 0)
		return lc_json_complain(place, "\"%.*s\" is no capability", LC_QUOTE_SIZE, value->text);
	*cap = number;
	return 0;
}

static int read_mask(const struct lc_json_place *place, const struct lc_parsed *value, uint64_t *mask)
{
	const struct lc_parsed *name;
	size_t index = 0;

	if (!lc_parsed_is(value, LC_PARSED_LIST))
		return lc_json_complain_type(place, value, "a list of capabilities");
	for (name = lc_parsed_first(value); name; name = lc_parsed_next(value, name), index++) {
		struct lc_json_place here = lc_json_place_index(place, index);
		int cap = 0;
		int err = lc_json_read_cap(&here, name, &cap);

		if (err)
			return err;
		*mask |= LC_CAP_BIT(cap);
	}
	return 0;
}

int lc_json_read_masks(const struct lc_json_place *place, const struct lc_parsed *object, void *base,
	const struct lc_mask_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		struct lc_json_place here = lc_json_place_key(place, field->key);
		const struct lc_parsed *value = lc_parsed_get(object, field->key);

		if (value || !field->optional)
			err = read_mask(&here, value, (uint64_t *)((char *)base + field->offset));
	}
	return err;
}

int lc_json_read_flags(const struct lc_json_place *place, const struct lc_parsed *object, void *base,
	const struct lc_flag_field *field)
{
	int err = 0;

	for (; !err && field->key; field++)
		err = lc_json_read_flag(place, object, field->key, (bool *)((char *)base + field->offset));
	return err;
}

/* Reads TEXT, ".123456Z" or "Z". -EINVAL when it is neither. */
static int parse_fraction(const char *text, int64_t *ns)
{
	int64_t digit_ns = LC_NS_PER_S;

	*ns = 0;
	if (*text == '.') {
		for (text++; *text >= '0' && *text <= '9'; text++) {
			digit_ns /= 10;
			*ns += (*text - '0') * digit_ns;
		}
		if (digit_ns == LC_NS_PER_S)
			return -EINVAL;
	}
	return strcmp(text, "Z") == 0 ? 0 : -EINVAL;
}

/* Reads an RFC 3339 time in UTC between 1970 and 2261, which nanoseconds in 64 bits can hold. */
static int parse_time(const char *text, int64_t *ns)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:dd";
	struct tm utc = {0};
	struct tm normal;
	int64_t fraction;
	time_t seconds;

	for (size_t i = 0; shape[i]; i++) {
		if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != shape[i])
			return -EINVAL;
	}
	if (!strptime(text, "%Y-%m-%dT%H:%M:%S", &utc) || parse_fraction(text + sizeof(shape) - 1, &fraction))
		return -EINVAL;
	normal = utc;
	seconds = timegm(&normal);
	/* timegm takes 31 February for 3 March. */
	if (normal.tm_mday != utc.tm_mday || utc.tm_year < 70 || utc.tm_year > 361)
		return -EINVAL;
	*ns = (int64_t)seconds * LC_NS_PER_S + fraction;
	return 0;
}

int lc_json_read_time(const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, int64_t *ns)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const struct lc_parsed *value = lc_parsed_get(object, key);

	if (!value)
		return 0;
	if (!lc_parsed_is(value, LC_PARSED_STRING))
		return lc_json_complain_type(&here, value, "a time");
	if (parse_time(value->text, ns))
		return lc_json_complain(
			&here, "\"%.*s\" is no UTC time such as 2026-11-22T05:00:00Z", LC_QUOTE_SIZE, value->text);
	return 0;
}

int lc_json_read_mode(const struct lc_json_place *parent, const struct lc_parsed *object, uint32_t *mode)
{
	struct lc_json_place here = lc_json_place_key(parent, "mode");
	const struct lc_parsed *value = lc_parsed_get(object, "mode");
	const char *digits;

	if (!value)
		return 0;
	if (!lc_parsed_is(value, LC_PARSED_STRING))
		return lc_json_complain_type(&here, value, "a string of octal digits");
	digits = value->text;
	if (!*digits || strlen(digits) > 4 || digits[strspn(digits, "01234567")])
		return lc_json_complain(&here, "\"%.*s\" is no mode such as 0755", LC_QUOTE_SIZE, digits);
	*mode |= (uint32_t)strtoul(digits, NULL, 8);
	return 0;
}

int lc_json_read_type(const struct lc_json_place *parent, const struct lc_parsed *object, uint32_t *mode)
{
	struct lc_json_place here = lc_json_place_key(parent, "type");
	const struct lc_parsed *value = lc_parsed_get(object, "type");

	if (!value)
		return 0;
	if (!lc_parsed_is(value, LC_PARSED_STRING))
		return lc_json_complain_type(&here, value, "a string");
	for (const struct lc_file_type *type = lc_file_types; type->word; type++) {
		if (strcmp(type->word, value->text) == 0)
			*mode |= type->bits;
	}
	return 0;
}
