/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A keeper: a process that is forked while there still are privileges to give up. It makes the workers that do what may go wrong, one at
 * a time, whenever the last one is not to be used any more, and waits for none of them: one that hangs in the kernel may not even die.
 */
#ifndef LEASTCAP_WORKER_KEEPER_H
#define LEASTCAP_WORKER_KEEPER_H

#include <leastcap/worker.h>

/*
 * Starts a keeper of workers of the kind LIFE, which are given CONTEXT (may be NULL), to *PID, and sets *CONTROL to the socket that reaches it. 0 or
 * -errno; both are then unchanged.
 */
int lc_keeper_start(const struct lc_worker_life *life, void *context, pid_t *pid, int *control);

/* Ends the worker there is, and makes another that serves SOCKET, unless that is negative. Never blocks. 0 or -errno. */
int lc_keeper_replace(int control, int socket);

/* Ends the keeper PID and its worker and closes CONTROL. Waits for it, but not for long. */
void lc_keeper_end(pid_t pid, int control);

#endif
