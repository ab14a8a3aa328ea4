/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which syscalls the kernel side treats as more than a number. */
#ifndef LEASTCAP_PROBE_CALLS_H
#define LEASTCAP_PROBE_CALLS_H

#include <stdint.h>

/* Fills CALLS, LC_SYSCALLS long, with the enum lc_call of each syscall by its number. */
void lc_calls_fill(uint8_t *calls);

#endif
