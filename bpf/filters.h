/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A task's filters of system calls (seccomp): how they are told apart, and how user space gets to know them. The kernel keeps the
 * instructions as the process gave them, because a checkpoint needs them (CONFIG_CHECKPOINT_RESTORE).
 */
#ifndef LEASTCAP_BPF_FILTERS_H
#define LEASTCAP_BPF_FILTERS_H

#include "bpf/room.h"
#include "bpf/task.h"

#include <linux/seccomp.h>

/* How many instructions of each filter are looked at, at each of two places, to tell it from others. */
#define FILTER_WORDS 8

/* Whether this kernel's types say where the instructions are. */
static __always_inline bool has_filters(void)
{
	return bpf_core_field_exists(((struct seccomp *)NULL)->filter) &&
	       bpf_core_field_exists(((struct seccomp_filter *)NULL)->prog) &&
	       bpf_core_field_exists(((struct bpf_prog *)NULL)->orig_prog);
}

/* Mixes N instructions at ADDRESS into HASH, FILTER_WORDS at most. */
static __always_inline __u32 mix_words(__u32 hash, __u64 address, __u32 n)
{
	__u64 words[FILTER_WORDS] = {};

	barrier_var(n); /* or else the compiler may compare one copy and use another, which verifiers refuse */
	if (n > FILTER_WORDS)
		n = FILTER_WORDS;
	bpf_probe_read_kernel(words, n * sizeof(__u64), (void *)address);
	for (int i = 0; i < FILTER_WORDS; i++)
		hash = (hash ^ (__u32)words[i] ^ (__u32)(words[i] >> 32)) * 0x01000193;
	return hash;
}

/* A number that tells TASK's filters from others. DIRECT: as for LOAD. */
static __always_inline __u32 mark_filters(bool direct, struct task_struct *task)
{
	struct seccomp_filter *filter = LOAD(direct, task, seccomp.filter);
	__u32 hash = 0x811c9dc5;

	for (int i = 0; i <= LC_FILTERS && filter; i++) {
		struct bpf_prog *loaded = LOAD(direct, filter, prog);
		struct sock_fprog_kern *program = LOAD(direct, loaded, orig_prog);
		__u32 length = LOAD(direct, program, len);
		__u64 instructions = (__u64)BPF_CORE_READ(program, filter);
		bool is_long = length > 3 * FILTER_WORDS;
		__u32 first = is_long ? length / 3 : 0, second = is_long ? length * 2 / 3 : length / 2;

		hash = (hash ^ length) * 0x01000193;
		hash = mix_words(hash, instructions + first * sizeof(__u64), length - first);
		hash = mix_words(hash, instructions + second * sizeof(__u64), length - second);
		filter = LOAD(direct, filter, prev);
	}
	return hash ?: 1;
}

/*
 * A number that tells the current task's filters from those of others in its cgroup: by how many there are, how long they are, and
 * some of their instructions; 0 where that is not asked for (WANTED). A filter's address would not do, because each run of the same program has one of its own, and takes
 * that of one that is gone. Not static: see bpf/maps.h.
 */
__noinline int filters_mark(__u32 wanted)
{
	if (!wanted || !has_filters())
		return 0;
	return has_typed_task() ? mark_filters(true, current_task(true)) : mark_filters(false, current_task(false));
}

/*
 * Tells user space the instructions from OFFSET on of the filter at ADDRESS, which is PLACE among those of KEY, all of the current
 * task's. Returns how many instructions are left; -1 when there is no room. Not static: see bpf/maps.h.
 */
__noinline int send_chunk(__u64 cgroup, __u32 filters, __u64 address, __u32 place, __u32 offset)
{
	struct seccomp_filter *filter = (struct seccomp_filter *)address;
	struct sock_fprog_kern *program = BPF_CORE_READ(filter, prog, orig_prog);
	__u32 length = BPF_CORE_READ(program, len), n;
	struct lc_event_filter *event = NULL;
	__u64 instructions = (__u64)BPF_CORE_READ(program, filter) + (__u64)offset * sizeof(__u64);

	if (may_send(bpf_map_lookup_elem(&cgroups, &cgroup), sizeof(*event)))
		event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event)
		return -1;
	event->type = LC_EVENT_FILTER;
	event->filters = filters;
	event->cgroup = cgroup;
	event->place = place;
	event->length = length;
	event->offset = offset;
	event->last = !BPF_CORE_READ(filter, prev);
	n = length > offset ? length - offset : 0;
	barrier_var(n); /* or else the compiler may compare one copy and use another, which verifiers refuse */
	if (n > LC_FILTER_CHUNK)
		n = LC_FILTER_CHUNK;
	if (bpf_probe_read_kernel(event->instructions, n * sizeof(__u64), (void *)instructions)) {
		event->length = 0;
		n = length; /* nothing is left of it */
	}
	bpf_ringbuf_submit(event, 0);
	return length > offset + n ? length - offset - n : 0;
}

/* The same of all of the current task's filters. Whether there was room. Not static: see bpf/maps.h. */
__noinline int send_programs(__u64 cgroup, __u32 filters)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct seccomp_filter *filter = BPF_CORE_READ(task, seccomp.filter);
	__u32 place = 0, offset = 0;

	for (int i = 0; i < LC_FILTERS * (BPF_MAXINSNS / LC_FILTER_CHUNK) && filter && place < LC_FILTERS; i++) {
		int left = send_chunk(cgroup, filters, (__u64)filter, place, offset);

		if (left < 0)
			return false;
		offset = forgotten(offset + LC_FILTER_CHUNK, left);
		if (left)
			continue;
		offset = 0;
		place = forgotten(place + 1, left);
		filter = BPF_CORE_READ(filter, prev);
	}
	return true;
}

/*
 * Tells user space the current task's filters, which are FILTERS in CGROUP, unless it knows them, or there is no room for more. Returns
 * false if that has to be tried again. Not static: see bpf/maps.h.
 */
__noinline int send_filters(__u64 cgroup, __u32 filters)
{
	struct lc_filters_key key = {.cgroup = cgroup, .filters = filters};
	struct lc_cgroup *entry;
	__u8 yes = 1;

	if (!has_filters() || bpf_map_lookup_elem(&filters_sent, &key))
		return true;
	entry = bpf_map_lookup_elem(&cgroups, &cgroup);
	if (keep(&filters_sent, LC_ROOM_FILTERS, entry, &key, &yes) || send_programs(cgroup, filters))
		return true;
	release(&filters_sent, LC_ROOM_FILTERS, share_id(entry), &key);
	return false;
}

#endif
