/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The programs for kernels with types of their own that call back when a task returns to user space (bpf/resumed.h). They are an object
 * of their own, because libbpf refuses one that names a function of the kernel's in another way than the kernel does, used or not.
 */
#define TYPED      true
#define TRACEPOINT "tp_btf/"
#ifndef RESUMED
#define RESUMED 1
#endif

#include "bpf/tracepoints.h"

/* The programs on cap_capable have no copies: the first is used only where a task is not preempted in it, and a kprobe runs without preemption. */
SEC("fexit/cap_capable")
int BPF_PROG(check_fexit, const struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	struct task_struct *task = current_task(true);
	struct lc_question question = {
		.cred = (struct cred *)cred,
		.target_ns = target_ns,
		.position = stack_position(ctx, (__u64)task->stack),
		.cap = cap,
		.audit = audit_fact(opts),
	};

	return count_check(ctx, true, true, task, &question);
}

SEC("kprobe/cap_capable")
int BPF_KPROBE(check_kprobe, struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	struct lc_question question = {
		.cred = cred,
		.target_ns = target_ns,
		.position = PT_REGS_SP(ctx),
		.link = RETURN_REGISTER(ctx),
		.cap = cap,
		.audit = audit_fact(opts),
	};

	return count_check(ctx, false, false, current_task(false), &question);
}

/* On the kernel's functions for the calls that are watched or guarded: src/probe/resumed.c, names. */
SEC("kprobe.multi")
int call_entered(void *ctx)
{
	return await_call(false);
}

/*
 * On what runs a task's filters. Twice is as good as once, where the kernel may skip the first. Its arguments, and the type of its answer,
 * changed after 6.18.
 */
static __always_inline int filter_answered(__u64 *context, enum lc_program_copy copy)
{
	__u64 answer = 0;

	if (bpf_get_func_ret(context, &answer))
		return 0;
	if (config_filter_answers_int ? (__s32)answer >= 0 : (__u8)answer)
		return 0;
	return await_call(true);
}

TWO_COPIES("fexit/__seccomp_filter", filter_ran, filter_answered)
