/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which refused calls are left out of a profile that is too large: a container can make them differ as it likes. */
#include "cut.h"

#include <leastcap/order.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lc_cut_measure_failures(struct lc_extent *extent, const struct lc_target *target)
{
	for (size_t i = 0; i < target->n_failures; i++) {
		const struct lc_failure *failure = &target->failures[i];

		extent->pieces++;
		extent->values += LC_PIECE_VALUES;
		extent->bytes += LC_PIECE_BYTES + lc_cut_strings_bytes(failure, lc_failure_strings) +
				 lc_cut_strings_bytes(&failure->object, lc_object_strings);
		lc_cut_measure_masks(extent, failure, lc_failure_masks);
	}
}

uint64_t lc_cut_shorten_failures(struct lc_target *target)
{
	uint64_t n = 0;

	for (size_t i = 0; i < target->n_failures; i++)
		n += lc_cut_shorten(&target->failures[i], lc_failure_strings) +
		     lc_cut_shorten(&target->failures[i].object, lc_object_strings);
	return n;
}

/* Compares what the list rests on. */
static int compare_causes(const struct lc_failure *a, const struct lc_failure *b)
{
	int order = LC_COMPARE_NUMBERS(a->expected, b->expected);

	if (!order)
		order = LC_COMPARE_NUMBERS(a->cause, b->cause);
	return order ? order : LC_COMPARE_NUMBERS(a->caps, b->caps);
}

/* Compares what was judged, and the call. */
static int compare_judged(const struct lc_failure *a, const struct lc_failure *b)
{
	const int differences[] = {
		compare_causes(a, b),
		lc_compare_text(a->syscall, b->syscall),
		lc_compare_text(a->result, b->result),
		LC_COMPARE_NUMBERS(a->argument, b->argument),
		LC_COMPARE_NUMBERS(a->filter, b->filter),
		LC_COMPARE_NUMBERS(a->denied, b->denied),
		LC_COMPARE_NUMBERS(a->asked, b->asked),
		LC_COMPARE_NUMBERS(a->no_new_privs, b->no_new_privs),
		LC_COMPARE_NUMBERS(a->void_file, b->void_file),
	};

	for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++) {
		if (differences[i])
			return differences[i];
	}
	return 0;
}

/* How many kinds of calls FAILURE stands for: more than one where fold() made it. */
static uint64_t kinds_of(const struct lc_failure *failure)
{
	uint64_t n;
	int end = 0;

	if (failure->exe || !failure->about ||
		sscanf(failure->about, "%" SCNu64 " more kinds of calls like these%n", &n, &end) != 1 || !end ||
		failure->about[end])
		return 1;
	return n;
}

/* Compares what is judged alike: the most frequent is first, and what stands for others last. */
static int compare_frequency(const struct lc_failure *a, const struct lc_failure *b)
{
	int order = LC_COMPARE_NUMBERS(kinds_of(a) > 1, kinds_of(b) > 1);

	if (!order)
		order = LC_COMPARE_NUMBERS(b->count, a->count);
	return order ? order : lc_failure_compare_facts(a, b);
}

static int sort_by_judgement(const void *left, const void *right)
{
	int order = compare_judged(left, right);

	return order ? order : compare_frequency(left, right);
}

static int sort_by_cause(const void *left, const void *right)
{
	int order = compare_causes(left, right);

	return order ? order : compare_frequency(left, right);
}

/* What makes refused calls alike, and an order in which those that are alike stand together. */
struct likeness {
	int (*sort)(const void *, const void *);
	int (*compare)(const struct lc_failure *, const struct lc_failure *);
};

static const struct likeness judged_alike = {sort_by_judgement, compare_judged};
static const struct likeness caused_alike = {sort_by_cause, compare_causes};

/* Where the run of calls that are like the one at START ends. */
static size_t end_of_run(const struct lc_target *target, size_t start, const struct likeness *alike)
{
	size_t end = start + 1;

	while (end < target->n_failures && !alike->compare(&target->failures[start], &target->failures[end]))
		end++;
	return end;
}

/* How many are left, sorted, if of each run the first KEPT stay and one that stands for the others. */
static size_t count_left(const struct lc_target *target, const struct likeness *alike, size_t kept)
{
	size_t n = 0;

	for (size_t start = 0, end; start < target->n_failures; start = end) {
		end = end_of_run(target, start, alike);
		n += end - start > kept ? kept + 1 : end - start;
	}
	return n;
}

/* Forgets who made the call and about what. */
static void forget_caller(struct lc_failure *failure)
{
	char **texts[] = {&failure->exe, &failure->comm, &failure->about, &failure->user};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		free(*texts[i]);
		*texts[i] = NULL;
	}
	lc_object_clear(&failure->object);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* Makes one of the N at FIRST and clears the others. Adds to *CUT how many are no longer told. 0 or -ENOMEM. */
static int fold(struct lc_failure *first, size_t n, uint64_t *cut)
{
	uint64_t kinds = 0;
	char *about;

	for (size_t i = 0; i < n; i++) {
		uint64_t stands_for = kinds_of(&first[i]);

		*cut += stands_for == 1;
		kinds = lc_count_add(kinds, stands_for);
	}
	if (asprintf(&about, "%" PRIu64 " more kinds of calls like these", kinds) < 0)
		return -ENOMEM;
	forget_caller(first);
	first->about = about;
	for (size_t i = 1; i < n; i++) {
		first->count = lc_count_add(first->count, first[i].count);
		first->first_ns = earlier(first->first_ns, first[i].first_ns);
		first->last_ns = first[i].last_ns > first->last_ns ? first[i].last_ns : first->last_ns;
		lc_failure_clear(&first[i]);
	}
	return 0;
}

/* Leaves of each run, sorted, the first KEPT and one for the others. 0, or -ENOMEM with a part of them folded. */
static int fold_runs(struct lc_target *target, const struct likeness *alike, size_t kept)
{
	struct lc_failure *failures = target->failures;
	size_t n = 0;
	int r = 0;

	for (size_t start = 0, end; start < target->n_failures; start = end) {
		size_t left = (end = end_of_run(target, start, alike)) - start;

		if (!r && left > kept + 1) {
			r = fold(&failures[start + kept], left - kept, &target->losses.of[LC_LOSS_DETAIL]);
			left = r ? left : kept + 1;
		}
		for (size_t i = 0; i < left; i++) {
			struct lc_failure moved = failures[start + i];

			failures[start + i] = (struct lc_failure){0};
			failures[n++] = moved;
		}
	}
	target->n_failures = n;
	return r;
}

int lc_cut_failures(struct lc_target *target, size_t most)
{
	const struct likeness *alike = &judged_alike;
	size_t low = 1, high = most;

	if (target->n_failures <= most)
		return 0;
	qsort(target->failures, target->n_failures, sizeof(*target->failures), alike->sort);
	if (count_left(target, alike, low) > most) {
		alike = &caused_alike;
		qsort(target->failures, target->n_failures, sizeof(*target->failures), alike->sort);
	}
	while (low < high) {
		size_t middle = low + (high - low + 1) / 2;

		if (count_left(target, alike, middle) <= most)
			low = middle;
		else
			high = middle - 1;
	}
	return fold_runs(target, alike, low);
}
