/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of a check as JSON, schema leastcap-check/1. */
#include "policy_private.h"

#include <leastcap/baseline.h>
#include <leastcap/cleanup.h>
#include <leastcap/json.h>
#include <leastcap/report.h>

#include <errno.h>

#define LC_CHECK_SCHEMA "leastcap-check/1"

/* Sets "line" of OBJECT, unless LINE is 0. */
static int set_line(json_t *object, size_t line)
{
	return line ? lc_json_set(object, "line", json_integer((json_int_t)line)) : 0;
}

static json_t *entry_value(const struct lc_allowed *allowed, bool recorded)
{
	_cleanup_json_ json_t *object = json_object();
	const char *name = allowed->target ? allowed->target->name : allowed->name;

	if (!object || lc_json_set_text(object, "name", name) || lc_json_set_text(object, "where", allowed->where) ||
		lc_json_set_text(object, "file", allowed->path) || set_line(object, allowed->line) ||
		lc_json_set(object, "recorded", json_boolean(recorded)))
		return NULL;
	return json_incref(object);
}

static json_t *entries_value(const struct lc_policy_result *result)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; i < result->policy->n; i++) {
		if (json_array_append_new(array, entry_value(&result->policy->list[i], result->findings->recorded[i])))
			return NULL;
	}
	return json_incref(array);
}

static json_t *target_value(const struct lc_target *target)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set_text(object, "name", target->name) || lc_json_set_text(object, "id", target->id) ||
		lc_json_set_text(object, "image", target->image) ||
		lc_json_set_text(object, "project", target->project) ||
		lc_json_set_text(object, "service", target->service) || lc_json_set_text(object, "pod", target->pod) ||
		lc_json_set_text(object, "namespace", target->namespace))
		return NULL;
	return json_incref(object);
}

/* What a person has said of it in the baseline. */
static json_t *accepted_value(const struct lc_accepted *accepted)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set_text(object, "name", accepted->name) ||
		lc_json_set_text(object, "reason", accepted->reason) ||
		lc_json_set_text(object, "owner", accepted->owner) ||
		lc_json_set_text(object, "expires", accepted->expires) ||
		lc_json_set(object, "expired", json_boolean(accepted->expired)) ||
		lc_json_set_text(object, "file", accepted->path) || set_line(object, accepted->line))
		return NULL;
	return json_incref(object);
}

static json_t *finding_value(const struct lc_policy *policy, const struct lc_finding *finding)
{
	_cleanup_json_ json_t *object = json_object();
	struct lc_strbuf message = {0};

	if (!object || lc_json_set_text(object, "kind", lc_finding_kind_name(finding->kind)) ||
		lc_json_set(object, "fails", json_boolean(finding->fails)) ||
		lc_json_set(object, "capabilities", lc_json_capabilities(finding->caps, false)) ||
		(finding->target && lc_json_set(object, "target", target_value(finding->target))) ||
		(finding->allowed && (lc_json_set_text(object, "where", finding->allowed->where) ||
					     lc_json_set_text(object, "file", finding->allowed->path))) ||
		(finding->accepted && lc_json_set(object, "accepted", accepted_value(finding->accepted))) ||
		(finding->kind != LC_FINDING_STALE && set_line(object, lc_finding_line(finding))))
		return NULL;
	lc_policy_add_message(&message, policy, finding);
	return lc_json_set(object, "message", lc_json_taken(&message)) ? NULL : json_incref(object);
}

static json_t *findings_value(const struct lc_policy_result *result)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; i < result->findings->n; i++) {
		if (json_array_append_new(array, finding_value(result->policy, &result->findings->list[i])))
			return NULL;
	}
	return json_incref(array);
}

static int render(const struct lc_policy_result *result, struct lc_strbuf *out)
{
	static const char *const kinds[] = {
		[LC_POLICY_COMPOSE] = "compose",
		[LC_POLICY_KUBERNETES] = "kubernetes",
		[LC_POLICY_PROFILE] = "profile",
	};
	_cleanup_json_ json_t *root = json_object();
	struct lc_strbuf lost = {0};

	if (!root || lc_json_set_text(root, "schema", LC_CHECK_SCHEMA) ||
		lc_json_set_text(root, "tool", "leastcap " LC_VERSION) ||
		lc_json_set_text(root, "file", result->policy->path) ||
		lc_json_set_text(root, "kind", kinds[result->policy->kind]) ||
		lc_json_set(root, "passed", json_boolean(lc_policy_passed(result))) ||
		lc_json_set_text(root, "baseline", result->findings->baseline) ||
		lc_json_set(root, "accepted", json_integer((json_int_t)result->findings->n_accepted)) ||
		lc_json_set(root, "passed_over", json_integer((json_int_t)result->findings->n_passed_over)) ||
		lc_json_set(root, "entries", entries_value(result)) ||
		lc_json_set(root, "findings", findings_value(result)))
		return -ENOMEM;
	lc_policy_add_lost(&lost, result);
	if (lost.length && lc_json_set(root, "incomplete", lc_json_taken(&lost)))
		return -ENOMEM;
	lc_strbuf_free(&lost);
	return lc_json_render(root, out);
}

const struct lc_policy_format lc_policy_json = {
	.name = "json",
	.description = "for programs: JSON, schema leastcap-check/1",
	.render = render,
};
