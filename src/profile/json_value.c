/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of JSON that anybody may have written: read with their type and range checked, and complained of with their place. */
#include "json_value.h"
#include "json_parse.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct lc_json_place lc_json_place_key(const struct lc_json_place *parent, const char *key)
{
	return (struct lc_json_place){.parent = parent, .key = key, .message = parent->message};
}

struct lc_json_place lc_json_place_index(const struct lc_json_place *parent, size_t index)
{
	return (struct lc_json_place){.parent = parent, .index = index, .message = parent->message};
}

/* Appends "targets[2].evidence[0].cap". The root has no name. */
// NOLINTNEXTLINE(misc-no-recursion)
static void add_place(struct lc_strbuf *out, const struct lc_json_place *place)
{
	if (!place->parent)
		return;
	add_place(out, place->parent);
	if (!place->key)
		lc_strbuf_addf(out, "[%zu]", place->index);
	else
		lc_strbuf_addf(out, "%s%s", place->parent->parent ? "." : "", place->key);
}

int lc_json_complain(const struct lc_json_place *place, const char *format, ...)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};
	va_list args;

	add_place(&line, place);
	if (line.length)
		lc_strbuf_adds(&line, ": ");
	va_start(args, format);
	lc_complain_at(place->message, -EINVAL, line.text, format, args);
	va_end(args);
	return -EINVAL;
}

const char *lc_json_type_name(const struct lc_parsed *value)
{
	static const char *const names[] = {
		[LC_PARSED_OBJECT] = "an object",
		[LC_PARSED_LIST] = "a list",
		[LC_PARSED_STRING] = "a string",
		[LC_PARSED_INTEGER] = "a number",
		[LC_PARSED_FRACTION] = "a fraction",
		[LC_PARSED_TRUE] = "true",
		[LC_PARSED_FALSE] = "false",
		[LC_PARSED_NULL] = "null",
		[LC_PARSED_READ] = "a list",
	};

	return names[value->type];
}

int lc_json_complain_type(const struct lc_json_place *place, const struct lc_parsed *value, const char *wanted)
{
	if (!value)
		return lc_json_complain(place, "missing; it should be %s", wanted);
	return lc_json_complain(place, "should be %s, and is %s", wanted, lc_json_type_name(value));
}

int lc_json_read_string(const struct lc_json_place *place, const struct lc_parsed *value, bool required, char **text)
{
	char *copy;

	if (!required && (!value || lc_parsed_is(value, LC_PARSED_NULL)))
		return 0;
	if (!lc_parsed_is(value, LC_PARSED_STRING))
		return lc_json_complain_type(place, value, "a string");
	copy = malloc(value->length + 1);
	if (!copy)
		return -ENOMEM;
	*text = memcpy(copy, value->text, value->length + 1);
	return 0;
}

int lc_json_read_strings(const struct lc_json_place *place, const struct lc_parsed *object, void *base,
	const struct lc_string_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		struct lc_json_place here = lc_json_place_key(place, field->key);

		err = lc_json_read_string(&here, lc_parsed_get(object, field->key), field->required,
			(char **)((char *)base + field->offset));
	}
	return err;
}

int lc_json_read_flag(const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, bool *flag)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const struct lc_parsed *value = lc_parsed_get(object, key);

	if (value && value->type != LC_PARSED_TRUE && value->type != LC_PARSED_FALSE)
		return lc_json_complain_type(&here, value, "true or false");
	*flag = lc_parsed_is(value, LC_PARSED_TRUE);
	return 0;
}

int lc_json_read_count(
	const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, uint64_t *count)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const struct lc_parsed *value = lc_parsed_get(object, key);

	if (!lc_parsed_is(value, LC_PARSED_INTEGER))
		return lc_json_complain_type(&here, value, "a whole number");
	if (value->number < 0)
		return lc_json_complain(&here, "%" PRId64 " is negative", value->number);
	*count = (uint64_t)value->number;
	return 0;
}

bool lc_json_has_too_many_values(const char *text, size_t length)
{
	bool in_string = false;
	size_t n = 0;

	for (size_t i = 0; i < length; i++) {
		if (in_string && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			in_string = !in_string;
		else if (!in_string && (text[i] == ',' || text[i] == '[' || text[i] == '{'))
			n++;
	}
	return n > LC_PROFILE_MAX_VALUES;
}
