/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an increment counts, workload by workload: the evidence's detail is dropped here, by the thread that has it. */
#include "batch.h"
#include "labels.h"

#include <leastcap/array.h>
#include <leastcap/loss.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Capabilities are the bits of a 64-bit mask. */
#define CAPS 64

void lc_counted_clear(struct lc_counted *counted)
{
	for (size_t i = 0; i < counted->n_calls; i++)
		free(counted->calls[i].call);
	free(counted->calls);
	free(counted->checks);
	free(counted->labels);
	*counted = (struct lc_counted){0};
}

int lc_counted_add_check(struct lc_counted *counted, const struct lc_counted_check *check, bool has_room)
{
	struct lc_counted_check *grown;

	for (size_t i = 0; i < counted->n_checks; i++) {
		struct lc_counted_check *known = &counted->checks[i];

		if (known->cap == check->cap && known->class == check->class && known->verdict == check->verdict) {
			known->count = lc_count_add(known->count, check->count);
			return 0;
		}
	}
	if (!has_room)
		return -ENOSPC;
	grown = lc_array_grow(counted->checks, counted->n_checks, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	counted->checks = grown;
	grown[counted->n_checks++] = *check;
	return 1;
}

int lc_counted_add_call(struct lc_counted *counted, const struct lc_counted_call *call, bool has_room)
{
	struct lc_counted_call added = *call, *grown;

	for (size_t i = 0; i < counted->n_calls; i++) {
		struct lc_counted_call *known = &counted->calls[i];

		if (known->cause == call->cause && strcmp(known->call, call->call) == 0) {
			known->count = lc_count_add(known->count, call->count);
			return 0;
		}
	}
	if (!has_room)
		return -ENOSPC;
	grown = lc_array_grow(counted->calls, counted->n_calls, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	counted->calls = grown;
	added.call = strdup(call->call);
	if (!added.call)
		return -ENOMEM;
	grown[counted->n_calls++] = added;
	return 1;
}

/* Counts the evidence of TARGET, which may be very much, in a table of all kinds. */
static int count_checks(struct lc_counted *counted, const struct lc_target *target)
{
	uint64_t counts[CAPS][LC_CLASS_N][LC_VERDICT_N] = {0};
	int r = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		uint64_t *count;

		if (check->cap < 0 || check->cap >= CAPS || check->class >= LC_CLASS_N ||
			check->verdict >= LC_VERDICT_N)
			continue;
		count = &counts[check->cap][check->class][check->verdict];
		*count = lc_count_add(*count, check->count);
	}
	for (size_t i = 0; r >= 0 && i < sizeof(counts) / sizeof(counts[0][0][0]); i++) {
		struct lc_counted_check check = {
			.cap = (int)(i / LC_VERDICT_N / LC_CLASS_N),
			.class = (enum lc_class)(i / LC_VERDICT_N % LC_CLASS_N),
			.verdict = (enum lc_verdict)(i % LC_VERDICT_N),
		};

		check.count = counts[check.cap][check.class][check.verdict];
		if (check.count)
			r = lc_counted_add_check(counted, &check, true);
	}
	return r < 0 ? r : 0;
}

static int count_calls(struct lc_counted *counted, const struct lc_target *target)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < target->n_failures; i++) {
		const struct lc_failure *failure = &target->failures[i];
		struct lc_counted_call call = {.cause = failure->cause, .count = failure->count};
		struct lc_strbuf name = {0};

		lc_labels_add_value(&name, failure->syscall);
		call.call = lc_strbuf_steal(&name);
		r = call.call ? lc_counted_add_call(counted, &call, counted->n_calls < LC_COUNTERS_OF_A_WORKLOAD)
			      : -ENOMEM;
		if (r == -ENOSPC) {
			counted->dropped++;
			r = 0;
		}
		free(call.call);
	}
	return r < 0 ? r : 0;
}

static int count(struct lc_counted *counted, const struct lc_target *target)
{
	struct lc_strbuf labels = {0};
	int r;

	lc_labels_add(&labels, target);
	counted->labels = lc_strbuf_steal(&labels);
	counted->lost = lc_losses_total(&target->losses);
	r = counted->labels ? count_checks(counted, target) : -ENOMEM;
	return r ? r : count_calls(counted, target);
}

static bool counts_anything(const struct lc_target *target)
{
	return target->n_evidence || target->n_failures || lc_losses_total(&target->losses);
}

int lc_batch_make(struct lc_batch **batch, const struct lc_profile *increment)
{
	struct lc_batch *made = calloc(1, sizeof(*made));
	int r = made ? 0 : -ENOMEM;

	if (made && increment->n_targets) {
		made->workloads = calloc(increment->n_targets, sizeof(*made->workloads));
		r = made->workloads ? 0 : -ENOMEM;
	}
	for (size_t i = 0; !r && i < increment->n_targets; i++) {
		if (counts_anything(&increment->targets[i]))
			r = count(&made->workloads[made->n++], &increment->targets[i]);
	}
	if (r) {
		lc_batch_free(made);
		return r;
	}
	made->lost = increment->lost;
	*batch = made;
	return 0;
}

void lc_batch_free(struct lc_batch *batch)
{
	if (!batch)
		return;
	for (size_t i = 0; i < batch->n; i++)
		lc_counted_clear(&batch->workloads[i]);
	free(batch->workloads);
	free(batch);
}
