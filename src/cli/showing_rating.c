/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How bad what is recorded is, as an audit says it, looked at again from time to time. */
#include "src/cli/showing_rating.h"

#include <leastcap/array.h>
#include <leastcap/audit.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A rating is made again after so long, and so many of them at once, because an audit reads all processes. */
#define OLD_NS      (10 * LC_NS_PER_S)
#define OLD_AT_ONCE 8

/* What was found of the target in a cgroup. */
struct lc_rated {
	char *cgroup;
	int64_t read_ns; /* CLOCK_MONOTONIC */
	enum lc_rating_level level;
	uint64_t score;
	bool is_there; /* it is in the profile still */
};

/* What is known of CGROUP, made when it is new. NULL when out of memory. */
static struct lc_rated *rated_of(struct lc_ratings *ratings, const char *cgroup)
{
	struct lc_rated *grown;
	char *copy;

	for (size_t i = 0; i < ratings->n; i++) {
		if (strcmp(ratings->rated[i].cgroup, cgroup) == 0)
			return &ratings->rated[i];
	}
	copy = strdup(cgroup);
	grown = copy ? lc_array_grow(ratings->rated, ratings->n, sizeof(*grown)) : NULL;
	if (!grown) {
		free(copy);
		return NULL;
	}
	ratings->rated = grown;
	grown[ratings->n] = (struct lc_rated){.cgroup = copy};
	return &grown[ratings->n++];
}

/* Looks at TARGET's processes. What has ended keeps what was found. 0 or -ENOMEM. */
static int rate(const struct lc_ratings *ratings, struct lc_target *target, struct lc_rated *rated)
{
	const struct lc_audit_view view = {.host = ratings->host};
	int r;

	rated->read_ns = lc_clock_ns(CLOCK_MONOTONIC);
	lc_target_clear_audit(target);
	r = lc_audit_read(target, &ratings->hierarchy);
	if (!r && !target->init.ended) {
		r = lc_audit_rate(target, &view);
		rated->level = target->rating.level;
		rated->score = target->rating.score;
	}
	/* The list is what matters here; an audit tells the rest. */
	lc_target_clear_audit(target);
	return r == -ENOMEM ? r : 0;
}

/* Forgets what is in no profile any more. */
static void forget_gone(struct lc_ratings *ratings)
{
	size_t n = 0;

	for (size_t i = 0; i < ratings->n; i++) {
		if (!ratings->rated[i].is_there)
			free(ratings->rated[i].cgroup);
		else
			ratings->rated[n++] = ratings->rated[i];
	}
	ratings->n = n;
}

/* Gives TARGET its level and score. *OLD more may be made again. 0 or -ENOMEM. */
static int apply(struct lc_ratings *ratings, struct lc_target *target, int *old)
{
	int64_t now = lc_clock_ns(CLOCK_MONOTONIC);
	struct lc_rated *rated = rated_of(ratings, target->cgroup);
	int r = 0;

	if (!rated)
		return -ENOMEM;
	rated->is_there = true;
	if (!rated->read_ns || (now - rated->read_ns > OLD_NS && (*old)-- > 0))
		r = rate(ratings, target, rated);
	target->rating.level = rated->level;
	target->rating.score = rated->score;
	return r;
}

int lc_ratings_apply(struct lc_ratings *ratings, struct lc_profile *profile)
{
	int r = 0, old = OLD_AT_ONCE;

	if (!ratings->is_found) {
		if (lc_hierarchy_find(&ratings->hierarchy))
			return 0;
		ratings->is_found = true;
		ratings->host = lc_audit_host();
	}
	for (size_t i = 0; i < ratings->n; i++)
		ratings->rated[i].is_there = false;
	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		if (profile->targets[i].cgroup)
			r = apply(ratings, &profile->targets[i], &old);
	}
	forget_gone(ratings);
	return r;
}

void lc_ratings_clear(struct lc_ratings *ratings)
{
	for (size_t i = 0; i < ratings->n; i++)
		free(ratings->rated[i].cgroup);
	free(ratings->rated);
	*ratings = (struct lc_ratings){0};
}
