/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of engines' default filters of system calls: what they refuse, and what opens it. Read in the profiles and their history: moby's
 * profiles/seccomp (from 18.09 on) and github.com/moby/profiles, containerd's contrib/seccomp (from 1.4.2 on), containers/common's
 * pkg/seccomp as Podman (from 3.0 on) and CRI-O (from 1.20.3 on) have it, and CRI-O's internal/config/seccomp. Older versions count as those.
 */
#include <leastcap/facts.h>

#include <leastcap/capset.h>

#include <linux/capability.h>
#include <linux/sched.h>
#include <string.h>

#define DOCKER     "docker"
#define CONTAINERD "containerd"
#define PODMAN     "podman"
#define CRIO       "cri-o"

#define CALLS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Spans of versions. A row without one holds for every version. */
#define V(major, minor, patch) LC_ENGINE_VERSION(major, minor, patch)
#define SINCE(major, minor, patch)                                                                                     \
	{                                                                                                              \
		V(major, minor, patch), LC_ENGINE_NEWEST                                                               \
	}

#define NAMESPACES                                                                                                     \
	(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |                     \
		(uint64_t)CLONE_NEWCGROUP)

/* Domains of sockets. */
#define ALG   38
#define VSOCK 40

/* The values of personality(2) that every filter lets through: PER_LINUX, PER_LINUX32, UNAME26 with each, and the question. */
#define PERSONALITIES                                                                                                  \
	{                                                                                                              \
		0, 8, 0x20000, 0x20008, 0xffffffff                                                                     \
	}

#define ADMIN LC_CAP_BIT(CAP_SYS_ADMIN)

/* Calls that came with a kernel, and that profiles took up together. */
#define MOUNTS     CALLS("fsconfig", "fsmount", "fsopen", "fspick", "move_mount", "open_tree")
#define MEMPOLICY  CALLS("get_mempolicy", "mbind", "set_mempolicy")
#define PROCESS_VM CALLS("process_vm_readv", "process_vm_writev")
#define MODULES    CALLS("delete_module", "finit_module", "init_module")
#define TIMES      CALLS("clock_settime", "clock_settime64", "settimeofday", "stime")
#define IO_URING   CALLS("io_uring_enter", "io_uring_register", "io_uring_setup")
#define PKEY       CALLS("pkey_alloc", "pkey_free", "pkey_mprotect")
#define OF_5_10    CALLS("close_range", "epoll_pwait2")
#define OF_5_16                                                                                                        \
	CALLS("futex_waitv", "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self", "memfd_secret", \
		"process_mrelease")
#define OF_6_7 CALLS("cachestat", "fchmodat2", "futex_requeue", "futex_wait", "futex_wake", "map_shadow_stack")
#define OF_6_13                                                                                                        \
	CALLS("getxattrat", "listmount", "listxattrat", "mseal", "removexattrat", "setxattrat", "statmount",           \
		"uretprobe")
#define LSM CALLS("lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr")

/* What Docker's and containerd's filter never lets through. */
#define MOBYS_NEVER                                                                                                    \
	CALLS("_sysctl", "add_key", "afs_syscall", "create_module", "fchroot", "file_getattr", "file_setattr",         \
		"get_kernel_syms", "getpmsg", "kexec_file_load", "kexec_load", "keyctl", "listns", "migrate_pages",    \
		"move_pages", "nfsservctl", "open_tree_attr", "pivot_root", "putpmsg", "query_module", "request_key",  \
		"rseq_slice_yield", "security", "swapoff", "swapon", "sysfs", "tuxcall", "uselib", "userfaultfd",      \
		"ustat", "vserver")

/* What containers/common's filter never lets through, by EPERM and, since its default is ENOSYS, by that. */
#define COMMONS_NEVER                                                                                                  \
	CALLS("io_pgetevents", "kexec_file_load", "kexec_load", "migrate_pages", "move_pages", "nfsservctl",           \
		"swapoff", "swapon", "sysfs", "uselib", "userfaultfd", "ustat", "vmsplice")
#define COMMONS_UNKNOWN                                                                                                \
	CALLS("_sysctl", "add_key", "afs_syscall", "create_module", "fchroot", "file_getattr", "file_setattr",         \
		"get_kernel_syms", "getpmsg", "getxattrat", "io_uring_enter", "io_uring_register", "io_uring_setup",   \
		"listmount", "listns", "listxattrat", "lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr",    \
		"mseal", "open_tree_attr", "putpmsg", "removexattrat", "request_key", "rseq_slice_yield", "security",  \
		"set_mempolicy_home_node", "setxattrat", "statmount", "tuxcall", "uretprobe", "vserver")
#define COMMONS_FUTEX CALLS("futex_requeue", "futex_wait", "futex_waitv", "futex_wake")
#define COMMONS_LATER CALLS("cachestat", "map_shadow_stack")
#define COMMONS_5_16  CALLS("membarrier", "mount_setattr", "process_mrelease")
#define LANDLOCK      CALLS("landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self")

static const struct lc_filter_row rows[] = {
	{.engine = DOCKER,
		.calls = CALLS("fanotify_init", "lookup_dcookie", "mount", "quotactl", "setdomainname", "sethostname",
			"setns", "umount", "umount2", "unshare"),
		.caps = ADMIN},
	{.engine = DOCKER, .calls = MOUNTS, .versions = SINCE(20, 10, 4), .caps = ADMIN},
	{.engine = DOCKER, .calls = MOUNTS},
	{.engine = DOCKER,
		.calls = CALLS("mount_setattr", "quotactl_fd"),
		.versions = SINCE(20, 10, 18),
		.caps = ADMIN},
	{.engine = DOCKER, .calls = CALLS("mount_setattr", "quotactl_fd")},
	{.engine = DOCKER, .calls = LSM, .versions = SINCE(28, 2, 0), .caps = ADMIN},
	{.engine = DOCKER, .calls = LSM},
	{.engine = DOCKER, .calls = CALLS("bpf"), .versions = SINCE(23, 0, 0), .caps = ADMIN | LC_CAP_BIT(CAP_BPF)},
	{.engine = DOCKER,
		.calls = CALLS("perf_event_open"),
		.versions = SINCE(23, 0, 0),
		.caps = ADMIN | LC_CAP_BIT(CAP_PERFMON)},
	{.engine = DOCKER, .calls = CALLS("bpf", "perf_event_open"), .caps = ADMIN},
	{.engine = DOCKER, .calls = CALLS("syslog"), .caps = ADMIN | LC_CAP_BIT(CAP_SYSLOG)},
	{.engine = DOCKER,
		.calls = CALLS("clone"),
		.versions = SINCE(20, 10, 0),
		.when = LC_VALUES_WITH_BIT,
		.values = {NAMESPACES},
		.caps = ADMIN},
	{.engine = DOCKER,
		.calls = CALLS("clone"),
		.when = LC_VALUES_WITH_BIT,
		.values = {NAMESPACES & ~CLONE_NEWCGROUP},
		.caps = ADMIN},
	{.engine = DOCKER, .calls = CALLS("clone3"), .versions = SINCE(20, 10, 10), .caps = ADMIN, .nosys = true},
	{.engine = DOCKER, .calls = CALLS("clone3")},
	{.engine = DOCKER,
		.calls = CALLS("name_to_handle_at"),
		.versions = {V(20, 10, 26), V(23, 0, 0)},
		.passes = true},
	{.engine = DOCKER, .calls = CALLS("name_to_handle_at"), .versions = {V(23, 0, 7), V(24, 0, 0)}, .passes = true},
	{.engine = DOCKER, .calls = CALLS("name_to_handle_at"), .versions = SINCE(24, 0, 3), .passes = true},
	{.engine = DOCKER, .calls = CALLS("name_to_handle_at"), .caps = ADMIN},
	{.engine = DOCKER, .calls = CALLS("open_by_handle_at"), .caps = LC_CAP_BIT(CAP_DAC_READ_SEARCH)},
	{.engine = DOCKER, .calls = CALLS("reboot"), .caps = LC_CAP_BIT(CAP_SYS_BOOT)},
	{.engine = DOCKER, .calls = CALLS("chroot"), .caps = LC_CAP_BIT(CAP_SYS_CHROOT)},
	{.engine = DOCKER, .calls = MODULES, .caps = LC_CAP_BIT(CAP_SYS_MODULE)},
	{.engine = DOCKER,
		.calls = CALLS("query_module"),
		.versions = {0, V(20, 10, 0)},
		.caps = LC_CAP_BIT(CAP_SYS_MODULE)},
	{.engine = DOCKER, .calls = CALLS("acct"), .caps = LC_CAP_BIT(CAP_SYS_PACCT)},
	{.engine = DOCKER, .calls = CALLS("ptrace"), .versions = {0, V(19, 3, 0)}, .caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = DOCKER, .calls = PROCESS_VM, .versions = {0, V(23, 0, 0)}, .caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = DOCKER, .calls = CALLS("kcmp"), .caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = DOCKER,
		.calls = CALLS("pidfd_getfd"),
		.versions = SINCE(20, 10, 0),
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = DOCKER,
		.calls = CALLS("process_madvise"),
		.versions = SINCE(20, 10, 4),
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = DOCKER, .calls = CALLS("pidfd_getfd", "process_madvise")},
	{.engine = DOCKER, .calls = CALLS("ioperm", "iopl"), .caps = LC_CAP_BIT(CAP_SYS_RAWIO)},
	{.engine = DOCKER, .calls = CALLS("clock_settime64"), .versions = {0, V(23, 0, 0)}},
	{.engine = DOCKER, .calls = TIMES, .caps = LC_CAP_BIT(CAP_SYS_TIME)},
	{.engine = DOCKER, .calls = CALLS("vhangup"), .caps = LC_CAP_BIT(CAP_SYS_TTY_CONFIG)},
	{.engine = DOCKER, .calls = MEMPOLICY, .caps = LC_CAP_BIT(CAP_SYS_NICE)},
	{.engine = DOCKER,
		.calls = CALLS("set_mempolicy_home_node"),
		.versions = {V(23, 0, 10), V(24, 0, 0)},
		.caps = LC_CAP_BIT(CAP_SYS_NICE)},
	{.engine = DOCKER,
		.calls = CALLS("set_mempolicy_home_node"),
		.versions = SINCE(25, 0, 3),
		.caps = LC_CAP_BIT(CAP_SYS_NICE)},
	{.engine = DOCKER, .calls = CALLS("set_mempolicy_home_node")},
	{.engine = DOCKER, .calls = CALLS("personality"), .when = LC_VALUES_NONE_OF, .values = PERSONALITIES},
	{.engine = DOCKER,
		.calls = CALLS("socket"),
		.versions = {V(20, 10, 22), V(20, 10, 23)},
		.when = LC_VALUES_ONE_OF,
		.values = {VSOCK}},
	{.engine = DOCKER,
		.calls = CALLS("socket"),
		.versions = SINCE(23, 0, 0),
		.when = LC_VALUES_ONE_OF,
		.values = {VSOCK}},
	{.engine = DOCKER,
		.calls = CALLS("socket"),
		.versions = SINCE(29, 4, 2),
		.when = LC_VALUES_ONE_OF,
		.values = {ALG}},
	{.engine = DOCKER, .calls = MOBYS_NEVER},
	{.engine = DOCKER, .calls = IO_URING, .versions = {V(20, 10, 0), V(25, 0, 0)}, .passes = true},
	{.engine = DOCKER, .calls = IO_URING},
	{.engine = DOCKER, .calls = CALLS("io_pgetevents"), .versions = {0, V(19, 3, 0)}},
	{.engine = DOCKER,
		.calls = CALLS("clock_adjtime", "faccessat2", "membarrier", "openat2", "pidfd_open",
			"pidfd_send_signal", "rseq"),
		.versions = {0, V(20, 10, 0)}},
	{.engine = DOCKER, .calls = OF_5_10, .versions = {0, V(20, 10, 4)}},
	{.engine = DOCKER, .calls = OF_5_16, .versions = {0, V(20, 10, 18)}},
	{.engine = DOCKER, .calls = PKEY, .versions = {0, V(23, 0, 0)}},
	{.engine = DOCKER, .calls = OF_6_7, .versions = {V(23, 0, 10), V(24, 0, 0)}, .passes = true},
	{.engine = DOCKER, .calls = OF_6_7, .versions = {0, V(25, 0, 3)}},
	{.engine = DOCKER, .calls = OF_6_13, .versions = {0, V(28, 2, 0)}},

	{.engine = CONTAINERD,
		.calls = CALLS("fanotify_init", "lookup_dcookie", "mount", "quotactl", "setdomainname", "sethostname",
			"setns", "umount", "umount2", "unshare"),
		.caps = ADMIN},
	{.engine = CONTAINERD, .calls = MOUNTS, .versions = SINCE(1, 5, 0), .caps = ADMIN},
	{.engine = CONTAINERD, .calls = MOUNTS},
	{.engine = CONTAINERD,
		.calls = CALLS("mount_setattr", "quotactl_fd"),
		.versions = SINCE(1, 6, 0),
		.caps = ADMIN},
	{.engine = CONTAINERD, .calls = CALLS("mount_setattr", "quotactl_fd")},
	{.engine = CONTAINERD, .calls = CALLS("bpf"), .versions = SINCE(1, 6, 9), .caps = ADMIN | LC_CAP_BIT(CAP_BPF)},
	{.engine = CONTAINERD,
		.calls = CALLS("perf_event_open"),
		.versions = SINCE(1, 6, 9),
		.caps = ADMIN | LC_CAP_BIT(CAP_PERFMON)},
	{.engine = CONTAINERD, .calls = CALLS("bpf", "perf_event_open"), .caps = ADMIN},
	{.engine = CONTAINERD, .calls = CALLS("syslog"), .caps = ADMIN | LC_CAP_BIT(CAP_SYSLOG)},
	{.engine = CONTAINERD,
		.calls = CALLS("clone"),
		.when = LC_VALUES_WITH_BIT,
		.values = {NAMESPACES},
		.caps = ADMIN},
	{.engine = CONTAINERD,
		.calls = CALLS("clone3"),
		.versions = {V(1, 4, 10), V(1, 5, 0)},
		.caps = ADMIN,
		.nosys = true},
	{.engine = CONTAINERD, .calls = CALLS("clone3"), .versions = SINCE(1, 5, 6), .caps = ADMIN, .nosys = true},
	{.engine = CONTAINERD, .calls = CALLS("clone3")},
	{.engine = CONTAINERD,
		.calls = CALLS("name_to_handle_at"),
		.versions = {V(1, 6, 22), V(1, 7, 0)},
		.passes = true},
	{.engine = CONTAINERD, .calls = CALLS("name_to_handle_at"), .versions = SINCE(1, 7, 3), .passes = true},
	{.engine = CONTAINERD, .calls = CALLS("name_to_handle_at"), .caps = ADMIN},
	{.engine = CONTAINERD, .calls = CALLS("open_by_handle_at"), .caps = LC_CAP_BIT(CAP_DAC_READ_SEARCH)},
	{.engine = CONTAINERD, .calls = CALLS("reboot"), .caps = LC_CAP_BIT(CAP_SYS_BOOT)},
	{.engine = CONTAINERD, .calls = CALLS("chroot"), .caps = LC_CAP_BIT(CAP_SYS_CHROOT)},
	{.engine = CONTAINERD, .calls = MODULES, .caps = LC_CAP_BIT(CAP_SYS_MODULE)},
	{.engine = CONTAINERD, .calls = CALLS("acct"), .caps = LC_CAP_BIT(CAP_SYS_PACCT)},
	{.engine = CONTAINERD,
		.calls = CALLS("ptrace"),
		.versions = {0, V(1, 6, 7)},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = CONTAINERD, .calls = PROCESS_VM, .versions = {0, V(1, 7, 0)}, .caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = CONTAINERD, .calls = CALLS("process_madvise"), .versions = {0, V(1, 5, 0)}},
	{.engine = CONTAINERD,
		.calls = CALLS("kcmp", "pidfd_getfd", "process_madvise"),
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = CONTAINERD, .calls = CALLS("ioperm", "iopl"), .caps = LC_CAP_BIT(CAP_SYS_RAWIO)},
	{.engine = CONTAINERD, .calls = CALLS("clock_settime64"), .versions = {0, V(1, 6, 7)}},
	{.engine = CONTAINERD, .calls = TIMES, .caps = LC_CAP_BIT(CAP_SYS_TIME)},
	{.engine = CONTAINERD, .calls = CALLS("vhangup"), .caps = LC_CAP_BIT(CAP_SYS_TTY_CONFIG)},
	{.engine = CONTAINERD, .calls = MEMPOLICY, .versions = SINCE(1, 6, 16), .caps = LC_CAP_BIT(CAP_SYS_NICE)},
	{.engine = CONTAINERD, .calls = MEMPOLICY},
	{.engine = CONTAINERD,
		.calls = CALLS("set_mempolicy_home_node"),
		.versions = {V(1, 6, 28), V(1, 7, 0)},
		.caps = LC_CAP_BIT(CAP_SYS_NICE)},
	{.engine = CONTAINERD,
		.calls = CALLS("set_mempolicy_home_node"),
		.versions = SINCE(1, 7, 13),
		.caps = LC_CAP_BIT(CAP_SYS_NICE)},
	{.engine = CONTAINERD, .calls = CALLS("set_mempolicy_home_node")},
	{.engine = CONTAINERD, .calls = CALLS("personality"), .when = LC_VALUES_NONE_OF, .values = PERSONALITIES},
	{.engine = CONTAINERD,
		.calls = CALLS("socket"),
		.versions = SINCE(1, 7, 0),
		.when = LC_VALUES_ONE_OF,
		.values = {VSOCK}},
	{.engine = CONTAINERD,
		.calls = CALLS("socket"),
		.versions = {V(1, 7, 32), V(2, 0, 0)},
		.when = LC_VALUES_ONE_OF,
		.values = {ALG}},
	{.engine = CONTAINERD,
		.calls = CALLS("socket"),
		.versions = {V(2, 0, 9), V(2, 1, 0)},
		.when = LC_VALUES_ONE_OF,
		.values = {ALG}},
	{.engine = CONTAINERD,
		.calls = CALLS("socket"),
		.versions = {V(2, 2, 4), V(2, 3, 0)},
		.when = LC_VALUES_ONE_OF,
		.values = {ALG}},
	{.engine = CONTAINERD,
		.calls = CALLS("socket"),
		.versions = SINCE(2, 3, 1),
		.when = LC_VALUES_ONE_OF,
		.values = {ALG}},
	{.engine = CONTAINERD, .calls = MOBYS_NEVER},
	{.engine = CONTAINERD, .calls = IO_URING, .versions = SINCE(2, 0, 0)},
	{.engine = CONTAINERD, .calls = OF_5_10, .versions = {0, V(1, 5, 0)}},
	{.engine = CONTAINERD, .calls = OF_5_16, .versions = {0, V(1, 6, 0)}},
	{.engine = CONTAINERD, .calls = PKEY, .versions = {0, V(1, 6, 16)}},
	{.engine = CONTAINERD, .calls = OF_6_7, .versions = {V(1, 6, 28), V(1, 7, 0)}, .passes = true},
	{.engine = CONTAINERD, .calls = OF_6_7, .versions = {0, V(1, 7, 13)}},
	{.engine = CONTAINERD, .calls = OF_6_13, .versions = {0, V(2, 2, 0)}},
	{.engine = CONTAINERD, .calls = LSM, .versions = {0, V(2, 2, 0)}},

	{.engine = PODMAN, .calls = CALLS("lookup_dcookie", "quotactl", "setdomainname", "sethostname"), .caps = ADMIN},
	{.engine = PODMAN, .calls = CALLS("quotactl_fd"), .versions = SINCE(5, 2, 0), .caps = ADMIN},
	{.engine = PODMAN, .calls = CALLS("quotactl_fd"), .versions = SINCE(3, 3, 0), .nosys = true},
	{.engine = PODMAN, .calls = CALLS("quotactl_fd")},
	{.engine = PODMAN, .calls = CALLS("setns"), .versions = {0, V(3, 2, 0)}, .caps = ADMIN},
	{.engine = PODMAN, .calls = CALLS("fanotify_init"), .versions = {0, V(5, 5, 0)}, .caps = ADMIN},
	{.engine = PODMAN, .calls = CALLS("bpf"), .versions = SINCE(5, 2, 0), .caps = ADMIN | LC_CAP_BIT(CAP_BPF)},
	{.engine = PODMAN,
		.calls = CALLS("perf_event_open"),
		.versions = SINCE(6, 0, 0),
		.caps = ADMIN | LC_CAP_BIT(CAP_PERFMON)},
	/* Here PERFMON and SYS_ADMIN open it together, and neither does alone. */
	{.engine = PODMAN, .calls = CALLS("perf_event_open"), .versions = SINCE(5, 2, 0)},
	{.engine = PODMAN, .calls = CALLS("bpf", "perf_event_open"), .caps = ADMIN},
	{.engine = PODMAN, .calls = CALLS("open_by_handle_at"), .caps = LC_CAP_BIT(CAP_DAC_READ_SEARCH)},
	{.engine = PODMAN, .calls = CALLS("chroot"), .caps = LC_CAP_BIT(CAP_SYS_CHROOT)},
	{.engine = PODMAN, .calls = MODULES, .caps = LC_CAP_BIT(CAP_SYS_MODULE)},
	{.engine = PODMAN, .calls = CALLS("query_module"), .caps = LC_CAP_BIT(CAP_SYS_MODULE)},
	{.engine = PODMAN, .calls = CALLS("acct"), .caps = LC_CAP_BIT(CAP_SYS_PACCT)},
	{.engine = PODMAN,
		.calls = CALLS("ptrace", "process_vm_readv", "process_vm_writev"),
		.versions = {0, V(4, 1, 0)},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = PODMAN, .calls = CALLS("kcmp", "process_madvise"), .caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = PODMAN, .calls = CALLS("ioperm", "iopl"), .caps = LC_CAP_BIT(CAP_SYS_RAWIO)},
	{.engine = PODMAN, .calls = TIMES, .caps = LC_CAP_BIT(CAP_SYS_TIME)},
	{.engine = PODMAN, .calls = CALLS("vhangup"), .caps = LC_CAP_BIT(CAP_SYS_TTY_CONFIG)},
	{.engine = PODMAN, .calls = MEMPOLICY, .versions = {0, V(3, 3, 0)}, .caps = LC_CAP_BIT(CAP_SYS_NICE)},
	/*
	 * Without AUDIT_WRITE a socket for the audit gets EINVAL, with which programs go on as on a kernel without audit: no row, because
	 * nothing fails by it.
	 */
	{.engine = PODMAN,
		.calls = CALLS("socket"),
		.versions = SINCE(5, 8, 0),
		.when = LC_VALUES_ONE_OF,
		.values = {VSOCK}},
	{.engine = PODMAN,
		.calls = CALLS("personality"),
		.versions = SINCE(3, 3, 0),
		.when = LC_VALUES_NONE_OF,
		.values = PERSONALITIES,
		.nosys = true},
	{.engine = PODMAN, .calls = CALLS("personality"), .when = LC_VALUES_NONE_OF, .values = PERSONALITIES},
	{.engine = PODMAN, .calls = COMMONS_NEVER},
	{.engine = PODMAN, .calls = CALLS("keyctl"), .versions = {0, V(3, 1, 0)}},
	{.engine = PODMAN,
		.calls = CALLS("clone3", "pkey_alloc", "pkey_free", "pkey_mprotect", "rseq"),
		.versions = {0, V(3, 3, 0)}},
	{.engine = PODMAN, .calls = CALLS("memfd_secret"), .versions = {V(3, 3, 0), V(3, 4, 0)}, .nosys = true},
	{.engine = PODMAN, .calls = CALLS("memfd_secret"), .versions = {0, V(3, 3, 0)}},
	{.engine = PODMAN, .calls = COMMONS_5_16, .versions = {V(3, 3, 0), V(4, 1, 0)}, .nosys = true},
	{.engine = PODMAN, .calls = COMMONS_5_16, .versions = {0, V(3, 3, 0)}},
	{.engine = PODMAN, .calls = LANDLOCK, .versions = {V(3, 3, 0), V(4, 2, 0)}, .nosys = true},
	{.engine = PODMAN, .calls = LANDLOCK, .versions = {0, V(3, 3, 0)}},
	{.engine = PODMAN, .calls = CALLS("fchmodat2"), .versions = {V(3, 3, 0), V(5, 0, 0)}, .nosys = true},
	{.engine = PODMAN, .calls = CALLS("fchmodat2"), .versions = {0, V(3, 3, 0)}},
	{.engine = PODMAN, .calls = COMMONS_FUTEX, .versions = {V(3, 3, 0), V(5, 2, 0)}, .nosys = true},
	{.engine = PODMAN, .calls = COMMONS_FUTEX, .versions = {0, V(6, 0, 0)}},
	{.engine = PODMAN, .calls = COMMONS_LATER, .versions = {V(3, 3, 0), V(5, 2, 0)}, .nosys = true},
	{.engine = PODMAN, .calls = COMMONS_LATER},
	{.engine = PODMAN, .calls = COMMONS_UNKNOWN, .versions = SINCE(3, 3, 0), .nosys = true},
	{.engine = PODMAN, .calls = COMMONS_UNKNOWN},

	{.engine = CRIO,
		.calls = CALLS("clone"),
		.versions = {V(1, 29, 9), V(1, 30, 0)},
		.when = LC_VALUES_WITH_BIT,
		.values = {NAMESPACES},
		.caps = ADMIN},
	{.engine = CRIO,
		.calls = CALLS("clone"),
		.versions = SINCE(1, 30, 6),
		.when = LC_VALUES_WITH_BIT,
		.values = {NAMESPACES},
		.caps = ADMIN},
	{.engine = CRIO,
		.calls = CALLS("clone3", "unshare"),
		.versions = {V(1, 29, 9), V(1, 30, 0)},
		.caps = ADMIN,
		.nosys = true},
	{.engine = CRIO,
		.calls = CALLS("clone3", "unshare"),
		.versions = SINCE(1, 30, 6),
		.caps = ADMIN,
		.nosys = true},
	{.engine = CRIO, .calls = CALLS("clone3"), .versions = {0, V(1, 22, 0)}},
	{.engine = CRIO, .calls = CALLS("lookup_dcookie", "quotactl", "setdomainname", "sethostname"), .caps = ADMIN},
	{.engine = CRIO, .calls = CALLS("quotactl_fd"), .versions = SINCE(1, 31, 0), .caps = ADMIN},
	{.engine = CRIO, .calls = CALLS("quotactl_fd"), .versions = SINCE(1, 22, 0), .nosys = true},
	{.engine = CRIO, .calls = CALLS("quotactl_fd")},
	{.engine = CRIO, .calls = CALLS("setns"), .versions = {0, V(1, 22, 0)}, .caps = ADMIN},
	{.engine = CRIO, .calls = CALLS("fanotify_init"), .versions = {0, V(1, 33, 0)}, .caps = ADMIN},
	{.engine = CRIO, .calls = CALLS("bpf"), .versions = SINCE(1, 31, 0), .caps = ADMIN | LC_CAP_BIT(CAP_BPF)},
	{.engine = CRIO,
		.calls = CALLS("perf_event_open"),
		.versions = SINCE(1, 35, 1),
		.caps = ADMIN | LC_CAP_BIT(CAP_PERFMON)},
	{.engine = CRIO, .calls = CALLS("perf_event_open"), .versions = SINCE(1, 31, 0)}, /* as Podman's */
	{.engine = CRIO, .calls = CALLS("bpf", "perf_event_open"), .caps = ADMIN},
	{.engine = CRIO, .calls = CALLS("open_by_handle_at"), .caps = LC_CAP_BIT(CAP_DAC_READ_SEARCH)},
	{.engine = CRIO, .calls = CALLS("chroot"), .caps = LC_CAP_BIT(CAP_SYS_CHROOT)},
	{.engine = CRIO, .calls = MODULES, .caps = LC_CAP_BIT(CAP_SYS_MODULE)},
	{.engine = CRIO, .calls = CALLS("query_module"), .caps = LC_CAP_BIT(CAP_SYS_MODULE)},
	{.engine = CRIO, .calls = CALLS("acct"), .caps = LC_CAP_BIT(CAP_SYS_PACCT)},
	{.engine = CRIO,
		.calls = CALLS("ptrace", "process_vm_readv", "process_vm_writev"),
		.versions = {0, V(1, 25, 0)},
		.caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = CRIO, .calls = CALLS("process_madvise"), .versions = {0, V(1, 21, 0)}},
	{.engine = CRIO, .calls = CALLS("kcmp", "process_madvise"), .caps = LC_CAP_BIT(CAP_SYS_PTRACE)},
	{.engine = CRIO, .calls = CALLS("ioperm", "iopl"), .caps = LC_CAP_BIT(CAP_SYS_RAWIO)},
	{.engine = CRIO, .calls = TIMES, .caps = LC_CAP_BIT(CAP_SYS_TIME)},
	{.engine = CRIO, .calls = CALLS("vhangup"), .caps = LC_CAP_BIT(CAP_SYS_TTY_CONFIG)},
	{.engine = CRIO, .calls = MEMPOLICY, .versions = {0, V(1, 22, 0)}, .caps = LC_CAP_BIT(CAP_SYS_NICE)},
	{.engine = CRIO,
		.calls = CALLS("socket"),
		.versions = SINCE(1, 35, 1),
		.when = LC_VALUES_ONE_OF,
		.values = {VSOCK}},
	{.engine = CRIO,
		.calls = CALLS("personality"),
		.versions = SINCE(1, 22, 0),
		.when = LC_VALUES_NONE_OF,
		.values = PERSONALITIES,
		.nosys = true},
	{.engine = CRIO, .calls = CALLS("personality"), .when = LC_VALUES_NONE_OF, .values = PERSONALITIES},
	{.engine = CRIO, .calls = CALLS("vmsplice"), .versions = {0, V(1, 21, 0)}, .passes = true},
	{.engine = CRIO, .calls = COMMONS_NEVER},
	{.engine = CRIO, .calls = MOUNTS, .versions = {0, V(1, 21, 0)}},
	{.engine = CRIO,
		.calls = CALLS("close_range", "epoll_pwait2", "keyctl", "pidfd_open", "pidfd_send_signal"),
		.versions = {0, V(1, 21, 0)}},
	{.engine = CRIO,
		.calls = CALLS("pkey_alloc", "pkey_free", "pkey_mprotect", "rseq"),
		.versions = {0, V(1, 22, 0)}},
	{.engine = CRIO, .calls = CALLS("memfd_secret"), .versions = {V(1, 22, 0), V(1, 23, 0)}, .nosys = true},
	{.engine = CRIO, .calls = CALLS("memfd_secret"), .versions = {0, V(1, 22, 0)}},
	{.engine = CRIO, .calls = COMMONS_5_16, .versions = {V(1, 22, 0), V(1, 25, 0)}, .nosys = true},
	{.engine = CRIO, .calls = COMMONS_5_16, .versions = {0, V(1, 22, 0)}},
	{.engine = CRIO, .calls = LANDLOCK, .versions = {V(1, 22, 0), V(1, 25, 0)}, .nosys = true},
	{.engine = CRIO, .calls = LANDLOCK, .versions = {0, V(1, 22, 0)}},
	{.engine = CRIO, .calls = CALLS("fchmodat2"), .versions = {V(1, 22, 0), V(1, 31, 0)}, .nosys = true},
	{.engine = CRIO, .calls = CALLS("fchmodat2"), .versions = {0, V(1, 22, 0)}},
	{.engine = CRIO, .calls = COMMONS_FUTEX, .versions = {V(1, 22, 0), V(1, 31, 0)}, .nosys = true},
	{.engine = CRIO, .calls = COMMONS_FUTEX},
	{.engine = CRIO, .calls = COMMONS_LATER, .versions = {V(1, 22, 0), V(1, 31, 0)}, .nosys = true},
	{.engine = CRIO, .calls = COMMONS_LATER},
	{.engine = CRIO, .calls = COMMONS_UNKNOWN, .versions = SINCE(1, 22, 0), .nosys = true},
	{.engine = CRIO, .calls = COMMONS_UNKNOWN},
};

const struct lc_filter_row *lc_filter_rows(size_t *n)
{
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}

static bool names(const struct lc_filter_row *row, const char *syscall)
{
	for (size_t i = 0; row->calls[i]; i++) {
		if (!strcmp(row->calls[i], syscall))
			return true;
	}
	return false;
}

/* Whether ARGUMENT is among the row's values. The rest of them is 0, which stands first where it is one. */
static bool is_value(const struct lc_filter_row *row, uint64_t argument)
{
	for (size_t i = 0; i < LC_FILTER_VALUES; i++) {
		if (row->values[i] == argument && (argument || i == 0))
			return true;
	}
	return false;
}

static bool holds(const struct lc_filter_row *row, uint64_t argument)
{
	switch (row->when) {
	case LC_VALUES_ANY:
		return true;
	case LC_VALUES_WITH_BIT:
		return argument & row->values[0];
	case LC_VALUES_ONE_OF:
		return is_value(row, argument);
	case LC_VALUES_NONE_OF:
		return !is_value(row, argument);
	}
	return false;
}

/* The name of ENGINE in the table. */
static const char *known_as(const char *engine)
{
	return engine ? engine : DOCKER;
}

const struct lc_filter_row *lc_filter_row_find(
	const char *engine, const char *version, const char *syscall, uint64_t argument)
{
	uint64_t number = LC_ENGINE_NEWEST;

	if (!syscall)
		return NULL;
	lc_version_read(version, &number);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct lc_filter_row *row = &rows[i];

		if (strcmp(row->engine, known_as(engine)) != 0 || !names(row, syscall) || !holds(row, argument))
			continue;
		if (!row->versions.before || lc_version_in(&row->versions, number))
			return row->passes ? NULL : row;
	}
	return NULL;
}

bool lc_filter_knows(const char *engine)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!strcmp(rows[i].engine, known_as(engine)))
			return true;
	}
	return false;
}

uint64_t lc_filter_opens(const char *engine, const char *version, const char *syscall, uint64_t argument)
{
	const struct lc_filter_row *row = lc_filter_row_find(engine, version, syscall, argument);

	return row ? row->caps : 0;
}

bool lc_filter_guards(const char *syscall)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].caps && names(&rows[i], syscall))
			return true;
	}
	return false;
}

int lc_filter_selector(const char *syscall)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].when != LC_VALUES_ANY && names(&rows[i], syscall))
			return 0;
	}
	return -1;
}
