/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a process gives up what it could do harm with. */
#ifndef LEASTCAP_WHY_SANDBOX_H
#define LEASTCAP_WHY_SANDBOX_H

#include <stdbool.h>

/*
 * Leaves this process with no descriptor but SOCKET, which becomes number 0, no capabilities, nobody's user and group (where it was root), with
 * the NETWORK or without, and no way back. 0 or -errno.
 */
int sandbox_enter(int socket, bool network);

/* Then: limits on memory, time and files, and a filter that kills for any system call that parsing does not need. 0 or -errno. */
int sandbox_confine(void);

#endif
