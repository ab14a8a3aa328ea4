/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes the calls of one part of the scenario, each a fixed number of times, in the directory that tests/kernels/scenario
 * prepared. Ends with 1 and a line when a call does not end as it has to. Calls that some architectures lack or glibc
 * replaces (chown, access) are made by their newer names.
 *   scenario_calls PART        makes them
 *   scenario_calls enter PART  first does what a runtime does last: a mount namespace, capabilities dropped, and an exec
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/rtnetlink.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define NOBODY 65534
#define TIMES  10

/* What is wrong is told, and ends the part. */
static void must(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "scenario_calls: %s: %s\n", what, strerror(errno));
	_exit(1);
}

static void must_fail_with(long result, int error, const char *what)
{
	must(result == -1 && errno == error, what);
}

static void become_nobody(void)
{
	must(!setresgid(NOBODY, NOBODY, NOBODY), "setresgid");
	must(!setresuid(NOBODY, NOBODY, NOBODY), "setresuid");
}

/* A process of nobody's that lives until the end of *LIFE is closed. */
static pid_t start_nobody(int *life)
{
	int ends[2], ready[2];
	char byte;
	pid_t pid;

	must(!pipe(ends) && !pipe(ready), "pipe");
	pid = fork();
	must(pid >= 0, "fork");
	if (!pid) {
		close(ends[1]);
		become_nobody();
		close(ready[1]);
		_exit(read(ends[0], &byte, 1) != 0);
	}
	close(ends[0]);
	close(ready[1]);
	must(!read(ready[0], &byte, 1), "the child");
	*life = ends[1];
	return pid;
}

static void end_nobody(pid_t pid, int life)
{
	int status;

	close(life);
	must(waitpid(pid, &status, 0) == pid && !status, "the child's end");
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	must(fd >= 0, path);
	must(write(fd, text, strlen(text)) == (ssize_t)strlen(text), path);
	close(fd);
}

/* --- files */

static void make_chown(void)
{
	for (uid_t uid = 1; uid <= TIMES; uid++)
		must(!fchownat(AT_FDCWD, "file", uid, (gid_t)-1, 0), "fchownat");
}

static void make_chmod_of_anothers(void)
{
	for (int i = 0; i < TIMES; i++)
		must(!fchmodat(AT_FDCWD, "theirs", 0644, 0), "fchmodat");
}

static void make_set_group_id_bit(void)
{
	must(!fchmodat(AT_FDCWD, "group", 02755, 0), "fchmodat");
}

static void make_write_of_set_user_id(void)
{
	write_file("set-user-id", "x");
}

static void make_touch_of_anothers(void)
{
	must(!utimensat(AT_FDCWD, "theirs", NULL, 0), "utimensat");
}

static void make_unlink_in_sticky(void)
{
	must(!unlinkat(AT_FDCWD, "sticky/file", 0), "unlinkat");
}

static void make_read_of_secret(void)
{
	int fd = open("secret/file", O_RDONLY);

	must(fd >= 0, "secret/file");
	close(fd);
}

static void make_write_of_secret(void)
{
	write_file("secret/file", "x");
}

static void make_access_of_secret(void)
{
	must(!syscall(SYS_faccessat, AT_FDCWD, "secret/file", W_OK), "faccessat");
}

static void make_secret_denied(void)
{
	must_fail_with(open("secret/file", O_RDONLY), EACCES, "secret/file");
}

static void make_trusted_denied(void)
{
	char value[16];

	must_fail_with(getxattr("file", "trusted.scenario", value, sizeof(value)), ENODATA, "getxattr");
}

static void make_mknod(void)
{
	for (int i = 0; i < TIMES; i++) {
		must(!mknodat(AT_FDCWD, "device", S_IFCHR | 0600, makedev(1, 3)), "mknodat");
		must(!unlinkat(AT_FDCWD, "device", 0), "unlinkat");
	}
}

static void make_chroot(void)
{
	for (int i = 0; i < TIMES; i++)
		must(!chroot("."), "chroot");
}

/* --- the network */

static void bind_to(in_port_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	must(fd >= 0 && !bind(fd, (struct sockaddr *)&address, sizeof(address)), "bind");
	close(fd);
}

static void make_bind(void)
{
	for (in_port_t i = 0; i < TIMES; i++) {
		bind_to(900 + i);
		bind_to(19000 + i);
	}
}

static void open_raw(void)
{
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);

	must(fd >= 0, "a raw socket");
	close(fd);
}

static void make_raw_socket(void)
{
	for (int i = 0; i < TIMES; i++)
		open_raw();
}

/* What a file carries can be read only while somebody runs where it is. */
static void stay_to_be_looked_at(void)
{
	sleep(2);
}

/* What a copy of this program does that is called ping and carries cap_net_raw=ep. */
static void make_open_raw(void)
{
	open_raw();
	stay_to_be_looked_at();
}

static void make_ping(void)
{
	become_nobody();
	execl("./ping", "ping", "open_raw", NULL);
	must(0, "ping");
}

static void make_ping_out_of_bounds(void)
{
	must_fail_with(execl("./ping", "ping", "open_raw", NULL), EPERM, "ping");
	stay_to_be_looked_at();
}

static void force_buffer(int size)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	must(fd >= 0 && !setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)), "SO_RCVBUFFORCE");
	close(fd);
}

static void make_small_buffer(void)
{
	force_buffer(4096);
}

static void make_large_buffer(void)
{
	force_buffer(1 << 30);
}

/* The refusal comes in the answer: the send succeeds. */
static void make_link_denied(void)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {{sizeof(request), RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0},
		{.ifi_family = AF_UNSPEC, .ifi_index = 1, .ifi_flags = IFF_UP, .ifi_change = IFF_UP}};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer;
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	must(fd >= 0 && send(fd, &request, sizeof(request), 0) == sizeof(request), "a request by netlink");
	must(recv(fd, &answer, sizeof(answer), 0) > 0 && answer.error.error == -EPERM, "its answer");
	close(fd);
}

/* --- namespaces */

static void make_mount(void)
{
	for (int i = 0; i < TIMES; i++) {
		must(!mount("none", "mnt", "tmpfs", 0, NULL), "mount");
		must(!umount2("mnt", 0), "umount2");
	}
}

static void make_mount_denied(void)
{
	for (int i = 0; i < TIMES; i++)
		must_fail_with(mount("none", "mnt", "tmpfs", 0, NULL), EPERM, "mount");
}

static void enter_user_namespace(void)
{
	char map[32];

	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)geteuid());
	must(!unshare(CLONE_NEWUSER | CLONE_NEWNS), "unshare");
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", (unsigned int)getegid());
	must(!mount("none", "mnt", "tmpfs", 0, NULL), "mount");
}

static void make_nested(void)
{
	enter_user_namespace();
}

static void make_nested_of_nobody(void)
{
	become_nobody();
	/* Its files in /proc belong to it again. */
	must(!prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "PR_SET_DUMPABLE");
	enter_user_namespace();
}

static void make_setns(void)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	must(fd >= 0, "/proc/self/ns/uts");
	for (int i = 0; i < TIMES; i++)
		must(!setns(fd, CLONE_NEWUTS), "setns");
	close(fd);
}

static void make_sethostname(void)
{
	char name[65];

	must(!gethostname(name, sizeof(name)), "gethostname");
	for (int i = 0; i < 1000; i++)
		must(!sethostname(name, strlen(name)), "sethostname");
}

/* --- processes */

static void make_setgroups_of_two(void)
{
	for (int child = 0; child < 2; child++) {
		pid_t pid = fork();

		must(pid >= 0, "fork");
		for (int i = 0; !pid && i < 1000; i++)
			must(!setgroups(0, NULL), "setgroups");
		if (!pid)
			_exit(0);
	}
	for (int status, child = 0; child < 2; child++)
		must(wait(&status) > 0 && !status, "a child's end");
}

static void make_kill(void)
{
	int life;
	pid_t pid = start_nobody(&life);

	for (int i = 0; i < TIMES; i++)
		must(!kill(pid, 0), "kill");
	end_nobody(pid, life);
}

static void make_ptrace(void)
{
	int life;
	pid_t pid = start_nobody(&life);

	must(!ptrace(PTRACE_SEIZE, pid, NULL, NULL), "PTRACE_SEIZE");
	end_nobody(pid, life);
}

static void make_read_of_anothers_memory(void)
{
	char byte;
	struct iovec here = {&byte, 1}, there = {&byte, 1};
	int life;
	pid_t pid = start_nobody(&life);

	for (int i = 0; i < TIMES; i++)
		must(process_vm_readv(pid, &here, 1, &there, 1, 0) == 1, "process_vm_readv");
	end_nobody(pid, life);
}

static void make_look_into_proc(void)
{
	char path[64], text[4096];
	int life, fd;
	pid_t pid = start_nobody(&life);

	snprintf(path, sizeof(path), "/proc/%d/cwd", (int)pid);
	must(readlinkat(AT_FDCWD, path, text, sizeof(text)) > 0, path);
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY);
	must(fd >= 0 && read(fd, text, sizeof(text)) > 0, path);
	close(fd);
	end_nobody(pid, life);
}

static void make_own_ids(void)
{
	must(!setgid(0) && !setuid(0) && !setresuid(0, (uid_t)-1, 0), "the ids that it has");
}

static void make_new_ids(void)
{
	must(!setgroups(0, NULL) && !setgid(1000) && !setuid(1000), "new ids");
}

static void make_setfsuid(void)
{
	setfsuid(1000);
	must(setfsuid((uid_t)-1) == 1000, "setfsuid");
}

/* Keeps only CAP, effective and permitted. */
static void keep_only(int cap)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct kept[2] = {0};

	kept[cap / 32].effective = kept[cap / 32].permitted = 1U << cap % 32;
	must(!syscall(SYS_capset, &header, kept), "capset");
}

static void make_capset(void)
{
	keep_only(CAP_NET_BIND_SERVICE);
}

static void make_securebits(void)
{
	must(!prctl(PR_SET_SECUREBITS, prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), 0, 0, 0), "PR_SET_SECUREBITS");
}

static void make_seccomp_filter(void)
{
	struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct sock_fprog filter = {1, allow};

	must(!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter), "seccomp");
}

static void make_nice(void)
{
	must(!setpriority(PRIO_PROCESS, 0, -1), "setpriority");
}

static void make_oom_score(void)
{
	write_file("/proc/self/oom_score_adj", "100");
	write_file("/proc/self/oom_score_adj", "0");
}

static void set_core_limit(rlim_t hard)
{
	struct rlimit limit = {0, hard};

	must(!setrlimit(RLIMIT_CORE, &limit), "setrlimit");
}

static void make_hard_limit(void)
{
	set_core_limit(4096);
	set_core_limit(8192);
}

static void make_message_queue(void)
{
	mqd_t queue = mq_open("/leastcap-scenario", O_RDONLY | O_CREAT | O_EXCL, 0600, NULL);

	must(queue >= 0 && !mq_unlink("/leastcap-scenario"), "mq_open");
}

/* --- memory */

static void make_overcommit(void)
{
	for (int i = 0; i < 100; i++) {
		void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		must(memory != MAP_FAILED && !munmap(memory, 4096), "mmap");
	}
}

static void make_low_mmap(void)
{
	for (int i = 0; i < TIMES; i++) {
		void *memory = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

		must(!memory && !munmap(memory, 4096), "mmap");
	}
}

static void make_mlock_denied(void)
{
	struct rlimit limit = {4096, 4096};
	static char memory[1 << 20];

	must(!setrlimit(RLIMIT_MEMLOCK, &limit), "setrlimit");
	must_fail_with(mlock(memory, sizeof(memory)), ENOMEM, "mlock");
}

#define CAP(name) (1ULL << CAP_##name)

static const struct part {
	const char *name;
	void (*make)(void);
	unsigned long long without; /* capabilities that its container does not have */
} parts[] = {
	{"chown", make_chown, 0},
	{"chmod_of_anothers", make_chmod_of_anothers, 0},
	{"set_group_id_bit", make_set_group_id_bit, 0},
	{"write_of_set_user_id", make_write_of_set_user_id, 0},
	{"touch_of_anothers", make_touch_of_anothers, 0},
	{"unlink_in_sticky", make_unlink_in_sticky, 0},
	{"read_of_secret", make_read_of_secret, 0},
	{"write_of_secret", make_write_of_secret, 0},
	{"access_of_secret", make_access_of_secret, 0},
	{"secret_denied", make_secret_denied, CAP(DAC_OVERRIDE) | CAP(DAC_READ_SEARCH)},
	{"trusted_denied", make_trusted_denied, CAP(SYS_ADMIN)},
	{"mknod", make_mknod, 0},
	{"chroot", make_chroot, 0},
	{"bind", make_bind, 0},
	{"raw_socket", make_raw_socket, 0},
	{"open_raw", make_open_raw, 0},
	{"ping", make_ping, 0},
	{"ping_out_of_bounds", make_ping_out_of_bounds, CAP(NET_RAW)},
	{"small_buffer", make_small_buffer, 0},
	{"large_buffer", make_large_buffer, 0},
	{"link_denied", make_link_denied, CAP(NET_ADMIN)},
	{"mount", make_mount, 0},
	{"mount_denied", make_mount_denied, CAP(SYS_ADMIN)},
	{"nested", make_nested, 0},
	{"nested_of_nobody", make_nested_of_nobody, 0},
	{"setns", make_setns, 0},
	{"sethostname", make_sethostname, 0},
	{"setgroups_of_two", make_setgroups_of_two, 0},
	{"kill", make_kill, 0},
	{"ptrace", make_ptrace, 0},
	{"read_of_anothers_memory", make_read_of_anothers_memory, 0},
	{"look_into_proc", make_look_into_proc, 0},
	{"own_ids", make_own_ids, 0},
	{"new_ids", make_new_ids, 0},
	{"setfsuid", make_setfsuid, 0},
	{"capset", make_capset, 0},
	{"securebits", make_securebits, 0},
	{"seccomp_filter", make_seccomp_filter, 0},
	{"nice", make_nice, 0},
	{"oom_score", make_oom_score, 0},
	{"hard_limit", make_hard_limit, 0},
	{"message_queue", make_message_queue, 0},
	{"overcommit", make_overcommit, 0},
	{"low_mmap", make_low_mmap, 0},
	{"mlock_denied", make_mlock_denied, CAP(IPC_LOCK)},
};

static const struct part *find_part(const char *name)
{
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!strcmp(parts[i].name, name))
			return &parts[i];
	}
	return NULL;
}

static void enter(const struct part *part)
{
	must(!unshare(CLONE_NEWNS), "unshare");
	for (unsigned long cap = 0; cap < 64; cap++)
		must(!(part->without >> cap & 1) || !prctl(PR_CAPBSET_DROP, cap, 0, 0, 0), "PR_CAPBSET_DROP");
	execl("./calls", "calls", part->name, NULL);
	must(0, "./calls");
}

int main(int argc, char **argv)
{
	bool entering = argc == 3 && !strcmp(argv[1], "enter");
	const struct part *part = argc == 2 + entering ? find_part(argv[argc - 1]) : NULL;

	if (!part) {
		fprintf(stderr, "usage: scenario_calls [enter] PART\n");
		return 2;
	}
	if (entering)
		enter(part);
	part->make();
	return 0;
}
