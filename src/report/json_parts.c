/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reports in JSON are made of. */
#include "json_parts.h"
#include "parts.h"

#include <leastcap/cleanup.h>
#include <leastcap/json.h>

#include <errno.h>

json_t *lc_json_notices(const struct lc_profile *profile)
{
	_cleanup_json_ json_t *array = json_array();
	struct lc_strbuf lost = {0};

	lc_report_add_lost(&lost, profile);
	if (lost.length && json_array_append_new(array, lc_json_taken(&lost)))
		return NULL;
	lc_strbuf_free(&lost);
	if (lc_report_not_looked_at(profile) &&
		json_array_append_new(array, json_string(lc_report_not_looked_at(profile))))
		return NULL;
	if (!profile->n_targets && json_array_append_new(array, json_string(lc_report_nothing(profile))))
		return NULL;
	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_strbuf missing = {0};

		lc_report_add_missing(&missing, &profile->targets[i]);
		if (missing.length && json_array_append_new(array, lc_json_taken(&missing)))
			return NULL;
	}
	return json_incref(array);
}
