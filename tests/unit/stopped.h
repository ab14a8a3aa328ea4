/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A program stopped at its system call chroot, and all that an unwinder is told of it. */
#ifndef LEASTCAP_TESTS_STOPPED_H
#define LEASTCAP_TESTS_STOPPED_H

#include <leastcap/host.h>
#include <leastcap/why.h>

#include <elf.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define STOPPED_STACK (32 << 10)

struct stopped {
	pid_t pid;
	struct lc_snapshot snapshot;
	struct lc_mapping *mappings;
	unsigned char stack[STOPPED_STACK];
};

static inline int stopped_registers(pid_t pid, struct lc_registers *registers)
{
	struct user_regs_struct regs;
	struct iovec where = {&regs, sizeof(regs)};

	assert_int_equal(ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &where), 0);
#if defined(__x86_64__)
	*registers = (struct lc_registers){
		.dwarf = {regs.rax, regs.rdx, regs.rcx, regs.rbx, regs.rsi, regs.rdi, regs.rbp, regs.rsp, regs.r8,
			regs.r9, regs.r10, regs.r11, regs.r12, regs.r13, regs.r14, regs.r15},
		.pc = regs.rip,
		.sp = regs.rsp,
	};
	return (int)regs.orig_rax;
#else
	memcpy(registers->dwarf, regs.regs, sizeof(regs.regs));
	registers->dwarf[31] = regs.sp;
	registers->pc = regs.pc;
	registers->sp = regs.sp;
	return (int)regs.regs[8];
#endif
}

/* Runs ARGUMENTS up to its first chroot. */
static inline void stopped_start(struct stopped *stopped, char *const arguments[])
{
	struct iovec here = {stopped->stack, sizeof(stopped->stack)}, there;
	struct stat root;
	ssize_t got = -1;
	long signal;
	int status;

	memset(stopped, 0, sizeof(*stopped));
	stopped->pid = fork();
	if (stopped->pid == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		execv(arguments[0], arguments);
		_exit(127);
	}
	do {
		assert_int_equal(waitpid(stopped->pid, &status, 0), stopped->pid);
		assert_true(WIFSTOPPED(status));
		if (stopped_registers(stopped->pid, &stopped->snapshot.registers) == SYS_chroot)
			break;
		/* A signal of its own is passed on, that of being traced is not. */
		signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		assert_int_equal(ptrace(PTRACE_SYSCALL, stopped->pid, NULL, signal), 0);
	} while (1);
	there.iov_base = (void *)stopped->snapshot.registers.sp; /* NOLINT(performance-no-int-to-ptr) */
	/* Less than that may lie between it and the stack's end. */
	for (there.iov_len = here.iov_len; got <= 0 && there.iov_len >= 256; there.iov_len -= 256)
		got = process_vm_readv(stopped->pid, &here, 1, &there, 1, 0);
	assert_true(got > 0);
	assert_int_equal(lc_mappings_of_pid(stopped->pid, &stopped->mappings, &stopped->snapshot.n_mappings), 0);
	assert_int_equal(stat("/", &root), 0);
	stopped->snapshot.tgid = stopped->pid;
	stopped->snapshot.root.device = (uint32_t)(major(root.st_dev) << 20 | minor(root.st_dev));
	stopped->snapshot.root.inode = root.st_ino;
	stopped->snapshot.stack = stopped->stack;
	stopped->snapshot.stack_size = (size_t)got;
	stopped->snapshot.mappings = stopped->mappings;
}

/* Ends the process; what is known of it stays. */
static inline void stopped_kill(struct stopped *stopped)
{
	if (stopped->pid) {
		kill(stopped->pid, SIGKILL);
		waitpid(stopped->pid, NULL, 0);
	}
	stopped->pid = 0;
}

static inline void stopped_end(struct stopped *stopped)
{
	stopped_kill(stopped);
	lc_mappings_free(stopped->mappings, stopped->snapshot.n_mappings);
}

#endif
