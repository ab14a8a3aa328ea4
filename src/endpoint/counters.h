/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has been counted since the service's start, by workload: only grows, and is bounded. */
#ifndef LEASTCAP_ENDPOINT_COUNTERS_H
#define LEASTCAP_ENDPOINT_COUNTERS_H

#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <stddef.h>
#include <stdint.h>

/* How many series there may be, and how many of one workload, so that none takes the others' room. */
#define LC_COUNTERS_MOST          20000
#define LC_COUNTERS_OF_A_WORKLOAD 500

/* A workload that has counted nothing for so long gives its place to a new one when there is no other. */
#define LC_COUNTERS_IDLE_MS (INT64_C(3600) * 1000)

/* What an increment counts, in the form in which it is handed from one thread to another. */
struct lc_batch;

/* Makes *BATCH, which lc_batch_free frees, of INCREMENT, of which nothing is kept. 0 or -ENOMEM. */
int lc_batch_make(struct lc_batch **batch, const struct lc_profile *increment);

/* Frees BATCH, which may be NULL. */
void lc_batch_free(struct lc_batch *batch);

struct lc_counters;

/* Makes a table without counters; NULL when out of memory. */
struct lc_counters *lc_counters_new(void);

/* Frees COUNTERS, which may be NULL. */
void lc_counters_free(struct lc_counters *counters);

/*
 * Adds BATCH to COUNTERS; NOW_MS says when, on a clock that never goes back. What has no room is counted (lc_counters_dropped). 0, or -ENOMEM: some of it is not
 * counted.
 */
int lc_counters_add(struct lc_counters *counters, const struct lc_batch *batch, int64_t now_ms);

/* How many series had no room, or lost it. */
uint64_t lc_counters_dropped(const struct lc_counters *counters);

/* How many checks are lost, of whomever. */
uint64_t lc_counters_lost(const struct lc_counters *counters);

/* These append every sample of the metric that they are called by. */
void lc_counters_add_checks(struct lc_strbuf *out, const struct lc_counters *counters, const char *metric);
void lc_counters_add_refused(struct lc_strbuf *out, const struct lc_counters *counters, const char *metric);
void lc_counters_add_lost(struct lc_strbuf *out, const struct lc_counters *counters, const char *metric);

#endif
