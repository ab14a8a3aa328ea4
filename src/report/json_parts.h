/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reports in JSON are made of. Functions that return a value return NULL when out of memory. */
#ifndef LEASTCAP_REPORT_JSON_PARTS_H
#define LEASTCAP_REPORT_JSON_PARTS_H

#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <jansson.h>
#include <stdint.h>

/* ["INCOMPLETE: …", "nothing was recorded: …"], or [] */
json_t *lc_json_notices(const struct lc_profile *profile);

/* Sets in OBJECT who asked for CHECK, in which call, about what, and of which class that is. 0 or -ENOMEM. */
int lc_json_set_asker(json_t *object, const struct lc_check *check);

/* A refused call: who made it, about what, why it failed and what to do. */
json_t *lc_json_refusal(const struct lc_failure *failure);

#endif
