/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Call sites compared: the same for the kernel side and for its tests. */
#ifndef LEASTCAP_BPF_SITE_H
#define LEASTCAP_BPF_SITE_H

#include <linux/types.h>
#include <stdbool.h>

/* Hardly a function is larger, in bytes. */
#define LC_LARGE_FUNCTION 4096

/*
 * Whether A and B, the low halves of return addresses, are into one function, as far as that can be told without symbols: whether
 * they are close. 0 is an address that is not known: two of these are not one.
 */
static inline bool lc_in_one_function(__u32 a, __u32 b)
{
	return a && b && (__u32)(a - b + LC_LARGE_FUNCTION) <= 2 * LC_LARGE_FUNCTION;
}

#endif
