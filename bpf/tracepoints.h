/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs on tracepoints, which are loaded with every hook on cap_capable. Before this is included, TRACEPOINT has to be
 * defined as their kind, TYPED as whether their verifier knows the types of pointers, and RESUMED as
 * not 0 where a syscall's return is looked at by task work (bpf/resumed.h).
 */
#ifndef LEASTCAP_BPF_TRACEPOINTS_H
#define LEASTCAP_BPF_TRACEPOINTS_H

#include "bpf/copies.h"
#include "bpf/count.h"
#include "bpf/phase.h"
#include "bpf/request.h"
#include "bpf/returned.h"
#include "bpf/signals.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline __u8 audit_fact(unsigned int opts)
{
	return opts & CAP_OPT_NOAUDIT ? LC_FACT_NOAUDIT : 0;
}

/*
 * Whether a syscall with these REGISTERS, whose entry in config_calls is WATCHED, is looked at when it returns. A number may be watched only
 * as a 32-bit syscall's: munmap's is one.
 */
static __always_inline bool is_watched(struct pt_regs *registers, __u8 watched)
{
	if (watched < LC_CALL_RETURNS)
		return false;
	if ((watched & ~LC_CALL_RETURNS_32) >= LC_CALL_RETURNS)
		return true;
	if (has_typed_task())
		return is_32_bit(true, TYPED, current_task(true), registers);
	return is_32_bit(false, TYPED, current_task(false), registers);
}

/* The current task's syscall returned RESULT. It was refused, or is watched. WATCHED, COPY: as above. PENDING: as for count_return. */
static __always_inline void note_return(__s64 result, __u8 watched, __u32 pending, enum lc_program_copy copy)
{
	enum lc_call call = watched & LC_CALL_KIND;

	count_return(result, pending, SCRATCH_RETURNED + copy);
	if (has_readers && lc_is_refusal(result, false))
		went_on_after_reading(bpf_get_current_pid_tgid() >> 32);
	if (config_stacks && call == LC_CALL_MMAP)
		mapped(result);
	else if (call >= LC_CALL_RETURNS || watched & LC_CALL_RETURNS_32)
		returned(result);
}

/* As settle_outcome, of the current task, whose syscall returned RESULT, if it has anything pending. */
static __always_inline __u32 settle_own(__s64 result)
{
	__u32 pid = bpf_get_current_pid_tgid();

	return pending_slots[pid & (PENDING_SLOTS - 1)] ? settle_outcome(pid, result, true) : 0;
}

/*
 * Most tasks have nothing more to do here: only those that were refused something in this syscall, or called one of the few that are
 * watched. What is pending or awaited is taken once, whichever copy comes first. There are only two copies, because they cost every
 * syscall of the host.
 */
static __always_inline int syscall_returned(__u64 *context, enum lc_program_copy copy)
{
	struct pt_regs *registers = (struct pt_regs *)context[0];
	long result = (long)context[1];
	__u32 pending = 0;
	__u8 watched;

	if (!has_registers_helper() && !registers_offset)
		meet_registers(registers);
	if (room_used[LC_ROOM_PENDING])
		pending = settle_own(result);
	watched = config_calls[(__u32)LOAD(TYPED, registers, SYSCALL_NUMBER) & (LC_SYSCALLS - 1)];
	if (((result < 0 && lc_is_refusal(result, true)) || is_watched(registers, watched)) &&
		is_due(copy, LC_COPIED_RETURN))
		note_return(result, watched, pending, copy);
	if (config_trace && is_awaited(bpf_get_current_pid_tgid()))
		trace_return(bpf_get_current_pid_tgid(), result, false);
	return 0;
}

#if !RESUMED
TWO_COPIES(TRACEPOINT "sys_exit", on_sys_exit, syscall_returned)
#else
/* include/uapi/asm-generic/unistd.h, the same on every architecture: io_uring_enter, io_uring_register. */
#define NUMBER_OF_RING_ENTER    426
#define NUMBER_OF_RING_REGISTER 427

/*
 * Whether the RESULT in the current task's registers may be what the entry of a syscall puts there (arch/x86/entry/entry_64.S), because ENTRY's
 * task work runs in the middle of its syscall: io_uring's while they wait, and what a debugger stops in (kernel/signal.c, ptrace_notify).
 */
static __always_inline bool is_too_early(
	const struct lc_pending *entry, struct task_struct *task, __u16 number, __s64 result)
{
	__u16 bare = number & LC_SYSCALL_NUMBER;

	if (result != -ENOSYS || entry->filtered)
		return false;
	return task->ptrace || bare == NUMBER_OF_RING_ENTER || bare == NUMBER_OF_RING_REGISTER;
}

/* Whether ENTRY is of another syscall than NUMBER, so that its task work came too late. execve may change the number. */
static __always_inline bool is_too_late(const struct lc_pending *entry, __u16 number)
{
	return entry->counts[0] && entry->keys[0].syscall != number && !is_exec(entry->keys[0].syscall);
}

/*
 * As syscall_returned, by task work, which is not skipped for another task's. See bpf/resumed.h. KEY: the number that the task had when
 * this was scheduled, which execve may change.
 */
static int call_returned(struct bpf_map *map, void *key, void *value)
{
	struct task_struct *task = current_task(true);
	struct pt_regs *registers = (struct pt_regs *)bpf_task_pt_regs(task);
	const struct lc_pending *entry = value;
	__u16 number = syscall_number(true, false, task);
	__s64 result = registers->RESULT_REGISTER;
	__u64 id = counted_under(false, task);
	__u32 pid = *(__u32 *)key, facts;
	__u8 watched;

	if (is_too_early(entry, task, number, result) || is_too_late(entry, number)) {
		lose(id ? bpf_map_lookup_elem(&cgroups, &id) : NULL, LC_ROOM_PENDING, 1);
		settle_outcome(pid, 0, false);
		return 0;
	}
	facts = settle_outcome(pid, result, true);
	watched = config_calls[(__u32)registers->SYSCALL_NUMBER & (LC_SYSCALLS - 1)];
	if ((result < 0 && lc_is_refusal(result, true)) || is_watched(registers, watched))
		note_return(result, watched, facts, LC_COPY_FIRST);
	return 0;
}
#endif

/* The entry of a syscall may be noted by both copies: twice is as good as once. */
static __always_inline int syscall_entered(__u64 *context, enum lc_program_copy copy)
{
	note_entry();
	return 0;
}

/* Loaded only where the duration of syscalls is asked for. */
TWO_COPIES(TRACEPOINT "sys_enter", on_sys_enter, syscall_entered)

static __always_inline int task_exited(__u64 *context, enum lc_program_copy copy)
{
	struct task_struct *task = (struct task_struct *)context[0];
	__u32 pid = bpf_get_current_pid_tgid();

	if (!is_due(copy, LC_COPIED_EXIT))
		return 0;
	if (pending_slots[pid & (PENDING_SLOTS - 1)])
		settle_outcome(pid, 0, false);
	if (config_trace && is_awaited(pid))
		trace_return(pid, 0, true);
	if (config_stacks)
		mappings_ended(task);
	if (BPF_CORE_READ(task, signal, live.counter) > 0)
		return 0;
	exited(task, BPF_CORE_READ(task, tgid));
	if (has_readers) {
		ended_after_reading(task);
		forget_reading(BPF_CORE_READ(task, tgid));
	}
	return 0;
}

COPIES(TRACEPOINT "sched_process_exit", on_exit, task_exited)

static __always_inline int task_forked(__u64 *context, enum lc_program_copy copy)
{
	struct task_struct *parent = (struct task_struct *)context[0], *child = (struct task_struct *)context[1];

	if (!is_due(copy, LC_COPIED_FORK))
		return 0;
	forked(parent, child);
	inherit_reading(parent, child);
	if (config_stacks)
		mappings_inherited(parent, child);
	return 0;
}

COPIES(TRACEPOINT "sched_process_fork", on_fork, task_forked)

static __always_inline int task_executed(__u64 *context, enum lc_program_copy copy)
{
	struct task_struct *task = (struct task_struct *)context[0];
	struct linux_binprm *program = (struct linux_binprm *)context[2];

	if (!is_due(copy, LC_COPIED_EXEC))
		return 0;
	executed(task, program);
	ran_program(task, program);
	if (config_stacks)
		program_mapped(task, program);
	return 0;
}

COPIES(TRACEPOINT "sched_process_exec", on_exec, task_executed)

static __always_inline bool is_in_hierarchy(struct cgroup *cgroup)
{
	return BPF_CORE_READ(cgroup, root, hierarchy_id) == config_hierarchy;
}

static __always_inline int cgroup_attached(__u64 *context, enum lc_program_copy copy)
{
	struct cgroup *cgroup = (struct cgroup *)context[0];

	if (is_due(copy, LC_COPIED_ATTACH) && is_in_hierarchy(cgroup))
		attached((struct task_struct *)context[2], (__u8)context[3], cgroup, (const char *)context[1]);
	return 0;
}

COPIES(TRACEPOINT "cgroup_attach_task", on_attach, cgroup_attached)

static __always_inline int cgroup_made(__u64 *context, enum lc_program_copy copy)
{
	struct cgroup *cgroup = (struct cgroup *)context[0];

	if (is_due(copy, LC_COPIED_MKDIR) && is_in_hierarchy(cgroup))
		made_cgroup(cgroup, (const char *)context[1]);
	return 0;
}

COPIES(TRACEPOINT "cgroup_mkdir", on_mkdir, cgroup_made)

static __always_inline int cgroup_removed(__u64 *context, enum lc_program_copy copy)
{
	struct cgroup *cgroup = (struct cgroup *)context[0];

	if (is_due(copy, LC_COPIED_RMDIR) && is_in_hierarchy(cgroup))
		removed_cgroup(cgroup);
	return 0;
}

COPIES(TRACEPOINT "cgroup_rmdir", on_rmdir, cgroup_removed)

/* Twice is as good as once. */
static __always_inline int signal_generated(__u64 *context, enum lc_program_copy copy)
{
	__u32 number = (__u32)context[0];

	if (number < 32 && SIGNALS_TOLD & SIGNAL_BIT(number) && !config_follow)
		signalled(number, (struct task_struct *)context[2]);
	return 0;
}

TWO_COPIES(TRACEPOINT "signal_generate", on_signal, signal_generated)

#endif
