/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decoded calls against strace itself: this program makes the calls under strace, where a filter refuses them all, and compares the text. */
#include "tests/unit/trace_memory.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/cdrom.h>
#include <linux/filter.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/ioprio.h>
#include <linux/kcmp.h>
#include <linux/keyctl.h>
#include <linux/loop.h>
#include <linux/netlink.h>
#include <linux/openat2.h>
#include <linux/perf_event.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/securebits.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/quota.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/swap.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define MAX_CALLS 256
#define MEMORY    ((unsigned char *)0x10000000) /* the same in both processes, so that addresses are the same */
#define ROOM      (1 << 18)

/* The calls, and what their arguments point to. */
struct script {
	struct {
		int number;
		uint64_t arguments[6];
	} calls[MAX_CALLS];
	size_t n;
	size_t used; /* bytes of MEMORY */
};

/* Copies LENGTH bytes into the memory and returns their address. */
static uint64_t put(struct script *script, const void *bytes, size_t length)
{
	unsigned char *at = MEMORY + script->used;

	script->used += (length + 15) & ~(size_t)15;
	if (script->used > ROOM)
		abort();
	memcpy(at, bytes, length);
	return (uintptr_t)at;
}

static uint64_t text(struct script *script, const char *string)
{
	return put(script, string, strlen(string) + 1);
}

static void add(
	struct script *script, long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f)
{
	const uint64_t arguments[] = {a, b, c, d, e, f};

	if (number < 0)
		return;
	if (script->n == MAX_CALLS)
		abort();
	script->calls[script->n].number = number;
	memcpy(script->calls[script->n++].arguments, arguments, sizeof(arguments));
}

/* The same with fewer arguments: the others hold what must not be shown. */
#define REST           0xdead0001, 0xdead0002, 0xdead0003, 0xdead0004, 0xdead0005, 0xdead0006
#define FIRST_SIX(...) SIX(__VA_ARGS__)
#define SIX(a, b, c, d, e, f, ...)                                                                                     \
	(uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), (uint64_t)(e), (uint64_t)(f)
/* A call that this machine does not have is left out. */
#define CALL(name, ...) add(s, seccomp_syscall_resolve_name(#name), FIRST_SIX(__VA_ARGS__, REST))
#define T(string)       text(s, string)
#define P(...)          put(s, &(__VA_ARGS__), sizeof(__VA_ARGS__))

static void add_files(struct script *s)
{
	CALL(openat, AT_FDCWD, T("/etc/shadow"), O_RDONLY | O_CLOEXEC);
	CALL(openat, AT_FDCWD, T("/var/log/x"), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0640);
	CALL(openat, 7, T("tmp"), O_RDWR | O_TMPFILE | O_EXCL, 04600);
	CALL(open, T("/dev/mem"), O_RDWR | O_SYNC | 0100000);
	CALL(open, 0, 0);
	CALL(open, 0x10, 0x40000000);
	CALL(creat, T("/x"), 0);
	CALL(openat2, AT_FDCWD, T("/x"), P((struct open_how){.flags = O_PATH, .resolve = RESOLVE_IN_ROOT}),
		sizeof(struct open_how));
	CALL(access, T("/root"), R_OK | X_OK);
	CALL(faccessat, AT_FDCWD, T("/root"), F_OK);
	CALL(faccessat2, 3, T("root"), W_OK, AT_EACCESS);
	CALL(stat, T("/root/x"), 0x1000);
	CALL(newfstatat, AT_FDCWD, T(""), 0x1000, AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW);
	CALL(statx, AT_FDCWD, T("/x"), AT_STATX_SYNC_AS_STAT, STATX_MODE | STATX_UID, 0x1000);
	CALL(readlink, T("/proc/1/exe"), 0x1000, 4096);
	CALL(readlinkat, AT_FDCWD, T("/proc/1/exe"), 0x1000, 4096);
	CALL(chmod, T("/bin/su"), 04755);
	CALL(fchmod, 3, 07);
	CALL(fchmodat, AT_FDCWD, T("/x"), 0);
	CALL(chown, T("/srv/data"), 33, 0xffffffff);
	CALL(fchown, 5, 0, 0);
	CALL(lchown, T("/x"), 0xffffffff, 100);
	CALL(fchownat, AT_FDCWD, T("/x"), 0, 0, AT_SYMLINK_NOFOLLOW);
	CALL(unlink, T("a\nb\"c\\d\001\0027\0019\377"));
	CALL(unlinkat, AT_FDCWD, T("/var/lib/a-rather-long-name-of-a-file-that-is-never-cut"), AT_REMOVEDIR);
	CALL(rename, T("/a"), T("/b"));
	CALL(renameat, AT_FDCWD, T("a"), 4, T("b"));
	CALL(renameat2, AT_FDCWD, T("a"), AT_FDCWD, T("b"), RENAME_NOREPLACE | 0x80);
	CALL(link, T("/a"), T("/b"));
	CALL(linkat, AT_FDCWD, T("/a"), AT_FDCWD, T("/b"), AT_SYMLINK_FOLLOW);
	CALL(symlink, T("to"), T("from"));
	CALL(symlinkat, T("to"), AT_FDCWD, T("from"));
	CALL(mkdir, T("/x"), 0755);
	CALL(mkdirat, AT_FDCWD, T("/x"), 01777);
	CALL(rmdir, T("/x"));
	CALL(mknod, T("/dev/null"), S_IFCHR | 0666, makedev(1, 3));
	CALL(mknod, T("/fifo"), S_IFIFO | 0600, 0);
	CALL(mknodat, AT_FDCWD, T("/dev/sda"), S_IFBLK | 0660, makedev(8, 0));
	CALL(truncate, T("/x"), 1 << 20);
	CALL(ftruncate, 3, 0);
	CALL(fallocate, 3, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 0, 4096);
	CALL(write, 1, T("hello\n"), 6);
	CALL(write, 1, T("this line is longer than the thirty-two bytes that are shown"), 60);
	CALL(write, 1, T("x"), 0);
	CALL(pwrite64, 3, T("0"), 1, 0);
	CALL(sendfile, 1, 3, 0, 4096);
	CALL(fcntl, 3, F_SETPIPE_SZ, 1 << 20);
	CALL(fcntl, 3, F_SETFL, O_RDWR | O_NOATIME);
	CALL(fcntl, 3, F_SETLEASE, F_RDLCK);
	CALL(fcntl, 3, F_SETFD, FD_CLOEXEC);
	CALL(fcntl, 3, F_DUPFD_CLOEXEC, 10);
	CALL(fcntl, 3, F_SETSIG, SIGIO);
	CALL(fcntl, 3, F_GETFL);
	CALL(utimensat, AT_FDCWD, T("/x"), 0, 0);
	CALL(setxattr, T("/x"), T("security.capability"), T("v"), 1, XATTR_CREATE);
	CALL(fsetxattr, 3, T("trusted.x"), T("value"), 5, 0);
	CALL(getxattr, T("/x"), T("user.x"), 0, 0);
	CALL(lremovexattr, T("/x"), T("user.x"));
	CALL(chroot, T("/srv"));
	CALL(copy_file_range, 3, 0, 4, 0, 4096, 0);
	CALL(splice, 3, 0, 4, 0, 4096, 0);
	CALL(lseek, 3, -5, SEEK_END);
	CALL(dup3, 3, 4, O_CLOEXEC);
	CALL(pipe2, 0x10, O_CLOEXEC);
	CALL(name_to_handle_at, AT_FDCWD, T("/x"), 0x10, 0x20, 0);
	CALL(statfs, T("/x"), 0x10);
	CALL(listxattr, T("/x"), 0, 0);
	CALL(utime, T("/x"), 0);
	CALL(inotify_init1, IN_CLOEXEC);
	CALL(eventfd2, 0, 02000000);
	CALL(mq_open, T("x"), O_RDWR);
	CALL(fanotify_init, FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY);
	CALL(fanotify_mark, 3, FAN_MARK_ADD | FAN_MARK_MOUNT, FAN_OPEN_PERM | FAN_CLOSE_WRITE, AT_FDCWD, T("/"));
	CALL(inotify_add_watch, 3, T("/etc"), IN_CREATE | IN_MOVED_TO);
}

static void add_mounts(struct script *s)
{
	CALL(mount, T("none"), T("/mnt"), T("tmpfs"), 0, 0);
	CALL(mount, T("tmpfs"), T("/run"), T("tmpfs"), MS_NOSUID | MS_NODEV | MS_NOEXEC, T("mode=0755,size=1m"));
	CALL(umount2, T("/mnt"), MNT_DETACH | UMOUNT_NOFOLLOW);
	CALL(umount2, T("/mnt"), 0);
	CALL(pivot_root, T("."), T("."));
	CALL(open_tree, AT_FDCWD, T("/"), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	CALL(move_mount, 3, T(""), AT_FDCWD, T("/mnt"), MOVE_MOUNT_F_EMPTY_PATH);
	CALL(fsopen, T("tmpfs"), FSOPEN_CLOEXEC);
	CALL(fsconfig, 3, FSCONFIG_SET_STRING, T("size"), T("1m"), 0);
	CALL(fsmount, 3, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID);
	CALL(fspick, AT_FDCWD, T("/"), FSPICK_EMPTY_PATH);
	CALL(mount_setattr, AT_FDCWD, T("/"), AT_RECURSIVE,
		P((struct mount_attr){.attr_set = MOUNT_ATTR_IDMAP, .propagation = MS_PRIVATE, .userns_fd = 4}),
		sizeof(struct mount_attr));
	CALL(swapon, T("/swap"), 0);
	CALL(swapoff, T("/swap"));
	CALL(acct, 0);
	CALL(acct, T("/var/log/account"));
}

static void add_credentials(struct script *s)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct sets[2] = {
		{1 << CAP_CHOWN | 1 << CAP_KILL, 1 << CAP_CHOWN, 0}, {1 << (CAP_BPF - 32), 0, 0}};

	CALL(setuid, 33);
	CALL(setgid, 0xffffffff);
	CALL(setresuid, 0xffffffff, 0, 0xffffffff);
	CALL(setresgid, 1, 2, 3);
	CALL(setreuid, 1, 2);
	CALL(setfsuid, 5);
	CALL(setgroups, 0, 0);
	CALL(setgroups, 2, P((gid_t[]){33, 44}));
	CALL(setgroups, 0, T("x"));
	CALL(capset, P(header), P(sets));
	CALL(capset, P(header), 0);
	CALL(prctl, PR_CAPBSET_DROP, CAP_SYS_ADMIN);
	CALL(prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0);
	CALL(prctl, PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_KEEP_CAPS);
	CALL(prctl, PR_SET_KEEPCAPS, 1);
	CALL(prctl, PR_SET_NAME, T("worker"));
	CALL(prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	CALL(prctl, PR_SET_PDEATHSIG, SIGKILL);
	CALL(prctl, 9999, 1, 2, 3, 4);
	CALL(unshare, CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUSER);
	CALL(setns, 3, CLONE_NEWPID);
	CALL(setns, 3, 0);
	CALL(clone, CLONE_NEWNS | SIGCHLD, 0, 0, 0, 0);
	CALL(clone, CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | SIGCHLD, 0, 0, 0x7f0000000a10, 0);
	CALL(clone, CLONE_VM | CLONE_FS, 0x7f0000001000, 0x10, 0x20, 0x30);
	CALL(chdir, T("/"));
	CALL(keyctl, KEYCTL_REVOKE, KEY_SPEC_SESSION_KEYRING);
	CALL(keyctl, KEYCTL_JOIN_SESSION_KEYRING, T("docker"));
	CALL(keyctl, KEYCTL_CHOWN, 123456, 0, 0xffffffff);
	CALL(add_key, T("user"), T("name"), T("secret"), 6, KEY_SPEC_PROCESS_KEYRING);
	CALL(personality, 0xffffffff);
}

static void add_processes(struct script *s)
{
	CALL(kill, 1, SIGTERM);
	CALL(kill, -1, 0);
	CALL(tgkill, 10, 11, 34);
	CALL(tkill, 10, 100);
	CALL(pidfd_open, 1, 0);
	CALL(pidfd_send_signal, 3, SIGKILL, 0, 0);
	CALL(pidfd_getfd, 3, 1, 0);
	CALL(ptrace, PTRACE_ATTACH, 1);
	CALL(ptrace, PTRACE_SEIZE, 1, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	CALL(ptrace, PTRACE_TRACEME);
	CALL(kcmp, 1, 2, KCMP_VM, 0, 0);
	CALL(setpriority, PRIO_PROCESS, 0, -5);
	CALL(ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, 4));
	CALL(sched_setscheduler, 0, SCHED_FIFO, P((int){50}));
	CALL(sched_setparam, 0, P((int){1}));
	CALL(sched_setaffinity, 0, 8, P((uint64_t){5}));
	CALL(setrlimit, RLIMIT_NOFILE, P((struct rlimit){1000, 1048576}));
	CALL(prlimit64, 1, RLIMIT_MEMLOCK, P((struct rlimit){RLIM_INFINITY, RLIM_INFINITY}), 0);
	CALL(execve, T("/usr/bin/ping"), 0x10, 0x20);
	CALL(execveat, AT_FDCWD, T("ping"), 0x10, 0x20, AT_SYMLINK_NOFOLLOW);
	CALL(clone3,
		P((struct clone_args){.flags = CLONE_NEWUSER | CLONE_INTO_CGROUP, .exit_signal = SIGCHLD, .cgroup = 5}),
		sizeof(struct clone_args));
	CALL(wait4, -1, 0, WNOHANG, 0);
	CALL(rt_sigqueueinfo, 1, SIGUSR1, 0);
	CALL(exit, 0);
}

static void add_sockets(struct script *s)
{
	struct sockaddr_in in = {
		.sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(443), .sin6_addr = in6addr_any};
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/x.sock"};
	struct sockaddr_nl nl = {.nl_family = AF_NETLINK, .nl_pid = 7, .nl_groups = 0x11};
	struct ifreq interface = {.ifr_name = "eth0", .ifr_flags = IFF_UP | IFF_RUNNING};

	CALL(socket, AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	CALL(socket, AF_INET6, SOCK_STREAM, IPPROTO_IP);
	CALL(socket, AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	CALL(socket, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	CALL(socket, AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	CALL(socket, 99, 77, 1);
	CALL(bind, 6, P(in), sizeof(in));
	CALL(bind, 6, P(in6), sizeof(in6));
	CALL(bind, 6, P(un), sizeof(un));
	CALL(connect, 6, P(un), offsetof(struct sockaddr_un, sun_path) + 12);
	CALL(bind, 6, put(s, "\1\0\0abstract", 11), 11);
	CALL(bind, 6, P(nl), sizeof(nl));
	CALL(bind, 6, 0, 16);
	CALL(bind, 6, 0x20, 16);
	CALL(sendto, 3, T("ping"), 4, MSG_NOSIGNAL, P(in), sizeof(in));
	CALL(sendto, 3, T("ping"), 4, 0, 0, 0);
	CALL(setsockopt, 3, SOL_SOCKET, SO_MARK, P((int){-1}), 4);
	CALL(setsockopt, 3, SOL_SOCKET, SO_BINDTODEVICE, T("lo"), 3);
	CALL(setsockopt, 3, SOL_IP, IP_TRANSPARENT, P((int){1}), 4);
	CALL(setsockopt, 3, SOL_TCP, TCP_CONGESTION, T("bbr"), 3);
	CALL(getsockopt, 3, SOL_SOCKET, SO_ERROR, 0x10, 0x20);
	CALL(ioctl, 3, SIOCSIFFLAGS, P(interface));
	CALL(ioctl, 3, SIOCGIFFLAGS, 0);
	CALL(ioctl, 3, _IOR('z', 9, long), 0);
	CALL(ioctl, 3, LOOP_CTL_GET_FREE);
	CALL(ioctl, 3, CDROM_LOCKDOOR, 1);
	CALL(ioctl, 3, BLKRRPART);
	CALL(ioctl, 3, TIOCSTI, 0x10);
	CALL(ioctl, 3, TIOCSCTTY, 1);
	CALL(setsockopt, 3, SOL_PACKET, PACKET_VERSION, P((int){2}), 4);
	CALL(setsockopt, 3, SOL_SOCKET, SO_RCVBUFFORCE, P((int){65536}), 4);
	CALL(setsockopt, 3, SOL_IPV6, IPV6_V6ONLY, P((int){1}), 4);
	CALL(setsockopt, 3, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, P((int){1}), 4);
	CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, 0);
	CALL(accept4, 3, 0, 0, SOCK_CLOEXEC);
	CALL(sendmsg, 3, 0, MSG_DONTWAIT);
	CALL(listen, 3, 128);
	CALL(shutdown, 3, SHUT_RDWR);
}

static void add_system(struct script *s)
{
	CALL(sethostname, T("web"), 3);
	CALL(setdomainname, T("(none)"), 6);
	CALL(reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF);
	CALL(syslog, 3, 0x1000, 4096);
	CALL(init_module, 0x1000, 100, T("debug=1"));
	CALL(finit_module, 3, T(""), 0);
	CALL(delete_module, T("dummy"), O_NONBLOCK);
	CALL(bpf, BPF_MAP_GET_NEXT_ID, 0, 0);
	CALL(bpf, BPF_MAP_CREATE,
		P((union bpf_attr){.map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1}),
		72);
	CALL(perf_event_open, 0x10, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	CALL(userfaultfd, O_CLOEXEC | 1);
	CALL(io_uring_setup, 32, 0);
	CALL(seccomp, 1, 1, P((struct sock_fprog){.len = 0}));
	CALL(quotactl, QCMD((unsigned)Q_GETQUOTA, USRQUOTA), T("/dev/sda1"), 0, 0);
	CALL(iopl, 3);
	CALL(ioperm, 0x3f8, 8, 1);
	CALL(vhangup, 0);
	CALL(settimeofday, P((struct timeval){1, 2}), 0);
	CALL(clock_settime, CLOCK_REALTIME, P((struct timespec){1000, 5}));
	CALL(setitimer, ITIMER_REAL, P((struct itimerval){{1, 0}, {2, 3}}), 0);
	CALL(timer_settime, 7, TIMER_ABSTIME, P((struct itimerspec){{0, 0}, {2, 3}}), 0);
	CALL(timerfd_settime, 7, TFD_TIMER_ABSTIME, P((struct itimerspec){{0, 0}, {2, 3}}), 0);
	CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, P((struct timespec){1, 0}), 0);
	CALL(clock_adjtime, CLOCK_REALTIME, 0);
	CALL(adjtimex, 0x10);
	CALL(timerfd_create, CLOCK_BOOTTIME_ALARM, TFD_CLOEXEC);
	CALL(timer_create, CLOCK_REALTIME_ALARM, 0, 0x10);
	CALL(mmap, 0, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0);
	CALL(mmap, 0x1000, 4096, PROT_NONE, MAP_SHARED | MAP_FIXED, 3, 0x2000);
	CALL(mremap, 0x1000, 4096, 8192, MREMAP_MAYMOVE);
	CALL(mprotect, 0x1000, 4096, PROT_READ | PROT_WRITE);
	CALL(brk, 0);
	CALL(madvise, 0x1000, 4096, MADV_HWPOISON);
	CALL(mlock, 0x1000, 4096);
	CALL(mlockall, MCL_CURRENT | MCL_FUTURE);
	CALL(munlockall, 0);
	CALL(shmctl, 0, 11, 0);
	CALL(shmget, 0, 4096, 0600);
	CALL(move_pages, 1, 0, 0, 0, 0, 4);
	CALL(migrate_pages, 1, 0, 0, 0);
	CALL(process_vm_writev, 1, 0, 0, 0, 0, 0);
	CALL(mbind, 0x1000, 4096, 2, 0, 0, 4);
	CALL(set_mempolicy, 3, 0, 0);
	CALL(shmat, 1, 0, 010000);
	CALL(msgctl, 1, 0, 0);
	CALL(msync, 0x1000, 4096, MS_SYNC);
	CALL(mlock2, 0x1000, 4096, 1);
	CALL(getrandom, 0x10, 16, 1);
	CALL(io_uring_enter, 3, 1, 0, 1, 0, 0);
	CALL(io_uring_register, 3, 0, 0, 0);
	CALL(membarrier, 0, 0, 0);
	CALL(memfd_create, T("x"), MFD_CLOEXEC);
	CALL(alarm, 5);
	CALL(umask, 022);
	CALL(close, -1);
}

/* Maps the memory and writes the script; NULL when the address is taken. */
static struct script *write_script(void)
{
	struct script *script = calloc(1, sizeof(*script));
	void *memory =
		mmap(MEMORY, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (!script || memory != MEMORY) {
		free(script);
		return NULL;
	}
	add_files(script);
	add_mounts(script);
	add_credentials(script);
	add_processes(script);
	add_sockets(script);
	add_system(script);
	return script;
}

/* Makes the calls, every one of which is refused; then the process can only end. */
static int make_calls(void)
{
	struct script *script = write_script();
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));

	if (!script || !filter || seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(exit_group), 0) ||
		seccomp_load(filter))
		return 1;
	syscall(SYS_getppid); /* where the calls begin */
	for (size_t i = 0; i < script->n; i++) {
		const uint64_t *a = script->calls[i].arguments;

		syscall(script->calls[i].number, a[0], a[1], a[2], a[3], a[4], a[5]);
	}
	_exit(0);
}

/* Runs this program's calls under strace, which writes to FILE. Whether it could. */
static bool run_strace(const char *file)
{
	_cleanup_free_ char *program = realpath("/proc/self/exe", NULL);
	pid_t pid = fork();
	int status = -1;

	if (!pid) {
		execlp("strace", "strace", "-qq", "-o", file, program, "--calls", NULL);
		_exit(127);
	}
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

/* What strace prints of the calls; NULL where there is no strace, it may not trace, or a sanitizer has the calls' process ended. */
static FILE *strace_output(void)
{
	char file[] = "/tmp/leastcap-strace-XXXXXX";
	int fd = mkstemp(file);
	bool ran = fd >= 0 && run_strace(file);
	FILE *stream = ran ? fdopen(fd, "r") : NULL;

	if (fd >= 0)
		unlink(file);
	if (fd >= 0 && !stream)
		close(fd);
	return stream;
}

/* Cuts the result off LINE: name(arguments) = -1 EPERM (Operation not permitted). */
static void cut_result(char *line)
{
	char *result = NULL;

	for (char *at = line; (at = strstr(at, " = -1 EPERM")); at++)
		result = at;
	while (result && result > line && result[-1] == ' ')
		result--;
	if (result)
		*result = '\0';
}

static void calls_read_as_strace_prints_them(void **state)
{
	_cleanup_file_ FILE *stream = strace_output();
	_cleanup_free_ struct script *script = NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	size_t wrong = 0;

	(void)state;
	if (!stream) {
		print_message("strace is missing or cannot trace this program\n");
		skip();
	}
	script = write_script();
	assert_non_null(script);
	while (getline(&line, &size, stream) > 0 && strncmp(line, "getppid(", 8))
		;
	for (size_t i = 0; i < script->n; i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
		struct lc_call_made call = {.number = script->calls[i].number};
		struct taken taken;

		memcpy(call.arguments, script->calls[i].arguments, sizeof(call.arguments));
		take_pieces(&call, &taken);
		lc_trace_format_call(&out, &call, false);
		assert_true(getline(&line, &size, stream) > 0);
		cut_result(line);
		if (strcmp(out.text, line)) {
			print_message("strace: %s\n  here: %s\n", line, out.text);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_read_as_strace_prints_them),
	};

	if (argc > 1 && !strcmp(argv[1], "--calls"))
		return make_calls();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
