/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values that are written as JSON. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/json.h>

#include <errno.h>

json_t *lc_json_text(const char *text)
{
	_cleanup_free_ char *valid = NULL;
	json_t *value = json_string(text ? text : "");

	/* Nearly all text is valid. jansson checks, and only what jansson refuses is copied. */
	if (value)
		return value;
	valid = lc_utf8_dup(text);
	return valid ? json_string(valid) : NULL;
}

json_t *lc_json_taken(struct lc_strbuf *text)
{
	_cleanup_free_ char *taken = lc_strbuf_steal(text);

	return taken ? lc_json_text(taken) : NULL;
}

json_t *lc_json_capabilities(uint64_t mask, bool prefix)
{
	_cleanup_json_ json_t *array = json_array();
	char name[LC_CAP_NAME_SIZE];

	for (int cap; (cap = lc_cap_take(&mask)) >= 0;) {
		if (json_array_append_new(
			    array, json_string(prefix ? lc_cap_full_name(cap, name) : lc_cap_name(cap, name))))
			return NULL;
	}
	return json_incref(array);
}

int lc_json_set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) ? -ENOMEM : 0;
}

int lc_json_set_text(json_t *object, const char *key, const char *text)
{
	return text ? lc_json_set(object, key, lc_json_text(text)) : 0;
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
