/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Searches for a file, and whether they found one: the same for the kernel side and for user space. */
#ifndef LEASTCAP_BPF_SEARCH_H
#define LEASTCAP_BPF_SEARCH_H

#include "bpf/record.h"

#include <asm-generic/errno-base.h>
#include <linux/capability.h>
#include <stdbool.h>

/*
 * Whether a check of CAP in a syscall of kind CALL is one of a search for a file: the question whether a directory may be
 * searched, or what is found there be executed. A search that fails for another reason, as one along PATH does in most
 * directories, fails either way: with ENOENT, or with EACCES.
 */
static inline bool lc_is_search(enum lc_call call, __u32 cap)
{
	return (cap == CAP_DAC_OVERRIDE || cap == CAP_DAC_READ_SEARCH) &&
	       (call == LC_CALL_LOOKUP || call == LC_CALL_EXECVE || call == LC_CALL_EXECVEAT);
}

/* Whether a search that RESULT is returned of has found nothing that may be used. */
static inline bool lc_found_nothing(__s64 result)
{
	return result == -ENOENT || result == -EACCES || result == -ENOTDIR;
}

#endif
