/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of system calls: what the arguments of each are. Of calls that it does not have the arguments are numbers. */
#include "src/trace/looks.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/membarrier.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Numbers by the library's own header: where this machine has no such call there is no __NR_ of it. */
#define CALL(call, ...)              [SCMP_SYS(call)] = {#call, {__VA_ARGS__}, NULL, LC_KIND_NONE}
#define CALL_BY(call, variants, ...) [SCMP_SYS(call)] = {#call, {__VA_ARGS__}, &lc_##variants##_variants, LC_KIND_NONE}
#define CALL_FOR(result, call, ...)  [SCMP_SYS(call)] = {#call, {__VA_ARGS__}, NULL, LC_KIND_##result}

#define INT                LOOK(INT)
#define UINT               LOOK(UINT)
#define LONG               LOOK(LONG)
#define SIZE               LOOK(SIZE)
#define HEX                LOOK(HEX)
#define ADDRESS            LOOK(ADDRESS)
#define ID                 LOOK(ID)
#define MODE               LOOK(OCTAL)
#define FD                 LOOK(FD)
#define DIRFD              LOOK(DIRFD)
#define SIGNAL             LOOK(SIGNAL)
#define STRING             LOOK(STRING)
#define PATH               LOOK(PATH)
#define BUFFER(argument)   SIZED(BUFFER, argument)
#define SOCKADDR(argument) SIZED(SOCKADDR, argument)
#define IDS(argument)                                                                                                  \
	{                                                                                                              \
		.kind = LC_KIND_ARRAY, .element = LC_KIND_ID, .unit = sizeof(gid_t), .size = (argument)                \
	}
#define WHEN(of, argument, bits)                                                                                       \
	{                                                                                                              \
		.kind = LC_KIND_##of, .when = (argument), .mask = (bits)                                               \
	}

/* open(2) makes a file with either of these, and takes a mode then. */
#define MAKES ((uint32_t)O_CREAT | ((uint32_t)O_TMPFILE & ~(uint32_t)O_DIRECTORY))

static const struct lc_call_row calls[] = {
	/* Files: opened, read and written. */
	CALL_FOR(FD, openat, DIRFD, PATH, FLAGS(open_flags), WHEN(OCTAL, 3, MAKES)),
	CALL_FOR(FD, openat2, DIRFD, PATH, PIECE_OF(open_how, 4), SIZE),
	CALL_FOR(FD, open_by_handle_at, DIRFD, STRUCT(file_handle), FLAGS(open_flags)),
	CALL(name_to_handle_at, DIRFD, PATH, ADDRESS, ADDRESS, FLAGS(at_flags)),
	CALL(close, FD),
	CALL(close_range, UINT, UINT, HEX),
	CALL_FOR(FD, dup, FD),
	CALL_FOR(FD, dup3, FD, FD, FLAGS(pipe_flags)),
	CALL(pipe2, ADDRESS, FLAGS(pipe_flags)),
	CALL(read, FD, ADDRESS, SIZE),
	CALL(write, FD, BUFFER(3), SIZE),
	CALL(pread64, FD, ADDRESS, SIZE, LONG),
	CALL(pwrite64, FD, BUFFER(3), SIZE, LONG),
	CALL(readv, FD, ADDRESS, INT),
	CALL(writev, FD, ADDRESS, INT),
	CALL(preadv, FD, ADDRESS, SIZE, LONG),
	CALL(pwritev, FD, ADDRESS, SIZE, LONG),
	CALL(preadv2, FD, ADDRESS, SIZE, LONG, HEX, HEX),
	CALL(pwritev2, FD, ADDRESS, SIZE, LONG, HEX, HEX),
	CALL(lseek, FD, LONG, ONE_OF(whence)),
	CALL(sendfile, FD, FD, ADDRESS, SIZE),
	CALL(splice, FD, ADDRESS, FD, ADDRESS, SIZE, HEX),
	CALL(tee, FD, FD, SIZE, HEX),
	CALL(vmsplice, FD, ADDRESS, SIZE, HEX),
	CALL(copy_file_range, FD, ADDRESS, FD, ADDRESS, SIZE, HEX),
	CALL(fsync, FD),
	CALL(fdatasync, FD),
	CALL(sync),
	CALL(sync_file_range, FD, LONG, LONG, HEX),
	CALL(io_setup, UINT, ADDRESS),
	CALL(io_submit, HEX, LONG, ADDRESS),
	CALL(io_getevents, HEX, LONG, LONG, ADDRESS, STRUCT(timespec)),
	CALL(io_cancel, HEX, ADDRESS, ADDRESS),
	CALL(io_destroy, HEX),
	CALL(ppoll, ADDRESS, UINT, STRUCT(timespec), ADDRESS, SIZE),
	CALL(pselect6, INT, ADDRESS, ADDRESS, ADDRESS, STRUCT(timespec), ADDRESS),
	CALL(syncfs, FD),
	CALL(truncate, PATH, LONG),
	CALL(ftruncate, FD, LONG),
	CALL(fallocate, FD, FLAGS(fallocate_modes), LONG, LONG),
	CALL(fadvise64, FD, LONG, SIZE, INT),
	CALL(readahead, FD, LONG, SIZE),
	CALL(flock, FD, HEX),
	CALL_BY(fcntl, fcntl, FD, ONE_OF(fcntl_commands), STRUCT(flock)),
	CALL_BY(ioctl, ioctl, FD, LOOK(IOCTL), STRUCT(ifreq)),
	CALL(getdents64, FD, ADDRESS, SIZE),

	/* Files: by their names. */
	CALL(faccessat, DIRFD, PATH, FLAGS(access_modes)),
	CALL(faccessat2, DIRFD, PATH, FLAGS(access_modes), FLAGS(faccess_flags)),
	CALL(newfstatat, DIRFD, PATH, ADDRESS, FLAGS(at_flags)),
	CALL(statx, DIRFD, PATH, FLAGS(statx_flags), FLAGS(statx_mask), ADDRESS),
	CALL(fstat, FD, ADDRESS),
	CALL(statfs, PATH, ADDRESS),
	CALL(fstatfs, FD, ADDRESS),
	CALL(readlinkat, DIRFD, PATH, ADDRESS, SIZE),
	CALL(fchmod, FD, MODE),
	CALL(fchmodat, DIRFD, PATH, MODE),
#ifdef __NR_fchmodat2
	CALL(fchmodat2, DIRFD, PATH, MODE, FLAGS(at_flags)),
#endif
	CALL(fchown, FD, ID, ID),
	CALL(fchownat, DIRFD, PATH, ID, ID, FLAGS(at_flags)),
	CALL(utimensat, DIRFD, PATH, STRUCTS(timespec, struct timespec, 2), FLAGS(at_flags)),
	CALL(unlinkat, DIRFD, PATH, FLAGS(unlink_flags)),
	CALL(linkat, DIRFD, PATH, DIRFD, PATH, FLAGS(at_flags)),
	CALL(symlinkat, PATH, DIRFD, PATH),
	CALL(mkdirat, DIRFD, PATH, MODE),
	CALL(mknodat, DIRFD, PATH, LOOK(MODE), WHEN(DEVICE, 3, S_IFCHR)),
	CALL(renameat2, DIRFD, PATH, DIRFD, PATH, FLAGS(rename_flags)),
	CALL(chdir, PATH),
	CALL(fchdir, FD),
	CALL(chroot, PATH),
	CALL(getcwd, ADDRESS, SIZE),
	CALL_FOR(OCTAL, umask, MODE),

	/* Extended attributes. */
	CALL(setxattr, PATH, STRING, BUFFER(4), SIZE, FLAGS(xattr_flags)),
	CALL(lsetxattr, PATH, STRING, BUFFER(4), SIZE, FLAGS(xattr_flags)),
	CALL(fsetxattr, FD, STRING, BUFFER(4), SIZE, FLAGS(xattr_flags)),
	CALL(getxattr, PATH, STRING, ADDRESS, SIZE),
	CALL(lgetxattr, PATH, STRING, ADDRESS, SIZE),
	CALL(fgetxattr, FD, STRING, ADDRESS, SIZE),
	CALL(listxattr, PATH, ADDRESS, SIZE),
	CALL(llistxattr, PATH, ADDRESS, SIZE),
	CALL(flistxattr, FD, ADDRESS, SIZE),
	CALL(removexattr, PATH, STRING),
	CALL(lremovexattr, PATH, STRING),
	CALL(fremovexattr, FD, STRING),
#ifdef __NR_setxattrat
	CALL(setxattrat, DIRFD, PATH, FLAGS(at_flags), STRING, ADDRESS, SIZE),
	CALL(getxattrat, DIRFD, PATH, FLAGS(at_flags), STRING, ADDRESS, SIZE),
	CALL(listxattrat, DIRFD, PATH, FLAGS(at_flags), ADDRESS, SIZE),
	CALL(removexattrat, DIRFD, PATH, FLAGS(at_flags), STRING),
#endif
#ifdef __NR_file_setattr
	CALL(file_getattr, DIRFD, PATH, ADDRESS, SIZE, FLAGS(at_flags)),
	CALL(file_setattr, DIRFD, PATH, ADDRESS, SIZE, FLAGS(at_flags)),
#endif

	/* Mounts. */
	CALL(mount, PATH, PATH, STRING, FLAGS(mount_flags), STRING),
	CALL(umount2, PATH, FLAGS(umount_flags)),
	CALL(pivot_root, PATH, PATH),
	CALL_FOR(FD, open_tree, DIRFD, PATH, FLAGS(open_tree_flags)),
#ifdef __NR_open_tree_attr
	CALL(open_tree_attr, DIRFD, PATH, FLAGS(open_tree_flags), PIECE_OF(mount_attr, 5), SIZE),
#endif
	CALL(move_mount, DIRFD, PATH, DIRFD, PATH, FLAGS(move_mount_flags)),
	CALL_FOR(FD, fsopen, STRING, FLAGS(fsopen_flags)),
	CALL(fsconfig, FD, ONE_OF(fsconfig_commands), STRING, STRING, INT),
	CALL_FOR(FD, fsmount, FD, FLAGS(fsmount_flags), FLAGS(mount_attributes)),
	CALL_FOR(FD, fspick, DIRFD, PATH, FLAGS(fspick_flags)),
	CALL(mount_setattr, DIRFD, PATH, FLAGS(mount_setattr_flags), PIECE_OF(mount_attr, 5), SIZE),
#ifdef __NR_statmount
	CALL(statmount, ADDRESS, ADDRESS, SIZE, HEX),
	CALL(listmount, ADDRESS, ADDRESS, SIZE, HEX),
#endif
	CALL(quotactl, LOOK(QUOTA), PATH, UINT, ADDRESS),
	CALL(quotactl_fd, FD, LOOK(QUOTA), UINT, ADDRESS),
	CALL(swapon, PATH, FLAGS(swap_flags)),
	CALL(swapoff, PATH),
	CALL(acct, PATH),

	/* Watching files. */
	CALL_FOR(FD, fanotify_init, FLAGS(fanotify_init_flags), FLAGS(open_flags)),
	CALL(fanotify_mark, FD, FLAGS(fanotify_mark_flags), FLAGS(fanotify_events), DIRFD, PATH),
	CALL_FOR(FD, inotify_init1, FLAGS(inotify_init_flags)),
	CALL(inotify_add_watch, FD, PATH, FLAGS(inotify_events)),
	CALL(inotify_rm_watch, FD, INT),
	CALL_FOR(FD, epoll_create1, HEX),
	CALL(epoll_ctl, FD, INT, FD, ADDRESS),
	CALL(epoll_pwait2, FD, ADDRESS, INT, STRUCT(timespec), ADDRESS, SIZE),
	CALL(epoll_pwait, FD, ADDRESS, INT, INT, ADDRESS, SIZE),
	CALL_FOR(FD, eventfd2, UINT, FLAGS(eventfd_flags)),

	/* Users, groups, capabilities. */
	CALL(setuid, ID),
	CALL(setgid, ID),
	CALL(setreuid, ID, ID),
	CALL(setregid, ID, ID),
	CALL(setresuid, ID, ID, ID),
	CALL(setresgid, ID, ID, ID),
	CALL(setfsuid, ID),
	CALL(setfsgid, ID),
	CALL(setgroups, INT, IDS(1)),
	CALL(getgroups, INT, ADDRESS),
	CALL(capget, STRUCT(cap_header), ADDRESS),
	CALL(capset, STRUCT(cap_header),
		{.kind = LC_KIND_CAPABILITIES, .bytes = 2 * sizeof(struct __user_cap_data_struct)}),
	CALL_BY(prctl, prctl, ONE_OF(prctl_options), STRING, HEX, HEX, HEX),
	CALL_BY(seccomp, seccomp, ONE_OF(seccomp_operations), HEX, STRUCT(sock_fprog)),
	CALL_FOR(FD, landlock_create_ruleset, PIECE_OF(landlock_ruleset, 2), SIZE, FLAGS(landlock_create_flags)),
	CALL_BY(landlock_add_rule, landlock, FD, ONE_OF(landlock_rules), ADDRESS, HEX),
	CALL(landlock_restrict_self, FD, HEX),
#ifdef __NR_lsm_set_self_attr
	CALL(lsm_get_self_attr, UINT, ADDRESS, ADDRESS, HEX),
	CALL(lsm_set_self_attr, UINT, ADDRESS, UINT, HEX),
	CALL(lsm_list_modules, ADDRESS, ADDRESS, HEX),
#endif
	CALL(add_key, STRING, STRING, BUFFER(4), SIZE, ONE_OF(keyrings)),
	CALL(request_key, STRING, STRING, STRING, ONE_OF(keyrings)),
	CALL_BY(keyctl, keyctl, ONE_OF(keyctl_operations), STRING, STRING, STRING, HEX),

/* Processes and namespaces. The kernel's order of clone's arguments differs between machines; strace names them. */
#ifdef __x86_64__
	CALL(clone, {.kind = LC_KIND_ADDRESS, .from = 2, .label = "child_stack="},
		{.kind = LC_KIND_CLONE, .from = 1, .label = "flags="},
		{.kind = LC_KIND_ADDRESS, .label = "parent_tid=", .when = 1, .mask = CLONE_PARENT_SETTID | CLONE_PIDFD},
		{.kind = LC_KIND_ADDRESS, .from = 5, .label = "tls=", .when = 1, .mask = CLONE_SETTLS},
		{.kind = LC_KIND_ADDRESS,
			.from = 4,
			.label = "child_tidptr=",
			.when = 1,
			.mask = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID}),
#else
	CALL(clone, {.kind = LC_KIND_ADDRESS, .from = 2, .label = "child_stack="},
		{.kind = LC_KIND_CLONE, .from = 1, .label = "flags="},
		{.kind = LC_KIND_ADDRESS, .label = "parent_tid=", .when = 1, .mask = CLONE_PARENT_SETTID | CLONE_PIDFD},
		{.kind = LC_KIND_ADDRESS, .label = "tls=", .when = 1, .mask = CLONE_SETTLS},
		{.kind = LC_KIND_ADDRESS,
			.label = "child_tidptr=",
			.when = 1,
			.mask = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID}),
#endif
	CALL(clone3, PIECE_OF(clone_args, 2), SIZE),
	CALL(execve, PATH, ADDRESS, ADDRESS),
	CALL(execveat, DIRFD, PATH, ADDRESS, ADDRESS, FLAGS(at_flags)),
	CALL(exit, INT),
	CALL(exit_group, INT),
	CALL(wait4, INT, ADDRESS, FLAGS(wait_options), ADDRESS),
	CALL(waitid, ONE_OF(wait_ids), INT, ADDRESS, FLAGS(wait_options), ADDRESS),
	CALL(setns, FD, FLAGS(namespace_flags)),
	CALL(unshare, FLAGS(namespace_flags)),
	CALL(setpgid, INT, INT),
	CALL(getpgid, INT),
	CALL(getsid, INT),
	CALL(setsid),
	CALL(personality, FLAGS(personalities)),
	CALL(set_tid_address, ADDRESS),
	CALL(set_robust_list, ADDRESS, SIZE),
	CALL(get_robust_list, INT, ADDRESS, ADDRESS),
	CALL(kill, INT, SIGNAL),
	CALL(tkill, INT, SIGNAL),
	CALL(tgkill, INT, INT, SIGNAL),
	CALL(rt_sigqueueinfo, INT, SIGNAL, STRUCT(siginfo)),
	CALL(rt_tgsigqueueinfo, INT, INT, SIGNAL, STRUCT(siginfo)),
	CALL(rt_sigaction, SIGNAL, ADDRESS, ADDRESS, SIZE),
	CALL(rt_sigprocmask, ONE_OF(sigmask_hows), ADDRESS, ADDRESS, SIZE),
	CALL_FOR(FD, pidfd_open, INT, HEX),
	CALL(pidfd_send_signal, FD, SIGNAL, STRUCT(siginfo), HEX),
	CALL_FOR(FD, pidfd_getfd, FD, INT, HEX),
	CALL(process_madvise, FD, ADDRESS, SIZE, ONE_OF(advices), HEX),
	CALL(process_mrelease, FD, HEX),
	CALL_BY(ptrace, ptrace, ONE_OF(ptrace_requests), INT, ADDRESS, HEX),
	CALL(process_vm_readv, INT, ADDRESS, SIZE, ADDRESS, SIZE, HEX),
	CALL(process_vm_writev, INT, ADDRESS, SIZE, ADDRESS, SIZE, HEX),
	CALL_BY(kcmp, kcmp, INT, INT, ONE_OF(kcmp_types), HEX, HEX),
	CALL(sigaltstack, ADDRESS, ADDRESS),
	CALL(rt_sigtimedwait, ADDRESS, ADDRESS, STRUCT(timespec), SIZE),
	CALL_FOR(FD, signalfd4, FD, ADDRESS, SIZE, FLAGS(pipe_flags)),
	CALL(rseq, ADDRESS, HEX, HEX, HEX),
	CALL(membarrier, ONE_OF(membarrier_commands), HEX, WHEN(INT, 2, MEMBARRIER_CMD_FLAG_CPU)),
	CALL(futex, ADDRESS, HEX, UINT, ADDRESS, ADDRESS, HEX),

	/* Scheduling and limits. */
	CALL(setpriority, ONE_OF(priority_whiches), INT, INT),
	CALL(getpriority, ONE_OF(priority_whiches), INT),
	CALL(ioprio_set, ONE_OF(io_priority_whiches), INT, LOOK(IO_PRIORITY)),
	CALL(ioprio_get, ONE_OF(io_priority_whiches), INT),
	CALL(sched_setscheduler, INT, FLAGS(set_policies), ARRAY(INT, sizeof(int), 1)),
	CALL(sched_setparam, INT, ARRAY(INT, sizeof(int), 1)),
	CALL(sched_setattr, INT, STRUCT(sched_attr), HEX),
	CALL(sched_setaffinity, INT, UINT, SIZED(CPUS, 2)),
	CALL(sched_getscheduler, INT),
	CALL(sched_getparam, INT, ADDRESS),
	CALL(sched_getattr, INT, ADDRESS, UINT, HEX),
	CALL(sched_getaffinity, INT, UINT, ADDRESS),
	CALL(setrlimit, ONE_OF(resources), STRUCT(rlimit)),
	CALL(getrlimit, ONE_OF(resources), ADDRESS),
	CALL(prlimit64, INT, ONE_OF(resources), STRUCT(rlimit), ADDRESS),

	/* Memory. */
	CALL_FOR(HEX, mmap, ADDRESS, SIZE, FLAGS(protections), FLAGS(map_flags), FD, HEX),
	CALL(munmap, ADDRESS, SIZE),
	CALL(mprotect, ADDRESS, SIZE, FLAGS(protections)),
	CALL(pkey_mprotect, ADDRESS, SIZE, FLAGS(protections), INT),
	CALL_FOR(HEX, mremap, ADDRESS, SIZE, SIZE, FLAGS(mremap_flags), WHEN(ADDRESS, 4, MREMAP_FIXED)),
	CALL(remap_file_pages, ADDRESS, SIZE, FLAGS(protections), SIZE, FLAGS(map_flags)),
	CALL_FOR(HEX, brk, ADDRESS),
	CALL(madvise, ADDRESS, SIZE, ONE_OF(advices)),
	CALL(msync, ADDRESS, SIZE, FLAGS(sync_flags)),
	CALL(mincore, ADDRESS, SIZE, ADDRESS),
	CALL(mlock, ADDRESS, SIZE),
	CALL(mlock2, ADDRESS, SIZE, FLAGS(mlock_flags)),
	CALL(mlockall, FLAGS(mlockall_flags)),
	CALL(munlock, ADDRESS, SIZE),
	CALL(munlockall),
#ifdef __NR_memfd_secret
	CALL_FOR(FD, memfd_secret, FLAGS(memfd_flags)),
#endif
	CALL_FOR(FD, memfd_create, STRING, FLAGS(memfd_flags)),
	CALL_FOR(FD, userfaultfd, FLAGS(userfaultfd_flags)),
	CALL(mbind, ADDRESS, SIZE, FLAGS(memory_policies), ADDRESS, SIZE, FLAGS(move_policies)),
#ifdef __NR_set_mempolicy_home_node
	CALL(set_mempolicy_home_node, ADDRESS, SIZE, SIZE, HEX),
#endif
	CALL(set_mempolicy, FLAGS(memory_policies), ADDRESS, SIZE),
	CALL(get_mempolicy, ADDRESS, ADDRESS, SIZE, ADDRESS, HEX),
	CALL(migrate_pages, INT, SIZE, ADDRESS, ADDRESS),
	CALL(move_pages, INT, SIZE, ADDRESS, ADDRESS, ADDRESS, FLAGS(move_policies)),

	/* System V IPC and POSIX message queues. */
	CALL(shmget, ONE_OF(ipc_keys), SIZE, MODE),
	CALL_FOR(HEX, shmat, INT, ADDRESS, FLAGS(shmat_flags)),
	CALL(shmdt, ADDRESS),
	CALL(shmctl, INT, ONE_OF(ipc_commands), ADDRESS),
	CALL(msgget, ONE_OF(ipc_keys), MODE),
	CALL(msgsnd, INT, ADDRESS, SIZE, HEX),
	CALL(msgrcv, INT, ADDRESS, SIZE, LONG, HEX),
	CALL(msgctl, INT, ONE_OF(message_commands), ADDRESS),
	CALL(semget, ONE_OF(ipc_keys), INT, MODE),
	CALL(semop, INT, ADDRESS, SIZE),
	CALL(semtimedop, INT, ADDRESS, SIZE, ADDRESS),
	CALL(semctl, INT, INT, ONE_OF(semaphore_commands), ADDRESS),
	CALL(mq_open, PATH, FLAGS(open_flags), WHEN(OCTAL, 2, MAKES), WHEN(ADDRESS, 2, MAKES)),
	CALL(mq_unlink, PATH),
	CALL(mq_timedsend, FD, BUFFER(3), SIZE, UINT, STRUCT(timespec)),
	CALL(mq_timedreceive, FD, ADDRESS, SIZE, ADDRESS, STRUCT(timespec)),
	CALL(mq_notify, FD, ADDRESS),
	CALL(mq_getsetattr, FD, ADDRESS, ADDRESS),

	/* Sockets. */
	CALL_BY(socket, socket, ONE_OF(address_families), FLAGS(socket_types), INT),
	CALL_BY(socketpair, socket, ONE_OF(address_families), FLAGS(socket_types), INT, ADDRESS),
	CALL(bind, FD, SOCKADDR(3), INT),
	CALL(connect, FD, SOCKADDR(3), INT),
	CALL(listen, FD, INT),
	CALL_FOR(FD, accept, FD, ADDRESS, ADDRESS),
	CALL_FOR(FD, accept4, FD, ADDRESS, ADDRESS, FLAGS(socket_types)),
	CALL(getsockname, FD, ADDRESS, ADDRESS),
	CALL(getpeername, FD, ADDRESS, ADDRESS),
	CALL(sendto, FD, BUFFER(3), SIZE, FLAGS(message_flags), SOCKADDR(6), UINT),
	CALL(sendmsg, FD, STRUCT(msghdr), FLAGS(message_flags)),
	CALL(sendmmsg, FD, ADDRESS, UINT, FLAGS(message_flags)),
	CALL(recvfrom, FD, ADDRESS, SIZE, FLAGS(message_flags), ADDRESS, ADDRESS),
	CALL(recvmsg, FD, ADDRESS, FLAGS(message_flags)),
	CALL(recvmmsg, FD, ADDRESS, UINT, FLAGS(message_flags), ADDRESS),
	CALL(shutdown, FD, ONE_OF(shutdown_modes)),
	CALL_BY(setsockopt, setsockopt, FD, ONE_OF(socket_levels), INT, SIZED(OPTION, 5), INT),
	CALL_BY(getsockopt, getsockopt, FD, ONE_OF(socket_levels), INT, ADDRESS, ADDRESS),

	/* The system. */
	CALL(sethostname, BUFFER(2), SIZE),
	CALL(setdomainname, BUFFER(2), SIZE),
	CALL_BY(reboot, reboot, ONE_OF(reboot_magics_1), ONE_OF(reboot_magics_2), ONE_OF(reboot_commands), STRING),
	CALL(syslog, ONE_OF(syslog_actions), ADDRESS, INT),
	CALL(init_module, ADDRESS, SIZE, STRING),
	CALL(finit_module, FD, STRING, FLAGS(module_init_flags)),
	CALL(delete_module, STRING, FLAGS(module_flags)),
	CALL(kexec_load, ADDRESS, SIZE, ADDRESS, FLAGS(kexec_flags)),
#ifdef __NR_kexec_file_load
	CALL(kexec_file_load, FD, FD, SIZE, BUFFER(3), FLAGS(kexec_file_flags)),
#endif
	CALL(vhangup),
	CALL(uname, ADDRESS),
	CALL(sysinfo, ADDRESS),
	CALL(getrusage, INT, ADDRESS),
	CALL_BY(bpf, bpf, ONE_OF(bpf_commands), PIECE_OF(bpf_map, 3), UINT),
	CALL_FOR(FD, perf_event_open, STRUCT(perf_event), INT, INT, FD, FLAGS(perf_flags)),
	CALL_FOR(FD, io_uring_setup, UINT, STRUCT(io_uring_params)),
	CALL(io_uring_enter, FD, UINT, UINT, FLAGS(io_uring_enter_flags), ADDRESS, SIZE),
	CALL(io_uring_register, FD, ONE_OF(io_uring_operations), ADDRESS, UINT),
	CALL(lookup_dcookie, HEX, ADDRESS, SIZE),
	CALL(getrandom, ADDRESS, SIZE, FLAGS(random_flags)),

	/* Time. */
	CALL(settimeofday, STRUCT(timeval), STRUCT(timezone)),
	CALL(adjtimex, STRUCT(timex)),
	CALL(clock_settime, ONE_OF(clocks), STRUCT(timespec)),
	CALL(clock_adjtime, ONE_OF(clocks), STRUCT(timex)),
	CALL(clock_gettime, ONE_OF(clocks), ADDRESS),
	CALL(clock_nanosleep, ONE_OF(clocks), FLAGS(timer_flags), STRUCT(timespec), ADDRESS),
	CALL(nanosleep, STRUCT(timespec), ADDRESS),
	CALL(setitimer, ONE_OF(interval_timers), STRUCT(itimerval), ADDRESS),
	CALL(timer_create, ONE_OF(clocks), ADDRESS, ADDRESS),
	CALL(timer_settime, INT, FLAGS(timer_flags), STRUCT(itimerspec), ADDRESS),
	CALL_FOR(FD, timerfd_create, ONE_OF(clocks), FLAGS(timerfd_create_flags)),
	CALL(timer_delete, INT),
	CALL(timerfd_settime, FD, FLAGS(timerfd_flags), STRUCT(itimerspec), ADDRESS),

/* What newer machines do without. */
#ifdef __NR_renameat
	CALL(renameat, DIRFD, PATH, DIRFD, PATH),
#endif
#ifdef __x86_64__
	CALL_FOR(FD, open, PATH, FLAGS(open_flags), WHEN(OCTAL, 2, MAKES)),
	CALL_FOR(FD, creat, PATH, MODE),
	CALL(access, PATH, FLAGS(access_modes)),
	CALL(stat, PATH, ADDRESS),
	CALL(lstat, PATH, ADDRESS),
	CALL(readlink, PATH, ADDRESS, SIZE),
	CALL(chmod, PATH, MODE),
	CALL(chown, PATH, ID, ID),
	CALL(lchown, PATH, ID, ID),
	CALL(utime, PATH, STRUCT(utimbuf)),
	CALL(utimes, PATH, STRUCTS(timeval, struct timeval, 2)),
	CALL(futimesat, DIRFD, PATH, STRUCTS(timeval, struct timeval, 2)),
	CALL(unlink, PATH),
	CALL(link, PATH, PATH),
	CALL(symlink, PATH, PATH),
	CALL(mkdir, PATH, MODE),
	CALL(rmdir, PATH),
	CALL(mknod, PATH, LOOK(MODE), WHEN(DEVICE, 2, S_IFCHR)),
	CALL(rename, PATH, PATH),
	CALL(dup2, FD, FD),
	CALL(pipe, ADDRESS),
	CALL(fork),
	CALL(vfork),
	CALL(getdents, FD, ADDRESS, SIZE),
	CALL(uselib, PATH),
	CALL(ustat, LOOK(DEVICE), ADDRESS),
	CALL(sysfs, INT, HEX, HEX),
	CALL_FOR(FD, eventfd, UINT),
	CALL(epoll_create, INT),
	CALL(epoll_wait, FD, ADDRESS, INT, INT),
	CALL(poll, ADDRESS, UINT, INT),
	CALL(select, INT, ADDRESS, ADDRESS, ADDRESS, STRUCT(timeval)),
	CALL(inotify_init),
	CALL(alarm, UINT),
	CALL(time, ADDRESS),
	CALL(iopl, INT),
	CALL(ioperm, HEX, HEX, INT),
	CALL(modify_ldt, INT, ADDRESS, SIZE),
	CALL(arch_prctl, HEX, HEX),
#endif
};

const struct lc_call_row *lc_call_row(int number)
{
	if (number < 0 || (size_t)number >= sizeof(calls) / sizeof(calls[0]) || !calls[number].name)
		return NULL;
	return &calls[number];
}
