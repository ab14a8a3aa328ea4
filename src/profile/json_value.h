/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of JSON that anybody may have written: read with their type and range checked, and complained of with their place. */
#ifndef LEASTCAP_PROFILE_JSON_VALUE_H
#define LEASTCAP_PROFILE_JSON_VALUE_H

#include "fields.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_parsed; /* json_parse.h */

/* How much of a value is quoted in a message. */
#define LC_QUOTE_SIZE 60

/* A place in the JSON: a path of keys and indices, which leads from the innermost to the root. */
struct lc_json_place {
	const struct lc_json_place *parent;
	const char *key; /* NULL: INDEX counts */
	size_t index;
	char **message; /* the same in every place: what lc_json_complain sets */
};

/* The place of KEY, or of element INDEX, in what stands at PARENT. */
struct lc_json_place lc_json_place_key(const struct lc_json_place *parent, const char *key);
struct lc_json_place lc_json_place_index(const struct lc_json_place *parent, size_t index);

/* Sets the message to "PLACE: " and the formatted text, as one line. Returns -EINVAL. */
int lc_json_complain(const struct lc_json_place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What VALUE is, in words. */
const char *lc_json_type_name(const struct lc_parsed *value);

/* Says that VALUE, which may be missing (NULL), is not what it should be. Returns -EINVAL. */
int lc_json_complain_type(const struct lc_json_place *place, const struct lc_parsed *value, const char *wanted);

/*
 * Reads a string to *TEXT, which the caller frees. Unless it is REQUIRED it may be missing or null. 0, -EINVAL or -ENOMEM. *TEXT (NULL
 * before) is then unchanged, as it is without a string.
 */
int lc_json_read_string(const struct lc_json_place *place, const struct lc_parsed *value, bool required, char **text);

/* The same for the strings in the structure at BASE that FIELD and what follows it describe. */
int lc_json_read_strings(const struct lc_json_place *place, const struct lc_parsed *object, void *base,
	const struct lc_string_field *field);

/* Reads true or false; false where it is missing. 0, or -EINVAL with *FLAG unchanged. */
int lc_json_read_flag(const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, bool *flag);

/* Reads a count, which must be there. 0, or -EINVAL with *COUNT unchanged. */
int lc_json_read_count(
	const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, uint64_t *count);

/* Whether the JSON TEXT has more values than are read. Commas and opening brackets are counted: at least one belongs to each value. */
bool lc_json_has_too_many_values(const char *text, size_t length);

#endif
