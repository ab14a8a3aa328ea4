/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* User stacks: registers and stack memory at the first check of a key, and what is mapped where, for unwinding later. */
#ifndef LEASTCAP_BPF_STACK_H
#define LEASTCAP_BPF_STACK_H

#include "bpf/path.h"
#include "bpf/task.h"

#define PROT_EXEC 4 /* include/uapi/asm-generic/mman-common.h */

__u64 stacks_dropped = 0;   /* found no room: a key without its stack */
__u64 mappings_dropped = 0; /* found no room: stacks of processes that are gone may stay unnamed */

/* The user registers by their DWARF numbers (x86-64 psABI, figure 3.36; DWARF for the Arm 64-bit Architecture). */
static __always_inline void take_registers(struct task_struct *task, struct lc_event_stack *event)
{
	struct pt_regs *from = user_registers(false, task);
	__u64 *to = event->registers;

#if defined(__TARGET_ARCH_x86)
	to[0] = BPF_CORE_READ(from, ax);
	to[1] = BPF_CORE_READ(from, dx);
	to[2] = BPF_CORE_READ(from, cx);
	to[3] = BPF_CORE_READ(from, bx);
	to[4] = BPF_CORE_READ(from, si);
	to[5] = BPF_CORE_READ(from, di);
	to[6] = BPF_CORE_READ(from, bp);
	to[7] = BPF_CORE_READ(from, sp);
	to[8] = BPF_CORE_READ(from, r8);
	to[9] = BPF_CORE_READ(from, r9);
	to[10] = BPF_CORE_READ(from, r10);
	to[11] = BPF_CORE_READ(from, r11);
	to[12] = BPF_CORE_READ(from, r12);
	to[13] = BPF_CORE_READ(from, r13);
	to[14] = BPF_CORE_READ(from, r14);
	to[15] = BPF_CORE_READ(from, r15);
	to[LC_REGISTERS_TAKEN - 1] = BPF_CORE_READ(from, ip);
#else
	for (int i = 0; i < 31; i++)
		to[i] = BPF_CORE_READ(from, regs[i]);
	to[31] = BPF_CORE_READ(from, sp);
	to[LC_REGISTERS_TAKEN - 1] = BPF_CORE_READ(from, pc);
#endif
	event->stack_pointer = BPF_CORE_READ(from, sp);
}

/* Takes the stack above the stack pointer: to the end of its page, then page by page until one is not there. */
static __always_inline void take_user_stack(struct lc_event_stack *event)
{
	__u64 at = event->stack_pointer;
	__u32 first = LC_STACK_PAGE - (at & (LC_STACK_PAGE - 1));

	event->bytes = 0;
	if (first > LC_STACK_PAGE || bpf_probe_read_user(event->stack, first, (void *)at))
		return;
	event->bytes = first;
	for (__u32 page = 0; page < LC_USER_STACK / LC_STACK_PAGE; page++) {
		__u32 used = (first & (2 * LC_STACK_PAGE - 1)) + page * LC_STACK_PAGE;

		if (used > LC_USER_STACK)
			return;
		if (bpf_probe_read_user(event->stack + used, LC_STACK_PAGE, (void *)(at + used)))
			return;
		event->bytes = used + LC_STACK_PAGE;
	}
}

/* Takes the current task's user stack, if KEY has none yet. */
static __noinline void take_stack(const struct lc_key *key)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u64 ids = bpf_get_current_pid_tgid();
	struct lc_event_stack *event;
	__u8 yes = 1;

	if (!key || key->facts & LC_FACT_SETUP || key->syscall & LC_SYSCALL_COMPAT)
		return;
	if (bpf_map_update_elem(&stacked, key, &yes, BPF_NOEXIST))
		return;
	event = bpf_ringbuf_reserve(&stacks, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&stacks_dropped, 1);
		return;
	}
	event->type = LC_EVENT_STACK;
	event->pid = ids;
	event->key = *key;
	event->tgid = ids >> 32;
	take_root(task, &event->device, &event->root);
	event->unused = 0;
	take_registers(task, event);
	take_user_stack(event);
	bpf_ringbuf_submit(event, 0);
}

/* Whether TASK is one whose stacks are taken. */
static __always_inline bool is_stacked(struct task_struct *task)
{
	__u64 id = counted_under(false, task);

	return id && (config_follow || bpf_map_lookup_elem(&cgroups, &id));
}

/* Tells that the current task has FILE mapped for execution from START to END, as of OFFSET. */
static __noinline void tell_mapping(__u32 type, struct file *file, __u64 start, __u64 end, __u64 offset)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct lc_event_mapping *event = bpf_ringbuf_reserve(&stacks, sizeof(*event), 0);
	struct inode *inode = BPF_CORE_READ(file, f_inode);

	if (!event) {
		__sync_fetch_and_add(&mappings_dropped, 1);
		return;
	}
	event->type = type;
	event->tgid = bpf_get_current_pid_tgid() >> 32;
	event->start = start;
	event->end = end;
	event->offset = offset;
	event->inode = BPF_CORE_READ(inode, i_ino);
	event->device = BPF_CORE_READ(inode, i_sb, s_dev);
	event->path_bytes = 0;
	take_path(task, &file->f_path, event->path, &event->path_bytes);
	bpf_ringbuf_submit(event, 0);
}

/* The current task's mmap(2) returned RESULT. */
static __noinline void mapped(__s64 result)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u64 arguments[6];
	struct file *file;

	if (result <= 0)
		return;
	syscall_arguments(task, false, arguments);
	if (!(arguments[2] & PROT_EXEC) || !is_stacked(task))
		return;
	file = open_file(task, arguments[4]);
	if (file)
		tell_mapping(LC_EVENT_MAPPING, file, result, result + arguments[1], arguments[5]);
}

/* TASK, the current one, has begun to run PROGRAM. */
static __always_inline void program_mapped(struct task_struct *task, struct linux_binprm *program)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);

	if (is_stacked(task))
		tell_mapping(LC_EVENT_PROGRAM, BPF_CORE_READ(program, file), BPF_CORE_READ(mm, start_code),
			BPF_CORE_READ(mm, end_code), 0);
}

/* A process with the mappings of process TGID was made, CHILD (0: TGID has ended). */
static __noinline void tell_process(__u32 type, __u32 tgid, __u32 child)
{
	struct lc_event_process event = {.type = type, .tgid = tgid, .child = child};

	if (bpf_ringbuf_output(&stacks, &event, sizeof(event), 0))
		__sync_fetch_and_add(&mappings_dropped, 1);
}

static __always_inline void mappings_inherited(struct task_struct *parent, struct task_struct *child)
{
	__u32 parent_tgid = BPF_CORE_READ(parent, tgid);
	__u32 child_tgid = BPF_CORE_READ(child, tgid);

	if (parent_tgid != child_tgid && is_stacked(parent))
		tell_process(LC_EVENT_FORK, parent_tgid, child_tgid);
}

static __always_inline void mappings_ended(struct task_struct *task)
{
	if (BPF_CORE_READ(task, signal, live.counter) <= 0 && is_stacked(task))
		tell_process(LC_EVENT_EXIT, BPF_CORE_READ(task, tgid), 0);
}

#endif
