/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reports in JSON are made of. */
#include "json_parts.h"
#include "parts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <errno.h>

json_t *lc_json_text(const char *text)
{
	_cleanup_free_ char *valid = lc_utf8_dup(text ? text : "");

	return valid ? json_string(valid) : NULL;
}

json_t *lc_json_taken(struct lc_strbuf *text)
{
	_cleanup_free_ char *taken = lc_strbuf_steal(text);

	return taken ? lc_json_text(taken) : NULL;
}

json_t *lc_json_capabilities(uint64_t mask)
{
	_cleanup_json_ json_t *array = json_array();

	for (int cap = 0; array && cap < 64; cap++) {
		struct lc_strbuf name = {0};

		if (!(mask & LC_CAP_BIT(cap)))
			continue;
		lc_report_add_list(&name, LC_CAP_BIT(cap), "", "", true);
		if (json_array_append_new(array, lc_json_taken(&name)))
			return NULL;
	}
	return json_incref(array);
}

json_t *lc_json_notices(const struct lc_profile *profile)
{
	_cleanup_json_ json_t *array = json_array();
	struct lc_strbuf lost = {0};

	lc_report_add_lost(&lost, profile);
	if (lost.length && json_array_append_new(array, lc_json_taken(&lost)))
		return NULL;
	lc_strbuf_free(&lost);
	if (!profile->n_targets && json_array_append_new(array, json_string(lc_report_nothing)))
		return NULL;
	return json_incref(array);
}

int lc_json_render(const json_t *value, struct lc_strbuf *out)
{
	_cleanup_free_ char *text = value ? json_dumps(value, JSON_INDENT(2) | JSON_ENSURE_ASCII) : NULL;

	if (!text)
		return -ENOMEM;
	lc_strbuf_adds(out, text);
	lc_strbuf_adds(out, "\n");
	return out->failed ? -ENOMEM : 0;
}
