/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * JSON as values. A profile is too large to be values all at once (of 90 MB of text they would be 800), so that its long lists are
 * read one element at a time, and each is forgotten before the next.
 */
#ifndef LEASTCAP_PROFILE_JSON_PARSE_H
#define LEASTCAP_PROFILE_JSON_PARSE_H

#include "json_source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lc_parsed_type {
	LC_PARSED_OBJECT,
	LC_PARSED_LIST,
	LC_PARSED_STRING,
	LC_PARSED_INTEGER,
	LC_PARSED_FRACTION,
	LC_PARSED_TRUE,
	LC_PARSED_FALSE,
	LC_PARSED_NULL,
	LC_PARSED_READ, /* a list that was read one element at a time */
	LC_PARSED_N,
};

/* A value. Those that are in it follow it in memory. */
struct lc_parsed {
	enum lc_parsed_type type;
	uint32_t extent;  /* how many values, with those in it */
	const char *key;  /* of a member; else NULL */
	uint32_t hash;    /* of KEY */
	const char *text; /* of a string */
	union {
		size_t length;  /* of TEXT */
		int64_t number; /* of an integer */
		uint64_t
			keys; /* of an object: a bit for each hash among its members' keys, so that what is missing is seen at once */
	};
};

/* Where texts of values are: a chain of blocks. */
struct lc_parsed_block;

/* A value and all in it. Zero it to start. */
struct lc_parsed_tree {
	struct lc_parsed *values;
	size_t n;
	size_t room;
	struct lc_parsed_block *blocks;
};

/*
 * Reads the list that the source stands before, one element at a time. It is KEY's in an object of which BEFORE holds what came before it.
 * 1; 0 when it is to be a value like others, and nothing is read; or a negative errno.
 */
typedef int lc_parsed_list_reader(void *context, const struct lc_parsed *before, const char *key);

/*
 * Reads the value that SOURCE stands before into TREE, in place of what was there, and leaves SOURCE behind it. Where it is an object, LISTS (NULL:
 * none) is asked of each member of it that is a list. 0, or -EINVAL (no JSON, a key twice, too deep, too many values; a message says
 * where), -ENOMEM, or what LISTS or SOURCE failed with. What TREE holds is valid until it is read into again.
 */
int lc_parsed_read(
	struct lc_parsed_tree *tree, struct lc_json_source *source, lc_parsed_list_reader *lists, void *context);

/*
 * Whether the list that SOURCE stands in has another element, behind which then is. FIRST: SOURCE stands before the list. 1, 0 (SOURCE is behind the
 * list), or a negative errno as above.
 */
int lc_parsed_element(struct lc_json_source *source, bool first);

/* 0 when nothing but space is left of SOURCE; else -EINVAL with a message, or what SOURCE failed with. */
int lc_parsed_end(struct lc_json_source *source);

/* Frees what TREE owns and zeroes it. */
void lc_parsed_clear(struct lc_parsed_tree *tree);

/* The member of OBJECT called KEY; NULL when there is none, or OBJECT is none. */
const struct lc_parsed *lc_parsed_get(const struct lc_parsed *object, const char *key);

/* Whether VALUE (NULL: no) is of TYPE. */
static inline bool lc_parsed_is(const struct lc_parsed *value, enum lc_parsed_type type)
{
	return value && value->type == type;
}

/* The first value in LIST; NULL when there is none, or LIST is none. */
static inline const struct lc_parsed *lc_parsed_first(const struct lc_parsed *list)
{
	return lc_parsed_is(list, LC_PARSED_LIST) && list->extent > 1 ? list + 1 : NULL;
}

/* The one behind VALUE in LIST, or NULL. */
static inline const struct lc_parsed *lc_parsed_next(const struct lc_parsed *list, const struct lc_parsed *value)
{
	const struct lc_parsed *next = value + value->extent;

	return next < list + list->extent ? next : NULL;
}

#endif
