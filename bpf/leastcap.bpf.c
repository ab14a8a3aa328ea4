/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The hooks: where the kernel calls us. One of the cap_capable programs is loaded, all of the others are. */
#include "bpf/count.h"
#include "bpf/phase.h"
#include "bpf/request.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

static __always_inline __u8 audit_fact(unsigned int opts)
{
	return opts & CAP_OPT_NOAUDIT ? LC_FACT_NOAUDIT : 0;
}

/* The body of a tracing hook: its context lies on the kernel stack, which names the call site. */
static __always_inline int traced(
	void *context, bool direct, bool cast, struct cred *cred, struct user_namespace *target_ns, int cap, __u8 audit)
{
	struct task_struct *task = current_task(direct);
	struct lc_question question = {
		.cred = cred,
		.target_ns = target_ns,
		.position = stack_position(context, (__u64)LOAD(direct, task, stack)),
		.cap = cap,
		.audit = audit,
	};

	return count_check(context, direct, cast, task, &question);
}

/* Since 6.14 cap_capable has a tracepoint; it does not tell opts. */
SEC("tp_btf/cap_capable")
int BPF_PROG(check_tp_btf, const struct cred *cred, struct user_namespace *target_ns, struct user_namespace *capable_ns,
	int cap, int ret)
{
	return traced(ctx, true, true, (struct cred *)cred, target_ns, cap, LC_FACT_AUDIT_UNKNOWN);
}

/* 6.2 and later. */
SEC("fexit/cap_capable")
int BPF_PROG(check_fexit, const struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	return traced(ctx, true, true, (struct cred *)cred, target_ns, cap, audit_fact(opts));
}

/* 5.11 to 6.1: without bpf_rdonly_cast. */
SEC("fexit/cap_capable")
int BPF_PROG(check_fexit_nocast, const struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	return traced(ctx, true, false, (struct cred *)cred, target_ns, cap, audit_fact(opts));
}

/* 5.10: without bpf_get_current_task_btf as well. */
SEC("fexit/cap_capable")
int BPF_PROG(check_fexit_copy, const struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	return traced(ctx, false, false, (struct cred *)cred, target_ns, cap, audit_fact(opts));
}

/*
 * Where no tracing program loads. The entry is enough: the answer follows from the credential and the namespace, and a
 * kretprobe would lose checks when its return slots run out.
 */
SEC("kprobe/cap_capable")
int BPF_KPROBE(check_kprobe, struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	struct lc_question question = {
		.cred = cred,
		.target_ns = target_ns,
		.position = PT_REGS_SP(ctx),
		.cap = cap,
		.audit = audit_fact(opts),
	};

	return count_check(ctx, false, false, current_task(false), &question);
}

/* Only a task that was denied something in this syscall, or called one of the few that are watched, has more to do here. */
SEC("tp_btf/sys_exit")
int BPF_PROG(on_sys_exit, struct pt_regs *registers, long result)
{
	__u32 pid = bpf_get_current_pid_tgid();

	if (pending_slots[pid & (PENDING_SLOTS - 1)])
		settle_outcome(pid, result, true);
	if (config_calls[SYSCALL_IN(registers) & (LC_SYSCALLS - 1)] >= LC_CALL_RETURNS)
		returned(result);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u32 pid = bpf_get_current_pid_tgid();

	if (pending_slots[pid & (PENDING_SLOTS - 1)])
		settle_outcome(pid, 0, false);
	if (setup_count > 0 || config_follow)
		exited(task);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	forked(parent, child);
	inherit_reading(parent, child);
	return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task, int old_pid, struct linux_binprm *program)
{
	executed(task, program);
	ran_program(task, program);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(on_attach, struct cgroup *cgroup, const char *path, struct task_struct *leader)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) == config_hierarchy)
		entered_cgroup(leader, cgroup);
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(on_mkdir, struct cgroup *cgroup, const char *path)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) == config_hierarchy)
		made_cgroup(cgroup, path);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(on_rmdir, struct cgroup *cgroup, const char *path)
{
	if (BPF_CORE_READ(cgroup, root, hierarchy_id) == config_hierarchy)
		removed_cgroup(cgroup);
	return 0;
}
