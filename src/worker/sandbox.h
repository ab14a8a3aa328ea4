/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a process gives up what it could do harm with. */
#ifndef LEASTCAP_WORKER_SANDBOX_H
#define LEASTCAP_WORKER_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Leaves this process with no descriptor but SOCKET, which becomes number 0, no capabilities, nobody's user and group (where it was root), with
 * the NETWORK or without, and no way back. 0 or -errno.
 */
int lc_sandbox_enter(int socket, bool network);

/* Then: limits on memory, time and files, and a filter that kills for any system call that parsing does not need. 0 or -errno. */
int lc_sandbox_confine(void);

/*
 * For who looks at what containers have: leaves this process with the N descriptors in KEPT (above 2) and none else, with CAP_DAC_READ_SEARCH
 * (or CAP_DAC_OVERRIDE, where that is what it has instead) and CAP_SYS_PTRACE of its capabilities, no network, nothing that it could write
 * to, and no way back. 0 or -errno.
 */
int lc_sandbox_look(const int *kept, size_t n);

#endif
