/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The search from its baselines to the final list. */
#include "src/prove/prove_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Ends RESULT because of its last run. */
static void end_by_last(struct lc_prove_result *result, enum lc_prove_end end)
{
	result->end = end;
	free(result->why);
	result->why = result->n_runs ? lc_copy(result->runs[result->n_runs - 1].why) : NULL;
}

/* Runs the command twice with nothing refused. Positive: both passed; 0: one did not, which ends the search; or -errno. */
static int make_baselines(struct lc_prove_search *search)
{
	static const enum lc_prove_end ends[] = {LC_PROVE_UNFIT, LC_PROVE_FLAPS};

	for (size_t i = 0; i < 2; i++) {
		bool passed = false;
		int r = lc_prove_make(search, LC_TRIAL_BASELINE, NULL, NULL, &passed);

		if (r)
			return r;
		if (!passed) {
			end_by_last(search->result, ends[i]);
			return 0;
		}
	}
	return 1;
}

/* What is to be tried, by the order in which it is. */
enum { ACCEPTED, DOUBTFUL, REST, KINDS };

/* The entries of one KIND on SUBJECT's list. */
static uint64_t entries(const struct lc_prove_search *search, size_t subject, int kind, bool exhaustive)
{
	const struct lc_prove_subject *about = &search->subjects[subject];
	uint64_t list = search->result->lists ? search->result->lists[subject] : about->recorded & about->granted;
	uint64_t added = search->result->added ? search->result->added[subject] : 0;
	uint64_t doubtful;

	list &= ~about->fixed;
	doubtful = (about->doubtful | added) & list & ~about->accepted;
	if (kind == ACCEPTED)
		return list & about->accepted;
	if (kind == DOUBTFUL)
		return doubtful;
	return list & ~about->accepted & ~doubtful & (exhaustive ? ~0ULL : about->open);
}

/* Adds the entries of one KIND of all subjects to ITEMS. 0 or -ENOMEM. */
static int add_entries(const struct lc_prove_search *search, int kind, bool exhaustive, struct lc_prove_items *items)
{
	_cleanup_free_ uint64_t *masks = lc_prove_masks(search, NULL);

	if (!masks)
		return -ENOMEM;
	for (size_t i = 0; i < search->n; i++)
		masks[i] = entries(search, i, kind, exhaustive);
	return lc_prove_items_add(items, masks, search->n);
}

/* Says how many runs are to come, before the first of them: the recorded lists, what is tried, and the final lists. */
static void announce(struct lc_prove_search *search, bool exhaustive)
{
	size_t n = 0, most;

	for (size_t i = 0; i < search->n; i++) {
		for (int kind = 0; kind < KINDS; kind++)
			n += (size_t)__builtin_popcountll(entries(search, i, kind, exhaustive));
	}
	/* Halving makes 2 n - 1 runs at most, and each entry that stays is tried alone at most twice. */
	most = 4 * n + (n ? 1 : 2);
	search->planned = search->result->n_runs + most;
	if (search->trials->announce)
		search->trials->announce(search->trials->context, n ? 3 : 2, most);
}

/* Takes away all that can go. 0 or -errno. */
static int shrink(struct lc_prove_search *search, bool exhaustive)
{
	_cleanup_(lc_prove_items_clear) struct lc_prove_items items = {0};
	size_t begin = 0;
	int r = 0;

	for (int kind = 0; !r && kind < KINDS; kind++) {
		r = add_entries(search, kind, exhaustive, &items);
		/* What nobody doubts is mostly needed: it is not worth trying together. */
		for (size_t i = begin; !r && kind == REST && i < items.n; i++)
			r = lc_prove_reduce(search, &items.list[i], 1);
		if (!r && kind != REST)
			r = lc_prove_reduce(search, items.list + begin, items.n - begin);
		begin = items.n;
	}
	return r ? r : lc_prove_confirm(search, &items);
}

/* Tries LISTS once more, and where that fails until two trials agree. Positive: they pass; 0: they do not; or -errno. */
static int try_once_more(struct lc_prove_search *search, const uint64_t *lists)
{
	unsigned int passes = 0, failures = 0;

	for (;;) {
		bool passed = false;
		int r = lc_prove_make(search, LC_TRIAL_FINAL, lists, NULL, &passed);

		if (r)
			return r;
		passes += passed;
		failures += !passed;
		if (failures > 1)
			return 0;
		if (!failures || passes > 1)
			return 1;
	}
}

/* The last run before run BEFORE whose lists have more than those that RESULT has, and that passed. NULL when there is none. */
static const struct lc_prove_run *step_back(const struct lc_prove_search *search, size_t before)
{
	const struct lc_prove_result *result = search->result;

	for (size_t i = before; i > 0; i--) {
		const struct lc_prove_run *run = &result->runs[i - 1];
		bool more = run->lists && (run->verdict == LC_TRIAL_PASSED || run->accepted);
		bool differs = false;

		for (size_t j = 0; more && j < search->n; j++) {
			more = !(result->lists[j] & ~run->lists[j]);
			differs |= result->lists[j] != run->lists[j];
		}
		if (more && differs)
			return run;
	}
	return NULL;
}

/* Tries the final lists, and where they fail after all those that passed before them. Positive: they pass; 0: none does; or -errno. */
static int make_final(struct lc_prove_search *search)
{
	struct lc_prove_result *result = search->result;
	size_t before = result->n_runs;

	for (;;) {
		int r = try_once_more(search, result->lists);
		const struct lc_prove_run *back = r ? NULL : step_back(search, before);

		if (r || !back) {
			if (!r)
				end_by_last(result, LC_PROVE_FLAPS);
			return r;
		}
		memcpy(result->lists, back->lists, search->n * sizeof(*result->lists));
	}
}

/* Takes the trials of an earlier search, if there is one. 0 or -errno. */
static int take_earlier(struct lc_prove_search *search)
{
	const struct lc_prove_run *runs = NULL;
	size_t n = 0;
	int r = search->trials->earlier ? search->trials->earlier(search->trials->context, &runs, &n) : 0;

	return r ? r : lc_prove_add_earlier(search, runs, n);
}

/* The search behind the baselines. 0 or -errno. */
static int find(struct lc_prove_search *search, bool exhaustive)
{
	struct lc_prove_result *result = search->result;
	int r = search->trials->subjects(search->trials->context, &search->subjects, &search->n);

	if (r)
		return r;
	if (!search->n) {
		result->end = LC_PROVE_NOTHING;
		return 0;
	}
	result->n = search->n;
	search->wanted = lc_prove_masks(search, NULL);
	if (!search->wanted)
		return -ENOMEM;
	r = take_earlier(search);
	if (r)
		return r;
	announce(search, exhaustive);
	r = lc_prove_begin(search);
	if (r || !result->lists) {
		if (!r)
			end_by_last(result, LC_PROVE_IMPOSSIBLE);
		return r;
	}
	r = shrink(search, exhaustive);
	if (!r)
		r = make_final(search);
	if (r > 0)
		result->end = LC_PROVE_PROVEN;
	return r < 0 ? r : 0;
}

int lc_prove(const struct lc_prove_trials *trials, bool exhaustive, struct lc_prove_result *result)
{
	struct lc_prove_search search = {.trials = trials, .result = result};
	int r = make_baselines(&search);

	if (r > 0)
		r = find(&search, exhaustive);
	if (r == -EINTR) {
		result->end = LC_PROVE_STOPPED;
		r = 0;
	}
	if (result->end == LC_PROVE_FLAPS || result->end == LC_PROVE_IMPOSSIBLE) {
		free(result->lists);
		result->lists = NULL;
	}
	free(search.wanted);
	return r;
}

const struct lc_prove_run *lc_prove_reason(const struct lc_prove_result *result, size_t subject, int cap)
{
	for (size_t i = result->n_runs; result->lists && i > 0; i--) {
		const struct lc_prove_run *run = &result->runs[i - 1];
		bool alone = run->lists && run->verdict != LC_TRIAL_PASSED && !run->accepted;

		for (size_t j = 0; alone && j < result->n; j++) {
			uint64_t bit = j == subject ? LC_CAP_BIT(cap) : 0;

			alone = !(run->lists[j] & bit) && !(result->lists[j] & ~bit & ~run->lists[j]);
		}
		if (alone)
			return run;
	}
	return NULL;
}

void lc_prove_result_clear(struct lc_prove_result *result)
{
	for (size_t i = 0; i < result->n_runs; i++) {
		free(result->runs[i].lists);
		free(result->runs[i].without);
		free(result->runs[i].why);
	}
	free(result->runs);
	free(result->lists);
	free(result->added);
	free(result->why);
	*result = (struct lc_prove_result){0};
}
