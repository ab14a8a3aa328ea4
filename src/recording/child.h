/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The command that is recorded or that a recording lasts for: started, held back, released, waited for. */
#ifndef LEASTCAP_RECORDING_CHILD_H
#define LEASTCAP_RECORDING_CHILD_H

#include <leastcap/replace.h>

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct lc_child {
	pid_t pid;       /* 0: none */
	int gate;        /* closed or written to: the child goes ahead */
	int failure;     /* the child says here why it could not be executed */
	bool unreplaced; /* it could not be given its changed files */
	bool ended;
	int status; /* as waitpid tells it */
};

/* What a child becomes. */
struct lc_future {
	char **command;                        /* ended by NULL */
	const char *user;                      /* whose; NULL: as ours */
	char **environment;                    /* NULL: ours */
	const uint64_t *bounding;              /* the capabilities that it can have at most; NULL: as ours */
	const struct lc_replacement *replaced; /* files that it finds changed */
	size_t n_replaced;
};

#define LC_CHILD_NONE ((struct lc_child){.gate = -1, .failure = -1})

/*
 * Forks a child that will become FUTURE once it is released, with the privileges that we have now and no signal blocked. 0 or -errno (*CHILD
 * is unchanged).
 */
int lc_child_fork(struct lc_child *child, const struct lc_future *future);

/* Lets the child execute its command. 0, or the -errno with which that failed (the child is gone then). */
int lc_child_release(struct lc_child *child);

/* Notes whether the child has ended. */
void lc_child_poll(struct lc_child *child);

/* Ends a child that was never released, and closes what it holds. */
void lc_child_discard(struct lc_child *child);

#endif
