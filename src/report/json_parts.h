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

#endif
