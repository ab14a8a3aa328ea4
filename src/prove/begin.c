/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The first lists that pass: the recorded ones, or what has to be added to them. */
#include "src/prove/prove_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How often what a trial was refused is added before everything that was granted is searched. */
#define ROUNDS 4

/* Adds to LISTS what the last trial was refused and the baseline had. Whether that was anything. */
static bool add_wanted(const struct lc_prove_search *search, uint64_t *lists)
{
	bool any = false;

	for (size_t i = 0; i < search->n; i++) {
		uint64_t more = search->wanted[i] & search->subjects[i].granted & ~lists[i];

		lists[i] |= more;
		any |= more;
	}
	return any;
}

/* Tries LISTS, and with what they were refused added. Positive: LISTS passes; 0: it does not; or -errno. */
static int try_recorded(struct lc_prove_search *search, uint64_t *lists)
{
	bool passed = false;
	int r = 0;

	for (int round = 0; !r && !passed && round < ROUNDS; round++) {
		struct lc_prove_known known = lc_prove_known(search, lists, NULL);

		passed = known.passed > known.failed;
		if (!passed)
			r = lc_prove_make(search, LC_TRIAL_RECORDED, lists, NULL, &passed);
		if (r || passed)
			break;
		/* Where nothing explains it, it may have been chance. */
		if (!add_wanted(search, lists) && lc_prove_known(search, lists, NULL).failed > 1)
			break;
	}
	return r ? r : passed;
}

/* Tries all that was granted. Positive: that passes; 0: it does not; or -errno. */
static int try_granted(struct lc_prove_search *search, uint64_t *lists)
{
	bool passed = false;
	int r = 0;

	for (size_t i = 0; i < search->n; i++)
		lists[i] = search->subjects[i].granted;
	for (int i = 0; !r && !passed && i < 2; i++)
		r = lc_prove_make(search, LC_TRIAL_RECORDED, lists, NULL, &passed);
	return r ? r : passed;
}

/* Takes away from all that was granted what was not recorded and nothing needs. 0 or -errno. */
static int reduce_granted(struct lc_prove_search *search)
{
	_cleanup_(lc_prove_items_clear) struct lc_prove_items items = {0};
	_cleanup_free_ uint64_t *unrecorded = lc_prove_masks(search, NULL);
	int r;

	if (!unrecorded)
		return -ENOMEM;
	for (size_t i = 0; i < search->n; i++)
		unrecorded[i] = search->subjects[i].granted & ~search->subjects[i].recorded;
	r = lc_prove_items_add(&items, unrecorded, search->n);
	return r ? r : lc_prove_reduce(search, items.list, items.n);
}

int lc_prove_begin(struct lc_prove_search *search)
{
	struct lc_prove_result *result = search->result;
	_cleanup_free_ uint64_t *lists = lc_prove_masks(search, NULL);
	bool searched = false;
	int r;

	if (!lists)
		return -ENOMEM;
	for (size_t i = 0; i < search->n; i++)
		lists[i] = search->subjects[i].recorded & search->subjects[i].granted;
	r = try_recorded(search, lists);
	if (!r) {
		searched = true;
		r = try_granted(search, lists);
	}
	if (r <= 0) {
		result->end = r ? result->end : LC_PROVE_IMPOSSIBLE;
		return r;
	}
	result->lists = lc_prove_masks(search, lists);
	result->added = lc_prove_masks(search, NULL);
	if (!result->lists || !result->added)
		return -ENOMEM;
	r = searched ? reduce_granted(search) : 0;
	for (size_t i = 0; i < search->n; i++)
		result->added[i] = result->lists[i] & ~search->subjects[i].recorded;
	return r;
}
