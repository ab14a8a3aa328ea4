/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is written as JSON is made of this. Functions that return a value return NULL when out of memory; jansson refuses NULL as a
 * member, so a failure shows up where the value is put.
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

/* TEXT, which may be hostile, made valid UTF-8; NULL is "". */
json_t *lc_json_text(const char *text);

/* What TEXT holds, which is freed. */
json_t *lc_json_taken(struct lc_strbuf *text);

/* ["CHOWN", …] for the capabilities in MASK, with "CAP_" where PREFIX says so. */
json_t *lc_json_capabilities(uint64_t mask, bool prefix);

/* Sets KEY of OBJECT to VALUE, whose reference is taken. 0, or -ENOMEM, also for a VALUE of NULL. */
int lc_json_set(json_t *object, const char *key, json_t *value);

/* Sets KEY of OBJECT to TEXT as lc_json_text has it; leaves it out where TEXT is NULL. 0 or -ENOMEM. */
int lc_json_set_text(json_t *object, const char *key, const char *text);

/* Appends VALUE, indented, in ASCII: no character of a name reaches a terminal as it is. 0 or -ENOMEM, also for NULL. */
int lc_json_render(const json_t *value, struct lc_strbuf *out);

#endif
