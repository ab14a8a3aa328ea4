/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Searches for a file, and whether they found one: the same for the kernel side and for user space. */
#ifndef LEASTCAP_BPF_SEARCH_H
#define LEASTCAP_BPF_SEARCH_H

#include "bpf/record.h"

#include <asm-generic/errno-base.h>
#include <linux/capability.h>
#include <stdbool.h>

/*
 * Whether a check of CAP in a syscall of kind CALL is one of a search for a file: it asks whether a directory may be searched, or
 * whether what is found there may be executed. A search along PATH fails in most directories with the capability, too: with ENOENT
 * instead of EACCES.
 */
static inline bool lc_is_search(enum lc_call call, __u32 cap)
{
	return (cap == CAP_DAC_OVERRIDE || cap == CAP_DAC_READ_SEARCH) &&
	       (call == LC_CALL_LOOKUP || call == LC_CALL_EXECVE || call == LC_CALL_EXECVEAT);
}

/* Whether a search that returned RESULT has found nothing that may be used. */
static inline bool lc_found_nothing(__s64 result)
{
	return result == -ENOENT || result == -EACCES || result == -ENOTDIR;
}

#endif
