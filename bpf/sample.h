/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The sample of a check: who asks, about what, and the stack that led there, from which the call site is learned. */
#ifndef LEASTCAP_BPF_SAMPLE_H
#define LEASTCAP_BPF_SAMPLE_H

#include "bpf/actor.h"
#include "bpf/callsite.h"
#include "bpf/task.h"

/* Fills what is left of SAMPLE, which has its key and its stack. */
static __noinline void take_sample(struct lc_event_sample *sample)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (!sample)
		return;
	sample->type = LC_EVENT_SAMPLE;
	sample->unused = 0;
	take_actor(&sample->actor, task);
	take_program(task, sample->exe, &sample->exe_bytes);
	take_subject(&sample->subject, task, sample->key.syscall);
}

/* Takes the kernel stack into SAMPLE, with LINK behind the function that was entered: a walk from there does not see it. */
static __always_inline void add_link(void *context, struct lc_event_sample *sample, __u64 link)
{
	sample->stack_bytes = bpf_get_stack(context, &sample->stack[1], sizeof(sample->stack) - sizeof(link), 0);
	if (sample->stack_bytes <= 0)
		return;
	sample->stack_bytes += sizeof(link);
	sample->stack[0] = sample->stack[1];
	sample->stack[1] = link;
}

/* Takes the kernel stack, as a program sees it that knows the call site SITE by itself, into SAMPLE. */
static __always_inline void take_own_stack(void *context, struct lc_event_sample *sample, __u64 site)
{
	sample->stack_bytes = bpf_get_stack(context, sample->stack, sizeof(sample->stack), 0);
	/* A kprobe's walk begins with the function's first byte, which looks like the end of the one before. Others begin with the program. */
	if (!TYPED && site && lc_in_range(&kernel_text, sample->stack[0]))
		sample->stack[0] = site;
}

/* Takes the kernel stack into SAMPLE and learns from it. Returns the call site as later checks will find it. */
static __always_inline __u32 sample_site(void *context, struct lc_event_sample *sample, __u64 position, __u64 link)
{
	for (int i = 0; i < LC_STACK_FRAMES; i++)
		sample->stack[i] = 0;
	if (!position && link)
		take_own_stack(context, sample, link);
	else if (link)
		add_link(context, sample, link);
	else
		sample->stack_bytes = bpf_get_stack(context, sample->stack, sizeof(sample->stack), 0);
	learn_site(sample, position, link);
	return lc_find_site(&distances, false, position, link);
}

#endif
