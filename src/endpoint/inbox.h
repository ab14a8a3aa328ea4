/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one thread leaves for another: its lock is held to swap pointers, and never while anything is made or sent. */
#ifndef LEASTCAP_ENDPOINT_INBOX_H
#define LEASTCAP_ENDPOINT_INBOX_H

#include "counters.h"

#include <leastcap/endpoint.h>

#include <pthread.h>
#include <stdbool.h>

/* What was left since the last look. Everything is owned. */
struct lc_delivery {
	struct lc_batch **batches;
	size_t n_batches;
	struct lc_profile *whole; /* NULL: none came */
	struct lc_endpoint_state state;
	bool has_state;
	bool stop;
};

struct lc_inbox {
	pthread_mutex_t lock;
	int wake; /* an eventfd, readable while there is something */
	struct lc_delivery delivery;
};

/* Makes INBOX empty. 0 or -errno. */
int lc_inbox_open(struct lc_inbox *inbox);

/* These leave something, which they take over; 0 or -ENOMEM (it is freed then). */
int lc_inbox_put_batch(struct lc_inbox *inbox, struct lc_batch *batch);
void lc_inbox_put_whole(struct lc_inbox *inbox, struct lc_profile *whole);
void lc_inbox_put_state(struct lc_inbox *inbox, const struct lc_endpoint_state *state);
void lc_inbox_put_stop(struct lc_inbox *inbox);

/* Moves what is there to DELIVERY, which lc_delivery_clear frees. */
void lc_inbox_take(struct lc_inbox *inbox, struct lc_delivery *delivery);

/* Frees what DELIVERY owns and zeroes it. */
void lc_delivery_clear(struct lc_delivery *delivery);

/* Frees WHOLE, a profile on the heap, which may be NULL. */
void lc_whole_free(struct lc_profile *whole);

/* Frees what is in INBOX, and closes it. */
void lc_inbox_close(struct lc_inbox *inbox);

#endif
