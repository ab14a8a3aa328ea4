/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The call site of a check: exact on every check for the price of a few loads, learned from the first stack walks. */
#ifndef LEASTCAP_BPF_CALLSITE_H
#define LEASTCAP_BPF_CALLSITE_H

#include "bpf/task.h"

/*
 * Walking the stack costs a microsecond. But between the program's context, which lies on the kernel stack, and the
 * return address of cap_capable there is always the same distance; and between the return address into a wrapper
 * (ns_capable, capable_wrt_inode_uidgid, …) and the wrapper's own return address there is its frame, whose size depends
 * on nothing but the wrapper. So: the first stack walks teach these distances, and from then on the return address of
 * the function that asked is read straight from the stack and stands in the key.
 *
 * Guaranteed: a key is only entered with the site that the same reads will find again; a site that was not met before
 * differs from all keys, so that its first check is always sampled with a full stack. Not guaranteed: where a distance
 * can't be learned (no readable kallsyms, a check on an interrupt stack) the site is 0 and checks from several sites share
 * a key; such a key is sampled again whenever a processor's count reaches a power of two, which finds a site that has a
 * fair share in the key, but not a rare one.
 *
 * Return addresses count by their low halves: the upper one is the same everywhere in the kernel's text, or signed (arm64
 * pointer authentication).
 */

/* From the return address into a wrapper to the distance (bytes) between it and the next one up. */
struct lc_step {
	__u32 address;
	__u32 distance;
};

#define STEPS      4096 /* wrappers lie side by side in the kernel's text: its low bits are nearly always distinct */
#define STEP_DEPTH 8

struct lc_step steps[STEPS] = {};
__s64 root_distance = -1; /* from the context to the return address of cap_capable; -1 until learned */

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

/* Where CONTEXT lies on TASK's kernel stack; 0 when it is on another stack. Pointers become numbers by their low halves. */
static __always_inline __u64 stack_position(void *context, __u64 stack)
{
	__u32 offset = (__u32)(__u64)context - (__u32)stack;

	return offset < MAX_STACK_SIZE ? stack + offset : 0;
}

/*
 * Low half of the return address into the function that asked; 0 when it is not known how to find it. LINK: cap_capable's
 * return address while it is in a register; 0 when it is on the stack. Without a POSITION it is the answer.
 */
static __always_inline __u32 find_site(bool cast, __u64 position, __u64 link)
{
	if (!position)
		return link;
	if (!link && root_distance < 0)
		return 0;

	__u64 slot = link ? position : position + root_distance;
	__u32 address = link ? link : word_at(cast, slot);

	for (int depth = 0; depth < STEP_DEPTH; depth++) {
		struct lc_step *step = &steps[address & (STEPS - 1)];

		if (step->address != address)
			break;
		slot += step->distance;
		address = word_at(cast, slot);
	}
	return address;
}

/* Its first byte too: a kprobe's walk may begin there. */
static __always_inline bool in_cap_capable(__u64 address)
{
	return address >= cap_capable_text.start && address <= cap_capable_text.end;
}

/* Not static: the verifier then checks it once by itself and not again at every call. */
__noinline int in_wrapper(__u64 address)
{
	for (__u32 i = 0; i < LC_WRAPPERS; i++) {
		if (i >= wrapper_count)
			break;
		if (address > wrappers[i].start && address <= wrappers[i].end)
			return 1;
	}
	return 0;
}

/*
 * Whether ADDRESS, what find_site has found, lies in a function that asks for itself. While a distance is not known it may
 * still be in a wrapper, which everybody asks through.
 */
static __always_inline bool is_site(__u32 address)
{
	return address && wrapper_count && !in_wrapper((kernel_text.start & ~0xffffffffULL) | address);
}

/* The state of learn_site's search. It lives in the sample's memory, where the verifier forgets the values: one pass. */
struct lc_search {
	__u32 frame; /* index in the stack walk of the return address that is looked for */
	__u32 slot;  /* where the one below it was found, in bytes above the position */
	__u32 below; /* that one; 0 at first */
};

/*
 * The first frame above cap_capable in the stack walk of SAMPLE; LC_STACK_FRAMES when there is none. Newer kernels
 * (7.2) jump to a fexit program's trampoline, which leaves cap_capable out: then it is the first one that is not BPF's.
 */
static __always_inline __u32 first_frame(const struct lc_event_sample *sample)
{
	for (__u32 i = 0; i < LC_STACK_FRAMES - 1; i++) {
		if (in_cap_capable(sample->stack[i]))
			return i + 1;
	}
	for (__u32 i = 0; i < LC_STACK_FRAMES; i++) {
		if (sample->stack[i] > kernel_text.start && sample->stack[i] <= kernel_text.end)
			return i;
	}
	return LC_STACK_FRAMES;
}

/*
 * Whether ADDRESS is also found above word I, at SLOT, where it was learned to be: then word I is only what an earlier
 * call left there.
 */
static __always_inline bool holds(const struct lc_event_sample *sample, __u64 slot, __u32 i, __u64 address)
{
	__u64 known = slot / 8;

	return known > i && known < LC_STACK_WORDS && (__u32)sample->words[known] == (__u32)address;
}

/*
 * One step of the search: whether word I of the stack is the return address looked for; if so learns from it. Returns
 * whether there is more to find. A function of its own so that the verifier forgets the ways through it.
 */
static __noinline bool search_word(struct lc_event_sample *sample, __u32 i)
{
	struct lc_search *search;
	__u64 address;
	__u32 frame, below;

	if (!sample || i >= LC_STACK_WORDS)
		return false;
	search = (struct lc_search *)sample->text;
	frame = search->frame;
	below = search->below;
	if (frame >= LC_STACK_FRAMES)
		return false;
	address = sample->stack[frame];
	if (!address)
		return false;
	if ((__u32)sample->words[i] != (__u32)address)
		return true;
	if (below) {
		struct lc_step *step = &steps[below & (STEPS - 1)];

		if (step->address == below && holds(sample, search->slot + step->distance, i, address))
			return true;
		step->address = below;
		step->distance = i * 8 - search->slot;
	} else {
		if (holds(sample, root_distance, i, address))
			return true;
		root_distance = i * 8;
	}
	search->below = address;
	search->slot = i * 8;
	search->frame = frame + 1;
	return in_wrapper(address);
}

/*
 * Learns distances from the stack walk in SAMPLE: looks for the walk's return addresses, from the one of cap_capable
 * upwards, in the words of the stack above POSITION; from the next one when that one is LINK, in a register. The words are
 * read in pieces: those beyond the end of the stack, where a guard page may lie, become 0.
 */
static __noinline void learn_site(struct lc_event_sample *sample, __u64 position, __u64 link)
{
	struct lc_search *search;

	if (!sample || !position || sample->stack_bytes <= 0 || (link && !in_wrapper(link)))
		return;
	for (__u32 i = 0; i < LC_STACK_WORDS; i += 8)
		bpf_probe_read_kernel(&sample->words[i], 64, (void *)(position + i * 8));
	search = (struct lc_search *)sample->text;
	search->frame = first_frame(sample);
	search->below = link;
	search->slot = 0;
	if (link)
		search->frame++;
	for (__u32 i = 0; i < LC_STACK_WORDS; i++) {
		if (!search_word(sample, i))
			return;
	}
}

#endif
