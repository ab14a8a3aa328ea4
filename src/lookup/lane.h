/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One process that looks, and the look-ups that wait for it. Each group has its own queue, and the groups take turns. A look-up that takes
 * too long ends the process. A group with many of these is given up; the others' look-ups go on.
 */
#ifndef LEASTCAP_LOOKUP_LANE_H
#define LEASTCAP_LOOKUP_LANE_H

#include "src/lookup/looker.h"
#include "src/lookup/wire.h"

struct lc_lookup_lane;

/* How much may wait. */
struct lc_lookup_lane_room {
	size_t requests, bytes;             /* in all */
	size_t group_requests, group_bytes; /* of one group */
};

struct lc_lookup_lane_options {
	unsigned deadline_ms; /* for one look-up */
	unsigned depth;       /* how many are sent before the first is answered */
	struct lc_lookup_lane_room room;
	int watch;     /* an epoll instance: readable while there is an answer */
	void *context; /* of what follows */
	/* What is in ANSWER may be taken over. */
	void (*answered)(void *context, const void *key, struct lc_lookup_answer *answer);
	void (*given_up)(void *context, uint64_t group);
};

/*
 * Starts the keeper of the process that looks, of the kind LIFE, which is given LOOKER (kept by reference). OPTIONS are copied. 0 or -errno:
 * *LANE is then unchanged.
 */
int lc_lookup_lane_new(struct lc_lookup_lane **lane, const struct lc_worker_life *life, struct lc_lookup_looker *looker,
	const struct lc_lookup_lane_options *options);

/* Asks REQUEST (copied), which is about KEY, for GROUP. Where there is no room it is answered at once, with -ETIMEDOUT. */
void lc_lookup_lane_ask(
	struct lc_lookup_lane *lane, uint64_t group, const void *key, const struct lc_lookup_request *request);

/* Milliseconds until the look-up under way has taken too long; -1: there is none. */
int lc_lookup_lane_timeout(const struct lc_lookup_lane *lane);

/* Takes the answers that have come, ends what has taken too long, and sends what is next. */
void lc_lookup_lane_proceed(struct lc_lookup_lane *lane);

/* How many answers are still to come. */
size_t lc_lookup_lane_pending(const struct lc_lookup_lane *lane);

/* How many look-ups found no room. */
uint64_t lc_lookup_lane_dropped(const struct lc_lookup_lane *lane);

/* Answers everything that is still to come with -ETIMEDOUT. */
void lc_lookup_lane_cancel(struct lc_lookup_lane *lane);

/* Forgets group ID, if nothing of it is on its way. False: something is. */
bool lc_lookup_lane_forget(struct lc_lookup_lane *lane, uint64_t id);

/* Ends the process and frees everything. What still waits is not answered. LANE may be NULL. */
void lc_lookup_lane_free(struct lc_lookup_lane *lane);

#endif
