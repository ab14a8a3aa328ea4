/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls about processes, signals, scheduling and limits. */
#include "src/syscalls/rows.h"

#include <linux/membarrier.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <sys/resource.h>

/* clone's last arguments come in another order on some machines (CONFIG_CLONE_BACKWARDS). strace always shows them in one order. */
#ifdef __x86_64__
#define TLS       5
#define CHILD_TID 4
#else
#define TLS       4
#define CHILD_TID 5
#endif
#define CLONED(name, argument, bits)                                                                                   \
	{                                                                                                              \
		.kind = LC_KIND_ADDRESS, .from = (argument), .label = (name), .when = 1, .mask = (bits)                \
	}

static const struct lc_syscall rows[] = {
	/* Begun and ended. */
	{CALL(fork)},
	{CALL(vfork)},
	{CALL(clone, {.kind = LC_KIND_ADDRESS, .from = 2, .label = "child_stack="},
		{.kind = LC_KIND_CLONE, .from = 1, .label = "flags="},
		CLONED("parent_tid=", 3, CLONE_PARENT_SETTID | CLONE_PIDFD), CLONED("tls=", TLS, CLONE_SETTLS),
		CLONED("child_tidptr=", CHILD_TID, CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID))},
	{CALL(clone3, PIECE_OF(clone_args, 2), SIZE)},
	{CALL(execve, PATH, ADDRESS, ADDRESS), WANTS(EXECUTE), VERB("executed")},
	{CALL(execveat, DIRFD, PATH, ADDRESS, ADDRESS, FLAGS(at_flags)), WANTS(EXECUTE), VERB("executed")},
	{CALL(exit, INT)},
	{CALL(exit_group, INT)},
	{CALL(wait4, INT, ADDRESS, FLAGS(wait_options), ADDRESS)},
	{CALL(waitid, ONE_OF(wait_ids), INT, ADDRESS, FLAGS(wait_options), ADDRESS)},

	/* Ids, sessions, namespaces. */
	{CALL(getpid)},
	{CALL(getppid)},
	{CALL(gettid)},
	{CALL(getpgrp)},
	{CALL(setns, FILE_FD, FLAGS(namespace_flags))},
	{CALL(unshare, FLAGS(namespace_flags))},
	{CALL(setpgid, PID, PID)},
	{CALL(getpgid, PID)},
	{CALL(getsid, PID)},
	{CALL(setsid)},
	{CALL(personality, FLAGS(personalities))},
	{CALL(uselib, PATH), WANTS(READ)},

	/* Signals. */
	{CALL(kill, PID, SIGNAL)},
	{CALL(tkill, PID, SIGNAL)},
	{CALL(tgkill, PID, PID, SIGNAL)},
	{CALL(rt_sigqueueinfo, PID, SIGNAL, STRUCT(siginfo))},
	{CALL(rt_tgsigqueueinfo, PID, PID, SIGNAL, STRUCT(siginfo))},
	{CALL(rt_sigaction, SIGNAL, ADDRESS, ADDRESS, SIZE)},
	{CALL(rt_sigprocmask, ONE_OF(sigmask_hows), ADDRESS, ADDRESS, SIZE)},
	{CALL(rt_sigpending, ADDRESS, SIZE)},
	{CALL(rt_sigsuspend, ADDRESS, SIZE)},
	{CALL(rt_sigtimedwait, ADDRESS, ADDRESS, STRUCT(timespec), SIZE)},
	{CALL(rt_sigreturn)},
	{CALL(pause)},
	{CALL(sigaltstack, ADDRESS, ADDRESS)},
	{CALL(pidfd_open, PID, HEX), RETURNS(FD)},
	{CALL(pidfd_send_signal, FD, SIGNAL, STRUCT(siginfo), HEX)},
	{CALL(pidfd_getfd, FD, INT, HEX), RETURNS(FD)},

	/* Other processes' memory. */
	{CALL(process_madvise, FD, ADDRESS, SIZE, ONE_OF(advices), HEX)},
	{CALL(process_mrelease, FD, HEX)},
	{CALL(ptrace, ONE_OF(ptrace_requests), PID, ADDRESS, HEX), VARIES(ptrace)},
	{CALL(process_vm_readv, PID, ADDRESS, SIZE, ADDRESS, SIZE, HEX)},
	{CALL(process_vm_writev, PID, ADDRESS, SIZE, ADDRESS, SIZE, HEX)},
	{CALL(kcmp, PID, PID, ONE_OF(kcmp_types), HEX, HEX), VARIES(kcmp)},

	/* Threads. */
	{CALL(set_tid_address, ADDRESS)},
	{CALL(set_robust_list, ADDRESS, SIZE)},
	{CALL(get_robust_list, PID, ADDRESS, ADDRESS)},
	{CALL(rseq, ADDRESS, HEX, HEX, HEX)},
	{NEW(471, rseq_slice_yield)},
	{CALL(membarrier, ONE_OF(membarrier_commands), HEX, WHEN(INT, 2, MEMBARRIER_CMD_FLAG_CPU))},
	{CALL(futex, ADDRESS, HEX, UINT, ADDRESS, ADDRESS, HEX)},
	{CALL(futex_waitv, ADDRESS, UINT, HEX, STRUCT(timespec), ONE_OF(clocks))},
	{NEW(454, futex_wake, ADDRESS, HEX, INT, HEX)},
	{NEW(455, futex_wait, ADDRESS, HEX, HEX, HEX, STRUCT(timespec), ONE_OF(clocks))},
	{NEW(456, futex_requeue, ADDRESS, HEX, INT, INT)},
	{CALL(get_thread_area, ADDRESS)},
	{CALL(set_thread_area, ADDRESS)},
	{CALL(arch_prctl, HEX, HEX)},
	{CALL(modify_ldt, INT, ADDRESS, SIZE)},

	/* Scheduling. */
	{CALL(setpriority, ONE_OF(priority_whiches), PID, INT)},
	{CALL(getpriority, ONE_OF(priority_whiches), PID)},
	{CALL(ioprio_set, ONE_OF(io_priority_whiches), PID, KIND(IO_PRIORITY))},
	{CALL(ioprio_get, ONE_OF(io_priority_whiches), PID)},
	{CALL(sched_setscheduler, PID, FLAGS(set_policies), ARRAY(INT, sizeof(int), 1))},
	{CALL(sched_setparam, PID, ARRAY(INT, sizeof(int), 1))},
	{CALL(sched_setattr, PID, STRUCT(sched_attr), HEX)},
	{CALL(sched_setaffinity, PID, UINT, SIZED(CPUS, 2))},
	{CALL(sched_getscheduler, PID)},
	{CALL(sched_getparam, PID, ADDRESS)},
	{CALL(sched_getattr, PID, ADDRESS, UINT, HEX)},
	{CALL(sched_getaffinity, PID, UINT, ADDRESS)},
	{CALL(sched_get_priority_max, ONE_OF(policies))},
	{CALL(sched_get_priority_min, ONE_OF(policies))},
	{CALL(sched_rr_get_interval, PID, ADDRESS)},
	{CALL(sched_yield)},
	{CALL(getcpu, ADDRESS, ADDRESS, ADDRESS)},

	/* Limits. */
	{CALL(setrlimit, ONE_OF(resources), STRUCT(rlimit))},
	{CALL(getrlimit, ONE_OF(resources), ADDRESS)},
	{CALL(prlimit64, PID, ONE_OF(resources), STRUCT(rlimit), ADDRESS)},
	{CALL(getrusage, INT, ADDRESS)},
};

const struct lc_syscalls lc_processes_syscalls = SYSCALLS(rows);
