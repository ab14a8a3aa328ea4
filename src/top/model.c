/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the screen knows: two profiles, and the rows that are made of them. */
#include "src/top/model.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/choice.h>
#include <leastcap/clock.h>
#include <leastcap/facts.h>
#include <leastcap/merge.h>
#include <leastcap/order.h>
#include <leastcap/top.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const char *const lc_top_orders[LC_TOP_ORDERS] = {
	[LC_TOP_BY_SCORE] = "score",
	[LC_TOP_BY_RATE] = "checks",
	[LC_TOP_BY_REFUSED] = "refused",
	[LC_TOP_BY_CAPS] = "capabilities",
	[LC_TOP_BY_NAME] = "name",
};

bool lc_top_is_workloads(const struct lc_check *check)
{
	return check->class < LC_CLASS_OWNER;
}

int lc_top_key(const struct lc_target *target, char key[LC_SHA256_SIZE])
{
	struct lc_strbuf text = {0};

	/* What it is called may be found out later. */
	lc_strbuf_addf(&text, "%d\n", target->kind);
	if (target->id || target->cgroup)
		lc_strbuf_adds(&text, target->id ? target->id : target->cgroup);
	else
		lc_target_add_identity(&text, target);
	if (!text.failed)
		lc_sha256(text.text, text.length, key);
	lc_strbuf_free(&text);
	return text.failed ? -ENOMEM : 0;
}

/* Adds up how often TARGET (NULL: never) asked for each capability in its own work. */
static void count_caps(const struct lc_target *target, uint64_t counts[64])
{
	for (size_t i = 0; target && i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (lc_top_is_workloads(check))
			counts[check->cap & 63] = lc_count_add(counts[check->cap & 63], check->count);
	}
}

/* How many calls of TARGET's (NULL: none) were refused that programs do not get over. */
static uint64_t count_refused(const struct lc_target *target)
{
	uint64_t count = 0;

	for (size_t i = 0; target && i < target->n_failures; i++) {
		if (!target->failures[i].expected)
			count = lc_count_add(count, target->failures[i].count);
	}
	return count;
}

/* The score of a target that no audit has rated, by what it is granted alone. *IS_KNOWN: something is known of that. */
static uint64_t score_of_granted(const struct lc_target *target, bool *is_known)
{
	uint64_t granted = target->granted,
		 score = target->privileged ? lc_hazard_row(LC_HAZARD_PRIVILEGED)->points : 0;

	*is_known = granted || target->privileged;
	for (int cap; (cap = lc_cap_take(&granted)) >= 0;) {
		const struct lc_danger *danger = lc_danger_find(cap);

		score += danger ? danger->points : 0;
	}
	return score;
}

/* Fills ROW's numbers, by its target and what that was before. */
static void fill_row(struct lc_top_row *row)
{
	const struct lc_target *target = row->target;
	uint64_t now[64] = {0}, before[64] = {0}, fresh[64] = {0};

	row->is_rated = target->rating.level != LC_RATING_UNRATED;
	row->score = row->is_rated ? target->rating.score : score_of_granted(target, &row->is_rated);
	row->ever = target->cap_add | target->wanted;
	row->refused = count_refused(target);
	row->lost = lc_losses_total(&target->losses);
	count_caps(target, now);
	count_caps(row->before, before);
	count_caps(row->fresh, fresh);
	for (int cap = 0; cap < 64; cap++) {
		uint64_t more = row->is_added ? fresh[cap] : now[cap] > before[cap] ? now[cap] - before[cap] : 0;

		row->checks = lc_count_add(row->checks, now[cap]);
		if (!row->has_before || !more)
			continue;
		row->new_checks = lc_count_add(row->new_checks, more);
		row->now |= LC_CAP_BIT(cap) & row->ever;
	}
}

int lc_top_index(const struct lc_profile *profile, struct lc_table *targets)
{
	char key[LC_SHA256_SIZE];
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = lc_top_key(&profile->targets[i], key) ?: lc_table_put(targets, key, &profile->targets[i]);
	return r;
}

/* Whether PART is a part of TEXT (NULL: is not), in letters of any size. */
static bool has_part(const char *text, const char *part)
{
	return text && strcasestr(text, part);
}

/* Whether TOP's filter lets ROW through. */
static bool passes_filter(const struct lc_top *top, const struct lc_top_row *row)
{
	const struct lc_target *target = row->target;
	int cap;

	if (!top->filter || !*top->filter)
		return true;
	cap = lc_cap_from_name(top->filter);
	return (cap >= 0 && row->ever & LC_CAP_BIT(cap)) || has_part(target->name, top->filter) ||
	       has_part(target->image, top->filter) || has_part(target->project, top->filter) ||
	       has_part(target->service, top->filter) || has_part(target->pod, top->filter) ||
	       has_part(target->namespace, top->filter);
}

static bool is_named(const struct lc_top *top, const struct lc_target *target)
{
	for (size_t i = 0; i < top->n_names; i++) {
		if (lc_target_answers(target, top->names[i]) != LC_ANSWER_NONE)
			return true;
	}
	return !top->n_names;
}

/* The order of A and B, the worst first. */
static int compare_rows(const void *left, const void *right, void *context)
{
	const struct lc_top_row *a = left, *b = right;
	const struct lc_top *top = context;
	const int differences[LC_TOP_ORDERS] = {
		[LC_TOP_BY_SCORE] = LC_COMPARE_NUMBERS(b->score, a->score),
		[LC_TOP_BY_RATE] = LC_COMPARE_NUMBERS(b->new_checks, a->new_checks),
		[LC_TOP_BY_REFUSED] = LC_COMPARE_NUMBERS(b->refused, a->refused),
		[LC_TOP_BY_CAPS] = LC_COMPARE_NUMBERS(__builtin_popcountll(b->ever), __builtin_popcountll(a->ever)),
		[LC_TOP_BY_NAME] = 0,
	};
	int order = differences[top->order];

	if (!order && top->order != LC_TOP_BY_NAME)
		order = differences[LC_TOP_BY_SCORE];
	if (!order)
		order = lc_compare_text(a->target->name, b->target->name);
	return order ? order : strcmp(a->key, b->key);
}

/* Makes a row of TARGET, unless it is left out. 0 or -ENOMEM. */
static int add_row(struct lc_top *top, const struct lc_target *target, const struct lc_table *earlier)
{
	struct lc_top_row *rows, row = {.target = target, .has_before = top->has_before, .is_added = top->is_added};
	int r = lc_top_key(target, row.key);

	if (r)
		return r;
	if (top->is_added)
		row.fresh = lc_table_get(earlier, row.key);
	else
		row.before = lc_table_get(earlier, row.key);
	fill_row(&row);
	if (!is_named(top, target) || !passes_filter(top, &row)) {
		top->n_left_out++;
		return 0;
	}
	rows = lc_array_grow(top->rows, top->n_rows, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	top->rows = rows;
	rows[top->n_rows++] = row;
	return 0;
}

int lc_top_arrange(struct lc_top *top)
{
	struct lc_table *earlier = lc_table_new(LC_SHA256_SIZE);
	int r = earlier ? lc_top_index(top->is_added ? &top->fresh : &top->before, earlier) : -ENOMEM;

	free(top->rows);
	top->rows = NULL;
	top->n_rows = top->n_left_out = 0;
	for (size_t i = 0; !r && i < top->now.n_targets; i++)
		r = add_row(top, &top->now.targets[i], earlier);
	if (top->n_rows)
		qsort_r(top->rows, top->n_rows, sizeof(*top->rows), compare_rows, top);
	lc_table_free(earlier, NULL);
	return r;
}

void lc_top_note_time(struct lc_top *top, int64_t now_ns)
{
	top->has_before = top->taken_ns;
	top->interval_ns = top->has_before ? now_ns - top->taken_ns : 0;
	top->taken_ns = now_ns;
}

int lc_top_take(struct lc_top *top, struct lc_profile *profile, int64_t now_ns)
{
	lc_profile_clear(&top->before);
	top->before = top->now;
	top->now = *profile;
	*profile = (struct lc_profile){0};
	lc_top_note_time(top, now_ns);
	return lc_top_arrange(top);
}

const struct lc_top_row *lc_top_find(const struct lc_top *top, const char *key)
{
	for (size_t i = 0; i < top->n_rows; i++) {
		if (strcmp(top->rows[i].key, key) == 0)
			return &top->rows[i];
	}
	return NULL;
}

uint64_t lc_top_rate(const struct lc_top *top, uint64_t new_checks)
{
	int64_t ms = top->interval_ns / LC_NS_PER_MS;

	if (ms <= 0)
		return 0;
	return (uint64_t)((double)new_checks * 1e6 / (double)ms + 0.5);
}

void lc_top_clear(struct lc_top *top)
{
	lc_profile_clear(&top->before);
	lc_profile_clear(&top->now);
	lc_profile_clear(&top->fresh);
	free(top->rows);
	free(top->filter);
	*top = (struct lc_top){0};
}
