/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The difference between two profiles as JSON, schema leastcap-diff/1. */
#include "json_parts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/report.h>

#include <errno.h>
#include <jansson.h>

#define LC_DIFF_SCHEMA "leastcap-diff/1"

static void cleanup_json(json_t **value)
{
	json_decref(*value);
}

/* The set_ functions return 0 or -ENOMEM. A value that could not be made is NULL, which jansson refuses. */
static int set(json_t *object, const char *key, json_t *value)
{
	return json_object_set_new(object, key, value) ? -ENOMEM : 0;
}

/* Leaves out what is unknown. */
static int set_text(json_t *object, const char *key, const char *text)
{
	_cleanup_free_ char *valid = lc_utf8_dup(text);

	if (!text)
		return 0;
	return valid ? set(object, key, json_string(valid)) : -ENOMEM;
}

/* One capability, with what asked for it where that is known. */
static json_t *capability_value(int cap, const struct lc_check *caller)
{
	_cleanup_(cleanup_json) json_t *object = json_object();
	char name[LC_CAP_NAME_SIZE];

	if (!object || set(object, "cap", json_string(lc_cap_name(cap, name))))
		return NULL;
	if (caller &&
		(set_text(object, "class", lc_class_name(caller->class)) || set_text(object, "exe", caller->exe) ||
			set_text(object, "comm", caller->comm) || set_text(object, "syscall", caller->syscall) ||
			set_text(object, "caller", caller->caller) || set_text(object, "about", caller->about) ||
			set_text(object, "user", caller->user) || set_text(object, "result", caller->result) ||
			set_text(object, "why", caller->why)))
		return NULL;
	return json_incref(object);
}

/* What asked is looked for in SIDE; NULL: it does not matter. */
static json_t *capabilities_value(uint64_t caps, const struct lc_diff_side *side)
{
	_cleanup_(cleanup_json) json_t *array = json_array();

	for (int cap = 0; array && cap < 64; cap++) {
		if (caps & LC_CAP_BIT(cap) &&
			json_array_append_new(array, capability_value(cap, side ? lc_diff_caller(side, cap) : NULL)))
			return NULL;
	}
	return json_incref(array);
}

static json_t *list_value(const struct lc_diff_target *target, enum lc_diff_list list)
{
	_cleanup_(cleanup_json) json_t *object = json_object();
	const struct lc_diff_side *side = list == LC_DIFF_UNUSED ? NULL : &target->new;

	if (!object || set(object, "added", capabilities_value(lc_diff_added(target, list), side)) ||
		set(object, "removed", capabilities_value(lc_diff_removed(target, list), NULL)))
		return NULL;
	return json_incref(object);
}

static json_t *target_value(const struct lc_diff_target *target)
{
	static const char *const keys[LC_DIFF_LIST_N] = {"cap_add", "wanted", "unused"};
	_cleanup_(cleanup_json) json_t *object = json_object();
	const struct lc_target *old = target->old.n ? target->old.targets[0] : NULL;
	const struct lc_target *new = target->new.n ? target->new.targets[0] : NULL;
	const struct lc_target *shown = new ? new : old;

	if (!object || !shown ||
		set_text(object, "change",
			old && new ? "changed"
			: new      ? "new"
				   : "gone") ||
		set_text(object, "kind", lc_target_kind_name(shown->kind)) || set_text(object, "name", shown->name) ||
		set_text(object, "project", shown->project) || set_text(object, "service", shown->service) ||
		set_text(object, "image", new ? new->image : NULL) ||
		set_text(object, "old_image", old ? old->image : NULL))
		return NULL;
	for (enum lc_diff_list list = 0; list < LC_DIFF_LIST_N; list++) {
		if (set(object, keys[list], list_value(target, list)))
			return NULL;
	}
	return json_incref(object);
}

static json_t *lost_value(const struct lc_diff *diff)
{
	return json_pack("{s:I, s:I}", "old", (json_int_t)(diff->old->lost & INT64_MAX), "new",
		(json_int_t)(diff->new->lost &INT64_MAX));
}

/* What is to be said of what was lost, where there is anything. 0 or -ENOMEM. */
static int set_notices(json_t *object, const struct lc_diff *diff)
{
	_cleanup_(cleanup_json) json_t *array = json_array();
	const struct {
		const struct lc_profile *profile;
		const char *which;
	} sides[] = {{diff->old, "old"}, {diff->new, "new"}};

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		lc_report_add_lost_of(&text, sides[i].profile, NULL, sides[i].which);
		if (text.failed || (text.length && json_array_append_new(array, lc_json_taken(&text))))
			return -ENOMEM;
	}
	return json_array_size(array) ? json_object_set(object, "notices", array) : 0;
}

static json_t *diff_value(const struct lc_diff *diff)
{
	_cleanup_(cleanup_json) json_t *object = json_object();
	_cleanup_(cleanup_json) json_t *targets = json_array();

	for (size_t i = 0; targets && i < diff->n; i++) {
		if (json_array_append_new(targets, target_value(&diff->list[i])))
			return NULL;
	}
	if (!object || set(object, "schema", json_string(LC_DIFF_SCHEMA)) || set(object, "lost", lost_value(diff)) ||
		set_notices(object, diff) || json_object_set(object, "targets", targets))
		return NULL;
	return json_incref(object);
}

int lc_diff_json(const struct lc_diff *diff, struct lc_strbuf *out)
{
	_cleanup_(cleanup_json) json_t *value = diff_value(diff);
	_cleanup_free_ char *text = value ? json_dumps(value, JSON_INDENT(2)) : NULL;

	if (!text)
		return -ENOMEM;
	lc_strbuf_adds(out, text);
	lc_strbuf_adds(out, "\n");
	return out->failed ? -ENOMEM : 0;
}
