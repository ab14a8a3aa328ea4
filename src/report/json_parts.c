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
	lc_report_add_origin(&lost, profile);
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

int lc_json_set_asker(json_t *object, const struct lc_check *check)
{
	return lc_json_set_text(object, "class", lc_class_name(check->class)) ||
			       lc_json_set_text(object, "exe", check->exe) ||
			       lc_json_set_text(object, "comm", check->comm) ||
			       lc_json_set_text(object, "syscall", check->syscall) ||
			       lc_json_set_text(object, "caller", check->caller) ||
			       lc_json_set_text(object, "about", check->about) ||
			       lc_json_set_text(object, "user", check->user) ||
			       lc_json_set_text(object, "result", check->result) ||
			       lc_json_set_text(object, "why", check->why)
		       ? -ENOMEM
		       : 0;
}

json_t *lc_json_refusal(const struct lc_failure *failure)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set_text(object, "cause", lc_cause_name(failure->cause)) ||
		lc_json_set(object, "caps", lc_json_capabilities(failure->caps, false)) ||
		lc_json_set_text(object, "exe", failure->exe) || lc_json_set_text(object, "comm", failure->comm) ||
		lc_json_set_text(object, "syscall", failure->syscall) ||
		lc_json_set_text(object, "about", failure->about) || lc_json_set_text(object, "user", failure->user) ||
		lc_json_set_text(object, "result", failure->result) || lc_json_set_text(object, "why", failure->why) ||
		lc_json_set_text(object, "help", failure->help))
		return NULL;
	return json_incref(object);
}
