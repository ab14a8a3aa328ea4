/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From samples to targets: labels say of which workload each is, and what several say of one is united as a merge of their profiles would. */
#include "workloads.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/judge.h>
#include <leastcap/message.h>
#include <leastcap/sha256.h>

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A target, and what its lists are made of at the end. */
struct lc_workload_note {
	struct lc_target target;
	uint64_t definite;
	uint64_t used;
	uint64_t wanted_held;
	int64_t first_ns;
	int64_t last_ns;
};

/* The labels of a workload. "": there is none. */
struct labels {
	const char *kind, *namespace, *workload, *container, *image, *image_id;
};

/* What METRIC's labels say at NAME, or where a scrape had a label of its own of that name, at EXPORTED. */
static const char *label(const json_t *metric, const char *name, const char *exported)
{
	const char *own = exported ? json_string_value(json_object_get(metric, exported)) : NULL;
	const char *text = own && *own ? own : json_string_value(json_object_get(metric, name));

	return text ? text : "";
}

static struct labels read_labels(const json_t *metric)
{
	const char *kind = label(metric, "kind", NULL);
	bool is_pods = strcmp(kind, "kubernetes") == 0, is_compose = strcmp(kind, "compose") == 0;

	/* What a workload of this kind does not have is the scrape's own. */
	return (struct labels){
		.kind = kind,
		.namespace = is_pods || is_compose ? label(metric, "namespace", "exported_namespace") : "",
		.workload = label(metric, "workload", NULL),
		.container = is_pods ? label(metric, "container", "exported_container") : "",
		.image = label(metric, "image", "exported_image"),
		.image_id = label(metric, "image_id", NULL),
	};
}

/* A text of LABELS that no other workload has. Each has its length before it, so that none can be taken for two. */
static int make_key(const struct lc_workloads *workloads, const struct labels *labels, char key[LC_SHA256_SIZE])
{
	/* A compose service is one whatever its image, as in a merge. */
	bool any_image = workloads->by_workload || strcmp(labels->kind, "compose") == 0;
	const char *const parts[] = {
		labels->kind, labels->namespace, labels->workload, labels->container, any_image ? "" : labels->image};
	struct lc_strbuf text = {0};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		lc_strbuf_addf(&text, "%zu:%s", strlen(parts[i]), parts[i]);
	if (!text.failed)
		lc_sha256(text.text, text.length, key);
	lc_strbuf_free(&text);
	return text.failed ? -ENOMEM : 0;
}

/* Sets *INTO to TEXT, or leaves it NULL where that is empty. 0 or -ENOMEM. */
static int set(char **into, const char *text)
{
	return *text ? lc_copy_to(into, text) : 0;
}

/* Names TARGET by LABELS, of a kind that says what they are. 0 or -ENOMEM. */
static int name_target(struct lc_target *target, const struct labels *labels)
{
	static const struct {
		const char *kind;
		enum lc_target_kind is;
	} kinds[] = {{"unit", LC_TARGET_SERVICE}, {"command", LC_TARGET_COMMAND}, {"cgroup", LC_TARGET_CGROUP}};
	bool is_pods = strcmp(labels->kind, "kubernetes") == 0, is_compose = strcmp(labels->kind, "compose") == 0;
	int r;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(labels->kind, kinds[i].kind) == 0)
			target->kind = kinds[i].is;
	}
	r = lc_copy_to(&target->name, is_pods ? labels->container : labels->workload)
		    ?: set(&target->image, labels->image);
	if (!r && is_pods)
		r = set(&target->namespace, labels->namespace) ?: set(&target->pod, labels->workload);
	if (!r && is_compose)
		r = set(&target->project, labels->namespace) ?: set(&target->service, labels->workload);
	return r;
}

/* Adds a note of the workload that LABELS name, under KEY. NULL when out of memory. */
static struct lc_workload_note *add_note(struct lc_workloads *workloads, const struct labels *labels, const char *key)
{
	struct lc_workload_note **grown = lc_array_grow(workloads->notes, workloads->n, sizeof(void *));
	struct lc_workload_note *note = calloc(1, sizeof(*note));

	if (grown)
		workloads->notes = grown;
	if (!grown || !note) {
		free(note);
		return NULL;
	}
	grown[workloads->n++] = note;
	if (lc_copy_to(&note->target.origin, workloads->origin) || name_target(&note->target, labels) ||
		lc_table_put(workloads->by_key, key, note))
		return NULL;
	return note;
}

/* The note of the workload that LABELS name, which is made where it is not there. NULL when out of memory. */
static struct lc_workload_note *find_note(struct lc_workloads *workloads, const struct labels *labels)
{
	char key[LC_SHA256_SIZE];
	struct lc_workload_note *note;

	if (!workloads->by_key)
		workloads->by_key = lc_table_new(sizeof(key));
	if (!workloads->by_key || make_key(workloads, labels, key))
		return NULL;
	note = lc_table_get(workloads->by_key, key);
	return note ? note : add_note(workloads, labels, key);
}

/* Adds what LABELS say of TARGET's image to what others have said. As in a merge each is listed. 0 or -ENOMEM. */
static int add_image(struct lc_target *target, const struct labels *labels)
{
	int r = *labels->image ? lc_merge_unite_values(&target->image, labels->image) : 0;

	return r || !*labels->image_id ? r : lc_merge_unite_values(&target->image_id, labels->image_id);
}

/* The value of SAMPLE, not below 0, or a negative number where it has none. */
static double value_of(const json_t *sample)
{
	const char *text = json_string_value(json_array_get(json_object_get(sample, "value"), 1));
	char *end = NULL;
	double value = text && *text ? strtod(text, &end) : -1;

	return end && !*end && isfinite(value) ? value : -1;
}

/* VALUE as a count: what was extrapolated is rounded. */
static uint64_t count_of(double value)
{
	return value >= (double)LC_COUNT_MAX ? LC_COUNT_MAX : (uint64_t)(value + 0.5);
}

static int complain_newer(const char *what, const char *name, char **message)
{
	return lc_complain(message, -ENOTSUP,
		"the series have %s '%s', which a newer leastcap knows and this one does not", what, name);
}

/* Adds VALUE to the evidence of CAP of CLASS and VERDICT. What else is known of such checks is what their class means. 0 or -ENOMEM. */
static int add_checks(struct lc_target *target, int cap, enum lc_class class, enum lc_verdict verdict, uint64_t count)
{
	struct lc_check check = {
		.cap = cap,
		.class = class,
		.verdict = verdict,
		.count = count,
		.authority = verdict == LC_VERDICT_DENIED ? LC_AUTHORITY_NONE
			     : class == LC_CLASS_OWNER    ? LC_AUTHORITY_OWNER
							  : LC_AUTHORITY_EFFECTIVE,
		.credential = class == LC_CLASS_OVERRIDDEN ? LC_CREDENTIAL_OVERRIDDEN : LC_CREDENTIAL_OWN,
		.phase = class == LC_CLASS_SETUP ? LC_PHASE_SETUP : LC_PHASE_WORKLOAD,
		.userns = class == LC_CLASS_NESTED ? LC_USERNS_OTHER : LC_USERNS_TARGET,
		.audited = LC_AUDITED_UNKNOWN,
	};

	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *other = &target->evidence[i];

		if (other->cap != cap || other->class != class || other->verdict != verdict)
			continue;
		other->count = lc_count_add(other->count, count);
		return 0;
	}
	return lc_target_add_evidence(target, &check);
}

static int take_checks(struct lc_workload_note *note, const json_t *metric, int cap, uint64_t count, char **message)
{
	const char *class_name = label(metric, "class", NULL), *verdict_name = label(metric, "verdict", NULL);
	int class = lc_class_from_name(class_name), verdict = lc_verdict_from_name(verdict_name);

	if (class < 0)
		return complain_newer("the class", class_name, message);
	if (verdict < 0)
		return complain_newer("the verdict", verdict_name, message);
	if (verdict == LC_VERDICT_GRANTED && lc_judge_is_use((enum lc_class) class))
		note->used |= LC_CAP_BIT(cap);
	return add_checks(&note->target, cap, (enum lc_class) class, (enum lc_verdict)verdict, count);
}

/* Adds COUNT to TARGET's refused calls of METRIC's cause and name. 0 or -errno. */
static int take_calls(struct lc_target *target, const json_t *metric, uint64_t count, char **message)
{
	const char *cause_name = label(metric, "cause", NULL), *call = label(metric, "call", NULL);
	struct lc_failure failure = {.cause = (enum lc_cause)lc_cause_from_name(cause_name), .count = count};
	int r;

	if (lc_cause_from_name(cause_name) < 0)
		return complain_newer("the cause", cause_name, message);
	for (size_t i = 0; i < target->n_failures; i++) {
		struct lc_failure *other = &target->failures[i];

		if (other->cause != failure.cause || strcmp(other->syscall ? other->syscall : "", call) != 0)
			continue;
		other->count = lc_count_add(other->count, count);
		return 0;
	}
	r = set(&failure.syscall, call) ?: lc_target_add_failure(target, &failure);
	if (r)
		lc_failure_clear(&failure);
	return r;
}

/* Seconds since 1970 as nanoseconds, in what an hour of this age can be. */
static int64_t time_of(double value)
{
	return value < 1e10 ? (int64_t)(value * 1e3) * LC_NS_PER_MS : 0;
}

/* Takes what TOLD says of CAP of a workload. */
static void take_capability(struct lc_workload_note *note, enum lc_told told, int cap)
{
	uint64_t *const masks[] = {
		[LC_TOLD_REQUIRED] = &note->target.cap_add,
		[LC_TOLD_DEFINITE] = &note->definite,
		[LC_TOLD_GRANTED] = &note->target.granted,
		[LC_TOLD_USED] = &note->used,
		[LC_TOLD_WANTED] = &note->target.wanted,
		[LC_TOLD_WANTED_HELD] = &note->wanted_held,
	};

	*masks[told] |= LC_CAP_BIT(cap);
}

/* Takes a time at which a workload was first or last seen. */
static void take_time(struct lc_workload_note *note, enum lc_told told, int64_t ns)
{
	if (told == LC_TOLD_FIRST && (!note->first_ns || ns < note->first_ns))
		note->first_ns = ns;
	if (told == LC_TOLD_LAST && ns > note->last_ns)
		note->last_ns = ns;
}

/* Takes what is about a workload. */
static int take_of_workload(
	struct lc_workloads *workloads, enum lc_told told, const json_t *metric, double value, char **message)
{
	const struct labels labels = read_labels(metric);
	const char *name = label(metric, "capability", NULL);
	int cap = told <= LC_TOLD_CHECKS ? lc_cap_from_name(name) : 0;
	struct lc_workload_note *note;

	if (cap < 0 || cap > 63)
		return complain_newer("the capability", name, message);
	note = find_note(workloads, &labels);
	if (!note || add_image(&note->target, &labels))
		return -ENOMEM;
	if (told < LC_TOLD_CHECKS)
		take_capability(note, told, cap);
	else if (told == LC_TOLD_CHECKS)
		return take_checks(note, metric, cap, count_of(value), message);
	else if (told == LC_TOLD_CALLS)
		return take_calls(&note->target, metric, count_of(value), message);
	else if (told == LC_TOLD_LOST)
		note->target.losses.of[LC_LOSS_CHECKS] =
			lc_count_add(note->target.losses.of[LC_LOSS_CHECKS], count_of(value));
	else
		take_time(note, told, time_of(value));
	return 0;
}

/* What METRIC, of leastcap_info, says of a node. 0 or -ENOMEM. */
static int take_info(struct lc_workloads *workloads, const json_t *metric)
{
	struct lc_profile host = {0};
	const char *version = label(metric, "version", NULL);
	int r = set(&host.kernel, label(metric, "kernel", NULL)) ?: set(&host.hook, label(metric, "hook", NULL));

	if (!r && *version && asprintf(&host.tool, "leastcap %s", version) < 0) {
		host.tool = NULL;
		r = -ENOMEM;
	}
	r = r ?: lc_merge_add(&workloads->hosts, &host);
	lc_profile_clear(&host);
	return r;
}

int lc_workloads_take(struct lc_workloads *workloads, enum lc_told told, const json_t *sample, char **message)
{
	const json_t *metric = json_object_get(sample, "metric");
	double value = value_of(sample);

	if (!json_is_object(metric) || value < 0)
		return lc_complain(
			message, -EPROTO, "a sample of the answer is none that leastcap could have asked for");
	switch (told) {
	case LC_TOLD_ALL_LOST:
		workloads->all_lost = lc_count_add(workloads->all_lost, count_of(value));
		return 0;
	case LC_TOLD_DROPPED:
		workloads->dropped = lc_count_add(workloads->dropped, count_of(value));
		return 0;
	case LC_TOLD_INFO:
		return take_info(workloads, metric);
	default:
		return take_of_workload(workloads, told, metric, value, message);
	}
}

/* Makes the lists of NOTE's target, as the judge does of the evidence of all nodes: src/judge/decide.c. */
static void settle(struct lc_workload_note *note)
{
	struct lc_target *target = &note->target;

	target->verify = target->cap_add & ~note->definite;
	target->unused = target->granted & ~note->used & ~target->cap_add;
	target->wanted &= ~target->cap_add;
	/* Whoever was denied on one node what it is granted on another lacks it no more. */
	if (target->kind == LC_TARGET_CONTAINER)
		target->wanted &= ~target->granted | note->wanted_held;
	for (size_t i = 0; i < target->n_evidence; i++) {
		target->evidence[i].first_ns = note->first_ns;
		target->evidence[i].last_ns = note->last_ns;
	}
	for (size_t i = 0; i < target->n_failures; i++) {
		target->failures[i].first_ns = note->first_ns;
		target->failures[i].last_ns = note->last_ns;
	}
}

int lc_workloads_finish(struct lc_workloads *workloads, struct lc_profile *profile)
{
	uint64_t theirs = 0;
	int r = lc_merge_finish(&workloads->hosts, profile);

	for (size_t i = 0; !r && i < workloads->n; i++) {
		struct lc_target *target = lc_profile_add_target(profile);

		if (!target) {
			r = -ENOMEM;
			break;
		}
		settle(workloads->notes[i]);
		*target = workloads->notes[i]->target;
		workloads->notes[i]->target = (struct lc_target){0};
		theirs = lc_count_add(theirs, lc_losses_total(&target->losses));
	}
	if (r) {
		lc_profile_clear(profile);
		return r;
	}
	profile->started_ns = workloads->from_ns;
	profile->ended_ns = workloads->to_ns;
	profile->elsewhere.of[LC_LOSS_CHECKS] = workloads->all_lost > theirs ? workloads->all_lost - theirs : 0;
	profile->elsewhere.of[LC_LOSS_UNCOUNTED] = workloads->dropped;
	profile->lost = lc_count_add(theirs, lc_losses_total(&profile->elsewhere));
	lc_profile_sort(profile);
	return 0;
}

void lc_workloads_clear(struct lc_workloads *workloads)
{
	for (size_t i = 0; i < workloads->n; i++) {
		lc_target_clear(&workloads->notes[i]->target);
		free(workloads->notes[i]);
	}
	free(workloads->notes);
	lc_table_free(workloads->by_key, NULL);
	lc_merge_clear(&workloads->hosts);
	*workloads = (struct lc_workloads){0};
}
