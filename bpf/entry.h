/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which syscall the user registers at a kernel stack's top belong to: the same for the kernel side and for its tests. */
#ifndef LEASTCAP_BPF_ENTRY_H
#define LEASTCAP_BPF_ENTRY_H

#include "bpf/record.h"

#include <stdbool.h>

/* arch/x86/include/uapi/asm/unistd.h: a syscall of a 64-bit program with 32-bit pointers. */
#define LC_X32_BIT 0x40000000

/* What the registers say, by the names of arch/x86/include/asm/ptrace.h. */
struct lc_entry_x86 {
	__u64 orig_ax;
	__u64 cx;
	__u64 ip;
	bool compat; /* TS_COMPAT: the kernel serves a 32-bit syscall */
	bool sure;   /* they are the registers; otherwise their place on the stack was guessed */
};

/* NUMBER as in lc_key.syscall. A number beyond all tables is no syscall that asks for anything. */
static inline __u16 lc_syscall_word(__s64 number, bool compat)
{
	if (number < 0 || number > LC_SYSCALL_NUMBER)
		return LC_SYSCALL_NONE;
	return compat ? number | LC_SYSCALL_COMPAT : number;
}

/*
 * The syscall that ENTRY was made for, as in lc_key.syscall. orig_ax holds its number, of which the kernel takes the low half.
 * Every other way into the kernel puts -1 there before a handler runs: with the IDT idtentry_body, which hands on the error code or
 * vector that was there (arch/x86/entry/entry_64.S), with FRED fred_entry_from_user (arch/x86/entry/entry_fred.c). A guessed place
 * is believed only if rcx equals rip, as the SYSCALL instruction leaves them. int 0x80 does not, FRED does not, and a tracer can
 * change either register while its tracee stops at the entry.
 */
static inline __u16 lc_syscall_of_x86(const struct lc_entry_x86 *entry)
{
	__s32 number = (__s32)entry->orig_ax;

	if (!entry->sure && !entry->compat && entry->cx != entry->ip)
		return LC_SYSCALL_NONE;
	if (number >= 0 && !entry->compat)
		number &= ~LC_X32_BIT;
	return lc_syscall_word(number, entry->compat);
}

/*
 * The same from arm64's registers: SYSCALLNO is -1 (NO_SYSCALL) outside of syscalls, IS_32_BIT their pstate's PSR_MODE32_BIT
 * (arch/arm64/kernel/entry-common.c). The private calls of 32-bit ARM, from 0xf0000 on, ask for nothing.
 */
static inline __u16 lc_syscall_of_arm64(__s32 syscallno, bool is_32_bit)
{
	return lc_syscall_word(syscallno, is_32_bit);
}

/* Where WORD, as in lc_key.syscall, stands in a table of LC_CALL_TABLE; LC_CALL_TABLE where it has no place. */
static inline __u32 lc_place_of(__u16 word)
{
	__u32 number = word & LC_SYSCALL_NUMBER;

	if (number >= LC_SYSCALLS)
		return LC_CALL_TABLE;
	return word & LC_SYSCALL_COMPAT ? LC_SYSCALLS + number : number;
}

/* Whether WORD, as in lc_key.syscall, stands for a syscall that the task is in: its arguments are in registers, and a result will come. */
static inline bool lc_is_syscall(__u16 word)
{
	return word != LC_SYSCALL_NONE && word != LC_SYSCALL_URING;
}

#endif
