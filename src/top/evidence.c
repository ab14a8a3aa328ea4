/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A target's evidence in pieces: what one program asked for in one call, and how much of it is new. */
#include "src/top/model.h"

#include <leastcap/cleanup.h>
#include <leastcap/order.h>
#include <leastcap/top.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *program_of(const char *exe, const char *comm)
{
	return exe ? exe : comm;
}

/* Compares what makes checks one piece. */
static int compare_kinds(const struct lc_check *a, const struct lc_check *b)
{
	int order = LC_COMPARE_NUMBERS(a->class, b->class);

	if (!order)
		order = LC_COMPARE_NUMBERS(a->cap, b->cap);
	if (!order)
		order = lc_compare_text(program_of(a->exe, a->comm), program_of(b->exe, b->comm));
	return order ? order : lc_compare_text(a->syscall, b->syscall);
}

/* Compares what makes refused calls one piece. */
static int compare_causes(const struct lc_failure *a, const struct lc_failure *b)
{
	int order = LC_COMPARE_NUMBERS(a->expected, b->expected);

	if (!order)
		order = LC_COMPARE_NUMBERS(a->cause, b->cause);
	if (!order)
		order = lc_compare_text(program_of(a->exe, a->comm), program_of(b->exe, b->comm));
	if (!order)
		order = lc_compare_text(a->syscall, b->syscall);
	return order ? order : lc_compare_text(a->result, b->result);
}

/* Checks before refused calls; 0: they are of one piece. */
static int compare_pieces(const void *left, const void *right)
{
	const struct lc_top_piece *a = left, *b = right;

	if (!a->check != !b->check)
		return a->check ? -1 : 1;
	return a->check ? compare_kinds(a->check, b->check) : compare_causes(a->failure, b->failure);
}

/* Within a class and a capability, or a cause, the most frequent first. */
static int compare_for_showing(const void *left, const void *right)
{
	const struct lc_top_piece *a = left, *b = right;
	int order = 0;

	if (!a->check != !b->check)
		return a->check ? -1 : 1;
	if (a->check)
		order = a->check->class != b->check->class ? LC_COMPARE_NUMBERS(a->check->class, b->check->class)
							   : LC_COMPARE_NUMBERS(a->check->cap, b->check->cap);
	else if (a->failure->expected != b->failure->expected)
		order = LC_COMPARE_NUMBERS(a->failure->expected, b->failure->expected);
	if (!order)
		order = LC_COMPARE_NUMBERS(b->count, a->count);
	return order ? order : compare_pieces(left, right);
}

/* Adds MORE to INTO, which is of the same piece. */
static void unite(struct lc_top_piece *into, const struct lc_top_piece *more)
{
	if (more->check && more->check->count > into->check->count)
		into->check = more->check;
	if (more->failure && more->failure->count > into->failure->count)
		into->failure = more->failure;
	into->count = lc_count_add(into->count, more->count);
}

/* Makes *PIECES of TARGET's evidence (NULL: nothing), in the order of compare_pieces. 0 or -ENOMEM. */
static int make_pieces(const struct lc_target *target, struct lc_top_piece **pieces, size_t *n)
{
	size_t most = target ? target->n_evidence + target->n_failures : 0, made = 0, last = 0;
	struct lc_top_piece *list = calloc(most + 1, sizeof(*list));

	if (!list)
		return -ENOMEM;
	for (size_t i = 0; target && i < target->n_evidence; i++) {
		if (lc_top_is_workloads(&target->evidence[i]))
			list[made++] = (struct lc_top_piece){
				.check = &target->evidence[i], .count = target->evidence[i].count};
	}
	for (size_t i = 0; target && i < target->n_failures; i++)
		list[made++] =
			(struct lc_top_piece){.failure = &target->failures[i], .count = target->failures[i].count};
	if (made)
		qsort(list, made, sizeof(*list), compare_pieces);
	for (size_t i = 1; i < made; i++) {
		if (compare_pieces(&list[last], &list[i]) == 0)
			unite(&list[last], &list[i]);
		else
			list[++last] = list[i];
	}
	*pieces = list;
	*n = made ? last + 1 : 0;
	return 0;
}

int lc_top_pieces(const struct lc_top_row *row, struct lc_top_piece **pieces, size_t *n)
{
	_cleanup_free_ struct lc_top_piece *other = NULL;
	struct lc_top_piece *now = NULL;
	size_t n_other = 0, n_now = 0;
	int r = make_pieces(row->is_added ? row->fresh : row->before, &other, &n_other)
			?: make_pieces(row->target, &now, &n_now);

	if (r)
		return r;
	for (size_t i = 0; row->has_before && i < n_now; i++) {
		const struct lc_top_piece *same =
			n_other ? bsearch(&now[i], other, n_other, sizeof(*other), compare_pieces) : NULL;
		uint64_t count = same ? same->count : 0;

		now[i].more = row->is_added ? count : now[i].count > count ? now[i].count - count : 0;
	}
	if (n_now)
		qsort(now, n_now, sizeof(*now), compare_for_showing);
	*pieces = now;
	*n = n_now;
	return 0;
}
