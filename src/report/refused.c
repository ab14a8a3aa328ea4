/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The calls that a target was refused, merged and in the order in which reports show them. */
#include "refused.h"
#include "rows.h"
#include <leastcap/order.h>

#include <leastcap/capset.h>
#include <leastcap/escape.h>
#include <leastcap/judge.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* So many rows a reader takes in. */
#define LC_ROWS_SHOWN 12

struct lc_report_refused lc_report_count_refused(const struct lc_target *target)
{
	struct lc_report_refused refused = {0};

	for (size_t i = 0; i < target->n_failures; i++) {
		const struct lc_failure *failure = &target->failures[i];
		uint64_t *count = failure->expected ? &refused.expected : &refused.calls;

		*count = lc_count_add(*count, failure->count);
	}
	return refused;
}

/* Puts together what is one row. */
static int compare_kinds(const struct lc_failure *a, const struct lc_failure *b)
{
	int order = lc_compare_text(lc_report_failed_program(a), lc_report_failed_program(b));

	if (!order)
		order = lc_compare_text(a->syscall, b->syscall);
	if (!order)
		order = lc_compare_text(a->result, b->result);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->cause, b->cause);
	return order ? order : LC_COMPARE_NUMBERS(a->caps, b->caps);
}

static int compare_for_merging(const void *left, const void *right)
{
	const struct lc_failure *a = *(const struct lc_failure *const *)left;
	const struct lc_failure *b = *(const struct lc_failure *const *)right;
	int order = compare_kinds(a, b);

	if (!order)
		order = LC_COMPARE_NUMBERS(b->count, a->count);
	return order ? order : lc_failure_compare_facts(a, b);
}

static int compare_for_listing(const void *left, const void *right)
{
	const struct lc_report_refusal *a = left;
	const struct lc_report_refusal *b = right;
	int order = LC_COMPARE_NUMBERS(a->failure->expected, b->failure->expected);

	if (!order)
		order = LC_COMPARE_NUMBERS(b->count, a->count);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->failure->cause, b->failure->cause);
	if (!order)
		order = compare_kinds(a->failure, b->failure);
	return order ? order : lc_failure_compare_facts(a->failure, b->failure);
}

/* Fills LIST, which has room for as many, from the N sorted FAILURES. Returns how many rows there are. */
static size_t merge(
	struct lc_report_refusal *list, const struct lc_failure *const *failures, size_t n, bool each_by_itself)
{
	size_t n_rows = 0;

	for (size_t i = 0; i < n; i++) {
		struct lc_report_refusal *row = n_rows ? &list[n_rows - 1] : NULL;

		if (!row || each_by_itself || compare_kinds(row->failure, failures[i]) != 0) {
			list[n_rows++] =
				(struct lc_report_refusal){.failure = failures[i], .count = failures[i]->count};
			continue;
		}
		row->count = lc_count_add(row->count, failures[i]->count);
		row->others++;
	}
	return n_rows;
}

int lc_report_refusals_fill(struct lc_report_refusals *refusals, const struct lc_target *target, bool verbose)
{
	const struct lc_failure **failures = calloc(target->n_failures + 1, sizeof(void *));
	struct lc_report_refusal *list = calloc(target->n_failures + 1, sizeof(*list));
	size_t n = 0;

	if (!failures || !list) {
		free(failures);
		free(list);
		return -ENOMEM;
	}
	for (size_t i = 0; i < target->n_failures; i++) {
		if (verbose || !target->failures[i].expected)
			failures[n++] = &target->failures[i];
	}
	qsort(failures, n, sizeof(void *), compare_for_merging);
	refusals->list = list;
	refusals->n = merge(list, failures, n, verbose);
	refusals->expected = verbose ? 0 : lc_report_count_refused(target).expected;
	qsort(list, refusals->n, sizeof(*list), compare_for_listing);
	if (!verbose && refusals->n > LC_ROWS_SHOWN) {
		refusals->n_left = refusals->n - LC_ROWS_SHOWN;
		refusals->n = LC_ROWS_SHOWN;
	}
	free(failures);
	return 0;
}

void lc_report_refusals_clear(struct lc_report_refusals *refusals)
{
	free(refusals->list);
	*refusals = (struct lc_report_refusals){0};
}

bool lc_report_is_refused_by(const struct lc_failure *failure, const struct lc_check *check)
{
	return check->class == LC_CLASS_BLOCKED && failure->caps & LC_CAP_BIT(check->cap) &&
	       lc_same_text(failure->syscall, check->syscall) &&
	       lc_same_text(lc_report_failed_program(failure), lc_report_program(check));
}

bool lc_report_refusals_tell(const struct lc_report_refusals *refusals, const struct lc_check *check)
{
	for (size_t i = 0; i < refusals->n; i++) {
		if (lc_report_is_refused_by(refusals->list[i].failure, check))
			return true;
	}
	return false;
}

uint64_t lc_report_refusals_caps(const struct lc_report_refusals *refusals)
{
	uint64_t caps = 0;

	for (size_t i = 0; i < refusals->n; i++)
		caps |= refusals->list[i].failure->expected ? 0 : refusals->list[i].failure->caps;
	return caps;
}

/* Whether TARGET's evidence on CAP has a check that was denied, which tells more than a failed call could. */
static bool has_denied_check(const struct lc_target *target, int cap)
{
	const struct lc_check *check = lc_judge_caller(target, cap);

	return check && check->verdict == LC_VERDICT_DENIED &&
	       (check->class == LC_CLASS_BLOCKED || check->class == LC_CLASS_ALTERNATIVE);
}

const struct lc_failure *lc_report_refusal(const struct lc_target *target, int cap)
{
	const struct lc_failure *found = NULL;

	if (!(target->wanted & LC_CAP_BIT(cap)) || has_denied_check(target, cap))
		return NULL;
	for (size_t i = 0; i < target->n_failures; i++) {
		const struct lc_failure *failure = &target->failures[i];

		if (!failure->expected && failure->caps & LC_CAP_BIT(cap) && (!found || failure->count > found->count))
			found = failure;
	}
	return found;
}

void lc_report_add_n_refused(struct lc_strbuf *out, uint64_t n)
{
	lc_strbuf_addf(out, "%" PRIu64 " call%s refused", n, n == 1 ? " was" : "s were");
}

/* Appends SENTENCE, which gets the full stop that it may lack. */
static void add_sentence(struct lc_strbuf *out, size_t start, const char *sentence)
{
	size_t length = sentence ? strlen(sentence) : 0;

	if (!length)
		return;
	lc_strbuf_adds(out, out->length > start ? " " : "");
	lc_escape_terminal(out, sentence);
	lc_strbuf_adds(out, strchr(".!?", sentence[length - 1]) ? "" : ".");
}

void lc_report_add_cause(struct lc_strbuf *out, const struct lc_failure *failure)
{
	size_t start = out->length;

	add_sentence(out, start, failure->why);
	add_sentence(out, start, failure->help);
	if (failure->help || !failure->caps)
		return;
	lc_strbuf_adds(out, out->length > start ? " " : "");
	lc_cap_add_list(out, failure->caps, "", " or ", false);
	lc_strbuf_adds(out, " lets it through.");
}

void lc_report_add_failed_call(struct lc_strbuf *out, const struct lc_failure *failure)
{
	size_t start = out->length;

	lc_report_add_word(out, start, "", lc_report_failed_program(failure));
	lc_report_add_word(out, start, "", failure->syscall);
	lc_report_add_word(out, start, "", failure->about);
	if (out->length == start)
		lc_strbuf_adds(out, "?");
	lc_report_add_word(out, start, "→ ", failure->result);
}

void lc_report_add_reason(struct lc_strbuf *out, const struct lc_target *target, int cap)
{
	const struct lc_failure *failure = lc_report_refusal(target, cap);
	const struct lc_check *check = failure ? NULL : lc_judge_caller(target, cap);
	const char *why = failure ? failure->why : check ? check->why : NULL;

	if (failure)
		lc_report_add_failed_call(out, failure);
	else if (check)
		lc_report_add_caller(out, check);
	if (!why)
		return;
	lc_strbuf_adds(out, " (");
	lc_escape_terminal(out, why);
	/* The full stop of the sentence has no place within them. */
	if (failure && out->length && out->text[out->length - 1] == '.')
		out->text[--out->length] = 0;
	lc_strbuf_adds(out, ")");
}
