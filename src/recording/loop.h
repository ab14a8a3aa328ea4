/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event loop: descriptors and timers, each with what is to be done about it. */
#ifndef LEASTCAP_RECORDING_LOOP_H
#define LEASTCAP_RECORDING_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct lc_loop;

/* Something that is waited for. */
struct lc_loop_source {
	int fd; /* not owned; open for as long as the loop is there */
	void *context;
	/* Called whenever FD is readable or hung up, and when TIMEOUT has passed. 0 or -errno, which lc_loop_wait returns. */
	int (*ready)(void *context);
	/* Milliseconds until READY is to be called though FD is not readable; -1: never. NULL: never. */
	int (*timeout)(const void *context);
};

/* Makes a loop that waits for nothing. 0 or -errno (*LOOP is unchanged). */
int lc_loop_new(struct lc_loop **loop);

/* Waits for SOURCE (copied), too, from now on. 0 or -errno. */
int lc_loop_add(struct lc_loop *loop, const struct lc_loop_source *source);

/* Calls DUE when NS nanoseconds (more than 0) of CLOCK_MONOTONIC have passed, once or, REPEATED, each time they have. 0 or -errno. */
int lc_loop_add_timer(struct lc_loop *loop, int64_t ns, bool repeated, int (*due)(void *context), void *context);

/*
 * Waits until something is ready, or for TIMEOUT_MS (negative: no limit), and serves everything that is. 0, also when nothing was,
 * or the first -errno.
 */
int lc_loop_wait(struct lc_loop *loop, int timeout_ms);

/* Frees the loop and its timers. LOOP may be NULL. */
void lc_loop_free(struct lc_loop *loop);

#endif
