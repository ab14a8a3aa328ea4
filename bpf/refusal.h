/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which results of system calls are refusals: the same for the kernel side and for user space. */
#ifndef LEASTCAP_BPF_REFUSAL_H
#define LEASTCAP_BPF_REFUSAL_H

#include <linux/types.h>

#include <asm-generic/errno.h>
#include <stdbool.h>

/* Whether RESULT says that a call was refused. FILTERED: a filter of system calls, many of which answer ENOSYS, may have done so. */
static inline bool lc_is_refusal(__s64 result, bool filtered)
{
	switch (result) {
	case -EPERM:
	case -EACCES:
	case -EROFS:
		return true;
	case -ENOSYS:
		return filtered;
	default:
		return false;
	}
}

#endif
