/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The difference between two profiles as JSON, schema leastcap-diff/1. */
#include "json_parts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/json.h>
#include <leastcap/report.h>

#include <errno.h>
#include <jansson.h>

#define LC_DIFF_SCHEMA "leastcap-diff/1"

/* One capability, with what asked for it where that is known. */
static json_t *capability_value(int cap, const struct lc_check *caller)
{
	_cleanup_json_ json_t *object = json_object();
	char name[LC_CAP_NAME_SIZE];

	if (!object || lc_json_set(object, "cap", json_string(lc_cap_name(cap, name))))
		return NULL;
	if (caller && lc_json_set_asker(object, caller))
		return NULL;
	return json_incref(object);
}

/* Each capability in CAPS, with what asked for it in SIDE unless that is NULL. */
static json_t *capabilities_value(uint64_t caps, const struct lc_diff_side *side)
{
	_cleanup_json_ json_t *array = json_array();

	for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
		if (json_array_append_new(array, capability_value(cap, side ? lc_diff_caller(side, cap) : NULL)))
			return NULL;
	}
	return json_incref(array);
}

static json_t *list_value(const struct lc_diff_target *target, enum lc_diff_list list)
{
	_cleanup_json_ json_t *object = json_object();
	const struct lc_diff_side *side = list == LC_DIFF_UNUSED ? NULL : &target->new;

	if (!object || lc_json_set(object, "added", capabilities_value(lc_diff_added(target, list), side)) ||
		lc_json_set(object, "removed", capabilities_value(lc_diff_removed(target, list), NULL)))
		return NULL;
	return json_incref(object);
}

static json_t *refusals_value(const struct lc_diff_refusals *refusals)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; i < refusals->n; i++) {
		if (json_array_append_new(array, lc_json_refusal(refusals->list[i])))
			return NULL;
	}
	return json_incref(array);
}

static json_t *patch_value(const struct lc_proof *proof)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set_text(object, "name", proof->patch) ||
		lc_json_set_text(object, "sha256", proof->patch_sha256))
		return NULL;
	return json_incref(object);
}

/* The proofs of TARGET that were made with a patch. */
static json_t *patched_value(const struct lc_diff_target *target)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || (target->old_patched && lc_json_set(object, "old", patch_value(target->old_patched))) ||
		(target->new_patched && lc_json_set(object, "new", patch_value(target->new_patched))))
		return NULL;
	return json_incref(object);
}

static json_t *target_value(const struct lc_diff_target *target)
{
	static const char *const keys[LC_DIFF_LIST_N] = {"cap_add", "wanted", "unused"};
	_cleanup_json_ json_t *object = json_object();
	const struct lc_target *old = target->old.n ? target->old.targets[0] : NULL;
	const struct lc_target *new = target->new.n ? target->new.targets[0] : NULL;
	const struct lc_target *shown = new ? new : old;

	if (!object || !shown ||
		lc_json_set_text(object, "change",
			old && new ? "changed"
			: new      ? "new"
				   : "gone") ||
		lc_json_set_text(object, "kind", lc_target_kind_name(shown->kind)) ||
		lc_json_set_text(object, "name", shown->name) || lc_json_set_text(object, "project", shown->project) ||
		lc_json_set_text(object, "service", shown->service) ||
		lc_json_set_text(object, "image", new ? new->image : NULL) ||
		lc_json_set_text(object, "old_image", old ? old->image : NULL))
		return NULL;
	for (enum lc_diff_list list = 0; list < LC_DIFF_LIST_N; list++) {
		if (lc_json_set(object, keys[list], list_value(target, list)))
			return NULL;
	}
	if (target->proven_image && lc_json_set(object, "stale_proof",
					    json_pack("{s:o, s:o}", "of", lc_json_text(target->proven_image), "now",
						    lc_json_text(target->new_image))))
		return NULL;
	if ((target->old_patched || target->new_patched) && lc_json_set(object, "patched_proof", patched_value(target)))
		return NULL;
	if ((target->came.n || target->went.n) &&
		lc_json_set(object, "refused",
			json_pack("{s:o, s:o}", "added", refusals_value(&target->came), "removed",
				refusals_value(&target->went))))
		return NULL;
	return json_incref(object);
}

static json_t *lost_value(const struct lc_diff *diff)
{
	return json_pack("{s:I, s:I}", "old", (json_int_t)(diff->old->lost & INT64_MAX), "new",
		(json_int_t)(diff->new->lost &INT64_MAX));
}

/* Appends what PROFILE, the WHICH one, did not see of its targets' lives. 0 or -ENOMEM. */
static int add_partial(json_t *array, const struct lc_profile *profile, const char *which)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		lc_report_add_seen_in(&text, &profile->targets[i], which);
		if (text.failed || (text.length && json_array_append_new(array, lc_json_taken(&text))))
			return -ENOMEM;
	}
	return 0;
}

/* What is to be said of what was lost or not seen, where there is anything. 0 or -ENOMEM. */
static int set_notices(json_t *object, const struct lc_diff *diff)
{
	_cleanup_json_ json_t *array = json_array();
	const struct {
		const struct lc_profile *profile;
		const char *which;
	} sides[] = {{diff->old, "old"}, {diff->new, "new"}};

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		lc_report_add_lost_of(&text, sides[i].profile, NULL, sides[i].which);
		if (text.failed || (text.length && json_array_append_new(array, lc_json_taken(&text))) ||
			add_partial(array, sides[i].profile, sides[i].which))
			return -ENOMEM;
	}
	return json_array_size(array) ? json_object_set(object, "notices", array) : 0;
}

static json_t *diff_value(const struct lc_diff *diff)
{
	_cleanup_json_ json_t *object = json_object();
	_cleanup_json_ json_t *targets = json_array();

	for (size_t i = 0; targets && i < diff->n; i++) {
		if (json_array_append_new(targets, target_value(&diff->list[i])))
			return NULL;
	}
	if (!object || lc_json_set(object, "schema", json_string(LC_DIFF_SCHEMA)) ||
		lc_json_set(object, "lost", lost_value(diff)) || set_notices(object, diff) ||
		json_object_set(object, "targets", targets))
		return NULL;
	return json_incref(object);
}

int lc_diff_json(const struct lc_diff *diff, struct lc_strbuf *out)
{
	_cleanup_json_ json_t *value = diff_value(diff);

	return lc_json_render(value, out);
}
