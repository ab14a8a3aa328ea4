/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of JSON that anybody may have written: read with their type and range checked, and complained of with their place. */
#include "json_value.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
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

const char *lc_json_type_name(const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object",
		[JSON_ARRAY] = "a list",
		[JSON_STRING] = "a string",
		[JSON_INTEGER] = "a number",
		[JSON_REAL] = "a fraction",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};

	return names[json_typeof(value)];
}

int lc_json_complain_type(const struct lc_json_place *place, const json_t *value, const char *wanted)
{
	if (!value)
		return lc_json_complain(place, "missing; it should be %s", wanted);
	return lc_json_complain(place, "should be %s, and is %s", wanted, lc_json_type_name(value));
}

int lc_json_read_string(const struct lc_json_place *place, const json_t *value, bool required, char **text)
{
	if (!required && (!value || json_is_null(value)))
		return 0;
	if (!json_is_string(value))
		return lc_json_complain_type(place, value, "a string");
	*text = strdup(json_string_value(value));
	return *text ? 0 : -ENOMEM;
}

int lc_json_read_strings(
	const struct lc_json_place *place, const json_t *object, void *base, const struct lc_string_field *field)
{
	int err = 0;

	for (; !err && field->key; field++) {
		struct lc_json_place here = lc_json_place_key(place, field->key);

		err = lc_json_read_string(&here, json_object_get(object, field->key), field->required,
			(char **)((char *)base + field->offset));
	}
	return err;
}

int lc_json_read_flag(const struct lc_json_place *parent, const json_t *object, const char *key, bool *flag)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const json_t *value = json_object_get(object, key);

	if (value && !json_is_boolean(value))
		return lc_json_complain_type(&here, value, "true or false");
	*flag = json_is_true(value);
	return 0;
}

int lc_json_read_count(const struct lc_json_place *parent, const json_t *object, const char *key, uint64_t *count)
{
	struct lc_json_place here = lc_json_place_key(parent, key);
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		return lc_json_complain_type(&here, value, "a whole number");
	if (json_integer_value(value) < 0)
		return lc_json_complain(&here, "%" JSON_INTEGER_FORMAT " is negative", json_integer_value(value));
	*count = (uint64_t)json_integer_value(value);
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
