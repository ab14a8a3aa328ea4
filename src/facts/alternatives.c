/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of alternatives: the decisions of the kernel that accept either of two capabilities, read in the sources of 5.10,
 * 6.1, 6.12 and 7.3. Where a function asks for several pairs (bpf_check, bpf_prog_load) only the narrow capability tells which.
 */
#include "src/facts/functions.h"

#include <leastcap/capset.h>
#include <leastcap/facts.h>

#include <linux/capability.h>

static const struct lc_alternative alternatives[] = {
	{
		.narrow = CAP_DAC_READ_SEARCH,
		.wide = CAP_DAC_OVERRIDE,
		.functions = {"generic_permission", "inode_permission"},
		.sign = LC_SIGN_EITHER,
		.wide_in_containers = true,
		.why = "DAC_READ_SEARCH can't write, but lets a container open files of the host by their handles",
		.source = "fs/namei.c, fs/fhandle.c",
	},
	{
		/* Only where times are set to now, for which the right to write is enough. */
		.narrow = CAP_FOWNER,
		.wide = CAP_DAC_OVERRIDE,
		.functions = {"may_setattr", "notify_change"},
		.sign = LC_SIGN_NARROW,
		.why = "FOWNER does not read or write other users' files; the right to write the file is enough too",
		.source = "fs/attr.c",
	},
	{
		.narrow = CAP_PERFMON,
		.wide = CAP_SYS_ADMIN,
		.functions = {"perf_allow_kernel", "perf_allow_cpu", "perf_allow_tracepoint", "find_get_context",
			"__do_sys_perf_event_open", "perf_kprobe_event_init", "perf_uprobe_event_init",
			"perf_event_query_prog_array"},
		.sign = LC_SIGN_EITHER,
		.why = "PERFMON does for monitoring what SYS_ADMIN does for nearly everything",
		.source = "include/linux/capability.h, kernel/events/core.c, kernel/trace/bpf_trace.c",
	},
	{
		.narrow = CAP_PERFMON,
		.wide = CAP_SYS_ADMIN,
		.sign = LC_SIGN_NARROW,
		.why = "PERFMON does for monitoring what SYS_ADMIN does for nearly everything",
		.source = "include/linux/capability.h, include/linux/bpf.h",
	},
	{
		.narrow = CAP_BPF,
		.wide = CAP_SYS_ADMIN,
		.functions = {"trie_alloc", "htab_map_alloc_check", "stack_map_alloc", "cpu_map_alloc",
			"queue_stack_map_alloc_check", "reuseport_array_alloc", "bpf_prog_get_info_by_fd",
			"bpf_sk_storage_diag_alloc"},
		.sign = LC_SIGN_EITHER,
		.why = "BPF does for programs and maps what SYS_ADMIN does for nearly everything",
		.source =
			"include/linux/capability.h, kernel/bpf/hashtab.c, kernel/bpf/syscall.c, kernel/bpf/lpm_trie.c, kernel/bpf/stackmap.c, kernel/bpf/cpumap.c, kernel/bpf/queue_stack_maps.c, kernel/bpf/reuseport_array.c, net/core/bpf_sk_storage.c",
	},
	{
		.narrow = CAP_BPF,
		.wide = CAP_SYS_ADMIN,
		.sign = LC_SIGN_NARROW,
		.why = "BPF does for programs and maps what SYS_ADMIN does for nearly everything",
		.source = "include/linux/capability.h, include/linux/bpf.h",
	},
	{
		.narrow = CAP_NET_ADMIN,
		.wide = CAP_SYS_ADMIN,
		.functions = {"bpf_prog_load"},
		.sign = LC_SIGN_NARROW,
		.why = "NET_ADMIN does for network programs what SYS_ADMIN does for nearly everything",
		.source = "kernel/bpf/syscall.c",
	},
	{
		.narrow = CAP_NET_ADMIN,
		.wide = CAP_SYS_ADMIN,
		.functions = {"af_alg_check_restriction", "af_alg_capable"},
		.sign = LC_SIGN_EITHER,
		.why = "NET_ADMIN does for AF_ALG sockets what SYS_ADMIN does for nearly everything",
		.source = "crypto/af_alg.c",
	},
	{
		.narrow = CAP_CHECKPOINT_RESTORE,
		.wide = CAP_SYS_ADMIN,
		.functions = {"alloc_pid", "prctl_set_mm_map", "proc_map_files_get_link", "pid_ns_ctl_handler",
			"tty_mode_ioctl", "ipc_permissions"},
		.sign = LC_SIGN_EITHER,
		.why = "CHECKPOINT_RESTORE does for checkpoints what SYS_ADMIN does for nearly everything",
		.source =
			"include/linux/capability.h, kernel/pid.c, kernel/sys.c, fs/proc/base.c, kernel/pid_namespace.c, drivers/tty/tty_ioctl.c, ipc/ipc_sysctl.c",
	},
	{
		.narrow = CAP_CHECKPOINT_RESTORE,
		.wide = CAP_SYS_ADMIN,
		.sign = LC_SIGN_NARROW,
		.why = "CHECKPOINT_RESTORE does for checkpoints what SYS_ADMIN does for nearly everything",
		.source = "include/linux/capability.h",
	},
	{
		/* 6.12 does not accept SYS_ADMIN any more. */
		.narrow = CAP_SYSLOG,
		.wide = CAP_SYS_ADMIN,
		.functions = {"check_syslog_permissions", "do_syslog", "devkmsg_open"},
		.sign = LC_SIGN_CHAINED,
		.narrow_alone = true,
		.why = "SYSLOG is for the kernel's log alone, and newer kernels accept nothing else for it",
		.source = "kernel/printk/printk.c",
	},
	{
		.narrow = CAP_NET_RAW,
		.wide = CAP_NET_ADMIN,
		.functions = {"sk_setsockopt", "sk_set_prio_allowed", "__sock_cmsg_send", "do_ip_setsockopt",
			"ip_setsockopt"},
		.sign = LC_SIGN_EITHER,
		.why = "NET_RAW marks packets; NET_ADMIN configures the network as well",
		.source = "net/core/sock.c, net/ipv4/ip_sockglue.c",
	},
	{
		/* Here NET_RAW alone is asked for header options. */
		.narrow = CAP_NET_RAW,
		.wide = CAP_NET_ADMIN,
		.functions = {"do_ipv6_setsockopt", "ipv6_setsockopt"},
		.sign = LC_SIGN_CHAINED,
		.why = "NET_RAW is for raw packets and transparent sockets; NET_ADMIN configures the network as well",
		.source = "net/ipv6/ipv6_sockglue.c",
	},
	{
		.narrow = CAP_SYS_RESOURCE,
		.wide = CAP_SYS_ADMIN,
		.functions = {"copy_process", "pipe_is_unprivileged_user", "unix_attach_fds", "unix_scm_to_skb",
			"too_many_unix_fds"},
		.sign = LC_SIGN_EITHER,
		.why = "SYS_RESOURCE does for limits what SYS_ADMIN does for nearly everything",
		.source = "kernel/fork.c, fs/pipe.c, net/unix/af_unix.c",
	},
	{
		.narrow = CAP_SYS_NICE,
		.wide = CAP_SYS_ADMIN,
		.functions = {"ioprio_check_cap"},
		.sign = LC_SIGN_FIRST,
		.why = "SYS_NICE does for priorities what SYS_ADMIN, which is asked first, does for nearly everything",
		.source = "block/ioprio.c",
	},
};

const struct lc_alternative *lc_alternatives(size_t *n)
{
	*n = sizeof(alternatives) / sizeof(alternatives[0]);
	return alternatives;
}

/* Whether CHECK, at one of ROW's call sites, tells that the decision is one of ROW's. */
static bool is_sign(const struct lc_alternative *row, const struct lc_check *check)
{
	bool narrow = check->cap == row->narrow, wide = check->cap == row->wide;

	switch (row->sign) {
	case LC_SIGN_EITHER:
		return narrow || (wide && check->chained);
	case LC_SIGN_NARROW:
		return narrow;
	case LC_SIGN_CHAINED:
		return wide && check->chained;
	case LC_SIGN_FIRST:
		return narrow || wide;
	}
	return false;
}

const struct lc_alternative *lc_alternative_find(const struct lc_check *check)
{
	for (size_t i = 0; i < sizeof(alternatives) / sizeof(alternatives[0]); i++) {
		if (lc_functions_name(alternatives[i].functions, check->caller) && is_sign(&alternatives[i], check))
			return &alternatives[i];
	}
	return NULL;
}
