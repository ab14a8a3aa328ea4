/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Call sites compared, and found in a walk of the kernel's stack: the same for both sides. */
#ifndef LEASTCAP_BPF_SITE_H
#define LEASTCAP_BPF_SITE_H

#include "bpf/record.h"

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

/* Whether ADDRESS, to which a call returns, lies in RANGE. */
static inline bool lc_in_range(const struct lc_text_range *range, __u64 address)
{
	return address > range->start && address <= range->end;
}

/*
 * The index of the first frame above cap_capable in a walk of the kernel's stack, 0 behind its last frame; LC_STACK_FRAMES when
 * there is none. A kprobe's walk may begin with cap_capable's first byte. Newer kernels (7.2) jump to a fexit program's
 * trampoline, which leaves cap_capable out: then it is the first frame in the kernel's own text, which BPF programs are not in.
 */
static inline __u32 lc_first_frame(
	const __u64 stack[LC_STACK_FRAMES], const struct lc_text_range *cap_capable, const struct lc_text_range *kernel)
{
	for (__u32 i = 0; i < LC_STACK_FRAMES - 1; i++) {
		if (stack[i] && (stack[i] == cap_capable->start || lc_in_range(cap_capable, stack[i])))
			return i + 1;
	}
	for (__u32 i = 0; i < LC_STACK_FRAMES; i++) {
		if (lc_in_range(kernel, stack[i]))
			return i;
	}
	return LC_STACK_FRAMES;
}

#endif
