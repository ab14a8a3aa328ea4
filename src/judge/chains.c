/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the denied checks before a chained one in the same place, by two sorted lists, because a target can have any number of checks. */
#include "src/judge/judge_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A denied check, and the place that it was made in. */
struct lc_denial {
	const char *caller, *syscall;
	bool answered; /* the same decision was granted after it; else the syscall failed */
	int cap;
	const struct lc_alternative *pair; /* the row that it belongs to, or NULL */
};

/* A chained check that was granted. */
struct lc_grant {
	const char *caller;
	int cap;
};

static int compare_places(const struct lc_denial *a, const struct lc_denial *b)
{
	int order = strcmp(a->caller, b->caller);

	if (!order)
		order = strcmp(a->syscall, b->syscall);
	return order ? order : (int)a->answered - (int)b->answered;
}

static int compare_denials(const void *left, const void *right)
{
	const struct lc_denial *a = left;
	const struct lc_denial *b = right;
	int order = compare_places(a, b);

	if (order || a->cap != b->cap)
		return order ? order : a->cap - b->cap;
	return (a->pair > b->pair) - (a->pair < b->pair);
}

static int compare_grants(const void *left, const void *right)
{
	const struct lc_grant *a = left;
	const struct lc_grant *b = right;
	int order = strcmp(a->caller, b->caller);

	return order ? order : a->cap - b->cap;
}

/* Sorts the denials and leaves one of each kind, so that a place has few for each capability. */
static void sort_denials(struct lc_chains *chains)
{
	size_t n = 0;

	if (!chains->n_denials)
		return;
	qsort(chains->denials, chains->n_denials, sizeof(*chains->denials), compare_denials);
	for (size_t i = 1; i < chains->n_denials; i++) {
		if (compare_denials(&chains->denials[n], &chains->denials[i]) != 0)
			chains->denials[++n] = chains->denials[i];
	}
	chains->n_denials = n + 1;
}

int lc_chains_fill(struct lc_chains *chains, const struct lc_target *target)
{
	struct lc_denial *denials = calloc(target->n_evidence + 1, sizeof(*denials));
	struct lc_grant *grants = calloc(target->n_evidence + 1, sizeof(*grants));

	if (!denials || !grants) {
		free(denials);
		free(grants);
		return -ENOMEM;
	}
	*chains = (struct lc_chains){.denials = denials, .grants = grants};
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		bool answered = lc_is_answered(check);

		if (!check->caller)
			continue;
		if (check->chained && check->verdict == LC_VERDICT_GRANTED)
			grants[chains->n_grants++] = (struct lc_grant){check->caller, check->cap};
		if (check->syscall && (answered || check->class == LC_CLASS_BLOCKED))
			denials[chains->n_denials++] = (struct lc_denial){
				check->caller, check->syscall, answered, check->cap, lc_alternative_find(check)};
	}
	sort_denials(chains);
	if (chains->n_grants)
		qsort(grants, chains->n_grants, sizeof(*grants), compare_grants);
	return 0;
}

void lc_chains_clear(struct lc_chains *chains)
{
	free(chains->denials);
	free(chains->grants);
	*chains = (struct lc_chains){0};
}

/* The first of the denials in PLACE, or where it would be. */
static size_t first_denial(const struct lc_chains *chains, const struct lc_denial *place)
{
	size_t low = 0, high = chains->n_denials;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_places(&chains->denials[middle], place) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct lc_alternative *lc_chain_find(const struct lc_chains *chains, const struct lc_check *check)
{
	const struct lc_denial place = {
		.caller = check->caller, .syscall = check->syscall, .answered = check->verdict == LC_VERDICT_GRANTED};
	const struct lc_alternative *found = NULL;

	if (!check->chained || !check->caller || !check->syscall)
		return NULL;
	for (size_t i = first_denial(chains, &place); i < chains->n_denials; i++) {
		const struct lc_denial *denial = &chains->denials[i];

		if (compare_places(denial, &place) != 0)
			break;
		if (denial->cap == check->cap)
			continue;
		if (!denial->pair || denial->cap != denial->pair->narrow || denial->pair->wide != check->cap)
			return NULL;
		/* The first in the table, whatever the evidence's order. */
		if (!found || denial->pair < found)
			found = denial->pair;
	}
	return found;
}

int lc_chain_answer(const struct lc_chains *chains, const struct lc_check *check)
{
	const struct lc_alternative *pair = lc_alternative_find(check);
	size_t low = 0, high = chains->n_grants;

	if (pair && check->cap == pair->narrow)
		return pair->wide;
	if (!check->caller)
		return -1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(chains->grants[middle].caller, check->caller) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < chains->n_grants && !strcmp(chains->grants[low].caller, check->caller) ? chains->grants[low].cap
											    : -1;
}
