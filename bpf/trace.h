/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The trace: every check of a recorded task as an event of its own, and what its syscall returned; and every refused call. */
#ifndef LEASTCAP_BPF_TRACE_H
#define LEASTCAP_BPF_TRACE_H

#include "bpf/task.h"

/* include/uapi/asm-generic/errno-base.h */
#define EFAULT 14

/*
 * By the low bits of its pid, the task that has a traced check in the syscall that it is in; 0 for none. A task that finds the
 * place taken is in AWAITED instead. If two take it at the very same time, the result of one is not told.
 */
#define AWAITED_SLOTS 4096
__u32 awaited_slots[AWAITED_SLOTS] = {};
__s64 awaited_count = 0; /* how many are in AWAITED */

__u64 untraced = 0;       /* checks that found no room in the buffer: they are counted all the same */
__u64 untraced_calls = 0; /* the same of refused calls */
__u64 returns_missed = 0; /* traced checks whose result will not be told */

/* Nobody is woken for an event: user space looks every few milliseconds. */
static __always_inline bool send(void *event, __u32 size)
{
	return !bpf_ringbuf_output(&traces, event, size, BPF_RB_NO_WAKEUP);
}

/* Takes along what argument PIECE->argument of EVENT points to, as piece number I. */
static __always_inline void take_piece(struct lc_event_check *event, const struct lc_capture_piece *piece, __u32 i)
{
	void *address = (void *)event->arguments[piece->argument & 7];
	__u64 size = piece->size;

	/* Nothing is mapped on the first page, and finding that out by a fault costs a microsecond. */
	if ((__u64)address < LC_STACK_PAGE) {
		event->taken[i] = -EFAULT;
		return;
	}
	if (piece->kind == LC_CAPTURE_STRING) {
		event->taken[i] = bpf_probe_read_user_str(event->piece[i], LC_PIECE, address);
		return;
	}
	if (piece->kind == LC_CAPTURE_BUFFER)
		size = (__u64)(__u32)event->arguments[size & 7] * piece->unit;
	if (size > LC_PIECE)
		size = LC_PIECE;
	event->taken[i] = size ? bpf_probe_read_user(event->piece[i], size, address) ?: (long)size : 0;
}

/* Takes along what the arguments of EVENT's syscall point to. Returns how many pieces there are, up to the last that could be read. */
static __noinline __u32 take_pieces(struct lc_event_check *event, __u32 number)
{
	struct lc_captures *wanted;
	__u32 n = 0;

	if (!event)
		return 0;
	wanted = bpf_map_lookup_elem(&captures, &number);
	if (!wanted)
		return 0;
#pragma unroll
	for (__u32 i = 0; i < LC_PIECES; i++) {
		if (!wanted->pieces[i].kind)
			break;
		take_piece(event, &wanted->pieces[i], i);
		if (event->taken[i] > 0)
			n = i + 1;
	}
	return n;
}

/* The current task's syscall has a traced check: its result is to be told. */
static __always_inline void await_return(__u32 pid)
{
	__u32 *slot = &awaited_slots[pid & (AWAITED_SLOTS - 1)];
	__u8 yes = 1;

	if (!*slot)
		*slot = pid;
	if (*slot == pid || bpf_map_lookup_elem(&awaited, &pid))
		return;
	if (bpf_map_update_elem(&awaited, &pid, &yes, BPF_NOEXIST))
		__sync_fetch_and_add(&returns_missed, 1);
	else
		__sync_fetch_and_add(&awaited_count, 1);
}

/* Whether a check in the syscall that task PID is in has been traced, so that its result is to be told. */
static __always_inline bool has_traced(__u32 pid)
{
	return awaited_slots[pid & (AWAITED_SLOTS - 1)] == pid ||
	       (awaited_count > 0 && bpf_map_lookup_elem(&awaited, &pid));
}

/* Whether the result of task PID's syscall may be awaited. */
static __always_inline bool is_awaited(__u32 pid)
{
	return awaited_slots[pid & (AWAITED_SLOTS - 1)] == pid || awaited_count > 0;
}

/* Whether checks of KEY are to be traced. */
static __always_inline bool is_traced(const struct lc_key *key)
{
	return !(key->facts & config_untraced_facts) && config_traced_caps & 1ULL << (key->cap & 63) &&
	       !bpf_map_lookup_elem(&quiet, key);
}

/* Sends EVENT with as many pieces as it has, by constant sizes, because the verifier takes no other. */
static __always_inline bool send_check(struct lc_event_check *event)
{
	const __u32 bare = sizeof(*event) - sizeof(event->piece), piece = sizeof(event->piece[0]);

	switch (event->pieces) {
	case 0:
		return send(event, bare);
	case 1:
		return send(event, bare + piece);
	case 2:
		return send(event, bare + 2 * piece);
	default:
		return send(event, sizeof(*event));
	}
}

/* Puts who does it, when, and in which system call, NUMBER, to EVENT. */
static __always_inline void take_call(struct lc_event_check *event, __u16 number)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u64 ids = bpf_get_current_pid_tgid();
	__u32 pid = ids;
	__u64 *entered;

	event->pid = pid;
	event->time = bpf_ktime_get_ns();
	event->tgid = ids >> 32;
	event->entered = 0;
	event->pieces = 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	if (!lc_is_syscall(number))
		return;
	if (config_durations) {
		entered = bpf_map_lookup_elem(&entered_at, &pid);
		event->entered = entered ? *entered : 0;
	}
	syscall_arguments(task, number & LC_SYSCALL_COMPAT, event->arguments);
	event->pieces = take_pieces(event, number);
}

/* Sends the check of KEY, which the current task is being asked. SCRATCH: the calling program's place in trace_scratch. */
static __noinline void trace_check(const struct lc_key *key, __u32 scratch)
{
	struct lc_event_check *event;

	if (!key || !is_traced(key))
		return;
	event = bpf_map_lookup_elem(&trace_scratch, &scratch);
	if (!event)
		return;
	event->type = LC_EVENT_CHECK;
	event->key = *key;
	take_call(event, key->syscall);
	if (!send_check(event))
		__sync_fetch_and_add(&untraced, 1);
	else if (lc_is_syscall(key->syscall))
		await_return(event->pid);
}

/* Sends the call of KEY, a refused one, which the current task returns from. It comes before trace_return. SCRATCH: as above. */
static __noinline void trace_refused(const struct lc_call_key *key, __u32 scratch)
{
	struct lc_event_check *event;
	__u64 place;

	if (!key)
		return;
	place = lc_place_of(key->syscall);
	barrier_var(place); /* as in call_of */
	if (place >= LC_CALL_TABLE || !config_traced_calls[place])
		return;
	event = bpf_map_lookup_elem(&trace_scratch, &scratch);
	if (!event)
		return;
	event->type = LC_EVENT_REFUSED;
	event->call = *key;
	take_call(event, key->syscall);
	event->checked = has_traced(event->pid);
	if (!send_check(event))
		__sync_fetch_and_add(&untraced_calls, 1);
}

/* The syscall of task PID returned RESULT; ENDED: the task has ended in it. */
static __noinline void trace_return(__u32 pid, __s64 result, __u32 ended)
{
	__u32 *slot = &awaited_slots[pid & (AWAITED_SLOTS - 1)];
	struct lc_event_return event = {
		.type = LC_EVENT_RETURN,
		.pid = pid,
		.time = bpf_ktime_get_ns(),
		.result = result,
		.ended = ended,
	};

	if (*slot == pid)
		*slot = 0;
	else if (bpf_map_delete_elem(&awaited, &pid))
		return;
	else
		__sync_fetch_and_add(&awaited_count, -1);
	if (!send(&event, sizeof(event)))
		__sync_fetch_and_add(&returns_missed, 1);
}

/* The current task enters a syscall. */
static __always_inline void note_entry(void)
{
	__u32 pid = bpf_get_current_pid_tgid();
	__u64 now;

	if (!counted_under(false, (struct task_struct *)bpf_get_current_task()))
		return;
	now = bpf_ktime_get_ns();
	bpf_map_update_elem(&entered_at, &pid, &now, BPF_ANY);
}

#endif
