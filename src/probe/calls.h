/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System calls by name: their places in the kernel side's tables, and which of them it treats as more than a number. */
#ifndef LEASTCAP_PROBE_CALLS_H
#define LEASTCAP_PROBE_CALLS_H

#include <stdbool.h>
#include <stdint.h>

/* The kinds of programs that make syscalls by numbers of their own. */
enum lc_abi {
	LC_ABI_NATIVE,
	LC_ABI_X32,    /* x86-64 with 32-bit pointers: the same numbers but for some, from 512 on */
	LC_ABI_32_BIT, /* i386 on x86-64, ARM on arm64 */
	LC_ABIS,
};

/*
 * The place of the syscall NAME of ABI in a table of LC_CALL_TABLE (bpf/entry.h, lc_place_of); -1 when it has none. A call of
 * LC_ABI_X32 has none either where its number is the native one's.
 */
int lc_call_place(const char *name, enum lc_abi abi);

/* The name of the syscall in a key, as text that the caller frees; NULL outside of a syscall, and when it has none. */
char *lc_syscall_name(uint16_t syscall);

/*
 * Marks those syscalls in CALLS that engines' filters guard, and notes in SELECTORS 1 + the argument of each that filters look at. Both are
 * LC_CALL_TABLE long.
 */
void lc_calls_guard(uint8_t *calls, uint8_t *selectors);

/* Whether every return of syscall NAME, of any kind of program, is looked at: it is watched, or marked by lc_calls_guard. */
bool lc_call_is_looked_at(const char *name);

/* Fills CALLS, LC_CALL_TABLE long, with the enum lc_call of each syscall. */
void lc_calls_fill(uint8_t *calls);

#endif
