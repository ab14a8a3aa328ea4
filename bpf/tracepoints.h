/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs on tracepoints, all of which are loaded whatever the hook on cap_capable is. Who includes this says by which
 * kind of program, TRACEPOINT, and whether its verifier knows the types of pointers, TYPED.
 */
#ifndef LEASTCAP_BPF_TRACEPOINTS_H
#define LEASTCAP_BPF_TRACEPOINTS_H

#include "bpf/count.h"
#include "bpf/phase.h"
#include "bpf/request.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline __u8 audit_fact(unsigned int opts)
{
	return opts & CAP_OPT_NOAUDIT ? LC_FACT_NOAUDIT : 0;
}

/* Only a task that was denied something in this syscall, or called one of the few that are watched, has more to do here. */
SEC(TRACEPOINT "sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *registers, long result)
{
	__u32 pid = bpf_get_current_pid_tgid();
	enum lc_call call;

	if (!TYPED && !registers_offset)
		meet_registers(registers);
	if (pending_slots[pid & (PENDING_SLOTS - 1)])
		settle_outcome(pid, result, true);
	if (config_trace && is_awaited(pid))
		trace_return(pid, result, false);
	call = config_calls[(__u32)LOAD(TYPED, registers, SYSCALL_NUMBER) & (LC_SYSCALLS - 1)];
	if (config_stacks && call == LC_CALL_MMAP)
		mapped(result);
	else if (call >= LC_CALL_RETURNS)
		returned(result);
	return 0;
}

/* Loaded only where the duration of syscalls is asked for. */
SEC(TRACEPOINT "sys_enter")
int BPF_PROG(on_sys_enter, struct pt_regs *registers, long number)
{
	note_entry();
	return 0;
}

SEC(TRACEPOINT "sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u32 pid = bpf_get_current_pid_tgid();

	if (pending_slots[pid & (PENDING_SLOTS - 1)])
		settle_outcome(pid, 0, false);
	if (config_trace && is_awaited(pid))
		trace_return(pid, 0, true);
	if (config_stacks)
		mappings_ended(task);
	if (setup_count > 0 || config_follow)
		exited(task);
	return 0;
}

SEC(TRACEPOINT "sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	forked(parent, child);
	inherit_reading(parent, child);
	if (config_stacks)
		mappings_inherited(parent, child);
	return 0;
}

SEC(TRACEPOINT "sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	executed(task, program);
	ran_program(task, program);
	if (config_stacks)
		program_mapped(task, program);
	return 0;
}

SEC(TRACEPOINT "cgroup_attach_task")
int BPF_PROG(on_attach, struct cgroup *cgroup, const char *path, struct task_struct *leader)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) == config_hierarchy)
		entered_cgroup(leader, cgroup);
	return 0;
}

SEC(TRACEPOINT "cgroup_mkdir")
int BPF_PROG(on_mkdir, struct cgroup *cgroup, const char *path)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) == config_hierarchy)
		made_cgroup(cgroup, path);
	return 0;
}

SEC(TRACEPOINT "cgroup_rmdir")
int BPF_PROG(on_rmdir, struct cgroup *cgroup, const char *path)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) == config_hierarchy)
		removed_cgroup(cgroup);
	return 0;
}

#endif
