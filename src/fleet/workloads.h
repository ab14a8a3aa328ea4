/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets of a profile, made of the samples that tell of them. */
#ifndef LEASTCAP_FLEET_WORKLOADS_H
#define LEASTCAP_FLEET_WORKLOADS_H

#include "queries.h"

#include <leastcap/json.h>
#include <leastcap/merge.h>
#include <leastcap/table.h>

/* Profiles under way. Zero-initialise; lc_workloads_clear frees it. */
struct lc_workloads {
	const char *origin; /* what each target says of where it is from */
	bool by_workload;
	int64_t from_ns; /* the time that was asked for */
	int64_t to_ns;
	struct lc_table *by_key; /* to the numbers of targets in NOTES */
	struct lc_workload_note **notes;
	size_t n;
	struct lc_merge hosts; /* what nodes say of themselves */
	uint64_t all_lost;
	uint64_t dropped;
};

/*
 * Takes SAMPLE, an object of Prometheus' with "metric" and "value", which tells what TOLD says. 0, -ENOMEM, or with *MESSAGE -EPROTO: it is not as a service writes it, -ENOTSUP: it has a capability, class or cause that
 * only a newer leastcap knows.
 */
int lc_workloads_take(struct lc_workloads *workloads, enum lc_told told, const json_t *sample, char **message);

/* Moves what was told to PROFILE (zeroed before), sorted. 0 or -ENOMEM. */
int lc_workloads_finish(struct lc_workloads *workloads, struct lc_profile *profile);

/* Frees what WORKLOADS holds and zeroes it. */
void lc_workloads_clear(struct lc_workloads *workloads);

#endif
