/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an increment counts, workload by workload. */
#ifndef LEASTCAP_ENDPOINT_BATCH_H
#define LEASTCAP_ENDPOINT_BATCH_H

#include "counters.h"

/* Checks of one kind. */
struct lc_counted_check {
	int cap;
	enum lc_class class;
	enum lc_verdict verdict;
	uint64_t count;
};

/* Refused calls of one kind. CALL is the value of a label, as lc_labels_add_value makes it; owned. */
struct lc_counted_call {
	enum lc_cause cause;
	char *call;
	uint64_t count;
};

/* What one workload counts. Everything is owned. */
struct lc_counted {
	char *labels; /* as lc_labels_add has them */
	struct lc_counted_check *checks;
	size_t n_checks;
	struct lc_counted_call *calls;
	size_t n_calls;
	uint64_t lost;
	uint64_t dropped; /* kinds that had no room */
};

struct lc_batch {
	struct lc_counted *workloads;
	size_t n;
	uint64_t lost; /* of whomever */
};

/* Adds CHECK to COUNTED's of that kind. 1 where it is a new kind, 0 where not; -ENOSPC where it would be and there is no room, -ENOMEM. */
int lc_counted_add_check(struct lc_counted *counted, const struct lc_counted_check *check, bool has_room);

/* The same of refused calls; the text is copied. */
int lc_counted_add_call(struct lc_counted *counted, const struct lc_counted_call *call, bool has_room);

/* Frees what COUNTED owns and zeroes it. */
void lc_counted_clear(struct lc_counted *counted);

#endif
