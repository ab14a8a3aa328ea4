/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * How a call site is found on the kernel stack, and how that is learned. The kernel side and its tests share this file. Before it
 * is included, word_at has to be defined: __u64 word_at(bool cast, __u64 address), the word of the stack at ADDRESS.
 */
#ifndef LEASTCAP_BPF_LEARN_H
#define LEASTCAP_BPF_LEARN_H

#include "bpf/record.h"

#include <stdbool.h>

/* From the return address into a wrapper to the distance (bytes) between it and the next one up. */
struct lc_step {
	__u32 address;
	__u32 distance;
};

#define LC_STEPS      4096 /* wrappers lie side by side in the kernel's text: its low bits are nearly always distinct */
#define LC_STEP_DEPTH 8

/* All distances that have been learned. */
struct lc_distances {
	__u32 root; /* 1 + that from the program's context to the return address of cap_capable; 0 until learned */
	__u32 unused;
	struct lc_step steps[LC_STEPS];
};

/*
 * The low half of the return address into the function that asked; 0 while it is not known how to find it. POSITION: where the
 * program's context lies. LINK: cap_capable's return address while it is in a register; 0 when it is on the stack. Without a
 * POSITION the answer is LINK. CAST: as for word_at.
 */
static inline __attribute__((always_inline)) __u32 lc_find_site(
	const struct lc_distances *distances, bool cast, __u64 position, __u64 link)
{
	if (!position)
		return link;
	if (!link && !distances->root)
		return 0;

	__u64 slot = link ? position : position + distances->root - 1;
	__u32 address = link ? link : word_at(cast, slot);

	for (int depth = 0; depth < LC_STEP_DEPTH; depth++) {
		const struct lc_step *step = &distances->steps[address & (LC_STEPS - 1)];

		if (step->address != address)
			break;
		slot += step->distance;
		address = word_at(cast, slot);
	}
	return address;
}

/*
 * ADDRESS, a return address of the stack walk, was found OFFSET bytes above POSITION. BELOW is the return address before it, and
 * how many bytes above POSITION that lies (0: there is none). Learns the distance between the two and returns true. Returns false
 * if ADDRESS is also found further up, where it was learned to be: then the word at OFFSET was left there by an earlier call.
 */
static inline bool lc_learn_distance(
	struct lc_distances *distances, __u64 position, __u32 offset, __u32 address, struct lc_step below)
{
	struct lc_step *step = &distances->steps[below.address & (LC_STEPS - 1)];
	__u32 slot = below.distance;
	__s64 known = -1;

	if (!below.address)
		known = (__s64)distances->root - 1;
	else if (step->address == below.address)
		known = slot + step->distance;
	if (known > offset && known < LC_STACK_WORDS * 8 && (__u32)word_at(false, position + known) == address)
		return false;
	if (below.address) {
		step->address = below.address;
		step->distance = offset - slot;
	} else {
		distances->root = 1 + offset;
	}
	return true;
}

#endif
