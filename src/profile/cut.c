/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is left out of a profile that is too large to be read again. Its lists and counts stay right. */
#include "cut.h"
#include <leastcap/order.h>

#include <leastcap/cleanup.h>
#include <leastcap/life.h>
#include <leastcap/profile.h>
#include <leastcap/table.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many pieces of evidence, and how many refused calls, are written of one target, and how many of all together: reading them takes half a second and 100 MB. */
#define LC_MOST_OF_TARGET 20000
#define LC_MOST_TOGETHER  200000

/* Only texts longer than this are ever shortened. No path in the kernel is longer (PATH_MAX). */
#define LC_LONGEST_TEXT 4096

/* The most that a frame and a target take for keys, words, numbers and punctuation, besides texts and sets. */
#define LC_FRAME_BYTES   192
#define LC_FRAME_VALUES  8
#define LC_TARGET_BYTES  4096
#define LC_TARGET_VALUES 120

static void add_extent(struct lc_extent *extent, const struct lc_extent *more)
{
	extent->bytes += more->bytes;
	extent->values += more->values;
	extent->pieces += more->pieces;
}

/* Whether EXTENT can be read again. An eighth is left free for what is not measured, the punctuation between the parts. */
static bool fits(const struct lc_extent *extent)
{
	return extent->bytes <= LC_PROFILE_MAX_SIZE / 8 * 7 &&
	       extent->values <= (size_t)LC_PROFILE_MAX_VALUES / 8 * 7 && extent->pieces <= LC_MOST_TOGETHER;
}

/* The most bytes that TEXT takes. What is no UTF-8 becomes U+FFFD, and a control character \u001b. */
static size_t text_bytes(const char *text)
{
	size_t n = 0;

	for (; text && *text; text++) {
		unsigned char byte = (unsigned char)*text;

		n += byte < 0x20 ? 6 : byte >= 0x80 ? 3 : byte == '"' || byte == '\\' ? 2 : 1;
	}
	return n;
}

size_t lc_cut_strings_bytes(const void *base, const struct lc_string_field *field)
{
	size_t n = 0;

	for (; field->key; field++)
		n += text_bytes(*(char *const *)((const char *)base + field->offset));
	return n;
}

void lc_cut_measure_masks(struct lc_extent *extent, const void *base, const struct lc_mask_field *field)
{
	for (; field->key; field++) {
		size_t n = (size_t)__builtin_popcountll(*(const uint64_t *)((const char *)base + field->offset));

		extent->values += n;
		extent->bytes += n * LC_NAME_BYTES;
	}
}

/* Adds STACK to EXTENT, and to MET, unless it is in MET already. 0 or -ENOMEM. */
static int measure_stack(struct lc_extent *extent, const struct lc_shared_stack *stack, struct lc_table *met)
{
	if (!stack || lc_table_get(met, &stack))
		return 0;
	for (size_t i = 0; i < stack->stack.n; i++) {
		const struct lc_frame *frame = &stack->stack.frames[i];

		extent->values += LC_FRAME_VALUES;
		extent->bytes += LC_FRAME_BYTES + text_bytes(frame->function) + text_bytes(frame->module) +
				 text_bytes(frame->file);
	}
	extent->values += LC_FRAME_VALUES;
	extent->bytes += LC_FRAME_BYTES;
	return lc_table_put(met, &stack, (void *)stack);
}

static void measure_check(struct lc_extent *extent, const struct lc_check *check)
{
	extent->pieces++;
	extent->values += LC_PIECE_VALUES;
	extent->bytes += LC_PIECE_BYTES + lc_cut_strings_bytes(check, lc_evidence_strings) +
			 lc_cut_strings_bytes(&check->object, lc_object_strings);
}

/* What TARGET takes, with those of its stacks that are not in MET. 0 or -ENOMEM. */
static int measure_target(struct lc_extent *extent, const struct lc_target *target, struct lc_table *met)
{
	int r = 0;

	*extent = (struct lc_extent){.bytes = LC_TARGET_BYTES, .values = LC_TARGET_VALUES};
	extent->bytes += lc_cut_strings_bytes(target, lc_target_strings) +
			 lc_cut_strings_bytes(&target->init, lc_init_strings) +
			 lc_cut_strings_bytes(&target->members, lc_members_strings) +
			 lc_cut_strings_bytes(&target->rating, lc_rating_strings);
	lc_cut_measure_masks(extent, target, lc_target_masks);
	lc_cut_measure_masks(extent, target, lc_configured_masks);
	lc_cut_measure_masks(extent, &target->init.sets, lc_sets_masks);
	lc_cut_measure_masks(extent, &target->members.sets, lc_sets_masks);
	for (size_t i = 0; i < target->n_advice; i++) {
		extent->values += LC_FRAME_VALUES;
		extent->bytes += LC_FRAME_BYTES + text_bytes(target->advice[i].text);
	}
	lc_cut_measure_failures(extent, target);
	for (size_t i = 0; !r && i < target->n_evidence; i++) {
		measure_check(extent, &target->evidence[i]);
		r = measure_stack(extent, target->evidence[i].kernel_stack, met);
		if (!r)
			r = measure_stack(extent, target->evidence[i].user_stack, met);
	}
	return r;
}

/* Measures PROFILE to *WHOLE, and its targets to EACH. 0 or -ENOMEM. */
static int measure(const struct lc_profile *profile, struct lc_extent *whole, struct lc_extent *each)
{
	struct lc_table *met = lc_table_new(sizeof(void *));
	int r = met ? 0 : -ENOMEM;

	*whole = (struct lc_extent){.bytes = LC_TARGET_BYTES, .values = LC_TARGET_VALUES};
	whole->bytes += lc_cut_strings_bytes(profile, lc_host_strings) + text_bytes(profile->tool);
	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		r = measure_target(&each[i], &profile->targets[i], met);
		add_extent(whole, &each[i]);
	}
	lc_table_free(met, NULL);
	return r;
}

/* Compares what the list rests on. */
static int compare_classes(const struct lc_check *a, const struct lc_check *b)
{
	int order = LC_COMPARE_NUMBERS(a->cap, b->cap);

	if (!order)
		order = LC_COMPARE_NUMBERS(a->class, b->class);
	return order ? order : LC_COMPARE_NUMBERS(a->verdict, b->verdict);
}

/* Compares what the judge looks at. Checks that agree in that are judged alike, also after a merge. */
static int compare_judged(const struct lc_check *a, const struct lc_check *b)
{
	int order = compare_classes(a, b);

	if (!order)
		order = lc_check_compare_facts(a, b);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->survivable, b->survivable);
	if (!order)
		order = lc_compare_text(a->syscall, b->syscall);
	if (!order)
		order = lc_compare_text(a->caller, b->caller);
	return order ? order : lc_compare_text(a->result, b->result);
}

/* How many kinds of checks CHECK stands for: more than one where fold() made it. */
static uint64_t kinds_of(const struct lc_check *check)
{
	uint64_t n;
	int end = 0;

	if (check->exe || !check->about ||
		sscanf(check->about, "%" SCNu64 " more kinds of checks like these%n", &n, &end) != 1 || !end ||
		check->about[end])
		return 1;
	return n;
}

/* Compares checks that are judged alike: the most frequent is first, and what stands for others last. */
static int compare_frequency(const struct lc_check *a, const struct lc_check *b)
{
	int order = LC_COMPARE_NUMBERS(kinds_of(a) > 1, kinds_of(b) > 1);

	if (!order)
		order = LC_COMPARE_NUMBERS(b->count, a->count);
	if (!order)
		order = lc_compare_text(a->exe, b->exe);
	if (!order)
		order = lc_compare_text(a->about, b->about);
	return order ? order : LC_COMPARE_NUMBERS(a->first_ns, b->first_ns);
}

static int compare_for_cutting(const void *left, const void *right)
{
	int order = compare_judged(left, right);

	return order ? order : compare_frequency(left, right);
}

static int compare_for_rough_cutting(const void *left, const void *right)
{
	int order = compare_classes(left, right);

	return order ? order : compare_frequency(left, right);
}

/* What makes pieces of evidence alike, and an order in which those that are alike stand together. */
struct likeness {
	int (*sort)(const void *, const void *);
	int (*compare)(const struct lc_check *, const struct lc_check *);
};

static const struct likeness judged_alike = {compare_for_cutting, compare_judged};
static const struct likeness classed_alike = {compare_for_rough_cutting, compare_classes};

/* Where the run of pieces that are like the one at START ends. */
static size_t end_of_run(const struct lc_target *target, size_t start, const struct likeness *alike)
{
	size_t end = start + 1;

	while (end < target->n_evidence && !alike->compare(&target->evidence[start], &target->evidence[end]))
		end++;
	return end;
}

/* How many pieces TARGET has left, sorted, if of each run the first KEPT stay and one that stands for the others. */
static size_t count_left(const struct lc_target *target, const struct likeness *alike, size_t kept)
{
	size_t n = 0;

	for (size_t start = 0, end; start < target->n_evidence; start = end) {
		end = end_of_run(target, start, alike);
		n += end - start > kept ? kept + 1 : end - start;
	}
	return n;
}

static void drop_stacks(struct lc_check *check)
{
	lc_shared_stack_drop(check->kernel_stack);
	lc_shared_stack_drop(check->user_stack);
	check->kernel_stack = check->user_stack = NULL;
}

/* Forgets who asked and about what. What the judge looks at stays. */
static void forget_caller(struct lc_check *check)
{
	char **texts[] = {&check->exe, &check->comm, &check->about, &check->user};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		free(*texts[i]);
		*texts[i] = NULL;
	}
	lc_object_clear(&check->object);
	drop_stacks(check);
}

static int64_t earlier(int64_t a, int64_t b)
{
	return !a || (b && b < a) ? b : a;
}

/* Makes one piece of the N at FIRST and clears the others. Adds to *CUT how many are no longer told. 0 or -ENOMEM. */
static int fold(struct lc_check *first, size_t n, uint64_t *cut)
{
	uint64_t kinds = 0;
	char *about;

	for (size_t i = 0; i < n; i++) {
		uint64_t stands_for = kinds_of(&first[i]);

		*cut += stands_for == 1;
		kinds = lc_count_add(kinds, stands_for);
	}
	if (asprintf(&about, "%" PRIu64 " more kinds of checks like these", kinds) < 0)
		return -ENOMEM;
	forget_caller(first);
	first->about = about;
	for (size_t i = 1; i < n; i++) {
		first->count = lc_count_add(first->count, first[i].count);
		first->first_ns = earlier(first->first_ns, first[i].first_ns);
		first->last_ns = first[i].last_ns > first->last_ns ? first[i].last_ns : first->last_ns;
		lc_life_unite(first, &first[i]);
		lc_check_clear(&first[i]);
	}
	return 0;
}

/* Leaves of each run of TARGET's evidence, sorted, the first KEPT and one for the others. 0, or -ENOMEM with a part of them folded. */
static int fold_runs(struct lc_target *target, const struct likeness *alike, size_t kept)
{
	struct lc_check *evidence = target->evidence;
	size_t n = 0;
	int r = 0;

	for (size_t start = 0, end; start < target->n_evidence; start = end) {
		size_t left = (end = end_of_run(target, start, alike)) - start;

		if (!r && left > kept + 1) {
			r = fold(&evidence[start + kept], left - kept, &target->losses.of[LC_LOSS_DETAIL]);
			left = r ? left : kept + 1;
		}
		for (size_t i = 0; i < left; i++) {
			struct lc_check moved = evidence[start + i];

			evidence[start + i] = (struct lc_check){0};
			evidence[n++] = moved;
		}
	}
	target->n_evidence = n;
	return r;
}

/*
 * Leaves at most MOST pieces of TARGET's evidence: the same number of each run that is judged alike. No kernel has the call sites for
 * more than MOST such runs; were there more, runs of one class would be cut instead. 0 or -ENOMEM.
 */
static int cut_evidence(struct lc_target *target, size_t most)
{
	const struct likeness *alike = &judged_alike;
	size_t low = 1, high = most;

	if (target->n_evidence <= most)
		return 0;
	qsort(target->evidence, target->n_evidence, sizeof(*target->evidence), alike->sort);
	if (count_left(target, alike, low) > most) {
		alike = &classed_alike;
		qsort(target->evidence, target->n_evidence, sizeof(*target->evidence), alike->sort);
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

/* Takes the stacks from TARGET's evidence; with KEEPS_FIRST the most frequent piece of what is judged alike keeps its own. */
static void cut_stacks(struct lc_target *target, bool keeps_first)
{
	if (target->n_evidence)
		qsort(target->evidence, target->n_evidence, sizeof(*target->evidence), judged_alike.sort);
	for (size_t i = target->n_evidence; i-- > 0;) {
		struct lc_check *check = &target->evidence[i];

		if (!check->kernel_stack && !check->user_stack)
			continue;
		if (keeps_first && (!i || judged_alike.compare(check, check - 1)))
			continue;
		drop_stacks(check);
		target->losses.of[LC_LOSS_DETAIL]++;
	}
}

uint64_t lc_cut_shorten(void *base, const struct lc_string_field *field)
{
	static const char ellipsis[] = "…";
	uint64_t n = 0;

	for (; field->key; field++) {
		char *text = *(char **)((char *)base + field->offset);

		if (text && strlen(text) > LC_LONGEST_TEXT) {
			memcpy(text + LC_LONGEST_TEXT - sizeof(ellipsis), ellipsis, sizeof(ellipsis));
			n++;
		}
	}
	return n;
}

static void shorten_texts(struct lc_profile *profile)
{
	lc_cut_shorten(profile, lc_host_strings);
	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_target *target = &profile->targets[i];
		uint64_t n = lc_cut_shorten(target, lc_target_strings) +
			     lc_cut_shorten(&target->members, lc_members_strings) +
			     lc_cut_shorten(&target->rating, lc_rating_strings);

		for (size_t j = 0; j < target->n_evidence; j++)
			n += lc_cut_shorten(&target->evidence[j], lc_evidence_strings) +
			     lc_cut_shorten(&target->evidence[j].object, lc_object_strings);
		target->losses.of[LC_LOSS_DETAIL] += n + lc_cut_shorten_failures(target);
	}
}

/* Takes stacks from the targets that take more than their share of what may be written. EACH is what they take. */
static void cut_stacks_of_large(struct lc_profile *profile, const struct lc_extent *each, bool keeps_first)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_extent shared = {
			each[i].bytes * profile->n_targets, each[i].values * profile->n_targets, 0};

		if (!fits(&shared))
			cut_stacks(&profile->targets[i], keeps_first);
	}
}

static int cut_all_evidence(struct lc_profile *profile, size_t most)
{
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		r = cut_evidence(&profile->targets[i], most);
		if (!r)
			r = lc_cut_failures(&profile->targets[i], most);
	}
	return r;
}

/* Makes PROFILE smaller step by step until it fits. EACH has room for all targets. */
static int cut_to_fit(struct lc_profile *profile, struct lc_extent *each)
{
	struct lc_extent whole;
	int r = measure(profile, &whole, each);

	if (!r && !fits(&whole)) {
		shorten_texts(profile);
		r = measure(profile, &whole, each);
	}
	for (int keeps_first = 1; !r && !fits(&whole) && keeps_first >= 0; keeps_first--) {
		cut_stacks_of_large(profile, each, keeps_first);
		r = measure(profile, &whole, each);
	}
	for (size_t most = LC_MOST_OF_TARGET; !r && !fits(&whole) && most; most /= 2) {
		r = cut_all_evidence(profile, most);
		if (!r)
			r = measure(profile, &whole, each);
	}
	return r;
}

static uint64_t total_cut(const struct lc_profile *profile)
{
	uint64_t total = 0;

	for (size_t i = 0; i < profile->n_targets; i++)
		total = lc_count_add(total, profile->targets[i].losses.of[LC_LOSS_DETAIL]);
	return total;
}

int lc_profile_cut(struct lc_profile *profile)
{
	_cleanup_free_ struct lc_extent *each = calloc(profile->n_targets + 1, sizeof(*each));
	uint64_t before = total_cut(profile);
	int r = each ? cut_all_evidence(profile, LC_MOST_OF_TARGET) : -ENOMEM;

	if (!r)
		r = cut_to_fit(profile, each);
	if (total_cut(profile) != before)
		lc_profile_sort(profile);
	return r;
}
