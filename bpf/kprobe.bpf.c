/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The programs that every kernel loads, also one without types of its own: no pointer is followed directly. */
#define TYPED      false
#define TRACEPOINT "raw_tp/"
#define RESUMED    0

#include "bpf/inlined.h"
#include "bpf/refuse.h"
#include "bpf/tracepoints.h"

/* Whether TASK has the credential and the namespaces, read by the given types, that user space says are its own. */
static __always_inline bool knows_itself(struct task_struct *task)
{
	const struct cred *cred = BPF_CORE_READ(task, cred);

	return BPF_CORE_READ(task, real_cred) == cred && BPF_CORE_READ(cred, uid.val) == config_own_ids[0] &&
	       BPF_CORE_READ(cred, euid.val) == config_own_ids[1] &&
	       BPF_CORE_READ(cred, suid.val) == config_own_ids[2] &&
	       BPF_CORE_READ(cred, gid.val) == config_own_ids[3] &&
	       BPF_CORE_READ(cred, egid.val) == config_own_ids[4] &&
	       BPF_CORE_READ(cred, sgid.val) == config_own_ids[5] &&
	       (!config_own_mntns || BPF_CORE_READ(task, nsproxy, mnt_ns, ns.inum) == config_own_mntns) &&
	       (!config_own_userns || BPF_CORE_READ(cred, user_ns, ns.inum) == config_own_userns);
}

/*
 * Whether types from a file fit this kernel: fields of the current task, read by these types, have the values that the kernel's
 * helpers return. User space runs this program once, and it is attached to nothing. The enum cgroup_subsys_id is named here because
 * the controller of a cgroup v1 hierarchy is looked up in it, and a file may have no more types than we use.
 */
SEC("raw_tp/sys_exit")
int try_types(void *context)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u64 ids = bpf_get_current_pid_tgid();
	__u32 uid = bpf_get_current_uid_gid();
	struct cgroup *unified = BPF_CORE_READ(task, cgroups, dfl_cgrp);
	char own[16] = {}, read[16] = {};

	bpf_get_current_comm(own, sizeof(own));
	BPF_CORE_READ_INTO(&read, task, comm);
	for (__u32 i = 0; i < sizeof(own) && own[i]; i++) {
		if (own[i] != read[i])
			return 0;
	}
	if (!knows_itself(task))
		return 0;
	return (__u32)BPF_CORE_READ(task, pid) == (__u32)ids && (__u32)BPF_CORE_READ(task, tgid) == ids >> 32 &&
	       BPF_CORE_READ(task, cred, uid.val) == uid && cgroup_id(false, unified) == bpf_get_current_cgroup_id() &&
	       (config_subsystem < 0 || bpf_core_enum_value_exists(enum cgroup_subsys_id, CGROUP_SUBSYS_COUNT));
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
		.link = RETURN_REGISTER(ctx),
		.cap = cap,
		.audit = audit_fact(opts),
	};

	return count_check(ctx, false, false, current_task(false), &question);
}

/* Loaded where cap_capable has been inlined into them. */
SEC("kprobe/cap_task_prctl")
int BPF_KPROBE(inlined_prctl, int option, unsigned long bits)
{
	return asked_by_prctl(ctx, LC_COPY_FIRST, option, bits);
}

SEC("kprobe/cap_capset")
int BPF_KPROBE(inlined_capset)
{
	return asked_by_capset(ctx, LC_COPY_FIRST);
}

SEC("kprobe/cap_mmap_addr")
int BPF_KPROBE(inlined_mmap, unsigned long address)
{
	return asked_by_mmap(ctx, LC_COPY_FIRST, address);
}
