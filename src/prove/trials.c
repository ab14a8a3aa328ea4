/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trials of a search: made, recorded, and remembered. */
#include "src/prove/prove_private.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

uint64_t *lc_prove_masks(const struct lc_prove_search *search, const uint64_t *masks)
{
	uint64_t *copy = calloc(search->n ? search->n : 1, sizeof(*copy));

	if (copy && masks && search->n)
		memcpy(copy, masks, search->n * sizeof(*copy));
	return copy;
}

/* Adds the record of a trial. NULL when out of memory. */
static struct lc_prove_run *add_run(struct lc_prove_search *search)
{
	struct lc_prove_result *result = search->result;
	struct lc_prove_run *runs = lc_array_grow(result->runs, result->n_runs, sizeof(*runs));

	if (!runs)
		return NULL;
	result->runs = runs;
	runs[result->n_runs] = (struct lc_prove_run){0};
	return &runs[result->n_runs++];
}

/* Whether all that WITHOUT has may go although the service is worse then. */
static bool is_accepted(const struct lc_prove_search *search, const uint64_t *without)
{
	uint64_t any = 0;

	for (size_t i = 0; without && i < search->n; i++) {
		if (without[i] & ~search->subjects[i].accepted)
			return false;
		any |= without[i];
	}
	return any;
}

/* Notes ANSWER, which belongs to the trial of RUN. */
static void take_answer(struct lc_prove_search *search, struct lc_prove_run *run, struct lc_prove_answer *answer)
{
	run->verdict = answer->verdict;
	run->why = answer->why;
	answer->why = NULL;
	if (run->verdict == LC_TRIAL_DEGRADED && is_accepted(search, run->without)) {
		run->accepted = true;
		if (search->trials->accept)
			search->trials->accept(search->trials->context);
		/* What was worse before may only have been worse by what is accepted now. */
		search->fresh = search->result->n_runs;
	}
	if (!search->n)
		return;
	if (answer->wanted)
		memcpy(search->wanted, answer->wanted, search->n * sizeof(*search->wanted));
	else
		memset(search->wanted, 0, search->n * sizeof(*search->wanted));
}

int lc_prove_make(struct lc_prove_search *search, enum lc_trial_purpose purpose, const uint64_t *lists,
	const uint64_t *without, bool *passed)
{
	struct lc_prove_trial trial = {.purpose = purpose, .lists = lists, .without = without};
	struct lc_prove_answer answer = {0};
	struct lc_prove_run *run;
	int r;

	trial.number = search->result->n_runs + 1;
	if (search->planned && trial.number > search->planned) {
		search->planned = 0;
		if (search->trials->more)
			search->trials->more(search->trials->context);
	}
	r = search->trials->make(search->trials->context, &trial, &answer);
	run = r ? NULL : add_run(search);
	if (!r && !run)
		r = -ENOMEM;
	if (run) {
		run->purpose = purpose;
		run->lists = lists ? lc_prove_masks(search, lists) : NULL;
		run->without = without ? lc_prove_masks(search, without) : NULL;
		if ((lists && !run->lists) || (without && !run->without))
			r = -ENOMEM;
	}
	if (!r) {
		take_answer(search, run, &answer);
		*passed = run->verdict == LC_TRIAL_PASSED || run->accepted;
	}
	free(answer.why);
	free(answer.wanted);
	return r;
}

int lc_prove_add_earlier(struct lc_prove_search *search, const struct lc_prove_run *runs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct lc_prove_run *run = add_run(search);

		if (!run)
			return -ENOMEM;
		run->purpose = runs[i].purpose;
		run->verdict = runs[i].verdict;
		run->accepted = runs[i].accepted;
		run->lists = runs[i].lists ? lc_prove_masks(search, runs[i].lists) : NULL;
		run->without = runs[i].without ? lc_prove_masks(search, runs[i].without) : NULL;
		run->why = lc_copy(runs[i].why);
		if ((runs[i].lists && !run->lists) || (runs[i].without && !run->without) || (runs[i].why && !run->why))
			return -ENOMEM;
	}
	return 0;
}

/* Whether RUN's lists have all of LISTS, and all more. *MORE tells whether they are not the same. */
static bool has_all(
	const struct lc_prove_search *search, const struct lc_prove_run *run, const uint64_t *lists, bool *more)
{
	*more = false;
	for (size_t i = 0; i < search->n; i++) {
		if (lists[i] & ~run->lists[i])
			return false;
		*more |= run->lists[i] != lists[i];
	}
	return true;
}

static bool has_any(const struct lc_prove_search *search, const struct lc_prove_run *run, const uint64_t *masks)
{
	for (size_t i = 0; i < search->n; i++) {
		if (run->lists[i] & masks[i])
			return true;
	}
	return false;
}

struct lc_prove_known lc_prove_known(
	const struct lc_prove_search *search, const uint64_t *lists, const uint64_t *without)
{
	const struct lc_prove_result *result = search->result;
	struct lc_prove_known known = {0};

	for (size_t i = 0; i < result->n_runs; i++) {
		const struct lc_prove_run *run = &result->runs[i];
		bool passed = run->verdict == LC_TRIAL_PASSED || run->accepted;
		bool more;

		if (!run->lists || !has_all(search, run, lists, &more))
			continue;
		if (run->verdict == LC_TRIAL_DEGRADED && !passed && i < search->fresh)
			continue;
		if (!more && passed)
			known.passed++;
		else if (!more)
			known.failed++;
		else if (!passed && without && !has_any(search, run, without))
			known.larger++;
	}
	return known;
}
