/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What differs between processors: registers, calls, kinds of ELF files. */
#ifndef LEASTCAP_WHY_MACHINE_H
#define LEASTCAP_WHY_MACHINE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Numbers of DWARF. */
#if defined(__x86_64__)
#define MACHINE_REGISTERS     16
#define MACHINE_STACK_POINTER 7
#define MACHINE_FRAME_POINTER 6
#define MACHINE_LINK_REGISTER (-1) /* calls push the return address */
#define MACHINE_CALL_MAX      7    /* bytes of the longest call */
#elif defined(__aarch64__)
#define MACHINE_REGISTERS     32
#define MACHINE_STACK_POINTER 31
#define MACHINE_FRAME_POINTER 29
#define MACHINE_LINK_REGISTER 30
#define MACHINE_CALL_MAX      4
#else
#error "stacks are unwound on x86-64 and AArch64 only"
#endif

/* An ELF header of this machine's kind. It is not written to. */
char *lc_why_machine_header(void);

/* Whether HEADER is that of a program or library for this machine. */
bool lc_why_machine_is_ours(const GElf_Ehdr *header);

/* ADDRESS without what the processor packs into its upper bits (a pointer's signature). */
uint64_t lc_why_machine_plain_address(uint64_t address);

/* Whether the MACHINE_CALL_MAX bytes in CODE end with a call. */
bool lc_why_machine_ends_with_call(const unsigned char *code);

/* Whether the SIZE bytes of CODE that a function begins with make a frame pointer. */
bool lc_why_machine_makes_frame_pointer(const unsigned char *code, size_t size);

#endif
