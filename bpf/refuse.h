/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The program that refuses capabilities, for trials. Loaded only where one was asked for. It runs before security_capable, which is not
 * called if it answers -EPERM. Then no hook on cap_capable sees the check, so that it is counted here. Each copy (bpf/copies.h) judges by
 * itself: of a check that is refused no later copy is run, and if all are skipped the check is granted, and counted as one that got past.
 */
#ifndef LEASTCAP_BPF_REFUSE_H
#define LEASTCAP_BPF_REFUSE_H

#include "bpf/copies.h"
#include "bpf/count.h"
#include "bpf/tracepoints.h"

#include <asm-generic/errno-base.h>

/* How many frames there may be between the program and the function that asks. */
#define REFUSAL_FRAMES 16

/* The return address into the function that asks; 0 when it can't be told. A refusal is rare enough for a walk of the stack. */
static __noinline __u64 asking_site(void *context)
{
	__u64 frames[REFUSAL_FRAMES] = {};

	bpf_get_stack(context, frames, sizeof(frames), 0);
	for (int i = 0; i < REFUSAL_FRAMES; i++) {
		if (lc_in_range(&kernel_text, frames[i]) && !in_wrapper(frames[i]))
			return frames[i];
	}
	return 0;
}

static __always_inline int refuse(__u64 *context, enum lc_program_copy copy)
{
	struct task_struct *task = current_task(false);
	struct lc_question question = {
		.cred = (struct cred *)context[0],
		.target_ns = (struct user_namespace *)context[1],
		.cap = (int)context[2],
		.audit = audit_fact((unsigned int)context[3]),
		.scratch = copy,
	};
	struct lc_key key = {};

	if (!(refused_caps >> (question.cap & 63) & 1))
		return 0;
	key.cgroup = counted_under(false, task);
	if (!key.cgroup)
		return 0;
	fill_key(false, false, &question, task, &key);
	/* A runtime's process that nobody has told of yet is met here, before it is refused anything. */
	if (!is_refused(&key) || meet_arriving())
		return 0;
	key.facts |= LC_FACT_TRIED | LC_FACT_DENIED;
	question.link = asking_site(context);
	return count_filled(context, false, false, task, &question, &key) ? -EPERM : 0;
}

COPIES("fmod_ret/security_capable", refuse_capable, refuse)

#endif
