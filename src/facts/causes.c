/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of causes that a refused call tells by itself: files, devices, limits, and the rules of the calls themselves. */
#include <leastcap/causes.h>

#include <leastcap/capset.h>
#include <leastcap/syscalls.h>

#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>

#define OPEN_CALLS    "open", "openat", "openat2", "creat"
#define EXECUTE_CALLS "execve", "execveat"
#define SEND_CALLS    "connect", "sendto", "sendmsg", "sendmmsg"

static const struct lc_refusal refusals[] = {
	{
		.results = {"EROFS"},
		.when = LC_REFUSAL_KERNELS,
		.cause = LC_CAUSE_FILE,
		.why = "The engine mounts the kernel's own files read-only where the container is not privileged.",
		.help = "No capability opens it. What a container has of its own --sysctl sets.",
	},
	{
		.results = {"EROFS"},
		.cause = LC_CAUSE_FILE,
		.why = "Its file system is mounted read-only.",
		.help = "No capability opens it. Mount a volume there (-v, --tmpfs), or do without --read-only.",
	},
	{
		.calls = {OPEN_CALLS},
		.results = {"EPERM"},
		.when = LC_REFUSAL_DEVICE,
		.cause = LC_CAUSE_DEVICE,
		.why = "The device controller of its cgroup refused the device.",
		.help = "No capability opens it. --device gives the container the device.",
	},
	{
		.calls = {"mknod", "mknodat"},
		.results = {"EPERM"},
		.when = LC_REFUSAL_GRANTED,
		.cause = LC_CAUSE_DEVICE,
		.why = "MKNOD was granted, and then the device controller of its cgroup refused the device.",
		.help = "No capability opens it. --device gives the container the device; --device-cgroup-rule lets it make the node itself.",
	},
	{
		.calls = {OPEN_CALLS},
		.results = {"EACCES"},
		.when = LC_REFUSAL_DEVICE,
		.cause = LC_CAUSE_FILE,
		.why = "It is a device on a file system that is mounted nodev.",
		.help = "No capability opens it. --device puts the device where it can be used.",
	},
	{
		.calls = {EXECUTE_CALLS},
		.results = {"EACCES"},
		.when = LC_REFUSAL_DIRECTORY,
		.cause = LC_CAUSE_FILE,
		.why = "It is a directory.",
		.help = "Name a program.",
	},
	{
		.calls = {EXECUTE_CALLS},
		.results = {"EACCES"},
		.when = LC_REFUSAL_NO_EXECUTE,
		.cause = LC_CAUSE_FILE,
		.why = "The file has no execute bit, and then no capability lets anybody execute it.",
		.help = "Set the bit in the image (chmod +x).",
	},
	{
		.calls = {EXECUTE_CALLS},
		.results = {"EACCES"},
		.cause = LC_CAUSE_FILE,
		.possible = true,
		.why = "Owner and mode do not explain it: a file system that is mounted noexec does.",
		.help = "No capability opens it. Put the program on a file system without noexec.",
	},
	{
		/* security/commoncap.c, bprm_caps_from_vfs_caps */
		.calls = {EXECUTE_CALLS},
		.results = {"EPERM"},
		.cause = LC_CAUSE_CAPABILITY,
		.possible = true,
		.why = "The program's file carries capabilities that the container may not have, and could not be read in time.",
		.help = "getcap names the capabilities of the file: add those.",
	},
	{
		.calls = {"mmap", "mmap2"},
		.results = {"EPERM"},
		.cause = LC_CAUSE_FILE,
		.possible = true,
		.why = "A file was to be executed from a file system that is mounted noexec, or one that is sealed was to be written.",
		.help = "No capability opens it. Put the file on a file system without noexec.",
	},
	{
		.calls = {"mmap", "mmap2", "mprotect"},
		.results = {"EACCES"},
		.cause = LC_CAUSE_FILE,
		.possible = true,
		.why = "A file was to be mapped for more than it had been opened for.",
	},
	{
		.calls = {"setsid"},
		.results = {"EPERM"},
		.cause = LC_CAUSE_UNKNOWN,
		.expected = true,
		.why = "setsid fails so for the leader of a process group, whoever it is; programs call it to be sure.",
	},
	{
		.calls = {"setpgid"},
		.results = {"EPERM", "EACCES"},
		.cause = LC_CAUSE_UNKNOWN,
		.expected = true,
		.why = "setpgid fails so for the leader of a session, and for a child that has begun another program; shells call it to be sure.",
	},
	{
		/* fs/eventpoll.c, file_can_poll */
		.calls = {"epoll_ctl"},
		.results = {"EPERM"},
		.cause = LC_CAUSE_FILE,
		.expected = true,
		.why = "Plain files and directories are always ready, and can't be waited for; programs ask so as to know.",
	},
	{
		.results = {"ENOSYS"},
		.when = LC_REFUSAL_NOT_OF_FILTER,
		.cause = LC_CAUSE_UNKNOWN,
		.expected = true,
		.why = "This kernel does not have the call.",
	},
	{
		.calls = {"fcntl", "fcntl64"},
		.results = {"EACCES"},
		.cause = LC_CAUSE_UNKNOWN,
		.expected = true,
		.why = "Somebody else holds the lock.",
	},
	{
		.calls = {"fcntl", "fcntl64", "ftruncate", "fallocate"},
		.results = {"EPERM"},
		.cause = LC_CAUSE_FILE,
		.possible = true,
		.why = "The file is sealed or has the append-only attribute.",
	},
	{
		.calls = {SEND_CALLS},
		.results = {"EPERM"},
		.cause = LC_CAUSE_UNKNOWN,
		.possible = true,
		.why = "A rule of the firewall (nftables, iptables) or a program on the cgroup refused the packet.",
		.help = "No capability opens it. Look at the rules of the container's network namespace and of the host.",
	},
	{
		.calls = {SEND_CALLS},
		.results = {"EACCES"},
		.cause = LC_CAUSE_UNKNOWN,
		.possible = true,
		.why = "The address is a broadcast one and the socket has no SO_BROADCAST, or a route or a rule of the firewall forbids it.",
		.help = "No capability opens it.",
	},
	{
		.calls = {"add_key", "request_key", "keyctl"},
		.results = {"EACCES", "EPERM"},
		.cause = LC_CAUSE_UNKNOWN,
		.possible = true,
		.why = "The key's own permissions refuse it.",
	},
	{
		.calls = {"io_uring_setup"},
		.results = {"EPERM"},
		.when = LC_REFUSAL_NOT_OF_FILTER,
		.cause = LC_CAUSE_UNKNOWN,
		.why = "The host has io_uring disabled (/proc/sys/kernel/io_uring_disabled).",
		.help = "No capability opens it. The host's administrator can enable it.",
	},
	{
		.calls = {"init_module", "finit_module", "kexec_load", "kexec_file_load", "ioperm", "iopl", "bpf",
			"perf_event_open"},
		.results = {"EPERM"},
		.when = LC_REFUSAL_GRANTED,
		.cause = LC_CAUSE_CONFINEMENT,
		.possible = true,
		.why = "The capability was granted, and the kernel refused it all the same, as lockdown does (/sys/kernel/security/lockdown).",
		.help = "No capability opens it.",
	},
	{
		.calls = {"ptrace", "process_vm_readv", "process_vm_writev"},
		.results = {"EPERM"},
		.cause = LC_CAUSE_UNKNOWN,
		.possible = true,
		.why = "The process is traced already, or is the caller's own, or Yama lets nobody trace (kernel.yama.ptrace_scope=3).",
	},
	{
		.calls = {"setxattr", "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr"},
		.results = {"EPERM"},
		.cause = LC_CAUSE_FILE,
		.possible = true,
		.why = "Files of this kind take no such attribute, or one of them is immutable.",
	},
	{
		.calls = {"linkat", "link"},
		.results = {"EPERM"},
		.when = LC_REFUSAL_DIRECTORY,
		.cause = LC_CAUSE_FILE,
		.why = "No directory can have a second name.",
	},
	{
		.results = {"EPERM"},
		.when = LC_REFUSAL_FILE,
		.cause = LC_CAUSE_FILE,
		.possible = true,
		.why = "Owner and mode do not explain it: an immutable or append-only attribute does (lsattr), or the file system's own rules.",
		.help = "No capability opens it while the attribute is there. chattr -i -a on the host takes it away.",
	},
	{
		.results = {"EACCES"},
		.when = LC_REFUSAL_FILE,
		.cause = LC_CAUSE_FILE,
		.possible = true,
		.why = "Owner and mode do not explain it: the file system's own rules do, as of one that another machine or a program serves.",
		.help = "No capability opens it. Look at how the file system is mounted (mount options, exports).",
	},
};

static const struct lc_limit limits[] = {
	{{"mlock", "mlock2", "mlockall", "shmctl"}, "EPERM", CAP_IPC_LOCK, "RLIMIT_MEMLOCK", "memlock"},
	{{"mlock", "mlock2", "mlockall", "mmap", "mmap2", "shmget", "mremap", "brk"}, "EAGAIN", CAP_IPC_LOCK,
		"RLIMIT_MEMLOCK", "memlock"},
	{{"fork", "vfork", "clone", "clone3"}, "EAGAIN", CAP_SYS_RESOURCE, "RLIMIT_NPROC", "nproc"},
	{{"setpriority"}, "EACCES", CAP_SYS_NICE, "RLIMIT_NICE", "nice"},
	{{"sched_setscheduler", "sched_setparam", "sched_setattr"}, "EPERM", CAP_SYS_NICE, "RLIMIT_RTPRIO", "rtprio"},
	{{"mq_open"}, "EMFILE", CAP_SYS_RESOURCE, "RLIMIT_MSGQUEUE", "msgqueue"},
	{{"setrlimit", "prlimit64"}, "EPERM", CAP_SYS_RESOURCE, "hard limit", "nofile"},
};

/* Seen in what sudo, sshd, mariadbd, smbd and strace do. */
static const struct lc_gone_on gone_on[] = {
	{.calls = {"setrlimit", "prlimit64"}, .why = "programs go on below the limit that they asked for"},
	{.functions = {"__set_oom_adj", "oom_score_adj_write"}, .why = "programs go on with the score that they have"},
	{.calls = {"get_mempolicy"}, .why = "libraries ask for the policy when they start, and go on without it"},
	{.calls = {"unshare"}, .why = "programs go on in the namespaces that they have"},
	{.calls = {"kcmp", "process_vm_readv"}, .why = "programs go another, slower way"},
};

/* security/yama/yama_lsm.c */
static const struct lc_setting settings[] = {
	{{"yama_ptrace_access_check", "yama_ptrace_traceme"},
		"Yama asks for it where who looks into a process of the same user did not start that.",
		"kernel.yama.ptrace_scope=0 on the host lets it through, too."},
};

#define LOOKING_CALLS                                                                                                  \
	"process_vm_readv", "process_vm_writev", "kcmp", "pidfd_getfd", "move_pages", "migrate_pages", "get_robust_list"
#define SIGNAL_CALLS "kill", "tkill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_send_signal"

/*
 * What policies of AppArmor (its profiles' rules), SELinux (its classes) and Smack decide about, and what rules of Landlock do. Some calls make
 * an EPERM of every refusal to look into another process.
 */
static const struct {
	enum lc_mediator by;
	const char *result;
	const char *what;
	const char *calls[LC_REFUSAL_CALLS];
} mediated[] = {
	{LC_MEDIATOR_POLICY, "EACCES", "mounts",
		{"mount", "umount", "umount2", "pivot_root", "move_mount", "fsmount", "open_tree", "mount_setattr",
			"fsconfig"}},
	{LC_MEDIATOR_POLICY, "EACCES", "processes that look into others", {"ptrace", "process_madvise", LOOKING_CALLS}},
	{LC_MEDIATOR_POLICY, "EPERM", "processes that look into others", {LOOKING_CALLS}},
	{LC_MEDIATOR_POLICY, "EACCES", "signals", {SIGNAL_CALLS}},
	{LC_MEDIATOR_POLICY, "EACCES", "sockets",
		{"socket", "socketpair", "bind", "connect", "listen", "accept", "accept4", "setsockopt", "getsockopt",
			"sendto", "sendmsg", "recvmsg"}},
	{LC_MEDIATOR_POLICY, "EACCES", "programs", {EXECUTE_CALLS, "mmap", "mprotect"}},
	{LC_MEDIATOR_POLICY, "EACCES", "message queues", {"mq_open", "mq_unlink"}},
	{LC_MEDIATOR_POLICY, "EACCES", "io_uring", {"io_uring_setup", "io_uring_register", "io_uring_enter"}},
	{LC_MEDIATOR_POLICY, "EACCES", "user namespaces", {"unshare", "clone", "clone3"}},
	{LC_MEDIATOR_LANDLOCK, "EPERM", "mounts",
		{"mount", "umount", "umount2", "pivot_root", "move_mount", "fsconfig"}},
	{LC_MEDIATOR_LANDLOCK, "EPERM", "processes that look into others", {"ptrace", LOOKING_CALLS}},
	{LC_MEDIATOR_LANDLOCK, "EACCES", "processes that look into others", {"process_madvise"}},
	{LC_MEDIATOR_LANDLOCK, "EPERM", "signals", {SIGNAL_CALLS}},
	{LC_MEDIATOR_LANDLOCK, "EACCES", "TCP ports", {"bind", "connect"}},
	{LC_MEDIATOR_LANDLOCK, "EACCES", "programs", {EXECUTE_CALLS}},
	{LC_MEDIATOR_LANDLOCK, "EACCES", "what devices are asked to do", {"ioctl"}},
};

bool lc_is_one_of(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; word && i < n && words[i]; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

static bool is_about_file(const char *syscall)
{
	return lc_syscall_is_about_file(lc_syscall_named(syscall));
}

static bool starts(const char *text, const char *with)
{
	return text && strncmp(text, with, strlen(with)) == 0;
}

/* What FAILURE is about, as a path; NULL when that is none. */
static const char *path_of(const struct lc_failure *failure)
{
	return failure->object.path ? failure->object.path : failure->about;
}

static bool is_when(const struct lc_failure *failure, enum lc_refusal_when when)
{
	uint32_t mode = failure->object.mode;

	switch (when) {
	case LC_REFUSAL_FILE:
		return is_about_file(failure->syscall);
	case LC_REFUSAL_DEVICE:
		return S_ISCHR(mode) || S_ISBLK(mode);
	case LC_REFUSAL_DIRECTORY:
		return S_ISDIR(mode);
	case LC_REFUSAL_NO_EXECUTE:
		return S_ISREG(mode) && !(mode & (S_IXUSR | S_IXGRP | S_IXOTH));
	case LC_REFUSAL_NOT_OF_FILTER:
		return failure->filter == LC_FILTER_ALLOWS || failure->filter == LC_FILTER_NONE;
	case LC_REFUSAL_GRANTED:
		return failure->asked && !failure->denied;
	case LC_REFUSAL_KERNELS:
		return starts(path_of(failure), "/proc/") || starts(path_of(failure), "/sys/");
	default:
		return true;
	}
}

static bool fits(const struct lc_refusal *row, const struct lc_failure *failure)
{
	return (!row->calls[0] || lc_is_one_of(failure->syscall, row->calls, LC_REFUSAL_CALLS)) &&
	       is_when(failure, row->when) &&
	       (!row->results[0] || lc_is_one_of(failure->result, row->results, LC_REFUSAL_RESULTS));
}

const struct lc_refusal *lc_refusals(size_t *n)
{
	*n = sizeof(refusals) / sizeof(refusals[0]);
	return refusals;
}

const struct lc_refusal *lc_refusal_find(const struct lc_failure *failure, bool possible)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (refusals[i].possible == possible && fits(&refusals[i], failure))
			return &refusals[i];
	}
	return NULL;
}

const struct lc_limit *lc_limits(size_t *n)
{
	*n = sizeof(limits) / sizeof(limits[0]);
	return limits;
}

const struct lc_limit *lc_limit_find(const char *syscall, const char *result)
{
	for (size_t i = 0; syscall && result && i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (lc_is_one_of(syscall, limits[i].calls, LC_REFUSAL_CALLS) && strcmp(result, limits[i].result) == 0)
			return &limits[i];
	}
	return NULL;
}

const struct lc_gone_on *lc_gone_on_find(const char *syscall, const char *function)
{
	for (size_t i = 0; i < sizeof(gone_on) / sizeof(gone_on[0]); i++) {
		if (syscall && lc_is_one_of(syscall, gone_on[i].calls, LC_REFUSAL_CALLS))
			return &gone_on[i];
		if (function && lc_is_one_of(function, gone_on[i].functions, 2))
			return &gone_on[i];
	}
	return NULL;
}

const struct lc_setting *lc_setting_find(const char *function)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (lc_is_one_of(function, settings[i].functions, 2))
			return &settings[i];
	}
	return NULL;
}

const char *lc_mediated(enum lc_mediator by, const char *syscall, const char *result)
{
	for (size_t i = 0; result && i < sizeof(mediated) / sizeof(mediated[0]); i++) {
		if (mediated[i].by == by && strcmp(mediated[i].result, result) == 0 &&
			lc_is_one_of(syscall, mediated[i].calls, LC_REFUSAL_CALLS))
			return mediated[i].what;
	}
	return result && strcmp(result, "EACCES") == 0 && is_about_file(syscall) ? "files" : NULL;
}
