/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The signals that end a recording. They are events for its loop. If the loop is stuck in something that no signal reaches, like a
 * write to a pipe that nobody reads, or an open(2) on a dead file server, they end the program.
 */
#ifndef LEASTCAP_RECORDING_INTERRUPT_H
#define LEASTCAP_RECORDING_INTERRUPT_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct lc_interrupt {
	int events;  /* signalfd: those that end, and SIGCHLD; the loop reads it. -1: not caught */
	int pending; /* signalfd: readable while one that ends has come and was not read; never read itself */
	int wake;    /* eventfd: something below has changed */
	void (*stuck)(void);
	clockid_t clock; /* the processor time of the thread that caught them */
	pthread_t watch;
	sem_t at_rest; /* the watch has begun, and holds no lock while nothing happens */
	bool watched;
	atomic_bool over;   /* the watch */
	atomic_bool ending; /* the loop has taken notice: what is left is not to take long */
	atomic_bool saving; /* … but for this */
	_Atomic int64_t since_ms;
};

#define LC_INTERRUPT_NONE ((struct lc_interrupt){.events = -1, .pending = -1, .wake = -1})

/*
 * From here on signals arrive as events and are watched over by a thread, which holds no lock, so that others may fork. That thread
 * calls STUCK, which does not return, when a signal has come and nothing moves. 0 or -errno. INTERRUPT is to be released in both cases.
 */
int lc_interrupt_catch(struct lc_interrupt *interrupt, void (*stuck)(void));

/* A signal that ends was read. If the program is stuck from now on, it ends within 2 seconds. */
void lc_interrupt_ending(struct lc_interrupt *interrupt);

/* What is done now may take its time (ON), or may not any more. While it may, another signal ends the program at once. */
void lc_interrupt_saving(struct lc_interrupt *interrupt, bool on);

/* Ends the watch. Signals stay blocked. */
void lc_interrupt_release(struct lc_interrupt *interrupt);

#endif
