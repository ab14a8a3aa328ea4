/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The difference between two profiles, which are sorted alike and gone through side by side. */
#include <leastcap/order.h>

#include <leastcap/capset.h>
#include <leastcap/diff.h>
#include <leastcap/judge.h>
#include <leastcap/merge.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int compare_pointers(const void *left, const void *right)
{
	const struct lc_target *a = *(const struct lc_target *const *)left;
	const struct lc_target *b = *(const struct lc_target *const *)right;
	int order = lc_target_compare(a, b, true);

	/* The profile's order among those of the same name. */
	return order ? order : LC_COMPARE_NUMBERS(a, b);
}

static const struct lc_target **sort(const struct lc_profile *profile)
{
	const struct lc_target **sorted = calloc(profile->n_targets + 1, sizeof(void *));

	for (size_t i = 0; sorted && i < profile->n_targets; i++)
		sorted[i] = &profile->targets[i];
	if (sorted)
		qsort(sorted, profile->n_targets, sizeof(void *), compare_pointers);
	return sorted;
}

/* The targets at the beginning of SORTED (N of them) that are the same one. */
static struct lc_diff_side take(const struct lc_target *const *sorted, size_t n)
{
	struct lc_diff_side side = {.targets = sorted};
	uint64_t *lists = side.lists;

	while (side.n < n && lc_target_compare(sorted[0], sorted[side.n], false) == 0) {
		const struct lc_target *target = sorted[side.n++];

		lists[LC_DIFF_NEEDED] |= target->cap_add;
		lists[LC_DIFF_WANTED] |= target->wanted;
		lists[LC_DIFF_UNUSED] |= target->unused;
		side.granted |= target->granted;
	}
	lists[LC_DIFF_WANTED] &= ~lists[LC_DIFF_NEEDED];
	lists[LC_DIFF_UNUSED] &= ~lists[LC_DIFF_NEEDED];
	return side;
}

/* Goes through both profiles side by side. */
static void pair_by_name(struct lc_diff *diff, size_t n_old, size_t n_new)
{
	const struct lc_target **old = diff->sorted[0];
	const struct lc_target **new = diff->sorted[1];
	size_t i = 0, j = 0;

	while (i < n_old || j < n_new) {
		int order = i == n_old ? 1 : j == n_new ? -1 : lc_target_compare(old[i], new[j], false);
		struct lc_diff_target *pair = &diff->list[diff->n++];

		*pair = (struct lc_diff_target){0};
		if (order <= 0)
			pair->old = take(old + i, n_old - i);
		if (order >= 0)
			pair->new = take(new + j, n_new - j);
		i += pair->old.n;
		j += pair->new.n;
	}
}

/* The image of SIDE's target, which may pair it with another one; NULL unless it is a container that OTHER does not have. */
static const char *image_of(const struct lc_diff_side *side, const struct lc_diff_side *other)
{
	const struct lc_target *target = side->n ? side->targets[0] : NULL;

	return target && !other->n && target->kind == LC_TARGET_CONTAINER && !target->service ? target->image : NULL;
}

static int compare_left_over(const void *left, const void *right)
{
	struct lc_diff_target *const *a = left;
	struct lc_diff_target *const *b = right;
	const char *image_a = image_of(&(*a)->old, &(*a)->new);
	const char *image_b = image_of(&(*b)->old, &(*b)->new);
	int order = lc_compare_text(image_a ? image_a : image_of(&(*a)->new, &(*a)->old),
		image_b ? image_b : image_of(&(*b)->new, &(*b)->old));

	/* For each image the old ones come first, in the profile's order. */
	if (!order)
		order = (image_a == NULL) - (image_b == NULL);
	return order ? order : LC_COMPARE_NUMBERS(*a, *b);
}

static bool is_of(const struct lc_diff_side *side, const char *image)
{
	return side->n && strcmp(side->targets[0]->image, image) == 0;
}

/* Pairs the first N_OLD of LEFT, which only the old profile has, with the N_NEW behind them. */
static void pair_left_over(struct lc_diff_target **left, size_t n_old, size_t n_new)
{
	for (size_t i = 0; i < n_old && i < n_new; i++) {
		left[i]->new = left[n_old + i]->new;
		left[n_old + i]->new = (struct lc_diff_side){0};
	}
}

/* Pairs a container that only the old profile has with one of the same image that only the new one has. */
static int pair_by_image(struct lc_diff *diff)
{
	struct lc_diff_target **left = calloc(diff->n + 1, sizeof(void *));
	size_t n = 0;

	if (!left)
		return -ENOMEM;
	for (size_t i = 0; i < diff->n; i++) {
		struct lc_diff_target *pair = &diff->list[i];

		if (image_of(&pair->old, &pair->new) || image_of(&pair->new, &pair->old))
			left[n++] = pair;
	}
	qsort(left, n, sizeof(void *), compare_left_over);
	for (size_t first = 0; first < n;) {
		const char *image = left[first]->old.n ? left[first]->old.targets[0]->image : NULL;
		size_t n_old = 0, n_new = 0;

		while (image && first + n_old < n && is_of(&left[first + n_old]->old, image))
			n_old++;
		while (n_old && first + n_old + n_new < n && is_of(&left[first + n_old + n_new]->new, image))
			n_new++;
		pair_left_over(left + first, n_old, n_new);
		first += n_old + n_new ? n_old + n_new : 1;
	}
	free(left);
	return 0;
}

uint64_t lc_diff_added(const struct lc_diff_target *target, enum lc_diff_list list)
{
	return target->new.lists[list] & ~target->old.lists[list];
}

uint64_t lc_diff_removed(const struct lc_diff_target *target, enum lc_diff_list list)
{
	uint64_t removed = target->old.lists[list] & ~target->new.lists[list];

	if (list == LC_DIFF_UNUSED)
		removed &= target->new.n ? ~target->new.granted : 0;
	return list == LC_DIFF_WANTED ? removed & ~target->new.lists[LC_DIFF_NEEDED] : removed;
}

static int compare_kinds(const void *left, const void *right)
{
	const struct lc_failure *a = *(const struct lc_failure *const *)left;
	const struct lc_failure *b = *(const struct lc_failure *const *)right;
	int order = lc_compare_text(a->exe ? a->exe : a->comm, b->exe ? b->exe : b->comm);

	if (!order)
		order = lc_compare_text(a->syscall, b->syscall);
	if (!order)
		order = lc_compare_text(a->result, b->result);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->cause, b->cause);
	return order ? order : LC_COMPARE_NUMBERS(a->caps, b->caps);
}

/* The same, and then the most frequent first. */
static int compare_failures(const void *left, const void *right)
{
	const struct lc_failure *a = *(const struct lc_failure *const *)left;
	const struct lc_failure *b = *(const struct lc_failure *const *)right;
	int order = compare_kinds(left, right);

	if (!order)
		order = LC_COMPARE_NUMBERS(b->count, a->count);
	return order ? order : lc_failure_compare_facts(a, b);
}

/* Fills REFUSALS (zeroed before) with what SIDE was refused, sorted, one of each kind. 0 or -ENOMEM. */
static int collect_refusals(struct lc_diff_refusals *refusals, const struct lc_diff_side *side)
{
	size_t n = 0;

	for (size_t i = 0; i < side->n; i++)
		n += side->targets[i]->n_failures;
	refusals->list = calloc(n + 1, sizeof(void *));
	if (!refusals->list)
		return -ENOMEM;
	n = 0;
	for (size_t i = 0; i < side->n; i++) {
		for (size_t j = 0; j < side->targets[i]->n_failures; j++) {
			if (!side->targets[i]->failures[j].expected)
				refusals->list[n++] = &side->targets[i]->failures[j];
		}
	}
	qsort(refusals->list, n, sizeof(void *), compare_failures);
	for (size_t i = 0; i < n; i++) {
		if (!refusals->n || compare_kinds(&refusals->list[refusals->n - 1], &refusals->list[i]) != 0)
			refusals->list[refusals->n++] = refusals->list[i];
	}
	return 0;
}

/* Moves what is in FROM and not in OTHER to INTO, which has room for it. All are sorted. */
static void subtract(
	struct lc_diff_refusals *into, const struct lc_diff_refusals *from, const struct lc_diff_refusals *other)
{
	for (size_t i = 0; i < from->n; i++) {
		if (!bsearch(&from->list[i], other->list, other->n, sizeof(void *), compare_kinds))
			into->list[into->n++] = from->list[i];
	}
}

/* Fills what TARGET is refused in one profile only. 0 or -ENOMEM. */
static int compare_refusals(struct lc_diff_target *target)
{
	struct lc_diff_refusals old = {0}, new = {0};
	int r = collect_refusals(&old, &target->old);

	if (!r)
		r = collect_refusals(&new, &target->new);
	if (!r) {
		target->came.list = calloc(new.n + 1, sizeof(void *));
		target->went.list = calloc(old.n + 1, sizeof(void *));
		r = target->came.list && target->went.list ? 0 : -ENOMEM;
	}
	if (!r) {
		subtract(&target->came, &new, &old);
		if (target->new.n)
			subtract(&target->went, &old, &new);
	}
	free(old.list);
	free(new.list);
	return r;
}

static void clear_refusals(struct lc_diff_target *target)
{
	free(target->came.list);
	free(target->went.list);
	target->came = target->went = (struct lc_diff_refusals){0};
}

/* Notes whether a proof of the old side is of another image than a target of the new side runs, which has no proof of its own. */
static void compare_proofs(struct lc_diff_target *pair)
{
	for (size_t i = 0; i < pair->old.n; i++) {
		const struct lc_proof *proof = pair->old.targets[i]->proof;

		for (size_t j = 0; proof && proof->image_digest && j < pair->new.n; j++) {
			const struct lc_target *new = pair->new.targets[j];

			if (new->proof || !new->image_id || !strcmp(new->image_id, proof->image_digest))
				continue;
			pair->proven_image = proof->image_digest;
			pair->new_image = new->image_id;
		}
	}
}

/* Whether a target of SIDE is proven with the patch of which PROOF tells. */
static bool has_patch(const struct lc_diff_side *side, const struct lc_proof *proof)
{
	for (size_t i = 0; i < side->n; i++) {
		const struct lc_proof *other = side->targets[i]->proof;

		if (other && other->patch_sha256 && !strcmp(other->patch_sha256, proof->patch_sha256))
			return true;
	}
	return false;
}

/* The first proof of SIDE that was made with a patch, and with which OTHER is not proven. NULL: none. */
static const struct lc_proof *find_patched(const struct lc_diff_side *side, const struct lc_diff_side *other)
{
	for (size_t i = 0; i < side->n; i++) {
		const struct lc_proof *proof = side->targets[i]->proof;

		if (proof && proof->patch_sha256 && !has_patch(other, proof))
			return proof;
	}
	return NULL;
}

static bool differs(const struct lc_diff_target *target)
{
	bool differs = !target->old.n != !target->new.n || target->came.n || target->went.n || target->proven_image ||
		       target->old_patched || target->new_patched;

	for (enum lc_diff_list list = 0; list < LC_DIFF_LIST_N; list++)
		differs |= lc_diff_added(target, list) || lc_diff_removed(target, list);
	return differs;
}

int lc_diff_make(struct lc_diff *diff, const struct lc_profile *old, const struct lc_profile *new)
{
	size_t n = 0;
	int r = -ENOMEM;

	diff->sorted[0] = sort(old);
	diff->sorted[1] = sort(new);
	diff->list = calloc(old->n_targets + new->n_targets + 1, sizeof(*diff->list));
	if (diff->sorted[0] && diff->sorted[1] && diff->list) {
		pair_by_name(diff, old->n_targets, new->n_targets);
		r = pair_by_image(diff);
	}
	for (size_t i = 0; !r && i < diff->n; i++)
		r = compare_refusals(&diff->list[i]);
	if (r) {
		lc_diff_clear(diff);
		return r;
	}
	for (size_t i = 0; i < diff->n; i++) {
		compare_proofs(&diff->list[i]);
		diff->list[i].old_patched = find_patched(&diff->list[i].old, &diff->list[i].new);
		diff->list[i].new_patched = find_patched(&diff->list[i].new, &diff->list[i].old);
		if (differs(&diff->list[i]))
			diff->list[n++] = diff->list[i];
		else
			clear_refusals(&diff->list[i]);
	}
	diff->n = n;
	diff->old = old;
	diff->new = new;
	return 0;
}

const struct lc_check *lc_diff_caller(const struct lc_diff_side *side, int cap)
{
	const struct lc_check *caller = NULL;

	for (size_t i = 0; !caller && i < side->n; i++) {
		if ((side->targets[i]->cap_add | side->targets[i]->wanted) & LC_CAP_BIT(cap))
			caller = lc_judge_caller(side->targets[i], cap);
	}
	return caller;
}

void lc_diff_clear(struct lc_diff *diff)
{
	for (size_t i = 0; diff->list && i < diff->n; i++)
		clear_refusals(&diff->list[i]);
	free(diff->list);
	free(diff->sorted[0]);
	free(diff->sorted[1]);
	*diff = (struct lc_diff){0};
}
