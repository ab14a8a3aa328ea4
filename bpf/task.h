/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Facts about a task: its cgroup, its namespaces, its syscall; and about a credential. */
#ifndef LEASTCAP_BPF_TASK_H
#define LEASTCAP_BPF_TASK_H

#include "bpf/entry.h"
#include "bpf/maps.h"

/*
 * Reads POINTER->FIELD. DIRECT is a compile-time constant: true where the verifier knows POINTER's type (BTF), so that
 * the read is one instruction, false where bpf_probe_read_kernel must do it (kprobes, and fexit before 5.11).
 */
#define LOAD(direct, pointer, field)                                                                                   \
	({                                                                                                             \
		typeof(pointer) base = (pointer); /* or else POINTER's own field accesses would be relocated too */    \
		typeof(base->field) loaded;                                                                            \
		if (direct)                                                                                            \
			loaded = base->field;                                                                          \
		else                                                                                                   \
			bpf_core_read(&loaded, sizeof(loaded), &base->field);                                          \
		loaded;                                                                                                \
	})

/*
 * VALUE, as one that the verifier knows nothing of. Paths to here that differ only in VALUE are then walked on as one. UNKNOWN is
 * anything that is known only when the program runs.
 */
static __always_inline __u64 forgotten(__u64 value, __u64 unknown)
{
	value ^= unknown;
	barrier_var(value); /* or else the compiler takes both away */
	return value ^ unknown;
}

extern void *bpf_rdonly_cast(const void *object, __u32 btf_id) __ksym __weak;

static __always_inline struct task_struct *current_task(bool direct)
{
	if (direct)
		return (struct task_struct *)bpf_get_current_task_btf();
	return (struct task_struct *)bpf_get_current_task();
}

/* Whether the task's fields can be read directly: since 5.11, and not in untyped programs. */
static __always_inline bool has_typed_task(void)
{
	return TYPED && bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_current_task_btf);
}

/* The cgroup that identifies TASK's target: in the v2 hierarchy, or in that of the configured v1 controller. */
static __always_inline struct cgroup *task_cgroup(bool direct, struct task_struct *task)
{
	struct css_set *set = LOAD(direct, task, cgroups);

	if (config_subsystem >= 0 && config_subsystem < 16) {
		struct cgroup_subsys_state *state = LOAD(direct, set, subsys[config_subsystem]);

		return LOAD(direct, state, cgroup);
	}
	return LOAD(direct, set, dfl_cgrp);
}

static __always_inline __u64 cgroup_id(bool direct, struct cgroup *cgroup)
{
	struct kernfs_node *node = LOAD(direct, cgroup, kn);

	return LOAD(direct, node, id);
}

static __always_inline __u32 mount_namespace(struct task_struct *task)
{
	return BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum);
}

/* TASK's number in the innermost of its pid namespaces. */
static __always_inline struct upid *innermost_number(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	__u32 level = BPF_CORE_READ(pid, level);

	return (void *)&pid->numbers[0] + level * bpf_core_type_size(struct upid);
}

static __always_inline __u32 pid_namespace(struct task_struct *task)
{
	return BPF_CORE_READ(innermost_number(task), ns, ns.inum);
}

/* The word of a capability set; a kernel before 6.3 has two halves. */
#define CAPABILITIES(direct, credential, set)                                                                          \
	({                                                                                                             \
		__u64 bits;                                                                                            \
		if (bpf_core_field_exists((credential)->set.val)) {                                                    \
			bits = LOAD(direct, credential, set.val);                                                      \
		} else {                                                                                               \
			struct cred___words *words = (void *)(credential);                                             \
			bits = LOAD(direct, words, set.cap[0]) | (__u64)LOAD(direct, words, set.cap[1]) << 32;         \
		}                                                                                                      \
		bits;                                                                                                  \
	})

/*
 * What cap_capable (security/commoncap.c) answers for CRED, whose user namespace is OWN, and why. 0: the capability is effective.
 * LC_FACT_OWNER: CRED owns a child user namespace. LC_FACT_DENIED; with LC_FACT_OWNER if TARGET_NS is neither OWN nor below it,
 * because no capability reaches there. LC_AUTHORITY_FURTHER: TARGET_NS lies more than one level below OWN. The walk is the kernel's
 * own, unchanged since 3.8.
 */
#define LC_AUTHORITY_FURTHER 0x80
static __always_inline __u8 authority_close_by(
	bool direct, struct cred *cred, struct user_namespace *own, struct user_namespace *target_ns, int cap)
{
	struct user_namespace *ns = target_ns;
	int own_level = LOAD(direct, own, level);

	for (int depth = 0; depth < 2; depth++) {
		if (ns == own)
			return CAPABILITIES(direct, cred, cap_effective) & (1ULL << (cap & 63)) ? 0 : LC_FACT_DENIED;
		if (LOAD(direct, ns, level) <= own_level)
			return LC_FACT_DENIED | LC_FACT_OWNER;

		struct user_namespace *parent = LOAD(direct, ns, parent);

		if (parent == own) {
			kuid_t owner = LOAD(direct, ns, owner);
			kuid_t euid = LOAD(direct, cred, euid);

			if (owner.val == euid.val)
				return LC_FACT_OWNER;
		}
		ns = parent;
	}
	return LC_AUTHORITY_FURTHER;
}

/* User namespaces nest up to 32 deep below the initial one: kernel/user_namespace.c, create_user_ns. */
#define USER_NAMESPACES 33

/* POINTER as a number, for a function that is not static. The verifier may know POINTER and forbid arithmetic with it. */
static __always_inline __u64 as_number(const void *pointer)
{
	__u64 number = 0;

	bpf_probe_read_kernel(&number, sizeof(number), &pointer);
	return number;
}

/*
 * The same for any distance: from the namespace one level below CRED's, because those further down ask nothing of CRED. Not static:
 * see bpf/maps.h.
 */
__noinline int authority_far_below(__u64 cred, __u64 target_ns, int cap)
{
	struct user_namespace *own = LOAD(false, (struct cred *)cred, user_ns);
	struct user_namespace *ns = (struct user_namespace *)target_ns;
	int own_level = LOAD(false, own, level);

	for (int depth = 0; depth < USER_NAMESPACES && LOAD(false, ns, level) > own_level + 1; depth++)
		ns = LOAD(false, ns, parent);
	return authority_close_by(false, (struct cred *)cred, own, ns, cap);
}

/* The same, for any distance. Few questions reach far. */
static __always_inline __u8 authority(
	bool direct, struct cred *cred, struct user_namespace *own, struct user_namespace *target_ns, int cap)
{
	__u8 answer = authority_close_by(direct, cred, own, target_ns, cap);

	if (answer == LC_AUTHORITY_FURTHER)
		answer = authority_far_below(as_number(cred), as_number(target_ns), cap);
	return forgotten(answer, cap);
}

/* From the bottom of a kernel stack to the user registers at its top; 0 until learned. */
__u32 registers_offset = 0;

/* Whether a helper tells of a task's user registers: since 5.15, and not to untyped programs. */
static __always_inline bool has_registers_helper(void)
{
	return TYPED && bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_task_pt_regs);
}

/* Learns registers_offset, which spares later checks a call: the size of a stack and its padding are the kernel's secret. */
static __always_inline void learn_registers(void)
{
	struct task_struct *task;

	if (!has_registers_helper() || registers_offset)
		return;
	task = (struct task_struct *)bpf_get_current_task_btf();
	registers_offset = (__u32)(__u64)bpf_task_pt_regs(task) - (__u32)(__u64)task->stack;
}

/* The same where there is no such helper, from REGISTERS: the current task's, which returns from a syscall. */
static __always_inline void meet_registers(struct pt_regs *registers)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u32 offset = (__u32)(__u64)registers - (__u32)(__u64)BPF_CORE_READ(task, stack);

	if (offset < MAX_STACK_SIZE)
		registers_offset = offset;
}

/*
 * The user registers of TASK, which at a check still hold the syscall's number and arguments. Until their place is learned it is
 * guessed by THREAD_SIZE: 16 KiB on x86_64, and on arm64 with 4 KiB pages (no KASAN).
 */
static __always_inline struct pt_regs *user_registers(bool direct, struct task_struct *task)
{
	__u64 stack = (__u64)LOAD(direct, task, stack);

	learn_registers();
	if (registers_offset)
		return (struct pt_regs *)(stack + registers_offset);
	return (struct pt_regs *)(stack + 16384 - bpf_core_type_size(struct pt_regs));
}

/* Whether TASK, with its user REGISTERS, is in a 32-bit syscall; on arm64: is a 32-bit program. */
static __always_inline bool is_32_bit(bool direct, bool typed, struct task_struct *task, struct pt_regs *registers)
{
#if defined(__TARGET_ARCH_x86)
	return LOAD(direct, task, thread_info.status) & TS_COMPAT;
#else
	return LOAD(typed, registers, pstate) & PSR_MODE32_BIT;
#endif
}

/* The syscall that TASK with its user REGISTERS is in, as in lc_key.syscall. SURE: they are not guessed. */
static __always_inline __u16 syscall_in(
	bool direct, bool typed, bool sure, struct task_struct *task, struct pt_regs *registers)
{
	bool compat = is_32_bit(direct, typed, task, registers);
#if defined(__TARGET_ARCH_x86)
	const struct lc_entry_x86 entry = {
		.orig_ax = LOAD(typed, registers, orig_ax),
		.cx = sure ? 0 : LOAD(typed, registers, cx),
		.ip = sure ? 0 : LOAD(typed, registers, ip),
		.compat = compat,
		.sure = sure,
	};

	return lc_syscall_of_x86(&entry);
#else
	return lc_syscall_of_arm64(LOAD(typed, registers, syscallno), compat);
#endif
}

/* The syscall that TASK is in. Registers that the verifier knows as such are read directly, others by copying. */
static __always_inline __u16 syscall_number(bool direct, bool cast, struct task_struct *task)
{
	__u32 workers = PF_KTHREAD | PF_IO_WORKER, flags;
	struct pt_regs *registers;

	/* A worker made in a syscall has a copy of that syscall's registers. */
	if (bpf_core_type_exists(struct vhost_task))
		workers |= PF_USER_WORKER;
	flags = LOAD(direct, task, flags);
	if (flags & workers)
		return flags & PF_IO_WORKER ? LC_SYSCALL_URING : LC_SYSCALL_NONE;
	if (cast && registers_offset) {
		__u64 address = (__u64)LOAD(direct, task, stack) + registers_offset;

		return syscall_in(direct, true, true, task,
			bpf_rdonly_cast((void *)address, bpf_core_type_id_kernel(struct pt_regs)));
	}
	if (direct && has_registers_helper())
		return syscall_in(direct, true, true, task, (struct pt_regs *)bpf_task_pt_regs(task));
	registers = user_registers(direct, task);
	return syscall_in(direct, false, registers_offset, task, registers);
}

/* What is known of the syscall NUMBER. */
static __always_inline enum lc_call call_of(__u16 number)
{
	__u64 place = lc_place_of(number);

	barrier_var(place); /* or else the compiler may compare one copy and index by another, which verifiers refuse */
	return place < LC_CALL_TABLE ? config_calls[place] & LC_CALL_KIND : LC_CALL_OTHER;
}

static __always_inline bool is_exec(__u16 number)
{
	enum lc_call call = call_of(number);

	return call == LC_CALL_EXECVE || call == LC_CALL_EXECVEAT;
}

/* Whether TASK, and whatever it executes, can gain nothing by execve: prctl(2), PR_SET_NO_NEW_PRIVS. */
static __always_inline bool has_no_new_privs(struct task_struct *task)
{
	return BPF_CORE_READ(task, atomic_flags) >> PFA_NO_NEW_PRIVS & 1;
}

/* The six arguments of the syscall that TASK is in. COMPAT: of a 32-bit one, which takes the lower halves of its registers. */
static __always_inline void syscall_arguments(struct task_struct *task, bool compat, __u64 arguments[6])
{
	struct pt_regs *registers = user_registers(false, task);

#if defined(__TARGET_ARCH_x86)
	arguments[0] = compat ? BPF_CORE_READ(registers, bx) : BPF_CORE_READ(registers, di);
	arguments[1] = compat ? BPF_CORE_READ(registers, cx) : BPF_CORE_READ(registers, si);
	arguments[2] = BPF_CORE_READ(registers, dx);
	arguments[3] = compat ? BPF_CORE_READ(registers, si) : BPF_CORE_READ(registers, r10);
	arguments[4] = compat ? BPF_CORE_READ(registers, di) : BPF_CORE_READ(registers, r8);
	arguments[5] = compat ? BPF_CORE_READ(registers, bp) : BPF_CORE_READ(registers, r9);
#else
	arguments[0] = BPF_CORE_READ(registers, orig_x0);
	for (int i = 1; i < 6; i++)
		arguments[i] = BPF_CORE_READ(registers, regs[i]);
#endif
	for (int i = 0; compat && i < 6; i++)
		arguments[i] = (__u32)arguments[i];
}

/* Where argument I of a syscall is among its user REGISTERS; 0 where there is no such argument. COMPAT: of a 32-bit one. */
static __always_inline __u64 argument_place(struct pt_regs *registers, bool compat, __u32 i)
{
	/* Each has a line of its own, because the verifier of 5.10 does not let a stack be read at an offset that it does not know. */
	switch (i) {
#if defined(__TARGET_ARCH_x86)
	case 0:
		return compat ? (__u64)&registers->bx : (__u64)&registers->di;
	case 1:
		return compat ? (__u64)&registers->cx : (__u64)&registers->si;
	case 2:
		return (__u64)&registers->dx;
	case 3:
		return compat ? (__u64)&registers->si : (__u64)&registers->r10;
	case 4:
		return compat ? (__u64)&registers->di : (__u64)&registers->r8;
	case 5:
		return compat ? (__u64)&registers->bp : (__u64)&registers->r9;
#else
	case 0:
		return (__u64)&registers->orig_x0;
	case 1:
		return (__u64)&registers->regs[1];
	case 2:
		return (__u64)&registers->regs[2];
	case 3:
		return (__u64)&registers->regs[3];
	case 4:
		return (__u64)&registers->regs[4];
	case 5:
		return (__u64)&registers->regs[5];
#endif
	default:
		return 0;
	}
}

/* Argument I of the current task's syscall NUMBER; 0 where there is no such argument. Not static: see bpf/maps.h. */
__noinline __u64 syscall_argument(__u32 number, __u32 i)
{
	struct pt_regs *registers = user_registers(false, (struct task_struct *)bpf_get_current_task());
	bool compat = number & LC_SYSCALL_COMPAT;
	__u64 place = argument_place(registers, compat, i), argument = 0;

	if (place)
		bpf_probe_read_kernel(&argument, sizeof(argument), (void *)place);
	return compat ? (__u32)argument : argument;
}

/* Low half of the inode number of the program that TASK runs; 0 for a task without one. */
static __always_inline __u32 executable_inode(bool direct, struct task_struct *task)
{
	struct mm_struct *mm = LOAD(direct, task, mm);

	if (!mm)
		return 0;

	struct file *file = LOAD(direct, mm, exe_file);

	if (!file)
		return 0;

	struct inode *inode = LOAD(direct, file, f_inode);

	return LOAD(direct, inode, i_ino);
}

/*
 * The id that the checks of TASK are counted under: its cgroup's; its target's, if it was moved out of that; or the stand-in of the
 * process that it was followed from. 0: they are surely not recorded. Whether those of another cgroup are, the map cgroups tells.
 */
static __always_inline __u64 counted_under(bool direct, struct task_struct *task)
{
	__u32 tgid = LOAD(direct, task, tgid);
	__u64 id;

	if (config_follow) {
		__u64 *stand_in = bpf_map_lookup_elem(&followed, &tgid);

		return stand_in ? *stand_in : 0;
	}
	id = cgroup_id(direct, task_cgroup(direct, task));
	if (stray_slots[tgid & (STRAY_SLOTS - 1)]) {
		struct lc_home *home = bpf_map_lookup_elem(&homes, &tgid);

		if (home && home->strayed)
			return home->target;
	}
	return recorded_slots[id & (LC_RECORDED_SLOTS - 1)] ? id : 0;
}

/* The open file of TASK with descriptor FD, or NULL: of AT_FDCWD there is none. */
static __always_inline struct file *open_file(struct task_struct *task, __u32 fd)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file *file = NULL;

	if (fd < BPF_CORE_READ(table, max_fds))
		bpf_probe_read_kernel(&file, sizeof(file), BPF_CORE_READ(table, fd) + fd);
	return file;
}

#endif
