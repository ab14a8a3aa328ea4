/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How bad what is recorded is, as an audit says it, looked at again from time to time. */
#ifndef LEASTCAP_CLI_SHOWING_RATING_H
#define LEASTCAP_CLI_SHOWING_RATING_H

#include <leastcap/host.h>
#include <leastcap/model.h>

/* Zero-initialise to start; lc_ratings_clear frees it. */
struct lc_ratings {
	struct lc_hierarchy hierarchy;
	bool is_found; /* the hierarchy */
	uint64_t host; /* what the host may grant */
	struct lc_rated *rated;
	size_t n;
};

/* Gives each of PROFILE's targets its level and score. 0 or -ENOMEM. */
int lc_ratings_apply(struct lc_ratings *ratings, struct lc_profile *profile);

/* Frees what RATINGS owns and zeroes it. */
void lc_ratings_clear(struct lc_ratings *ratings);

#endif
