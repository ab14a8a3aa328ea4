/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System calls by name: their places in the kernel side's tables, and which of them it treats as more than a number. */
#include "src/probe/calls.h"

#include "bpf/entry.h"

#include <leastcap/cleanup.h>
#include <leastcap/facts.h>
#include <leastcap/syscalls.h>

#include <seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Numbers of x32's own begin here: arch/x86/entry/syscalls/syscall_64.tbl. */
#define FIRST_OF_X32 512
#define LAST_OF_X32  547

/* From here on a number is the same on every architecture: include/uapi/asm-generic/unistd.h. */
#define FIRST_COMMON 424

/*
 * From here downwards libseccomp numbers syscalls that an architecture lacks (seccomp.h, __PNR_*). Above are its numbers for i386's
 * multiplexed calls.
 */
#define LAST_OF_ABSENT (-10000)

/* Calls that the kernel side knows by more than what their arguments are. */
static const struct {
	const char *syscall;
	enum lc_call call;
	enum lc_call narrow; /* what a 32-bit program's call of this name is, where that is not the same */
} special[] = {
	{"accept", LC_CALL_ACCEPT, 0},
	{"accept4", LC_CALL_ACCEPT, 0},
	{"bind", LC_CALL_BIND, 0},
	{"capget", LC_CALL_CAPGET, 0},
	{"capset", LC_CALL_CAPSET, 0},
	{"clone", LC_CALL_CLONE, 0},
	{"clone3", LC_CALL_CLONE, 0},
	{"execve", LC_CALL_EXECVE, 0},
	{"execveat", LC_CALL_EXECVEAT, 0},
	{"io_uring_register", LC_CALL_RING, 0},
	{"kill", LC_CALL_KILL, 0},
	{"listen", LC_CALL_LISTEN, 0},
	{"openat2", LC_CALL_OPENAT2, 0},
	{"prctl", LC_CALL_PRCTL, 0},
	{"setgid", LC_CALL_SETGID, LC_CALL_SETGID_16},
	{"setgid32", LC_CALL_SETGID, 0},
	{"setresgid", LC_CALL_SETRESGID, LC_CALL_SETRESGID_16},
	{"setresgid32", LC_CALL_SETRESGID, 0},
	{"setresuid", LC_CALL_SETRESUID, LC_CALL_SETRESUID_16},
	{"setresuid32", LC_CALL_SETRESUID, 0},
	{"setsockopt", LC_CALL_SETSOCKOPT, 0},
	{"setuid", LC_CALL_SETUID, LC_CALL_SETUID_16},
	{"setuid32", LC_CALL_SETUID, 0},
	{"socketcall", LC_CALL_SOCKETCALL, 0},
};

/* libseccomp's name for the programs of ABI. */
static uint32_t architecture_of(enum lc_abi abi)
{
	switch (abi) {
	case LC_ABI_X32:
		return SCMP_ARCH_X32;
	case LC_ABI_32_BIT:
		return seccomp_arch_native() == SCMP_ARCH_AARCH64 ? SCMP_ARCH_ARM : SCMP_ARCH_X86;
	default:
		return SCMP_ARCH_NATIVE;
	}
}

/* The number whose name is NAME; -1 when there is none. */
static int find_number(uint32_t architecture, const char *name)
{
	for (int number = 0; number < LC_SYSCALLS; number++) {
		_cleanup_free_ char *other = seccomp_syscall_resolve_num_arch(architecture, number);

		if (other && !strcmp(other, name))
			return number;
	}
	return -1;
}

/* The number of the call NAME, which is newer than the library; -1 when the table does not have it either. */
static int common_number(const char *name)
{
	const struct lc_syscall *call = lc_syscall_named(name);

	return call && call->number >= FIRST_COMMON ? call->number : -1;
}

int lc_call_place(const char *name, enum lc_abi abi)
{
	uint32_t architecture = architecture_of(abi);
	int number;

	if (abi == LC_ABI_X32 && seccomp_arch_native() != SCMP_ARCH_X86_64)
		return -1;
	number = seccomp_syscall_resolve_name_arch(architecture, name);
	/*
	 * Negative numbers are libseccomp's own, for syscalls that the architecture lacks. It also has them for syscalls that were
	 * part of i386's socketcall and ipc first and got numbers of their own later (4.3, 5.1).
	 */
	if (number == __NR_SCMP_ERROR)
		number = common_number(name);
	else if (number < 0 && number > LAST_OF_ABSENT && architecture == SCMP_ARCH_X86)
		number = find_number(architecture, name);
	if (number < 0)
		return -1;
	if (abi == LC_ABI_X32) {
		number &= ~LC_X32_BIT;
		return number >= FIRST_OF_X32 && number <= LAST_OF_X32 ? number : -1;
	}
	if (number >= LC_SYSCALLS)
		return -1;
	return (int)lc_place_of((uint16_t)(abi == LC_ABI_32_BIT ? LC_SYSCALL_COMPAT | number : number));
}

char *lc_syscall_name(uint16_t syscall)
{
	int number = syscall & LC_SYSCALL_NUMBER;
	enum lc_abi abi = syscall & LC_SYSCALL_COMPAT ? LC_ABI_32_BIT : LC_ABI_NATIVE;
	const struct lc_syscall *call;
	char *name;

	if (syscall == LC_SYSCALL_URING)
		return strdup("io_uring_enter");
	if (!lc_is_syscall(syscall))
		return NULL;
	if (abi == LC_ABI_NATIVE && number >= FIRST_OF_X32 && number <= LAST_OF_X32 &&
		seccomp_arch_native() == SCMP_ARCH_X86_64) {
		abi = LC_ABI_X32;
		number |= LC_X32_BIT;
	}
	name = seccomp_syscall_resolve_num_arch(architecture_of(abi), number);
	if (!name && number >= FIRST_COMMON && (call = lc_syscall_numbered(number)))
		name = strdup(call->name);
	return name;
}

/* Marks the bare number of a 32-bit syscall that is watched when it returns. */
static void watch_32_bit(uint8_t *calls, int place, enum lc_call call)
{
	if (call >= LC_CALL_RETURNS)
		calls[place - LC_SYSCALLS] |= LC_CALL_RETURNS_32;
}

/* What CALL of ABI is for the kernel side, by special[] or else by its arguments. */
static enum lc_call call_of(const struct lc_syscall *call, enum lc_abi abi)
{
	static const enum lc_call modes[LC_CALL_ARGUMENTS] = {[1] = LC_CALL_MODE_1, LC_CALL_MODE_2, LC_CALL_MODE_3};
	static const uint64_t asked[LC_CALL_ARGUMENTS] = {R_OK, R_OK, R_OK, R_OK, R_OK, R_OK}; /* of access(2) */
	enum lc_access access = lc_syscall_access(call, asked);

	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (!strcmp(special[i].syscall, call->name))
			return abi == LC_ABI_32_BIT && special[i].narrow ? special[i].narrow : special[i].call;
	}
	if (call->looks)
		return LC_CALL_LOOKUP;
	if (!lc_syscall_is_about_file(call))
		return LC_CALL_OTHER;
	for (int i = 0; i < call->n; i++) {
		if (call->arguments[i].kind == LC_KIND_OCTAL || call->arguments[i].kind == LC_KIND_MODE)
			return modes[i];
	}
	return access == LC_ACCESS_READ || access == LC_ACCESS_WRITE ? LC_CALL_FILE : LC_CALL_OTHER;
}

/* Calls whose returns are counted for what they tell of a target: that it restricts itself, that it is in service, at which ports. */
static const char *const telling[] = {"accept", "accept4", "bind", "landlock_restrict_self", "listen"};

/* Whether all returns of syscall NAME are counted: engines' filters guard it, or it is a telling one. */
static bool is_always_counted(const char *name)
{
	for (size_t i = 0; i < sizeof(telling) / sizeof(telling[0]); i++) {
		if (strcmp(name, telling[i]) == 0)
			return true;
	}
	return lc_filter_guards(name);
}

bool lc_call_is_looked_at(const char *name)
{
	for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
		if (special[i].call >= LC_CALL_RETURNS && !strcmp(special[i].syscall, name))
			return true;
	}
	return is_always_counted(name);
}

void lc_calls_guard(uint8_t *calls, uint8_t *selectors)
{
	const struct lc_syscall *row;
	size_t cursor = 0;

	while ((row = lc_syscall_next(&cursor))) {
		bool guarded = is_always_counted(row->name);
		int selector = lc_filter_selector(row->name);

		for (enum lc_abi abi = LC_ABI_NATIVE; (guarded || selector >= 0) && abi < LC_ABIS; abi++) {
			int place = lc_call_place(row->name, abi);

			if (place < 0)
				continue;
			selectors[place] = (uint8_t)(1 + selector);
			calls[place] |= guarded ? LC_CALL_GUARDED : 0;
			if (abi == LC_ABI_32_BIT && guarded)
				watch_32_bit(calls, place, LC_CALL_RETURNS);
		}
	}
}

void lc_calls_fill(uint8_t *calls)
{
	const struct lc_syscall *row;
	size_t cursor = 0;

	while ((row = lc_syscall_next(&cursor))) {
		for (enum lc_abi abi = LC_ABI_NATIVE; abi < LC_ABIS; abi++) {
			enum lc_call call = call_of(row, abi);
			int place = call != LC_CALL_OTHER ? lc_call_place(row->name, abi) : -1;

			if (place < 0)
				continue;
			calls[place] |= (uint8_t)call;
			if (abi == LC_ABI_32_BIT)
				watch_32_bit(calls, place, call);
		}
	}
}
