/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which syscalls the kernel side treats as more than a number. */
#include "src/probe/calls.h"

#include "bpf/record.h"

#include <seccomp.h>
#include <stddef.h>

static const struct {
	const char *syscall;
	enum lc_call call;
} special[] = {
	{"access", LC_CALL_FILE},
	{"capget", LC_CALL_CAPGET},
	{"capset", LC_CALL_CAPSET},
	{"chmod", LC_CALL_MODE_1},
	{"creat", LC_CALL_MODE_1},
	{"execve", LC_CALL_EXECVE},
	{"execveat", LC_CALL_EXECVEAT},
	{"faccessat", LC_CALL_FILE},
	{"faccessat2", LC_CALL_FILE},
	{"fchmod", LC_CALL_MODE_1},
	{"fchmodat", LC_CALL_MODE_2},
	{"fchmodat2", LC_CALL_MODE_2},
	{"kill", LC_CALL_KILL},
	{"lstat", LC_CALL_LOOKUP},
	{"mknod", LC_CALL_MODE_1},
	{"mknodat", LC_CALL_MODE_2},
	{"newfstatat", LC_CALL_LOOKUP},
	{"open", LC_CALL_MODE_2},
	{"openat", LC_CALL_MODE_3},
	{"openat2", LC_CALL_FILE},
	{"prctl", LC_CALL_PRCTL},
	{"pread64", LC_CALL_FILE},
	{"pwrite64", LC_CALL_FILE},
	{"read", LC_CALL_FILE},
	{"readlink", LC_CALL_LOOKUP},
	{"readlinkat", LC_CALL_LOOKUP},
	{"readv", LC_CALL_FILE},
	{"setgid", LC_CALL_SETGID},
	{"setresgid", LC_CALL_SETRESGID},
	{"setresuid", LC_CALL_SETRESUID},
	{"setsockopt", LC_CALL_SETSOCKOPT},
	{"setuid", LC_CALL_SETUID},
	{"stat", LC_CALL_LOOKUP},
	{"statx", LC_CALL_LOOKUP},
	{"write", LC_CALL_FILE},
	{"writev", LC_CALL_FILE},
};

void lc_calls_fill(uint8_t *calls)
{
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		int number = seccomp_syscall_resolve_name(special[i].syscall);

		/* Not every architecture has every syscall: negative numbers are libseccomp's own. */
		if (number >= 0 && number < LC_SYSCALLS)
			calls[number] = (uint8_t)special[i].call;
	}
}
