/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What events have in common: who did it, with which program, and what the syscall was about. */
#ifndef LEASTCAP_BPF_ACTOR_H
#define LEASTCAP_BPF_ACTOR_H

#include "bpf/path.h"
#include "bpf/task.h"

#include <linux/net.h>

/* Takes who TASK, the current one, is into ACTOR. */
static __always_inline void take_actor(struct lc_actor *actor, struct task_struct *task)
{
	__u64 ids = bpf_get_current_pid_tgid();

	actor->pid = ids;
	actor->tgid = ids >> 32;
	actor->time = bpf_ktime_get_ns();
	actor->jiffies = bpf_jiffies64();
	actor->uid = BPF_CORE_READ(task, cred, euid.val);
	actor->gid = BPF_CORE_READ(task, cred, egid.val);
	take_root(task, &actor->device, &actor->root);
	actor->unused = 0;
	bpf_get_current_comm(actor->comm, sizeof(actor->comm));
}

/* Takes the path of the program that TASK runs to OUT (LC_PATH_SIZE bytes), in components, and to *LENGTH how many bytes these are. */
static __always_inline void take_program(struct task_struct *task, char *out, __u32 *length)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	struct file *file = mm ? BPF_CORE_READ(mm, exe_file) : NULL;

	*length = 0;
	if (file)
		take_path(task, &file->f_path, out, length);
}

/* Takes the socket address at ADDRESS into SUBJECT: as much as the longest that is shown, sockaddr_un, or less at the end of a page. */
static __always_inline void take_address(struct lc_subject *subject, __u64 address)
{
	if (!bpf_probe_read_user(subject->text, 110, (void *)address))
		subject->text_bytes = 110;
	else if (!bpf_probe_read_user(subject->text, 28, (void *)address))
		subject->text_bytes = 28;
	else if (!bpf_probe_read_user(subject->text, 16, (void *)address))
		subject->text_bytes = 16;
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

/* Takes what the SYSCALL of TASK, the current one, is about into SUBJECT, by the shape of its arguments. */
static __noinline void take_subject(struct lc_subject *subject, struct task_struct *task, __u16 syscall)
{
	struct path *path = NULL;
	struct file *file = NULL;
	__u32 number = syscall, place;
	struct lc_shape *shape;
	__u64 argument;

	if (!subject)
		return;
	subject->syscall = number;
	subject->text_kind = LC_SHAPE_NONE;
	subject->text_bytes = 0;
	subject->base_bytes = 0;
	if (!lc_is_syscall(number))
		return;
	syscall_arguments(task, number & LC_SYSCALL_COMPAT, subject->arguments);
	if (call_of(number) == LC_CALL_OPENAT2)
		bpf_probe_read_user(&subject->arguments[2], sizeof(__u64), (void *)subject->arguments[2]);
	place = lc_place_of(number);
	shape = bpf_map_lookup_elem(&shapes, &place);
	if (!shape || shape->argument > 5)
		return;
	argument = subject->arguments[shape->argument];
	subject->text_kind = shape->kind;
	if (shape->kind == LC_SHAPE_PATH) {
		long n = bpf_probe_read_user_str(subject->text, sizeof(subject->text), (void *)argument);

		subject->text_bytes = n > 0 ? n : 0;
		if (n <= 0 || subject->text[0] == '/')
			return;
		path = &BPF_CORE_READ(task, fs)->pwd;
		if (shape->has_directory)
			file = open_file(task, subject->arguments[(shape->argument - 1) & 3]);
	} else if (shape->kind == LC_SHAPE_SOCKADDR) {
		if (call_of(number) == LC_CALL_SOCKETCALL)
			argument = packed_address(subject->arguments);
		take_address(subject, argument);
	} else if (shape->kind == LC_SHAPE_MESSAGE) {
		take_address(subject, address_of_message(number & LC_SYSCALL_COMPAT, argument));
	} else if (shape->kind == LC_SHAPE_FD) {
		file = open_file(task, argument);
	}
	if (file)
		path = &file->f_path;
	if (path)
		take_path(task, path, subject->base, &subject->base_bytes);
}

#endif
