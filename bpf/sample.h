/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The sample of a check: who asks, about what, and the stack that led there, from which the call site is learned. */
#ifndef LEASTCAP_BPF_SAMPLE_H
#define LEASTCAP_BPF_SAMPLE_H

#include "bpf/callsite.h"
#include "bpf/path.h"
#include "bpf/task.h"

/* Takes the socket address at ADDRESS into SAMPLE: as much as the longest that is shown, sockaddr_un, or less at the end of a page. */
static __always_inline void take_address(struct lc_event_sample *sample, __u64 address)
{
	if (!bpf_probe_read_user(sample->text, 110, (void *)address))
		sample->text_bytes = 110;
	else if (!bpf_probe_read_user(sample->text, 28, (void *)address))
		sample->text_bytes = 28;
	else if (!bpf_probe_read_user(sample->text, 16, (void *)address))
		sample->text_bytes = 16;
}

/* The address that socketcall(2) with ARGUMENTS binds or connects a socket to; 0 when it does something else. */
static __always_inline __u64 packed_address(const __u64 arguments[6])
{
	__u32 packed[2];

	if (arguments[0] != SYS_BIND && arguments[0] != SYS_CONNECT)
		return 0;
	return bpf_probe_read_user(packed, sizeof(packed), (void *)arguments[1]) ? 0 : packed[1];
}

/* Where the address of the struct msghdr at MESSAGE is; 0 when it can't be read. A 32-bit program's has pointers of 32 bits. */
static __always_inline __u64 address_of_message(bool narrow, __u64 message)
{
	__u64 address = 0;

	bpf_probe_read_user(&address, narrow ? sizeof(__u32) : sizeof(address), (void *)message);
	return address;
}

/* Takes what the syscall is about into SAMPLE, by the shape of its arguments. */
static __noinline void take_about(struct lc_event_sample *sample, struct task_struct *task)
{
	struct path *path = NULL;
	struct file *file = NULL;
	__u32 number, place;
	struct lc_shape *shape;
	__u64 argument;

	if (!sample)
		return;
	number = sample->key.syscall;
	if (!lc_is_syscall(number))
		return;
	syscall_arguments(task, number & LC_SYSCALL_COMPAT, sample->arguments);
	if (call_of(number) == LC_CALL_OPENAT2)
		bpf_probe_read_user(&sample->arguments[2], sizeof(__u64), (void *)sample->arguments[2]);
	place = lc_place_of(number);
	shape = bpf_map_lookup_elem(&shapes, &place);
	if (!shape || shape->argument > 5)
		return;
	argument = sample->arguments[shape->argument];
	sample->text_kind = shape->kind;
	if (shape->kind == LC_SHAPE_PATH) {
		long n = bpf_probe_read_user_str(sample->text, sizeof(sample->text), (void *)argument);

		sample->text_bytes = n > 0 ? n : 0;
		if (n <= 0 || sample->text[0] == '/')
			return;
		path = &BPF_CORE_READ(task, fs)->pwd;
		if (shape->has_directory)
			file = open_file(task, sample->arguments[(shape->argument - 1) & 3]);
	} else if (shape->kind == LC_SHAPE_SOCKADDR) {
		if (call_of(number) == LC_CALL_SOCKETCALL)
			argument = packed_address(sample->arguments);
		take_address(sample, argument);
	} else if (shape->kind == LC_SHAPE_MESSAGE) {
		take_address(sample, address_of_message(number & LC_SYSCALL_COMPAT, argument));
	} else if (shape->kind == LC_SHAPE_FD) {
		file = open_file(task, argument);
	}
	if (file)
		path = &file->f_path;
	if (path)
		take_path(task, path, sample->base, &sample->base_bytes);
}

/* Fills what is left of SAMPLE, which has its key and its stack. */
static __noinline void take_sample(struct lc_event_sample *sample)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	__u64 ids = bpf_get_current_pid_tgid();

	if (!sample)
		return;
	sample->type = LC_EVENT_SAMPLE;
	sample->pid = ids;
	sample->tgid = ids >> 32;
	sample->time = bpf_ktime_get_ns();
	sample->jiffies = bpf_jiffies64();
	sample->uid = BPF_CORE_READ(task, cred, euid.val);
	sample->gid = BPF_CORE_READ(task, cred, egid.val);
	sample->base_bytes = 0;
	take_root(task, &sample->device, &sample->root);
	sample->unused = 0;
	sample->text_bytes = 0;
	sample->text_kind = LC_SHAPE_NONE;
	sample->exe_bytes = 0;
	bpf_get_current_comm(sample->comm, sizeof(sample->comm));
	if (mm) {
		struct file *file = BPF_CORE_READ(mm, exe_file);

		if (file)
			take_path(task, &file->f_path, sample->exe, &sample->exe_bytes);
	}
	take_about(sample, task);
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

/* Takes the kernel stack, as a program on the entry of the call site SITE sees it, into SAMPLE. */
static __always_inline void take_own_stack(void *context, struct lc_event_sample *sample, __u64 site)
{
	sample->stack_bytes = bpf_get_stack(context, sample->stack, sizeof(sample->stack), 0);
	/* A kprobe's walk begins with the function's first byte, which looks like the end of the one before. */
	if (!TYPED && site)
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
