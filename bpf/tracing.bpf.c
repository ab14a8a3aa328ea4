/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The tracing programs, for kernels with types of their own. One of those on cap_capable is loaded, and all those on tracepoints. */
#define TYPED      true
#define TRACEPOINT "tp_btf/"
#define RESUMED    0

#include "bpf/inlined.h"
#include "bpf/refuse.h"
#include "bpf/tracepoints.h"

/*
 * The body of a tracing hook, whose scratch is its copy's number. Its context lies on the kernel stack, which names the call site.
 * DIRECT and CAST: as for count_check.
 */
static __always_inline int traced(void *context, bool direct, bool cast, struct lc_question question)
{
	struct task_struct *task;

	/* This comes first because a copy without work must cost as little as possible. */
	if (!is_due(question.scratch, LC_COPIED_CHECK))
		return 0;
	task = current_task(direct);
	question.position = stack_position(context, (__u64)LOAD(direct, task, stack));
	return count_check(context, direct, cast, task, &question);
}

/* Since 6.14 cap_capable has a tracepoint; it does not tell opts. */
SEC("tp_btf/cap_capable")
int BPF_PROG(check_tp_btf, const struct cred *cred, struct user_namespace *target_ns, struct user_namespace *capable_ns,
	int cap, int ret)
{
	return traced(
		ctx, true, true, (struct lc_question){.cred = (struct cred *)cred, .target_ns = target_ns, .cap = cap});
}

/* 6.2 and later. If there are copies, the first is attached as fentry, so that it runs before the others. */
SEC("fexit/cap_capable")
int BPF_PROG(check_fexit, const struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	return traced(ctx, true, true,
		(struct lc_question){
			.cred = (struct cred *)cred, .target_ns = target_ns, .cap = cap, .audit = audit_fact(opts)});
}

/* 5.11 to 6.1: without bpf_rdonly_cast. */
SEC("fexit/cap_capable")
int BPF_PROG(check_fexit_nocast, const struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	return traced(ctx, true, false,
		(struct lc_question){
			.cred = (struct cred *)cred, .target_ns = target_ns, .cap = cap, .audit = audit_fact(opts)});
}

/* 5.10: without bpf_get_current_task_btf as well. */
SEC("fexit/cap_capable")
int BPF_PROG(check_fexit_copy, const struct cred *cred, struct user_namespace *target_ns, int cap, unsigned int opts)
{
	return traced(ctx, false, false,
		(struct lc_question){
			.cred = (struct cred *)cred, .target_ns = target_ns, .cap = cap, .audit = audit_fact(opts)});
}

/* The later copies. They seldom have work, so they need no variants. */
static __always_inline int fexit_again(__u64 *context, enum lc_program_copy copy)
{
	const struct lc_question question = {
		.cred = (struct cred *)context[0],
		.target_ns = (struct user_namespace *)context[1],
		.cap = (int)context[2],
		.audit = audit_fact((unsigned int)context[3]),
		.scratch = copy,
	};

	return traced(context, false, false, question);
}

LATER_COPIES("fexit/cap_capable", check_fexit, fexit_again)

static __always_inline int tp_btf_again(__u64 *context, enum lc_program_copy copy)
{
	const struct lc_question question = {
		.cred = (struct cred *)context[0],
		.target_ns = (struct user_namespace *)context[1],
		.cap = (int)context[3],
		.scratch = copy,
	};

	return traced(context, false, false, question);
}

LATER_COPIES("tp_btf/cap_capable", check_tp_btf, tp_btf_again)

/* Loaded where cap_capable has been inlined into them. */
static __always_inline int prctl_entered(__u64 *context, enum lc_program_copy copy)
{
	return asked_by_prctl(context, copy, (int)context[0], context[1]);
}

COPIES("fentry/cap_task_prctl", inlined_prctl, prctl_entered)

static __always_inline int capset_entered(__u64 *context, enum lc_program_copy copy)
{
	return asked_by_capset(context, copy);
}

COPIES("fentry/cap_capset", inlined_capset, capset_entered)

static __always_inline int mmap_entered(__u64 *context, enum lc_program_copy copy)
{
	return asked_by_mmap(context, copy, context[0]);
}

COPIES("fentry/cap_mmap_addr", inlined_mmap, mmap_entered)
