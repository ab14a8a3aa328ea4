/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reports in JSON are made of. Functions that return a value return NULL when out of memory. */
#ifndef LEASTCAP_REPORT_JSON_PARTS_H
#define LEASTCAP_REPORT_JSON_PARTS_H

#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <jansson.h>
#include <stdint.h>

static inline void lc_json_release(json_t **value)
{
	json_decref(*value);
}

/* Drops the reference when the scope is left. */
#define _cleanup_json_ __attribute__((cleanup(lc_json_release)))

/* TEXT, made valid UTF-8; NULL is "". */
json_t *lc_json_text(const char *text);

/* What TEXT holds, which is freed. */
json_t *lc_json_taken(struct lc_strbuf *text);

/* ["CAP_CHOWN", …] */
json_t *lc_json_capabilities(uint64_t mask);

/* ["INCOMPLETE: …", "nothing was recorded: …"], or [] */
json_t *lc_json_notices(const struct lc_profile *profile);

/* Appends VALUE, indented, in ASCII: no character of a name reaches a terminal as it is. 0 or -ENOMEM, also for NULL. */
int lc_json_render(const json_t *value, struct lc_strbuf *out);

#endif
