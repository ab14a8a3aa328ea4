/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Taking away what nothing needs: together, by halves, and in the end each alone. */
#include "src/prove/prove_private.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int lc_prove_items_add(struct lc_prove_items *items, const uint64_t *masks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t left = masks[i];

		while (left) {
			struct lc_prove_item *list = lc_array_grow(items->list, items->n, sizeof(*list));

			if (!list)
				return -ENOMEM;
			items->list = list;
			list[items->n++] = (struct lc_prove_item){.subject = i, .cap = lc_cap_take(&left)};
		}
	}
	return 0;
}

/* Fills LISTS with what has passed but for ITEMS, and WITHOUT with these. False: none of them is on the lists any more. */
static bool take_away(const struct lc_prove_search *search, const struct lc_prove_item *items, size_t n,
	uint64_t *lists, uint64_t *without)
{
	bool any = false;

	memcpy(lists, search->result->lists, search->n * sizeof(*lists));
	memset(without, 0, search->n * sizeof(*without));
	for (size_t i = 0; i < n; i++) {
		uint64_t bit = LC_CAP_BIT(items[i].cap) & lists[items[i].subject];

		without[items[i].subject] |= bit;
		any |= bit;
	}
	for (size_t i = 0; i < search->n; i++)
		lists[i] &= ~without[i];
	return any;
}

/* Makes the trial without ITEMS, if its answer is not known, and takes them away if it passes. Positive: it did; 0; or -errno. */
static int try_without(struct lc_prove_search *search, const struct lc_prove_item *items, size_t n)
{
	_cleanup_free_ uint64_t *lists = lc_prove_masks(search, NULL);
	_cleanup_free_ uint64_t *without = lc_prove_masks(search, NULL);
	struct lc_prove_known known;
	bool passed = false;
	int r = 0;

	if (!lists || !without)
		return -ENOMEM;
	if (!take_away(search, items, n, lists, without))
		return 1;
	known = lc_prove_known(search, lists, NULL);
	if (known.failed) {
		/* What it wanted is not known any more. */
		memset(search->wanted, 0, search->n * sizeof(*search->wanted));
		return 0;
	}
	passed = known.passed;
	if (!passed)
		r = lc_prove_make(search, LC_TRIAL_WITHOUT, lists, without, &passed);
	if (!r && passed)
		memcpy(search->result->lists, lists, search->n * sizeof(*lists));
	return r ? r : passed;
}

/* Moves those of ITEMS that the last trial was refused behind the others. Returns how many others there are. */
static size_t part(const struct lc_prove_search *search, struct lc_prove_item *items, size_t n)
{
	size_t others = 0;

	for (size_t i = 0; i < n; i++) {
		struct lc_prove_item item = items[i];

		if (search->wanted[item.subject] & LC_CAP_BIT(item.cap))
			continue;
		/* Those that stay keep their order: what is likeliest to go comes first. */
		memmove(&items[others + 1], &items[others], (i - others) * sizeof(*items));
		items[others++] = item;
	}
	return others;
}

int lc_prove_reduce(struct lc_prove_search *search, struct lc_prove_item *items, size_t n)
{
	int r = n ? try_without(search, items, n) : 1;
	size_t others;

	if (r || n == 1)
		return r < 0 ? r : 0;
	others = part(search, items, n);
	if (others == n) {
		r = lc_prove_reduce(search, items, n / 2);
		return r ? r : lc_prove_reduce(search, items + n / 2, n - n / 2);
	}
	r = lc_prove_reduce(search, items, others);
	for (size_t i = others; !r && i < n; i++)
		r = lc_prove_reduce(search, &items[i], 1);
	return r;
}

/*
 * Finds out whether ITEM can be missing from the lists that have passed: by two trials that agree, the deciding one with exactly these lists.
 * Positive: it can, and is taken away; 0; or -errno.
 */
static int decide(struct lc_prove_search *search, const struct lc_prove_item *item)
{
	_cleanup_free_ uint64_t *lists = lc_prove_masks(search, NULL);
	_cleanup_free_ uint64_t *without = lc_prove_masks(search, NULL);
	bool passed;
	int r = 0;

	if (!lists || !without)
		return -ENOMEM;
	if (!take_away(search, item, 1, lists, without))
		return 0;
	while (!r) {
		struct lc_prove_known known = lc_prove_known(search, lists, without);

		if (known.passed > known.failed && (!known.failed || known.passed > 1)) {
			memcpy(search->result->lists, lists, search->n * sizeof(*lists));
			return 1;
		}
		if (known.failed > known.passed && known.failed + known.larger > 1)
			return 0;
		r = lc_prove_make(search, known.failed + known.larger ? LC_TRIAL_CONFIRM : LC_TRIAL_WITHOUT, lists,
			without, &passed);
	}
	return r;
}

int lc_prove_confirm(struct lc_prove_search *search, const struct lc_prove_items *items)
{
	bool changed = true;

	/* Once an entry has gone, another that was needed with it may be needed no more. */
	while (changed) {
		changed = false;
		for (size_t i = 0; i < items->n; i++) {
			int r = decide(search, &items->list[i]);

			if (r < 0)
				return r;
			changed |= r;
		}
	}
	return 0;
}
