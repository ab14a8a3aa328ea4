/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has been counted since the service's start: a table by workload, with a bound for each and one for all. */
#include "counters.h"
#include "batch.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/sha256.h>
#include <leastcap/table.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A workload's labels are as long as somebody wants them, so that their hash is the key. */
struct workload {
	char key[LC_SHA256_SIZE];
	struct lc_counted counted;
	int64_t last_ms; /* when it last counted something */
};

struct lc_counters {
	struct lc_table *by_labels;
	struct workload **workloads;
	size_t n;
	size_t n_series;
	uint64_t dropped;
	uint64_t lost;
};

struct lc_counters *lc_counters_new(void)
{
	struct lc_counters *counters = calloc(1, sizeof(*counters));

	if (!counters)
		return NULL;
	counters->by_labels = lc_table_new(LC_SHA256_SIZE);
	if (!counters->by_labels) {
		free(counters);
		return NULL;
	}
	return counters;
}

static void free_workload(struct workload *workload)
{
	lc_counted_clear(&workload->counted);
	free(workload);
}

void lc_counters_free(struct lc_counters *counters)
{
	if (!counters)
		return;
	for (size_t i = 0; i < counters->n; i++)
		free_workload(counters->workloads[i]);
	free(counters->workloads);
	lc_table_free(counters->by_labels, NULL);
	free(counters);
}

/* Its losses are one series, from the beginning on: who looks for growth needs the 0. */
static size_t series_of(const struct workload *workload)
{
	return workload->counted.n_checks + workload->counted.n_calls + 1;
}

/* Whether there is room for one more series, which there may be once the workload that has been idle for the longest is forgotten. */
static bool make_room(struct lc_counters *counters, const struct workload *keep, int64_t now_ms)
{
	size_t oldest = 0;

	if (counters->n_series < LC_COUNTERS_MOST)
		return true;
	for (size_t i = 1; i < counters->n; i++) {
		if (counters->workloads[i]->last_ms < counters->workloads[oldest]->last_ms)
			oldest = i;
	}
	if (counters->workloads[oldest] == keep || now_ms - counters->workloads[oldest]->last_ms < LC_COUNTERS_IDLE_MS)
		return false;
	counters->n_series -= series_of(counters->workloads[oldest]);
	counters->dropped += series_of(counters->workloads[oldest]);
	lc_table_remove(counters->by_labels, counters->workloads[oldest]->key);
	free_workload(counters->workloads[oldest]);
	counters->workloads[oldest] = counters->workloads[--counters->n];
	return true;
}

static struct workload *add_workload(struct lc_counters *counters, const char *labels, const char *key)
{
	struct workload **grown = lc_array_grow(counters->workloads, counters->n, sizeof(struct workload *));
	struct workload *added = calloc(1, sizeof(*added));

	if (grown)
		counters->workloads = grown;
	if (added)
		added->counted.labels = strdup(labels);
	if (!grown || !added || !added->counted.labels) {
		if (added)
			free_workload(added);
		return NULL;
	}
	memcpy(added->key, key, sizeof(added->key));
	if (lc_table_put(counters->by_labels, added->key, added)) {
		free_workload(added);
		return NULL;
	}
	grown[counters->n++] = added;
	counters->n_series++;
	return added;
}

/* Sets *WORKLOAD to the one that has LABELS, which is made where it is not there; NULL: there is no room. 0 or -ENOMEM. */
static int find_workload(struct lc_counters *counters, const char *labels, int64_t now_ms, struct workload **workload)
{
	char key[LC_SHA256_SIZE];

	lc_sha256(labels, strlen(labels), key);
	*workload = lc_table_get(counters->by_labels, key);
	if (*workload || !make_room(counters, NULL, now_ms))
		return 0;
	*workload = add_workload(counters, labels, key);
	return *workload ? 0 : -ENOMEM;
}

static bool has_room(struct lc_counters *counters, const struct workload *workload, int64_t now_ms)
{
	return series_of(workload) < LC_COUNTERS_OF_A_WORKLOAD && make_room(counters, workload, now_ms);
}

/* Takes the answer of adding something to a workload into COUNTERS. 0 or -ENOMEM. */
static int note(struct lc_counters *counters, int r)
{
	if (r == -ENOSPC) {
		counters->dropped++;
		return 0;
	}
	counters->n_series += r > 0;
	return r < 0 ? r : 0;
}

static int add_check(
	struct lc_counters *counters, struct workload *workload, const struct lc_counted_check *check, int64_t now_ms)
{
	int r = lc_counted_add_check(&workload->counted, check, false);

	/* Only what is new takes room. */
	if (r == -ENOSPC && has_room(counters, workload, now_ms))
		r = lc_counted_add_check(&workload->counted, check, true);
	return note(counters, r);
}

static int add_call(
	struct lc_counters *counters, struct workload *workload, const struct lc_counted_call *call, int64_t now_ms)
{
	int r = lc_counted_add_call(&workload->counted, call, false);

	if (r == -ENOSPC && has_room(counters, workload, now_ms))
		r = lc_counted_add_call(&workload->counted, call, true);
	return note(counters, r);
}

/* What a batch has of one workload. 0 or -ENOMEM. */
static int add(struct lc_counters *counters, const struct lc_counted *counted, int64_t now_ms)
{
	struct workload *workload = NULL;
	int r = find_workload(counters, counted->labels, now_ms, &workload);

	counters->dropped += counted->dropped;
	if (!workload) {
		counters->dropped += counted->n_checks + counted->n_calls + 1;
		return r;
	}
	workload->last_ms = now_ms;
	workload->counted.lost = lc_count_add(workload->counted.lost, counted->lost);
	for (size_t i = 0; !r && i < counted->n_checks; i++)
		r = add_check(counters, workload, &counted->checks[i], now_ms);
	for (size_t i = 0; !r && i < counted->n_calls; i++)
		r = add_call(counters, workload, &counted->calls[i], now_ms);
	return r;
}

int lc_counters_add(struct lc_counters *counters, const struct lc_batch *batch, int64_t now_ms)
{
	int r = 0;

	counters->lost = lc_count_add(counters->lost, batch->lost);
	for (size_t i = 0; !r && i < batch->n; i++)
		r = add(counters, &batch->workloads[i], now_ms);
	return r;
}

uint64_t lc_counters_dropped(const struct lc_counters *counters)
{
	return counters->dropped;
}

uint64_t lc_counters_lost(const struct lc_counters *counters)
{
	return counters->lost;
}

void lc_counters_add_checks(struct lc_strbuf *out, const struct lc_counters *counters, const char *metric)
{
	char name[LC_CAP_NAME_SIZE];

	for (size_t i = 0; i < counters->n; i++) {
		const struct lc_counted *counted = &counters->workloads[i]->counted;

		for (size_t j = 0; j < counted->n_checks; j++) {
			const struct lc_counted_check *check = &counted->checks[j];

			lc_strbuf_addf(out, "%s{%s,capability=\"%s\",class=\"%s\",verdict=\"%s\"} %" PRIu64 "\n",
				metric, counted->labels, lc_cap_name(check->cap, name), lc_class_name(check->class),
				lc_verdict_name(check->verdict), check->count);
		}
	}
}

void lc_counters_add_refused(struct lc_strbuf *out, const struct lc_counters *counters, const char *metric)
{
	for (size_t i = 0; i < counters->n; i++) {
		const struct lc_counted *counted = &counters->workloads[i]->counted;

		for (size_t j = 0; j < counted->n_calls; j++) {
			const struct lc_counted_call *call = &counted->calls[j];

			lc_strbuf_addf(out, "%s{%s,cause=\"%s\",call=%s} %" PRIu64 "\n", metric, counted->labels,
				lc_cause_name(call->cause), call->call, call->count);
		}
	}
}

void lc_counters_add_lost(struct lc_strbuf *out, const struct lc_counters *counters, const char *metric)
{
	for (size_t i = 0; i < counters->n; i++) {
		const struct lc_counted *counted = &counters->workloads[i]->counted;

		lc_strbuf_addf(out, "%s{%s} %" PRIu64 "\n", metric, counted->labels, counted->lost);
	}
}
