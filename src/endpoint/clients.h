/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connections of clients: how many there are, and which has to go when there are too many or one takes too long. */
#ifndef LEASTCAP_ENDPOINT_CLIENTS_H
#define LEASTCAP_ENDPOINT_CLIENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many connections there may be, and how many of them may have a long answer that they have not taken yet. */
#define LC_CLIENTS_MOST           32
#define LC_CLIENTS_MOST_ANSWERING 16

/* How long a client may take to ask, and to take the whole of an answer. */
#define LC_CLIENTS_ASKING_MS    INT64_C(10000)
#define LC_CLIENTS_ANSWERING_MS INT64_C(60000)

/* And for how long it is left alone with that whoever else wants one. */
#define LC_CLIENTS_LEAST_MS INT64_C(1000)

/* A connection. */
struct lc_client {
	struct lc_client *next;
	int fd;           /* not owned */
	int64_t since_ms; /* when it came, asked, or had its last answer */
	bool is_asking;   /* it has not asked yet, or not again */
	bool is_cut;      /* it is cut off, and not closed yet */
};

/* In the order in which they came. */
struct lc_clients {
	struct lc_client *first;
	size_t n;
};

/* Adds the connection FD, which has not asked. NULL when out of memory. */
struct lc_client *lc_clients_add(struct lc_clients *clients, int fd, int64_t now_ms);

/* Frees CLIENT, whose connection is closed. */
void lc_clients_remove(struct lc_clients *clients, struct lc_client *client);

/*
 * Cuts off (the connection is closed soon after) the one that has been asking for the longest; where all have asked, nobody. So that who sends nothing keeps nobody
 * else out. Whether there was one.
 */
bool lc_clients_cut_one(struct lc_clients *clients);

/*
 * Whether one more may be given a long answer, for which the one may be cut off that has been taking his for the longest: who does not read keeps nobody from reading.
 */
bool lc_clients_may_answer(struct lc_clients *clients, int64_t now_ms);

/* Cuts off whoever takes too long. */
void lc_clients_cut_slow(struct lc_clients *clients, int64_t now_ms);

#endif
