/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of call sites whose answer does not decide the syscall, and why. One row is one fact about the kernel. */
#include <leastcap/capset.h>
#include <leastcap/judge.h>

#include <linux/capability.h>
#include <string.h>

static const struct lc_callsite callsites[] = {
	{
		.functions = {"cap_vm_enough_memory", "__vm_enough_memory", "security_vm_enough_memory_mm"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "asked by every mmap, brk, fork and exec: decides only about the last 3 % of memory "
		       "(admin_reserve_kbytes)",
		.source = "mm/util.c, security/commoncap.c",
	},
	{
		.functions = {"cap_capset", "cap_inh_is_capped"},
		.caps = LC_CAP_BIT(CAP_SETPCAP),
		.class = LC_CLASS_ADVISORY,
		.why = "capset asks before it compares sets: only adding to the inheritable set beyond the permitted "
		       "one needs it",
		.source = "security/commoncap.c",
	},
	{
		.functions = {"setattr_prepare", "setattr_copy", "setattr_should_drop_sgid", "in_group_or_capable",
			"mode_strip_sgid", "inode_init_owner"},
		.caps = LC_CAP_BIT(CAP_FSETID),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a set-group-id bit is kept; the syscall succeeds either way",
		.source = "fs/attr.c, fs/inode.c",
	},
	{
		.functions = {"should_remove_suid", "setattr_should_drop_suidgid", "file_remove_privs",
			"__file_remove_privs", "dentry_needs_remove_privs", "chown_common"},
		.caps = LC_CAP_BIT(CAP_FSETID),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a write or a change of owner keeps set-id bits; the syscall succeeds either "
		       "way",
		.source = "fs/inode.c, fs/open.c",
	},
	{
		.functions = {"net_ctl_permissions"},
		.caps = LC_CAP_BIT(CAP_NET_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.why = "asked before the plain mode of a network sysctl, which allows root to read and write it anyway",
		.source = "net/sysctl_net.c",
	},
	{
		.functions = {"bpf_jit_blind_constants", "bpf_int_jit_compile", "bpf_jit_blinding_enabled",
			"bpf_prog_select_runtime", "bpf_migrate_filter"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether the JIT hardens a socket or seccomp filter; it is compiled either way",
		.source = "kernel/bpf/core.c, include/linux/filter.h",
	},
	{
		.functions = {"do_jit", "build_bhb_mitigation", "build_epilogue"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a filter clears the branch history; it is compiled either way",
		.source = "arch/x86/net/bpf_jit_comp.c, arch/arm64/net/bpf_jit_comp.c",
	},
	{
		.functions = {"__set_oom_adj", "oom_score_adj_write", "oom_adj_write"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_ADVISORY,
		.noaudit = true,
		.why = "decides whether the new oom_score_adj also becomes its lower limit; the write succeeds either "
		       "way",
		.source = "fs/proc/base.c",
	},
	{
		.functions = {"io_uring_create", "io_uring_setup", "__do_sys_io_uring_setup",
			"__se_sys_io_uring_setup"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether the ring's memory is accounted; the ring is made either way",
		.source = "io_uring/io_uring.c",
	},
	{
		.functions = {"ext4_has_free_clusters", "ext4_claim_free_clusters", "ext4_should_retry_alloc",
			"ext4_statfs"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether the blocks that are reserved for root may be used, when no others are left",
		.source = "fs/ext4/balloc.c",
	},
	{
		.functions = {"xattr_permission"},
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.class = LC_CLASS_ADVISORY,
		.not_in_call = "xattr",
		.why = "overlayfs reads its own attributes, here with a mounter's credentials that equal the caller's",
		.source = "fs/xattr.c, fs/overlayfs/xattrs.c",
	},
	{
		.functions = {"ignore_hardlimit"},
		.caps = LC_CAP_BIT(CAP_SYS_RESOURCE),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether a disk quota's hard limit applies, when it is reached",
		.source = "fs/quota/dquot.c",
	},
};

const struct lc_callsite *lc_callsites(size_t *n)
{
	*n = sizeof(callsites) / sizeof(callsites[0]);
	return callsites;
}

static bool names_function(const struct lc_callsite *row, const char *function)
{
	if (!row->functions[0])
		return true;
	for (size_t i = 0; function && i < LC_CALLSITE_FUNCTIONS && row->functions[i]; i++) {
		if (!strcmp(row->functions[i], function))
			return true;
	}
	return false;
}

/* Outside of a syscall nothing is known about the call. */
static bool in_right_call(const struct lc_callsite *row, const struct lc_check *check)
{
	return !row->not_in_call || (check->syscall && !strstr(check->syscall, row->not_in_call));
}

const struct lc_callsite *lc_callsite_find(const struct lc_check *check)
{
	for (size_t i = 0; i < sizeof(callsites) / sizeof(callsites[0]); i++) {
		const struct lc_callsite *row = &callsites[i];

		if (row->caps & LC_CAP_BIT(check->cap) && names_function(row, check->caller) &&
			in_right_call(row, check) && (!row->noaudit || check->audited == LC_AUDITED_NO))
			return row;
	}
	return NULL;
}
