/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The diagnosis as JSON, schema leastcap-doctor/1. */
#include <leastcap/cleanup.h>
#include <leastcap/doctor.h>
#include <leastcap/json.h>

#include <errno.h>
#include <jansson.h>

#define LC_DOCTOR_SCHEMA "leastcap-doctor/1"

static json_t *finding_value(const struct lc_doctor_finding *finding)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set_text(object, "name", finding->name) ||
		lc_json_set_text(object, "state", lc_doctor_state_name(finding->state)) ||
		lc_json_set_text(object, "found", finding->found.text) ||
		lc_json_set_text(object, "cost", finding->cost.text) ||
		lc_json_set_text(object, "remedy", finding->remedy.text))
		return NULL;
	return json_incref(object);
}

static json_t *diagnosis_value(const struct lc_diagnosis *diagnosis)
{
	_cleanup_json_ json_t *checks = json_array();
	enum lc_doctor_state worst = lc_diagnosis_worst(diagnosis);

	for (size_t i = 0; checks && i < diagnosis->n; i++) {
		if (json_array_append_new(checks, finding_value(&diagnosis->list[i])))
			return NULL;
	}
	return json_pack("{s:s, s:s, s:b, s:s, s:O}", "schema", LC_DOCTOR_SCHEMA, "tool", "leastcap " LC_VERSION,
		"can_record", worst != LC_DOCTOR_MISSING, "state", lc_doctor_state_name(worst), "checks", checks);
}

int lc_diagnosis_json(const struct lc_diagnosis *diagnosis, struct lc_strbuf *out)
{
	_cleanup_json_ json_t *value = diagnosis_value(diagnosis);

	return lc_json_render(value, out);
}
