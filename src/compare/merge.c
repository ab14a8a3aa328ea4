/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Merging: sorting brings together what agrees, and each time the pieces have doubled what agrees is united. */
#include "identity.h"

#include <leastcap/cleanup.h>
#include <leastcap/judge.h>
#include <leastcap/life.h>
#include <leastcap/merge.h>
#include <leastcap/model.h>
#include <leastcap/order.h>
#include <leastcap/strbuf.h>
#include <leastcap/workload.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* This many targets and pieces of evidence may wait to be united, even where fewer were there before. */
#define LC_LEAST_WAITING 16384

/* How many values a list may have. */
#define LC_MOST_VALUES 8

static const char several[] = "several";
static const char separator[] = ", ";

/* Compares times; an unknown one (0) comes last. */
static int compare_times(int64_t a, int64_t b)
{
	if (!a || !b)
		return (a == 0) - (b == 0);
	return LC_COMPARE_NUMBERS(a, b);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return compare_times(a, b) <= 0 ? a : b;
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Lists of values */

static int compare_values(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Splits LIST in place and appends its values to VALUES, which has room for all of them. */
static void split(char *list, char **values, size_t *n)
{
	while (list) {
		char *end = strstr(list, separator);

		if (end)
			*end = '\0';
		values[(*n)++] = list;
		list = end ? end + strlen(separator) : NULL;
	}
}

static char *join(char **values, size_t n)
{
	struct lc_strbuf list = {0};
	size_t different = 0;

	qsort(values, n, sizeof(*values), compare_values);
	for (size_t i = 0; i < n; i++) {
		if (i && strcmp(values[i - 1], values[i]) == 0)
			continue;
		if (different++ == LC_MOST_VALUES || strcmp(values[i], several) == 0) {
			lc_strbuf_free(&list);
			return strdup(several);
		}
		lc_strbuf_adds(&list, different > 1 ? separator : "");
		lc_strbuf_adds(&list, values[i]);
	}
	return lc_strbuf_steal(&list);
}

int lc_merge_unite_values(char **into, const char *from)
{
	_cleanup_free_ char *left = NULL;
	_cleanup_free_ char *right = NULL;
	_cleanup_free_ char **values = NULL;
	size_t n = 0;
	char *list;

	if (!from || (*into && strcmp(*into, from) == 0))
		return 0;
	left = lc_copy(*into);
	right = strdup(from);
	values = calloc((*into ? strlen(*into) : 0) + strlen(from) + 2, sizeof(*values));
	if (!right || !values || (*into && !left))
		return -ENOMEM;
	split(left, values, &n);
	split(right, values, &n);
	list = join(values, n);
	if (!list)
		return -ENOMEM;
	free(*into);
	*into = list;
	return 0;
}

static void swap_text(char **a, char **b)
{
	char *other = *b;

	*b = *a;
	*a = other;
}

/* Forgets *INTO unless FROM is the same. */
static void keep_equal(char **into, const char *from)
{
	if (lc_same_text(*into, from))
		return;
	free(*into);
	*into = NULL;
}

/* Forgets the proof unless FROM has the same: what others were seen to need is not what was tried. */
static void keep_equal_proof(struct lc_target *into, const struct lc_target *from)
{
	if (into->proof && from->proof && lc_proof_equal(into->proof, from->proof))
		return;
	lc_proof_free(into->proof);
	into->proof = NULL;
}

static void keep_first_of_alphabet(char **into, char **from)
{
	if (lc_compare_text(*from, *into) < 0)
		swap_text(into, from);
}

/* Evidence */

static int compare_objects(const struct lc_object *a, const struct lc_object *b)
{
	int order = lc_compare_text(a->path, b->path);

	if (!order)
		order = lc_compare_text(a->owner, b->owner);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->mode, b->mode);
	return order ? order : LC_COMPARE_NUMBERS(a->late, b->late);
}

/* Compares what all checks have to agree in. The judgement is not among that, because a merge judges anew. */
static int compare_facts(const struct lc_check *a, const struct lc_check *b)
{
	const struct {
		const char *a, *b;
	} texts[] = {
		{a->syscall, b->syscall},
		{a->caller, b->caller},
		{a->exe, b->exe},
		{a->result, b->result},
	};
	int order = LC_COMPARE_NUMBERS(a->cap, b->cap);

	if (!order)
		order = lc_check_compare_facts(a, b);
	for (size_t i = 0; !order && i < sizeof(texts) / sizeof(texts[0]); i++)
		order = lc_compare_text(texts[i].a, texts[i].b);
	return order;
}

/* 0 when two checks are one piece of evidence, otherwise their order. */
static int compare_evidence(const struct lc_check *a, const struct lc_check *b)
{
	int order = compare_facts(a, b);

	/* Where the facts agree, both are the target's own doing, or neither. */
	if (order || !lc_check_is_own(a))
		return order;
	order = lc_compare_text(lc_lasting_about(a->about), lc_lasting_about(b->about));
	if (!order)
		order = compare_objects(&a->object, &b->object);
	if (!order)
		order = lc_compare_text(a->user, b->user);
	/* Where the path of the program is not known, its name tells. */
	return order || a->exe ? order : lc_compare_text(a->comm, b->comm);
}

/* Of two checks that are one piece of evidence the lesser tells what it was about. */
static int compare_samples(const struct lc_check *a, const struct lc_check *b)
{
	int order = compare_times(a->first_ns, b->first_ns);

	if (!order)
		order = lc_compare_text(a->about, b->about);
	if (!order)
		order = lc_compare_text(a->comm, b->comm);
	if (!order)
		order = lc_compare_text(a->user, b->user);
	return order ? order : compare_objects(&a->object, &b->object);
}

static int compare_evidence_and_samples(const void *left, const void *right)
{
	int order = compare_evidence(left, right);

	return order ? order : compare_samples(left, right);
}

/* Leaves in *KEPT the lesser of two stacks, so that the order in which profiles are merged does not matter. */
static void keep_lesser(struct lc_shared_stack **kept, struct lc_shared_stack **other)
{
	struct lc_shared_stack *stack = *kept;

	if (!*other || (*kept && lc_shared_stack_compare(*kept, *other) <= 0))
		return;
	*kept = *other;
	*other = stack;
}

/* Sorts TARGET's evidence and unites what agrees. */
static void unite_evidence(struct lc_target *target)
{
	struct lc_check *evidence = target->evidence;
	size_t n = 0;

	if (!target->n_evidence)
		return;
	for (size_t i = 0; i < target->n_evidence; i++)
		evidence[i].count = lc_count_add(evidence[i].count, 0);
	qsort(evidence, target->n_evidence, sizeof(*evidence), compare_evidence_and_samples);
	for (size_t i = 1; i < target->n_evidence; i++) {
		struct lc_check *check = &evidence[i];

		if (compare_evidence(&evidence[n], check) != 0) {
			evidence[++n] = *check;
			continue;
		}
		evidence[n].count = lc_count_add(evidence[n].count, check->count);
		evidence[n].last_ns = later(evidence[n].last_ns, check->last_ns);
		lc_life_unite(&evidence[n], check);
		keep_lesser(&evidence[n].kernel_stack, &check->kernel_stack);
		keep_lesser(&evidence[n].user_stack, &check->user_stack);
		lc_check_clear(check);
	}
	target->n_evidence = n + 1;
}

/* Refused calls */

/* 0 when two refused calls are one, otherwise their order. */
static int compare_failures(const struct lc_failure *a, const struct lc_failure *b)
{
	struct lc_failure left = lc_failure_identity(a), right = lc_failure_identity(b);

	return lc_failure_compare_facts(&left, &right);
}

/* Of two that are one the lesser tells what the call was about. */
static int compare_failure_samples(const struct lc_failure *a, const struct lc_failure *b)
{
	int order = compare_times(a->first_ns, b->first_ns);

	if (!order)
		order = lc_compare_text(a->about, b->about);
	if (!order)
		order = lc_compare_text(a->comm, b->comm);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->cause, b->cause);
	return order ? order : compare_objects(&a->object, &b->object);
}

static int compare_failures_and_samples(const void *left, const void *right)
{
	int order = compare_failures(left, right);

	return order ? order : compare_failure_samples(left, right);
}

/* Sorts TARGET's refused calls and unites what agrees. */
static void unite_failures(struct lc_target *target)
{
	struct lc_failure *failures = target->failures;
	size_t n = 0;

	if (!target->n_failures)
		return;
	for (size_t i = 0; i < target->n_failures; i++)
		failures[i].count = lc_count_add(failures[i].count, 0);
	qsort(failures, target->n_failures, sizeof(*failures), compare_failures_and_samples);
	for (size_t i = 1; i < target->n_failures; i++) {
		struct lc_failure *failure = &failures[i];

		if (compare_failures(&failures[n], failure) != 0) {
			failures[++n] = *failure;
			continue;
		}
		failures[n].count = lc_count_add(failures[n].count, failure->count);
		failures[n].last_ns = later(failures[n].last_ns, failure->last_ns);
		lc_failure_clear(failure);
	}
	target->n_failures = n + 1;
}

/* Targets */

int lc_target_compare(const struct lc_target *a, const struct lc_target *b, bool with_image)
{
	int order = LC_COMPARE_NUMBERS(a->kind, b->kind);

	if (!order)
		order = lc_compare_text(a->project, b->project);
	if (!order)
		order = lc_compare_text(a->service, b->service);
	if (order || a->service)
		return order;
	order = lc_compare_text(a->name, b->name);
	return order || !with_image ? order : lc_compare_text(a->image, b->image);
}

static int compare_targets(const void *left, const void *right)
{
	int order = lc_target_compare(left, right, true);

	return order ? order : lc_workload_compare(left, right);
}

/* Whether TARGET may be one with other containers of the same image. */
static bool is_of_image(const struct lc_target *target)
{
	return target->kind == LC_TARGET_CONTAINER && !target->project && !target->service && target->image &&
	       !target->owner;
}

static int compare_images(const void *left, const void *right)
{
	const struct lc_target *a = left;
	const struct lc_target *b = right;

	if (is_of_image(a) && is_of_image(b))
		return strcmp(a->image, b->image);
	if (is_of_image(a) != is_of_image(b))
		return is_of_image(a) ? 1 : -1;
	return compare_targets(a, b);
}

/* Moves FROM's evidence and refused calls to INTO. */
static int move_evidence(struct lc_target *into, struct lc_target *from)
{
	int r = 0;

	for (size_t i = 0; !r && i < from->n_evidence; i++)
		r = lc_target_add_evidence(into, &from->evidence[i]);
	for (size_t i = 0; !r && i < from->n_failures; i++)
		r = lc_target_add_failure(into, &from->failures[i]);
	return r;
}

/* By the name of one of its pods a workload is known. By image, several may be one: then none is. */
static void keep_workload(struct lc_target *into, struct lc_target *from)
{
	if (lc_workload_compare(into, from) == 0) {
		keep_first_of_alphabet(&into->pod, &from->pod);
		return;
	}
	free(into->pod);
	into->pod = NULL;
}

/* Adds FROM, which is the same target, to INTO and clears it. */
static int unite_targets(struct lc_target *into, struct lc_target *from)
{
	int r = move_evidence(into, from);

	if (!r)
		r = lc_merge_unite_values(&into->engine, from->engine);
	if (!r)
		r = lc_merge_unite_values(&into->engine_version, from->engine_version);
	if (!r)
		r = lc_merge_unite_values(&into->label, from->label);
	if (!r)
		r = lc_merge_unite_values(&into->image, from->image);
	if (!r)
		r = lc_merge_unite_values(&into->image_id, from->image_id);
	lc_losses_add(&into->losses, &from->losses);
	keep_first_of_alphabet(&into->name, &from->name);
	keep_equal(&into->id, from->id);
	keep_workload(into, from);
	keep_equal(&into->namespace, from->namespace);
	keep_equal(&into->cgroup, from->cgroup);
	keep_equal(&into->user, from->user);
	if (from->left_to && (!into->left_to || lc_compare_text(from->left_to, into->left_to) < 0))
		swap_text(&into->left_to, &from->left_to);
	into->n_left += from->n_left;
	if (into->kernel != from->kernel)
		into->kernel = 0;
	keep_equal(&into->owner, from->owner);
	if (!into->claim) {
		into->claim = from->claim;
		from->claim = NULL;
	}
	if (from->landlock && (!into->landlock || lc_compare_text(from->landlock, into->landlock) < 0))
		swap_text(&into->landlock, &from->landlock);
	/* What was not seen of one is missing from both. */
	if (from->sandbox && (!into->sandbox || lc_compare_text(from->sandbox, into->sandbox) < 0))
		swap_text(&into->sandbox, &from->sandbox);
	keep_equal_proof(into, from);
	into->life = (struct lc_life){0};
	lc_seen_unite(&into->seen, &from->seen);
	if (!r)
		r = lc_coverage_unite(&into->coverage, &from->coverage);
	if (!r)
		r = lc_volumes_unite(&into->volumes, &from->volumes);
	into->privileged |= from->privileged;
	into->seccomp |= from->seccomp;
	into->own_filter |= from->own_filter;
	into->configured_add |= from->configured_add;
	into->configured_drop |= from->configured_drop;
	into->granted |= from->granted;
	lc_target_clear(from);
	return r;
}

/* Unites all that agrees. */
static int settle(struct lc_merge *merge)
{
	int (*compare)(const void *, const void *) = merge->by_image ? compare_images : compare_targets;
	struct lc_target *targets = merge->profile.targets;
	size_t n = 0;
	int r = 0;

	merge->added = 0;
	merge->settled = merge->profile.n_targets;
	if (!merge->settled)
		return 0;
	qsort(targets, merge->profile.n_targets, sizeof(*targets), compare);
	for (size_t i = 1; !r && i < merge->profile.n_targets; i++) {
		if (compare(&targets[n], &targets[i]) == 0) {
			r = unite_targets(&targets[n], &targets[i]);
		} else if (++n != i) {
			targets[n] = targets[i];
			targets[i] = (struct lc_target){0};
		}
	}
	/* What could not be united is still owned by the profile. */
	if (r)
		return r;
	merge->profile.n_targets = merge->settled = n + 1;
	for (size_t i = 0; i <= n; i++) {
		unite_evidence(&targets[i]);
		unite_failures(&targets[i]);
		merge->settled += targets[i].n_evidence + targets[i].n_failures;
	}
	return 0;
}

/* Adds to INTO what PROFILE says of the host and the recording. */
static int unite_hosts(struct lc_profile *into, const struct lc_profile *profile)
{
	const struct {
		char **into;
		const char *from;
	} lists[] = {
		{&into->tool, profile->tool},
		{&into->kernel, profile->kernel},
		{&into->machine, profile->machine},
		{&into->hook, profile->hook},
		{&into->cgroup, profile->cgroup},
		{&into->refusals, profile->refusals},
	};
	int r = 0;

	for (size_t i = 0; !r && i < sizeof(lists) / sizeof(lists[0]); i++)
		r = lc_merge_unite_values(lists[i].into, lists[i].from);
	into->started_ns = earlier(into->started_ns, profile->started_ns);
	into->ended_ns = later(into->ended_ns, profile->ended_ns);
	into->lost = lc_count_add(into->lost, profile->lost);
	lc_losses_add(&into->elsewhere, &profile->elsewhere);
	return r;
}

/* Moves TARGET, recorded on KERNEL, to the end of MERGE's, without what an audit found: that is of one process at one moment. */
static int move_target(struct lc_merge *merge, struct lc_target *target, uint32_t kernel)
{
	struct lc_target *place = lc_profile_add_target(&merge->profile);

	if (!place)
		return -ENOMEM;
	*place = *target;
	*target = (struct lc_target){0};
	place->kernel = kernel;
	lc_target_clear_audit(place);
	merge->added += 1 + place->n_evidence + place->n_failures;
	return 0;
}

int lc_merge_add(struct lc_merge *merge, struct lc_profile *profile)
{
	size_t most = merge->settled > LC_LEAST_WAITING ? merge->settled : LC_LEAST_WAITING;
	uint32_t kernel = lc_kernel_version(profile->kernel);
	int r = unite_hosts(&merge->profile, profile);

	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = move_target(merge, &profile->targets[i], kernel);
	lc_profile_clear(profile);
	return r || merge->added <= most ? r : settle(merge);
}

int lc_merge_finish(struct lc_merge *merge, struct lc_profile *merged)
{
	int r = settle(merge);

	for (size_t i = 0; !r && i < merge->profile.n_targets; i++)
		r = lc_judge_target(&merge->profile.targets[i]);
	if (r)
		return r;
	lc_profile_sort(&merge->profile);
	*merged = merge->profile;
	*merge = (struct lc_merge){.by_image = merge->by_image};
	return 0;
}

void lc_merge_clear(struct lc_merge *merge)
{
	lc_profile_clear(&merge->profile);
	*merge = (struct lc_merge){0};
}
