/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values of JSON that anybody may have written: read with their type and range checked, and complained of with their place. */
#ifndef LEASTCAP_PROFILE_JSON_VALUE_H
#define LEASTCAP_PROFILE_JSON_VALUE_H

#include "fields.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How much of a value is quoted in a message. */
#define LC_QUOTE_SIZE 60

/* Where reading has got to: a path of keys and indices, outermost last. */
struct lc_json_place {
	const struct lc_json_place *parent;
	const char *key; /* NULL: INDEX counts */
	size_t index;
	char **message; /* set in every place: where the complaint goes */
};

struct lc_json_place lc_json_place_key(const struct lc_json_place *parent, const char *key);
struct lc_json_place lc_json_place_index(const struct lc_json_place *parent, size_t index);

/* Sets the message to "PLACE: " and the formatted text, as one line. Returns -EINVAL. */
int lc_json_complain(const struct lc_json_place *place, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What VALUE is, in words. */
const char *lc_json_type_name(const json_t *value);

/* Says that VALUE, which may be missing (NULL), is not what it should be. Returns -EINVAL. */
int lc_json_complain_type(const struct lc_json_place *place, const json_t *value, const char *wanted);

/* Reads a string, which the caller frees; absent and null are NULL unless REQUIRED. 0, -EINVAL or -ENOMEM. */
int lc_json_read_string(const struct lc_json_place *place, const json_t *value, bool required, char **text);

/* The same for the strings in the structure at BASE that FIELD and what follows it describe. */
int lc_json_read_strings(
	const struct lc_json_place *place, const json_t *object, void *base, const struct lc_string_field *field);

/* Reads true or false; absent is false. 0 or -EINVAL. */
int lc_json_read_flag(const struct lc_json_place *parent, const json_t *object, const char *key, bool *flag);

/* Reads a count, which every writer gives. 0 or -EINVAL. */
int lc_json_read_count(const struct lc_json_place *parent, const json_t *object, const char *key, uint64_t *count);

/* Whether the JSON TEXT has more values than are read: each is followed by a comma or stands in a list or object of its own. */
bool lc_json_has_too_many_values(const char *text, size_t length);

#endif
