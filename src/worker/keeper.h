/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A keeper: the process that makes the workers of one kind. See struct lc_worker. */
#ifndef LEASTCAP_WORKER_KEEPER_H
#define LEASTCAP_WORKER_KEEPER_H

#include <leastcap/worker.h>

/*
 * Starts a keeper of workers of the kind LIFE, which are given CONTEXT (may be NULL). *PID becomes the keeper's number, *CONTROL the socket that
 * reaches it. 0, or -errno: both are then unchanged.
 */
int lc_keeper_start(const struct lc_worker_life *life, void *context, pid_t *pid, int *control);

/* Ends the worker, if there is one, and makes another that serves SOCKET, unless that is negative. Never blocks. 0 or -errno. */
int lc_keeper_replace(int control, int socket);

/* Ends the keeper PID and its worker, and closes CONTROL. Waits for the keeper, but not for long. */
void lc_keeper_end(pid_t pid, int control);

#endif
