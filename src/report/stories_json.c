/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The stories of a profile as JSON, schema leastcap-explain/1. */
#include <leastcap/story.h>

#include "json_parts.h"
#include "refused.h"
#include "story_parts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/explain.h>
#include <leastcap/json.h>

#include <errno.h>
#include <jansson.h>

#define LC_EXPLAIN_SCHEMA "leastcap-explain/1"

/* Sets KEY of OBJECT to the time NS where it is known. 0 or -ENOMEM. */
static int set_time(json_t *object, const char *key, int64_t ns)
{
	struct lc_strbuf text = {0};

	if (!ns)
		return 0;
	lc_clock_add_utc(&text, "%Y-%m-%dT%H:%M:%SZ", ns);
	return lc_json_set(object, key, lc_json_taken(&text));
}

static int set_count(json_t *object, uint64_t count)
{
	return lc_json_set(object, "count", json_integer((json_int_t)(count & INT64_MAX)));
}

static json_t *frame_value(const struct lc_frame *frame)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set_text(object, "function", frame->function) ||
		lc_json_set_text(object, "module", frame->module) || lc_json_set_text(object, "file", frame->file) ||
		(frame->line && lc_json_set(object, "line", json_integer(frame->line))) ||
		(!frame->function &&
			lc_json_set(object, "offset", json_integer((json_int_t)(frame->offset & INT64_MAX)))))
		return NULL;
	return json_incref(object);
}

/* Sets KEY of OBJECT to the functions of SHARED, which may be NULL, the innermost first. 0 or -ENOMEM. */
static int set_stack(json_t *object, const char *key, const struct lc_shared_stack *shared)
{
	_cleanup_json_ json_t *array = shared ? json_array() : NULL;

	if (!shared)
		return 0;
	for (size_t i = 0; i < shared->stack.n; i++) {
		if (json_array_append_new(array, frame_value(&shared->stack.frames[i])))
			return -ENOMEM;
	}
	return json_object_set(object, key, array) ? -ENOMEM : 0;
}

static json_t *check_value(const struct lc_check *check)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set_asker(object, check) ||
		lc_json_set_text(object, "verdict", lc_verdict_name(check->verdict)) ||
		set_count(object, check->count) || set_time(object, "first", check->first_ns) ||
		set_time(object, "last", check->last_ns) ||
		lc_json_set_text(object, "consequence", lc_story_consequence(check->class)) ||
		(check->survivable && lc_json_set(object, "verify", json_true())) ||
		set_stack(object, "program_stack", check->user_stack) ||
		set_stack(object, "kernel_stack", check->kernel_stack))
		return NULL;
	return json_incref(object);
}

/* What was asked of CAP in TARGET, by class and the most frequent first. */
static json_t *evidence_value(const struct lc_target *target, int cap)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; i < target->n_evidence; i++) {
		if (target->evidence[i].cap == cap && json_array_append_new(array, check_value(&target->evidence[i])))
			return NULL;
	}
	return json_incref(array);
}

static json_t *refused_value(const struct lc_report_refusal *row)
{
	_cleanup_json_ json_t *object = lc_json_refusal(row->failure);

	if (!object || set_count(object, row->count) || set_time(object, "first", row->failure->first_ns) ||
		set_time(object, "last", row->failure->last_ns))
		return NULL;
	return json_incref(object);
}

/* The refused calls of TARGET that are CHOSEN, the most frequent first. */
static json_t *refusals_value(const struct lc_target *target, const struct lc_story_chosen *chosen)
{
	_cleanup_(lc_report_refusals_clear) struct lc_report_refusals refusals = {0};
	_cleanup_json_ json_t *array = json_array();

	if (lc_report_refusals_fill(&refusals, target, true))
		return NULL;
	for (size_t i = 0; i < refusals.n; i++) {
		if (lc_story_is_chosen(target, refusals.list[i].failure, chosen) &&
			json_array_append_new(array, refused_value(&refusals.list[i])))
			return NULL;
	}
	return json_incref(array);
}

static json_t *advice_value(const struct lc_target *target, int cap)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; i < target->n_advice; i++) {
		if (target->advice[i].cap == cap && json_array_append_new(array, lc_json_text(target->advice[i].text)))
			return NULL;
	}
	return json_incref(array);
}

static json_t *capability_value(const struct lc_target *target, int cap)
{
	const struct lc_explanation *explanation = lc_explain(cap);
	const uint64_t bit = LC_CAP_BIT(cap);
	_cleanup_json_ json_t *object = json_object();
	char name[LC_CAP_NAME_SIZE];

	if (!object || lc_json_set(object, "cap", json_string(lc_cap_name(cap, name))) ||
		lc_json_set(object, "on_list", json_boolean(target->cap_add & bit)) ||
		lc_json_set(object, "verify", json_boolean(target->cap_add & target->verify & bit)) ||
		lc_json_set(object, "wanted", json_boolean(target->wanted & bit)) ||
		lc_json_set(object, "granted", json_boolean(target->granted & bit)) ||
		lc_json_set_text(object, "meaning", explanation ? explanation->meaning : NULL) ||
		lc_json_set(object, "evidence", evidence_value(target, cap)) ||
		lc_json_set(object, "refused", refusals_value(target, &(struct lc_story_chosen){.cap = cap})) ||
		lc_json_set(object, "advice", advice_value(target, cap)))
		return NULL;
	return json_incref(object);
}

static json_t *capabilities_value(const struct lc_target *target, const struct lc_story_asked *asked)
{
	_cleanup_json_ json_t *array = json_array();
	uint64_t caps = lc_story_caps(asked, target);

	for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
		if (json_array_append_new(array, capability_value(target, cap)))
			return NULL;
	}
	return json_incref(array);
}

/* Each call that was asked for, with its refusals. */
static json_t *calls_value(const struct lc_target *target, const struct lc_story_asked *asked)
{
	_cleanup_json_ json_t *array = json_array();

	for (size_t i = 0; i < asked->n_calls; i++) {
		const struct lc_story_chosen chosen = {.syscall = asked->calls[i], .cap = -1};
		_cleanup_json_ json_t *object = json_object();

		if (!lc_story_tells_call(asked, target, i))
			continue;
		if (!object || lc_json_set_text(object, "syscall", asked->calls[i]) ||
			lc_json_set(object, "refused", refusals_value(target, &chosen)) ||
			json_array_append(array, object))
			return NULL;
	}
	return json_incref(array);
}

static json_t *target_value(const struct lc_target *target, const struct lc_story_asked *asked)
{
	const struct lc_story_chosen rest = {.cap = -1};
	_cleanup_json_ json_t *object = json_object();

	if (!object || lc_json_set_text(object, "kind", lc_target_kind_name(target->kind)) ||
		lc_json_set_text(object, "name", target->name) ||
		lc_json_set_text(object, "project", target->project) ||
		lc_json_set_text(object, "service", target->service) ||
		lc_json_set_text(object, "namespace", target->namespace) ||
		lc_json_set_text(object, "pod", target->pod) || lc_json_set_text(object, "image", target->image) ||
		lc_json_set(object, "capabilities", capabilities_value(target, asked)) ||
		lc_json_set(object, "calls", calls_value(target, asked)) ||
		(lc_story_tells_rest(asked, target) && lc_json_set(object, "refused", refusals_value(target, &rest))))
		return NULL;
	return json_incref(object);
}

int lc_stories_json(const struct lc_profile *profile, const struct lc_story_asked *asked, struct lc_strbuf *out)
{
	_cleanup_json_ json_t *object = json_object();
	_cleanup_json_ json_t *targets = json_array();

	for (size_t i = 0; targets && i < profile->n_targets; i++) {
		if (json_array_append_new(targets, target_value(&profile->targets[i], asked)))
			return -ENOMEM;
	}
	if (!object || lc_json_set(object, "schema", json_string(LC_EXPLAIN_SCHEMA)) ||
		lc_json_set(object, "notices", lc_json_notices(profile)) || json_object_set(object, "targets", targets))
		return -ENOMEM;
	return lc_json_render(object, out);
}
