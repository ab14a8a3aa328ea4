/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The keeper: forked while there still are privileges to give up, it has none itself and makes the children that parse files,
 * one at a time, whenever the last one is not to be used any more.
 */
#ifndef LEASTCAP_WHY_KEEPER_H
#define LEASTCAP_WHY_KEEPER_H

#include <sys/types.h>

/* Starts the keeper, to *PID, and sets *CONTROL to the socket that reaches it. 0 or -errno. */
int keeper_start(pid_t *pid, int *control);

/* Ends the child there is, and makes another that serves SOCKET, unless that is negative. 0 or -errno. */
int keeper_replace(int control, int socket);

#endif
