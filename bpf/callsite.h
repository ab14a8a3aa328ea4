/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The call site of a check: exact on every check for the price of a few loads, learned from the first stack walks. */
#ifndef LEASTCAP_BPF_CALLSITE_H
#define LEASTCAP_BPF_CALLSITE_H

#include "bpf/site.h"
#include "bpf/task.h"

/*
 * Walking the stack costs a microsecond. A call site is found at a lower price because two kinds of distances on the kernel stack
 * never change: from the program's context to the return address of cap_capable; and from the return address into a wrapper
 * (ns_capable, capable_wrt_inode_uidgid, …) to the wrapper's own return address. The first stack walks teach these distances. From
 * then on the return address into the function that asked is read straight from the stack, and stands in the key.
 *
 * Guaranteed: a key is only entered with the site that the same reads will find again. A new site differs from those of all keys,
 * so that its first check is always sampled with a full stack. Not guaranteed: if a distance can't be learned (no readable
 * kallsyms, a check on an interrupt stack), the site is 0, and checks from several sites share a key. Such a key is sampled again
 * whenever a processor's count reaches a power of two. That finds a site with a fair share in the key, but not a rare one.
 *
 * Only the low halves of return addresses are compared: the upper half is the same everywhere in the kernel's text, or signed
 * (arm64 pointer authentication).
 */

/* The word at ADDRESS. CAST (a compile-time constant): by one load, of what the verifier is told is a timespec64. */
static __always_inline __u64 word_at(bool cast, __u64 address)
{
	__u64 word = 0;

	if (cast) {
		struct timespec64 *any = bpf_rdonly_cast((void *)address, bpf_core_type_id_kernel(struct timespec64));

		return any->tv_sec;
	}
	bpf_probe_read_kernel(&word, sizeof(word), (void *)address);
	return word;
}

#include "bpf/learn.h"

struct lc_distances distances = {};

/*
 * The address of CONTEXT if it lies on the kernel stack that begins at STACK, else 0. The low half of a pointer is a number to the
 * verifier. There is no branch, because the verifier would follow both sides through all that comes.
 */
static __always_inline __u64 stack_position(void *context, __u64 stack)
{
	__u64 offset = (__u32)((__u32)(__u64)context - (__u32)stack);
	__u64 all_if_less = (__s64)(offset - MAX_STACK_SIZE) >> 63;

	barrier_var(all_if_less);
	return (stack + offset) & all_if_less;
}

/* Whether ADDRESS is a return address into a wrapper. Not static: see bpf/maps.h. */
__noinline int in_wrapper(__u64 address)
{
	for (__u32 i = 0; i < LC_WRAPPERS; i++) {
		if (i >= wrapper_count)
			break;
		if (lc_in_range(&wrappers[i], address))
			return 1;
	}
	return 0;
}

/* Whether ADDRESS, found by lc_find_site, lies in the function that asked. While a distance is unknown, ADDRESS may still lie in a wrapper. */
static __always_inline bool is_site(__u32 address)
{
	return address && wrapper_count && !in_wrapper((kernel_text.start & ~0xffffffffULL) | address);
}

/*
 * The state of learn_site's search. It lies in the sample's memory, where the verifier does not follow values, so that it walks the
 * loop once.
 */
struct lc_search {
	struct lc_step below; /* what was found last, and how many bytes above the position: 0 at first */
	__u32 frame;          /* index in the stack walk of the return address that is looked for */
	__u32 address;        /* its low half */
};

/* As lc_learn_distance. Not static: see bpf/maps.h. */
__noinline int learn_distance(__u64 position, __u32 offset, __u32 address, __u64 below)
{
	const struct lc_step step = {.address = below, .distance = below >> 32};

	return lc_learn_distance(&distances, position, offset, address, step);
}

/* Makes SEARCH look for the return address in its frame of SAMPLE's stack walk. Returns whether there is such a frame. */
static __always_inline bool look_for_frame(struct lc_event_sample *sample, struct lc_search *search)
{
	__u32 frame = search->frame;

	if (frame >= LC_STACK_FRAMES)
		return false;
	search->address = sample->stack[frame];
	return search->address;
}

/*
 * Learns distances from the stack walk in SAMPLE. The walk's return addresses are looked for in the words of the stack above
 * POSITION, from that of cap_capable upwards. If that one is in a register (LINK), the search begins with the next. The words are
 * read in pieces, because a guard page may lie behind the end of the stack. Those that can't be read become 0.
 */
static __noinline void learn_site(struct lc_event_sample *sample, __u64 position, __u64 link)
{
	struct lc_search *search;

	if (!sample || !position || sample->stack_bytes <= 0 || (link && !in_wrapper(link)))
		return;
	/* The verifier of 7.3 takes POSITION for a pointer, which learn_distance can't be given. */
	position = as_number((void *)position);
	for (__u32 i = 0; i < LC_STACK_WORDS; i += 8)
		bpf_probe_read_kernel(&sample->words[i], 64, (void *)(position + i * 8));
	search = (struct lc_search *)sample->subject.text;
	search->below.address = link;
	search->below.distance = 0;
	search->frame = lc_first_frame(sample->stack, &cap_capable_text, &kernel_text);
	if (link)
		search->frame++;
	if (!look_for_frame(sample, search))
		return;
	for (__u32 i = 0; i < LC_STACK_WORDS; i++) {
		if ((__u32)sample->words[i] != search->address ||
			!learn_distance(position, i * 8, search->address,
				search->below.address | (__u64)search->below.distance << 32))
			continue;
		if (!in_wrapper((kernel_text.start & ~0xffffffffULL) | search->address))
			return;
		search->below.address = search->address;
		search->below.distance = i * 8;
		search->frame++;
		if (!look_for_frame(sample, search))
			return;
	}
}

#endif
