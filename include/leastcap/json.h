/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values that are written as JSON. Functions that return a value return NULL when out of memory. jansson refuses NULL as a member, so
 * that only the function that puts the value somewhere has to be checked.
 */
#ifndef LEASTCAP_JSON_H
#define LEASTCAP_JSON_H

#include <leastcap/strbuf.h>

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

static inline void lc_json_release(json_t **value)
{
	json_decref(*value);
}

/* Drops the reference when the scope is left. */
#define _cleanup_json_ __attribute__((cleanup(lc_json_release)))

/* A string of TEXT, which may be hostile and is made valid UTF-8. NULL is "". */
json_t *lc_json_text(const char *text);

/* A string of what TEXT holds, as lc_json_text makes it. TEXT is freed. */
json_t *lc_json_taken(struct lc_strbuf *text);

/* ["CHOWN", …] for the capabilities in MASK, with "CAP_" if PREFIX. */
json_t *lc_json_capabilities(uint64_t mask, bool prefix);

/* Sets KEY of OBJECT to VALUE, whose reference is taken. 0, or -ENOMEM, also for a VALUE of NULL. */
int lc_json_set(json_t *object, const char *key, json_t *value);

/* Sets KEY of OBJECT to TEXT as lc_json_text makes it; leaves KEY out where TEXT is NULL. 0 or -ENOMEM. */
int lc_json_set_text(json_t *object, const char *key, const char *text);

/* Appends VALUE, indented and in ASCII, so that no character of a name acts on a terminal. 0, or -ENOMEM, also for NULL. */
int lc_json_render(const json_t *value, struct lc_strbuf *out);

#endif
