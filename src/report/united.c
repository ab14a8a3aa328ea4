/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that stand under one name in a report: replicas of one container. */
#include "united.h"

#include <leastcap/array.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare_names(const struct lc_report_united *a, const struct lc_report_united *b)
{
	int order = strcmp(a->group, b->group);

	return order ? order : strcmp(a->name, b->name);
}

static int compare_singles(const void *left, const void *right)
{
	const struct lc_report_united *a = left;
	const struct lc_report_united *b = right;
	int order = compare_names(a, b);

	/* Targets of one name stay in the profile's order. */
	return order ? order : (a->targets[0] > b->targets[0]) - (a->targets[0] < b->targets[0]);
}

static int start(struct lc_report_united *single, const struct lc_target *target, const struct lc_report_naming *naming)
{
	*single = (struct lc_report_united){.group = naming->group ? naming->group(target) : strdup(""),
		.name = naming->name(target),
		.targets = lc_array_grow(NULL, 0, sizeof(void *)),
		.n_targets = 1,
		.cap_add = target->cap_add,
		.privileged = target->privileged};
	if (!single->group || !single->name || !single->targets)
		return -ENOMEM;
	single->targets[0] = target;
	return 0;
}

static void clear(struct lc_report_united *united)
{
	free(united->group);
	free(united->name);
	free(united->targets);
}

/* Adds SINGLE to UNITED of the same name, and clears it. */
static int join(struct lc_report_united *united, struct lc_report_united *single)
{
	const struct lc_target **targets = lc_array_grow(united->targets, united->n_targets, sizeof(void *));

	if (!targets)
		return -ENOMEM;
	targets[united->n_targets++] = single->targets[0];
	united->targets = targets;
	united->cap_add |= single->cap_add;
	united->privileged |= single->privileged;
	clear(single);
	return 0;
}

/* Joins those of one name among the *N in LIST, which are sorted. 0, or -ENOMEM with *N of them left to be freed. */
static int join_all(struct lc_report_united *list, size_t *n)
{
	size_t n_joined = 0;

	for (size_t i = 0; i < *n; i++) {
		if (!n_joined || compare_names(&list[n_joined - 1], &list[i]) != 0) {
			list[n_joined++] = list[i];
			continue;
		}
		if (join(&list[n_joined - 1], &list[i])) {
			memmove(&list[n_joined], &list[i], (*n - i) * sizeof(*list));
			*n -= i - n_joined;
			return -ENOMEM;
		}
	}
	*n = n_joined;
	return 0;
}

int lc_report_unite(const struct lc_profile *profile, const struct lc_report_naming *naming,
	struct lc_report_united **united, size_t *n)
{
	struct lc_report_united *list = calloc(profile->n_targets + 1, sizeof(*list));
	size_t made = 0;
	int r = list ? 0 : -ENOMEM;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		if (!profile->targets[i].sandbox)
			r = start(&list[made++], &profile->targets[i], naming);
	}
	if (!r && made)
		qsort(list, made, sizeof(*list), compare_singles);
	if (!r)
		r = join_all(list, &made);
	if (r) {
		lc_report_free_united(list, made);
		return r;
	}
	*united = list;
	*n = made;
	return 0;
}

void lc_report_free_united(struct lc_report_united *united, size_t n)
{
	for (size_t i = 0; united && i < n; i++)
		clear(&united[i]);
	free(united);
}
