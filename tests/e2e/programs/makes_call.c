/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes the one call that it is named after, and says how that ended: "mount_tmpfs EPERM", "chroot 0". So each call has a program of
 * its own. Called with arguments it runs others one after the other: makes_call DIRECTORY NAME...
 * What could harm the host has arguments that fail later, when the call is allowed: a magic number that is none, a time zone that is none.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/fs.h>
#include <linux/ioprio.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/quota.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NOBODY 65534

/* --- namespaces and mounts */

static long mount_tmpfs(void)
{
	return mount("none", "/mnt", "tmpfs", 0, NULL);
}

static long mount_fuse(void)
{
	return mount("none", "/mnt", "fuse", 0, "fd=0");
}

static long umount_proc(void)
{
	return umount2("/proc", 0);
}

static long call_fsopen(void)
{
	return syscall(SYS_fsopen, "tmpfs", 0);
}

static long unshare_net(void)
{
	return unshare(CLONE_NEWNET);
}

static long unshare_user(void)
{
	return unshare(CLONE_NEWUSER);
}

static long setns_net(void)
{
	return setns(open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC), CLONE_NEWNET);
}

static long setns_pidfd(void)
{
	return setns((int)syscall(SYS_pidfd_open, getpid(), 0), CLONE_NEWNET);
}

static long leave_child(long pid)
{
	if (!pid)
		_exit(EXIT_SUCCESS);
	if (pid > 0)
		waitpid((pid_t)pid, NULL, 0);
	return pid;
}

static long clone_newns(void)
{
	return leave_child(syscall(SYS_clone, CLONE_NEWNS | SIGCHLD, NULL, NULL, NULL, 0));
}

static long call_clone3(void)
{
	struct clone_args arguments = {.exit_signal = SIGCHLD};

	return leave_child(syscall(SYS_clone3, &arguments, sizeof(arguments)));
}

static long call_chroot(void)
{
	return chroot("/");
}

static long call_sethostname(void)
{
	return sethostname("foo", 3);
}

static long call_setdomainname(void)
{
	return setdomainname("foo", 3);
}

/* The host name is still that of the namespace around its own. */
static long nested_sethostname(void)
{
	return unshare(CLONE_NEWUSER) ?: sethostname("foo", 3);
}

/* --- the system's clock, log, memory and hardware */

static long clock_settime_invalid(void)
{
	struct timespec never = {.tv_nsec = -1};

	return syscall(SYS_clock_settime, CLOCK_REALTIME, &never);
}

static long settimeofday_invalid(void)
{
	struct timezone nowhere = {.tz_minuteswest = 99999};

	return syscall(SYS_settimeofday, NULL, &nowhere);
}

static long adjtimex_invalid(void)
{
	struct timex no_tick = {.modes = ADJ_TICK};

	return syscall(SYS_adjtimex, &no_tick);
}

static long call_syslog(void)
{
	/* Reads nothing of it. */
	return syscall(SYS_syslog, 2, "", 0);
}

static long bpf_map(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_LRU_HASH, .key_size = 4, .value_size = 4, .max_entries = 1};

	return syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));
}

static long perf_event(pid_t pid, int cpu, int user_only)
{
	struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attributes),
		.config = PERF_COUNT_SW_TASK_CLOCK,
		.exclude_kernel = user_only,
		.exclude_hv = user_only};

	return syscall(SYS_perf_event_open, &attributes, pid, cpu, -1, 0);
}

static long perf_own(void)
{
	return perf_event(0, -1, 1);
}

static long perf_system(void)
{
	return perf_event(-1, 0, 0);
}

static long call_set_mempolicy(void)
{
	return syscall(SYS_set_mempolicy, 0, NULL, 0);
}

static long call_get_mempolicy(void)
{
	return syscall(SYS_get_mempolicy, NULL, NULL, 0, NULL, 0);
}

static long call_mbind(void)
{
	return syscall(SYS_mbind, NULL, 0, 0, NULL, 0, 0);
}

static long call_mlock(void)
{
	static char memory[1 << 20];

	return mlock(memory, sizeof(memory));
}

static long call_acct(void)
{
	return acct("/nowhere");
}

static long call_vhangup(void)
{
	return vhangup();
}

static long reboot_wrong_magic(void)
{
	return syscall(SYS_reboot, 1, 2, 3, NULL);
}

static long kexec_load_wrong_flags(void)
{
	return syscall(SYS_kexec_load, 0, 0, NULL, 0xdeadUL);
}

static long swapon_no_swap(void)
{
	return swapon("/data/plain", 0);
}

static long quotactl_no_device(void)
{
	return quotactl(QCMD(Q_GETINFO, USRQUOTA), NULL, 0, NULL);
}

static long open_kvm(void)
{
	return open("/dev/kvm", O_RDWR | O_CLOEXEC);
}

static long open_fuse(void)
{
	return open("/dev/fuse", O_RDWR | O_CLOEXEC);
}

/* --- processes */

static long process_vm_readv_own(void)
{
	char from = 1, to;
	struct iovec local = {&to, 1}, remote = {&from, 1};

	return process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
}

static long kcmp_own(void)
{
	return syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILES, 0, 0);
}

static long pidfd_getfd_own(void)
{
	return syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, getpid(), 0), STDOUT_FILENO, 0);
}

static long personality_fixed(void)
{
	return personality(ADDR_NO_RANDOMIZE);
}

static long call_setgroups(void)
{
	return setgroups(0, NULL);
}

static long setuid_nobody(void)
{
	return setuid(NOBODY);
}

static long setpriority_nice(void)
{
	return setpriority(PRIO_PROCESS, 0, -5);
}

static long sched_setscheduler_fifo(void)
{
	struct sched_param parameters = {.sched_priority = 1};

	return sched_setscheduler(0, SCHED_FIFO, &parameters);
}

static long ioprio_set_realtime(void)
{
	return syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, 3));
}

/* As setcap does: raises what it needs beside what it has. */
static long capset_missing(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	if (syscall(SYS_capget, &header, data))
		return -1;
	data[0].permitted |= 1U << CAP_SETFCAP;
	data[0].effective |= 1U << CAP_SETFCAP;
	return syscall(SYS_capset, &header, data);
}

/* As servers do that rather end than go on without: reads what it has, and says that NET_ADMIN is missing. */
static long own_check(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	if (syscall(SYS_capget, &header, data))
		return -1;
	if (data[0].effective & 1U << CAP_NET_ADMIN)
		return 0;
	puts("own_check EPERM");
	exit(EXIT_FAILURE);
}

/* A filter that allows everything, without no_new_privs. */
static long filter_of_its_own(void)
{
	struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog program = {1, allow};

	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static long keyctl_session(void)
{
	return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
}

static long call_userfaultfd(void)
{
	return syscall(SYS_userfaultfd, O_CLOEXEC);
}

static long call_fanotify_init(void)
{
	return fanotify_init(FAN_CLASS_CONTENT, O_RDONLY);
}

static long io_uring_setup_invalid(void)
{
	return syscall(SYS_io_uring_setup, 0, NULL);
}

/* Starts the program at PATH, called NAME, with its output to FD; -1 when execve refused it. */
static pid_t start(const char *path, const char *name, int fd)
{
	char *arguments[] = {(char *)name, NULL}, *none[] = {NULL};
	int errors[2], error = 0;
	pid_t pid;

	if (pipe2(errors, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid) {
		dup2(fd, STDOUT_FILENO);
		execve(path, arguments, none);
		error = errno;
		(void)!write(errors[1], &error, sizeof(error));
		_exit(EXIT_FAILURE);
	}
	close(errors[1]);
	if (pid > 0 && read(errors[0], &error, sizeof(error)) <= 0)
		return pid;
	waitpid(pid, NULL, 0);
	errno = error;
	return -1;
}

static long run(const char *path)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	pid_t pid = start(path, "nothing", fd);

	if (pid < 0)
		return -1;
	return waitpid(pid, NULL, 0) == pid ? 0 : -1;
}

static long execve_ping(void)
{
	return run("/usr/bin/ping");
}

/* A program of another user, beside this one, that has said that it runs. */
static long ptrace_other_user(void)
{
	int said[2], error;
	char word;
	long r;
	pid_t pid = pipe2(said, O_CLOEXEC) ? -1 : start("/calls/other_user", "other_user", said[1]);

	if (pid < 0 || read(said[0], &word, 1) != 1)
		return -1;
	r = ptrace(PTRACE_ATTACH, pid, NULL, NULL);
	error = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
	return r;
}

/* --- files */

static long mknod_null(void)
{
	return mknod("/tmp/null", S_IFCHR | 0600, makedev(1, 3));
}

static long open_by_handle(void)
{
	struct {
		struct file_handle handle;
		unsigned char bytes[8];
	} nowhere = {.handle = {.handle_bytes = 8, .handle_type = 1}};

	return open_by_handle_at(open("/proc", O_RDONLY | O_CLOEXEC), &nowhere.handle, O_RDONLY);
}

static long name_to_handle(void)
{
	struct file_handle handle = {0};
	int mount_id;

	return name_to_handle_at(AT_FDCWD, "/", &handle, &mount_id, 0);
}

static long chattr_immutable(void)
{
	int fd = open("/data/plain", O_RDONLY | O_CLOEXEC), flags = 0;

	if (ioctl(fd, FS_IOC_GETFLAGS, &flags))
		return -1;
	flags |= FS_IMMUTABLE_FL;
	return ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

static long write_immutable(void)
{
	return open("/data/immutable", O_WRONLY | O_CLOEXEC);
}

static long write_proc_sys(void)
{
	return open("/proc/sys/kernel/domainname", O_WRONLY | O_CLOEXEC);
}

static long read_private(void)
{
	return open("/data/private", O_RDONLY | O_CLOEXEC);
}

static long unlink_sticky(void)
{
	return unlink("/data/sticky/file");
}

/* Runs a copy of itself. */
static long execve_noexec(void)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open("/noexec/nothing", O_WRONLY | O_CREAT | O_CLOEXEC, 0755);

	while (sendfile(to, from, NULL, 1 << 20) > 0)
		;
	close(to);
	return run("/noexec/nothing");
}

/* --- sockets */

static long raw_socket(void)
{
	return socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
}

static long bind_port(void)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};

	return bind(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), (struct sockaddr *)&address, sizeof(address));
}

/* The refusal comes in the answer. */
static long ip_link(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {
		.header = {sizeof(request), RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0},
		.link = {.ifi_index = 1, .ifi_flags = 1, .ifi_change = 1},
	};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[256];
	} answer = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (send(fd, &request, sizeof(request), 0) < 0 || recv(fd, &answer, sizeof(answer), 0) < 0)
		return -1;
	errno = -answer.error.error;
	return answer.error.error;
}

/* --- what the others start */

static long nothing(void)
{
	return 0;
}

static long other_user(void)
{
	(void)!write(STDOUT_FILENO, "x", 1);
	pause();
	return 0;
}

static const struct {
	const char *name;
	long (*call)(void);
} calls[] = {
	{"mount_tmpfs", mount_tmpfs},
	{"mount_fuse", mount_fuse},
	{"umount_proc", umount_proc},
	{"fsopen", call_fsopen},
	{"unshare_net", unshare_net},
	{"unshare_user", unshare_user},
	{"setns_net", setns_net},
	{"setns_pidfd", setns_pidfd},
	{"clone_newns", clone_newns},
	{"clone3", call_clone3},
	{"chroot", call_chroot},
	{"sethostname", call_sethostname},
	{"setdomainname", call_setdomainname},
	{"nested_sethostname", nested_sethostname},
	{"clock_settime", clock_settime_invalid},
	{"settimeofday", settimeofday_invalid},
	{"adjtimex", adjtimex_invalid},
	{"syslog", call_syslog},
	{"bpf", bpf_map},
	{"perf_own", perf_own},
	{"perf_system", perf_system},
	{"set_mempolicy", call_set_mempolicy},
	{"get_mempolicy", call_get_mempolicy},
	{"mbind", call_mbind},
	{"mlock", call_mlock},
	{"acct", call_acct},
	{"vhangup", call_vhangup},
	{"reboot", reboot_wrong_magic},
	{"kexec_load", kexec_load_wrong_flags},
	{"swapon", swapon_no_swap},
	{"quotactl", quotactl_no_device},
	{"open_kvm", open_kvm},
	{"open_fuse", open_fuse},
	{"process_vm_readv", process_vm_readv_own},
	{"kcmp", kcmp_own},
	{"pidfd_getfd", pidfd_getfd_own},
	{"personality", personality_fixed},
	{"setgroups", call_setgroups},
	{"setuid", setuid_nobody},
	{"setpriority", setpriority_nice},
	{"sched_setscheduler", sched_setscheduler_fifo},
	{"ioprio_set", ioprio_set_realtime},
	{"capset", capset_missing},
	{"own_check", own_check},
	{"filter_of_its_own", filter_of_its_own},
	{"keyctl", keyctl_session},
	{"userfaultfd", call_userfaultfd},
	{"fanotify_init", call_fanotify_init},
	{"io_uring_setup", io_uring_setup_invalid},
	{"execve_ping", execve_ping},
	{"ptrace_other_user", ptrace_other_user},
	{"mknod", mknod_null},
	{"open_by_handle", open_by_handle},
	{"name_to_handle", name_to_handle},
	{"chattr", chattr_immutable},
	{"write_immutable", write_immutable},
	{"write_proc_sys", write_proc_sys},
	{"read_private", read_private},
	{"unlink_sticky", unlink_sticky},
	{"execve_noexec", execve_noexec},
	{"raw_socket", raw_socket},
	{"bind_port", bind_port},
	{"ip_link", ip_link},
	{"nothing", nothing},
	{"other_user", other_user},
};

/* Makes the call NAME. */
static int make_call(const char *name)
{
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (strcmp(calls[i].name, name) == 0) {
			const char *result = calls[i].call() < 0 ? strerrorname_np(errno) : "0";

			printf("%s %s\n", name, result ?: "?");
			return EXIT_SUCCESS;
		}
	}
	printf("%s is not known\n", name);
	return EXIT_FAILURE;
}

/* Runs the program NAME of DIRECTORY, and waits. */
static int run_other(const char *directory, const char *name)
{
	char path[4096];
	pid_t pid;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	pid = start(path, name, STDOUT_FILENO);
	if (pid < 0) {
		perror(path);
		return EXIT_FAILURE;
	}
	waitpid(pid, NULL, 0);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	int status = EXIT_SUCCESS;

	if (argc < 3)
		return make_call(name ? name + 1 : argv[0]);
	for (int i = 2; i < argc; i++)
		status |= run_other(argv[1], argv[i]);
	/* The container stays for a moment, in which the files of its programs can still be read. */
	sleep(1);
	return status;
}
