/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One process that looks, and those that wait for it: each group in its own queue, and the groups in turn. What takes too long costs the
 * process its life, and in the end the group its look-ups; the others' go on.
 */
#ifndef LEASTCAP_LOOKUP_LANE_H
#define LEASTCAP_LOOKUP_LANE_H

#include "src/lookup/looker.h"
#include "src/lookup/wire.h"

struct lane;

/* How much may wait. */
struct lane_room {
	size_t requests, bytes;             /* in all */
	size_t group_requests, group_bytes; /* of one group */
};

struct lane_options {
	unsigned deadline_ms; /* for one look-up */
	unsigned depth;       /* how many are sent before the first is answered */
	struct lane_room room;
	int watch;     /* an epoll instance: readable while there is an answer */
	void *context; /* of what follows */
	/* What is in ANSWER may be taken over. */
	void (*answered)(void *context, const void *key, struct lookup_answer *answer);
	void (*given_up)(void *context, uint64_t group);
};

/* Starts the keeper of the process that looks, of the kind LIFE, which is given LOOKER (kept). OPTIONS are copied. 0 or -errno. */
int lc_lookup_lane_new(struct lane **lane, const struct lc_worker_life *life, struct looker *looker,
	const struct lane_options *options);

/* Asks REQUEST (copied), which is about KEY, for GROUP. What finds no room is answered at once, with -ETIMEDOUT. */
void lc_lookup_lane_ask(struct lane *lane, uint64_t group, const void *key, const struct lookup_request *request);

/* Milliseconds until the look-up under way has taken too long; -1: there is none. */
int lc_lookup_lane_timeout(const struct lane *lane);

/* Takes the answers that have come, ends what has taken too long, and sends what is next. */
void lc_lookup_lane_proceed(struct lane *lane);

/* How many answers are still to come, and how many look-ups found no room. */
size_t lc_lookup_lane_pending(const struct lane *lane);
uint64_t lc_lookup_lane_dropped(const struct lane *lane);

/* Answers everything that is still to come with -ETIMEDOUT. */
void lc_lookup_lane_cancel(struct lane *lane);

/* Ends the process and frees everything, without an answer to what is still to come. LANE may be NULL. */
void lc_lookup_lane_free(struct lane *lane);

#endif
