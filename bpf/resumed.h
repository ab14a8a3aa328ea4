/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Where the kernel has it (6.18), a syscall's return is looked at by task work, and only if something in the syscall asked for it:
 * a denied check, a refusal by a filter, or a call that is watched or guarded. Then nothing is attached to the return of every syscall.
 */
#ifndef LEASTCAP_BPF_RESUMED_H
#define LEASTCAP_BPF_RESUMED_H

#include "bpf/outcome.h"

/* Values of RESUMED. */
#define RESUMED_PLAIN    1 /* bpf_task_work_schedule_resume */
#define RESUMED_EXPLICIT 2 /* the same of 6.18, which has another name and one more argument */

#if RESUMED
/* libbpf takes the kernel's functions only with the very types that the kernel has. */
struct bpf_map {
	__u32 id;
};

typedef int (*bpf_task_work_callback_t)(struct bpf_map *, void *, void *);

#if RESUMED == RESUMED_EXPLICIT
extern int bpf_task_work_schedule_resume_impl(struct task_struct *task, struct bpf_task_work *work, void *map,
	bpf_task_work_callback_t callback, void *program) __ksym;
#define SCHEDULE(task, work, map, callback) bpf_task_work_schedule_resume_impl(task, work, map, callback, NULL)
#else
extern int bpf_task_work_schedule_resume(
	struct task_struct *task, struct bpf_task_work *work, void *map, bpf_task_work_callback_t callback) __ksym;
#define SCHEDULE bpf_task_work_schedule_resume
#endif

/*
 * The current task returns to user space, or has a signal to look at first. Its user registers still hold the syscall's number, and
 * already its result (kernel/entry/common.c, exit_to_user_mode_loop; kernel/signal.c, get_signal). Defined in bpf/tracepoints.h.
 */
static int call_returned(struct bpf_map *map, void *key, void *value);

/* Has call_returned called for ENTRY, the current task's, which is new. 0 or -errno. */
static __noinline int resume(struct lc_pending *entry)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task_btf();

	if (!entry)
		return -ENOSPC;
	return SCHEDULE(task, &entry->work, &pending, call_returned);
}

/* Nothing of task PID is pending any more. It took its place as part of SHARE. */
static __always_inline void forget_pending(__u32 pid, __u64 share)
{
	if (!release(&pending, LC_ROOM_PENDING, share, &pid))
		__sync_fetch_and_sub(&pending_slots[pid & (PENDING_SLOTS - 1)], 1);
}

/*
 * Has the return of the current task's syscall looked at, if anything of it is pending and that has not been asked for. The task is counted
 * under CGROUP. What fails is an outcome that is lost.
 */
static __noinline int await_resumption(__u64 cgroup)
{
	__u32 pid = bpf_get_current_pid_tgid();
	struct lc_pending *entry = bpf_map_lookup_elem(&pending, &pid);
	__u64 share;
	int r;

	if (!entry || entry->resumed)
		return 0;
	entry->resumed = 1;
	share = entry->share;
	r = resume(entry);
	if (!r)
		return 0;
	room_errors[LC_ROOM_PENDING] = -r;
	lose(cgroup ? bpf_map_lookup_elem(&cgroups, &cgroup) : NULL, LC_ROOM_PENDING, 1);
	forget_pending(pid, share);
	return 0;
}

/*
 * The return of the current task's syscall is to be looked at, whether or not it asks for a capability. FILTERED: a filter refused it. Tasks
 * that are not recorded are left alone, but for those in set-up, which may be about to enter a target.
 */
static __noinline int await_call(bool filtered)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 pid = bpf_get_current_pid_tgid();
	__u64 id = counted_under(false, task);
	struct lc_cgroup *recorded = id ? bpf_map_lookup_elem(&cgroups, &id) : NULL;
	struct lc_pending first = {.filtered = filtered}, *entry;

	if (!recorded && setup_count <= 0)
		return 0;
	entry = bpf_map_lookup_elem(&pending, &pid);
	if (entry) {
		entry->filtered |= filtered;
		return 0;
	}
	first.share = share_id(recorded);
	if (keep(&pending, LC_ROOM_PENDING, recorded, &pid, &first))
		return 0;
	__sync_fetch_and_add(&pending_slots[pid & (PENDING_SLOTS - 1)], 1);
	return await_resumption(recorded ? id : 0);
}
#else
/* Every return is looked at. */
static __always_inline int await_resumption(__u64 cgroup)
{
	return 0;
}
#endif

#endif
