/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which Kubernetes workload a pod is of: container runtimes know the pod's name alone, and what controllers append to theirs tells the rest. */
#include <leastcap/order.h>
#include <leastcap/workload.h>

#include <string.h>

/* What Kubernetes makes random names of: SafeEncodeString in k8s.io/apimachinery/pkg/util/rand. */
static const char safe_characters[] = "bcdfghjklmnpqrstvwxz2456789";
static const char digits[] = "0123456789";

/*
 * The lengths of what controllers append to a workload's name: a hash for its replica set, a random name for each pod, an ordinal, and the minute (before
 * Kubernetes 1.21 the second) for which a CronJob has made its Job.
 */
#define LC_POD_SUFFIX      5
#define LC_SHORTEST_HASH   5
#define LC_LONGEST_HASH    10
#define LC_LONGEST_ORDINAL 4
#define LC_SHORTEST_TIME   8
#define LC_LONGEST_TIME    10

static const struct lc_workload_kind kinds[] = {
	{.kind = "Deployment", .api = "apps/v1", .places = {"spec", "template", "spec"}},
	{.kind = "StatefulSet", .api = "apps/v1", .places = {"spec", "template", "spec"}},
	{.kind = "DaemonSet", .api = "apps/v1", .places = {"spec", "template", "spec"}},
	{.kind = "CronJob", .api = "batch/v1", .places = {"spec", "jobTemplate", "spec", "template", "spec"}},
	{.kind = "Job", .api = "batch/v1", .places = {"spec", "template", "spec"}, .fixed = true},
	{.kind = "Pod", .api = "v1", .places = {"spec"}, .fixed = true},
};

const struct lc_workload_kind *lc_workload_kind(const char *kind)
{
	const struct lc_workload_kind *found = kinds;

	while (strcmp(found->kind, kind) != 0)
		found++;
	return found;
}

/* Takes a dash and LEAST to MOST of CHARACTERS off the end of the LENGTH bytes of NAME. Returns whether they were there. */
static bool cut_suffix(const char *name, size_t *length, const char *characters, size_t least, size_t most)
{
	size_t cut = *length, n;

	while (cut && name[cut - 1] != '-')
		cut--;
	n = *length - cut;
	/* What is before the dash is the workload's name, and not empty. */
	if (cut < 2 || n < least || n > most || strspn(name + cut, characters) < n)
		return false;
	*length = cut - 1;
	return true;
}

/* Cuts the LENGTH bytes of NAME, a pod's, to those of what made the pod, and says which kind that is. ENDED: the container ended by itself. */
static const char *cut_to_workload(const char *name, size_t *length, bool ended)
{
	if (cut_suffix(name, length, digits, 1, LC_LONGEST_ORDINAL))
		return "StatefulSet";
	if (cut_suffix(name, length, digits, LC_SHORTEST_TIME, LC_LONGEST_TIME))
		return "CronJob";
	if (!cut_suffix(name, length, safe_characters, LC_POD_SUFFIX, LC_POD_SUFFIX))
		return "Pod";
	if (cut_suffix(name, length, digits, LC_SHORTEST_TIME, LC_LONGEST_TIME))
		return "CronJob";
	if (cut_suffix(name, length, safe_characters, LC_SHORTEST_HASH, LC_LONGEST_HASH))
		return "Deployment";
	return ended ? "Job" : "DaemonSet";
}

/* How much of TARGET's pod's name is its workload's, and in *KIND its kind. */
static size_t workload_length(const struct lc_target *target, const char **kind)
{
	size_t length = strlen(target->pod);

	/* Whoever tells of it has called it by its workload already, and does not say what that is. */
	*kind = target->origin
			? "Deployment"
			: cut_to_workload(target->pod, &length, target->life.ended_ns && !target->life.stopping_ns);
	return length;
}

const struct lc_workload_kind *lc_workload_of(const struct lc_target *target, char **name)
{
	const char *kind;

	*name = strndup(target->pod, workload_length(target, &kind));
	return *name ? lc_workload_kind(kind) : NULL;
}

int lc_workload_compare(const struct lc_target *a, const struct lc_target *b)
{
	size_t length_of_a, length_of_b;
	const char *kind;
	int order;

	if (!a->pod || !b->pod)
		return (a->pod != NULL) - (b->pod != NULL);
	order = lc_compare_text(a->namespace, b->namespace);
	if (order)
		return order;
	length_of_a = workload_length(a, &kind);
	length_of_b = workload_length(b, &kind);
	order = strncmp(a->pod, b->pod, length_of_a < length_of_b ? length_of_a : length_of_b);
	return order ? order : LC_COMPARE_NUMBERS(length_of_a, length_of_b);
}

bool lc_workload_is_init(const struct lc_profile *profile, const struct lc_target *target)
{
	int64_t began = target->life.began_ns;
	int64_t ended = target->life.ended_ns;
	bool before = false;

	if (!began || !ended)
		return false;
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *other = &profile->targets[i];
		bool first = other->life.ended_ns && other->life.ended_ns <= began;

		if (other == target || !lc_same_text(other->pod, target->pod) ||
			!lc_same_text(other->namespace, target->namespace))
			continue;
		/* One that comes again was restarted, as init containers are not; and nothing runs beside an init container. */
		if (lc_same_text(other->name, target->name) ? !first : !first && other->life.began_ns < ended)
			return false;
		before |= other->life.began_ns >= ended;
	}
	return before;
}
