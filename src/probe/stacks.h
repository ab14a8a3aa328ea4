/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* User stacks, and what recorded processes have mapped, for processes that are gone when their stack is unwound. */
#ifndef LEASTCAP_PROBE_STACKS_H
#define LEASTCAP_PROBE_STACKS_H

#include "src/probe/probe_private.h"

/* Sizes the maps of the opened, not yet loaded KERNEL, for stacks WANTED or not. 0 or -errno. */
int lc_stacks_configure(struct lc_kernel_side *kernel, bool wanted);

/* Takes an event of the stacks' ring buffer: TYPE is one of LC_EVENT_STACK to LC_EVENT_EXIT. */
void lc_stacks_take(struct lc_probe *probe, uint32_t type, const void *event, size_t size);

/* Frees a value of the MAPPED table. */
void lc_mapped_process_free(void *value);

#endif
