/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives up users, groups, capabilities, network, descriptors and system calls. */
#include <leastcap/worker.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define NOBODY 65534

#define MEMORY_MAX    (512UL << 20)
#define PROCESSOR_MAX 60 /* seconds; the worker ends itself long before (see worker.c) */
#define FILES_MAX     1024

/* AddressSanitizer reserves more addresses than any limit. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* SOCKET becomes number 0. All other descriptors are closed, so that nobody waits for us at the other end of a pipe. */
static int keep_only(int socket)
{
	if (socket != 0 && dup2(socket, 0) < 0)
		return -errno;
	return close_range(1, ~0U, 0) ? -errno : 0;
}

static int become_nobody(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	return 0;
}

static int drop_capabilities(void)
{
	cap_t none = cap_init();
	int ret = none && cap_set_proc(none) == 0 ? 0 : -errno;

	cap_free(none);
	return ret;
}

static void drop_bounding_set(void)
{
	cap_value_t cap;

	/* Without CAP_SETPCAP this fails. no_new_privs then has the same effect. */
	for (cap = 0; cap < cap_max_bits(); cap++)
		cap_drop_bound(cap);
	cap_reset_ambient();
}

static void reset_signals(void)
{
	sigset_t none;
	int number;

	for (number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The standard streams become /dev/null, and everything else but KEPT is closed. */
static int keep_some(const int *kept, size_t n)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	unsigned from = STDERR_FILENO + 1;
	int ret = 0;

	for (int fd = 0; fd < (int)from; fd++) {
		if (null < 0 || dup2(null, fd) < 0)
			ret = -errno;
	}
	/* Closes the descriptors between one that is kept and the next one. */
	while (ret == 0) {
		unsigned next = ~0U;

		for (size_t i = 0; i < n; i++) {
			if ((unsigned)kept[i] >= from && (unsigned)kept[i] < next)
				next = (unsigned)kept[i];
		}
		if (next != from && close_range(from, next == ~0U ? ~0U : next - 1, 0))
			ret = -errno;
		if (next == ~0U)
			break;
		from = next + 1;
	}
	return ret;
}

/* Keeps of our capabilities those that looking takes. */
static int keep_sight(void)
{
	static const cap_value_t wanted[] = {CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE}, instead = CAP_DAC_OVERRIDE;
	cap_t now = cap_get_proc(), then = cap_init();
	int ret = now && then ? 0 : -ENOMEM;

	for (size_t i = 0; ret == 0 && i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		cap_flag_value_t has = CAP_CLEAR;
		const cap_value_t *kept = &wanted[i];

		if (cap_get_flag(now, *kept, CAP_EFFECTIVE, &has) == 0 && has == CAP_CLEAR &&
			*kept == CAP_DAC_READ_SEARCH) {
			kept = &instead;
			cap_get_flag(now, *kept, CAP_EFFECTIVE, &has);
		}
		if (has == CAP_SET && (cap_set_flag(then, CAP_PERMITTED, 1, kept, CAP_SET) ||
					      cap_set_flag(then, CAP_EFFECTIVE, 1, kept, CAP_SET)))
			ret = -errno;
	}
	if (ret == 0 && cap_set_proc(then))
		ret = -errno;
	cap_free(now);
	cap_free(then);
	return ret;
}

/* What looking does not need: the network (socketpair stays, which reaches nobody else), other programs, namespaces, others' memory. */
static const int forbidden[] = {
	SCMP_SYS(socket),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(unshare),
	SCMP_SYS(setns),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(bpf),
	SCMP_SYS(io_uring_setup),
};

/* Takes no privilege, because no_new_privs is set. A namespace without network would take CAP_SYS_ADMIN. */
static int forbid_the_rest(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int ret = filter ? 0 : -ENOMEM;

	for (size_t i = 0; ret == 0 && i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0, NULL);
	if (ret == 0)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}

int lc_sandbox_look(const int *kept, size_t n)
{
	static const struct rlimit nothing = {0, 0};
	int ret;

	setsid();
	reset_signals();
	ret = keep_some(kept, n);
	drop_bounding_set();
	/* Fails without CAP_SETPCAP, which root has: only root gains anything by execve. */
	cap_set_secbits(SECURE_ALL_BITS | SECURE_ALL_LOCKS);
	if (ret == 0)
		ret = keep_sight();
	if (ret == 0 && (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
				setrlimit(RLIMIT_FSIZE, &nothing) || setrlimit(RLIMIT_CORE, &nothing)))
		ret = -errno;
	return ret ? ret : forbid_the_rest();
}

int lc_sandbox_enter(int socket, bool network)
{
	int ret;

	/* Ctrl-C at the terminal is for the recording, which then ends us. */
	setsid();
	reset_signals();
	ret = keep_only(socket);
	/* Fails without CAP_SYS_ADMIN. The filter leaves no system call for the network either. */
	if (!network)
		unshare(CLONE_NEWNET);
	drop_bounding_set();
	if (ret == 0)
		ret = become_nobody();
	if (ret == 0)
		ret = drop_capabilities();
	/* Last, because a change of user sets PR_SET_DUMPABLE anew. */
	if (ret == 0 && (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)))
		ret = -errno;
	return ret;
}

static const struct {
	int resource;
	rlim_t most;
} limits[] = {
	{RLIMIT_AS, MEMORY_MAX},
	{RLIMIT_CPU, PROCESSOR_MAX},
	{RLIMIT_NOFILE, FILES_MAX},
	{RLIMIT_FSIZE, 0},
	{RLIMIT_CORE, 0},
};

static int set_limits(void)
{
	size_t i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct rlimit limit = {limits[i].most, limits[i].most};

		if (SANITIZED && limits[i].resource == RLIMIT_AS)
			continue;
		if (setrlimit((__rlimit_resource_t)limits[i].resource, &limit))
			return -errno;
	}
	return 0;
}

/* What parsing mapped files takes, with any arguments. */
static const int allowed[] = {
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(read),
	SCMP_SYS(pread64), SCMP_SYS(fstat), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(exit_group),
	SCMP_SYS(clock_gettime), SCMP_SYS(getpid), SCMP_SYS(getrandom), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sysinfo), /* how much memory there is, for qsort */
};

/* What libdw tries and can do without: a search for more debug files, the message of a failed assertion. */
static const int refused[] = {
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(write),
};

/* What is allowed with one argument as it is here. */
static const struct {
	int call;
	struct scmp_arg_cmp argument;
} conditions[] = {
	{SCMP_SYS(recvmsg), {0, SCMP_CMP_EQ, 0, 0}},
	{SCMP_SYS(sendmsg), {0, SCMP_CMP_EQ, 0, 0}},
	{SCMP_SYS(mmap), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
	{SCMP_SYS(mprotect), {2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}},
	{SCMP_SYS(newfstatat), {3, SCMP_CMP_EQ, AT_EMPTY_PATH, 0}},
	{SCMP_SYS(fcntl), {1, SCMP_CMP_EQ, F_GETFD, 0}},
	{SCMP_SYS(fcntl), {1, SCMP_CMP_EQ, F_GETFL, 0}},
	{SCMP_SYS(fcntl), {1, SCMP_CMP_EQ, F_DUPFD_CLOEXEC, 0}},
};

static int add_rules(scmp_filter_ctx filter)
{
	int ret = 0;
	size_t i;

	/* AddressSanitizer asks for the signal stack before a process ends. */
	if (SANITIZED)
		ret = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(sigaltstack), 0);
	for (i = 0; ret == 0 && i < sizeof(allowed) / sizeof(allowed[0]); i++)
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
	for (i = 0; ret == 0 && i < sizeof(refused) / sizeof(refused[0]); i++)
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(ENOENT), refused[i], 0, NULL);
	for (i = 0; ret == 0 && i < sizeof(conditions) / sizeof(conditions[0]); i++)
		ret = seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, conditions[i].call, 1, &conditions[i].argument);
	return ret;
}

int lc_sandbox_confine(void)
{
	scmp_filter_ctx filter;
	int ret;

	ret = set_limits();
	if (ret < 0)
		return ret;
	filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	if (!filter)
		return -ENOMEM;
	ret = add_rules(filter);
	if (ret == 0)
		ret = seccomp_load(filter);
	seccomp_release(filter);
	return ret;
}
