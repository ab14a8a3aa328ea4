/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process as it was at a check: its root, and the registers, stack and mappings that its stack is unwound from. */
#ifndef LEASTCAP_SNAPSHOT_H
#define LEASTCAP_SNAPSHOT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A root directory as the kernel knows it. */
struct lc_root {
	uint32_t device; /* of its file system, as the kernel numbers it: major << 20 | minor */
	uint64_t inode;  /* 0: not known, and no directory is this one */
};

/* Registers in the order of DWARF's numbers (x86-64 psABI, figure 3.36: rax rdx rcx rbx rsi rdi rbp rsp r8 … r15; AArch64: x0 … x30 sp). */
#define LC_REGISTERS 33
struct lc_registers {
	uint64_t dwarf[LC_REGISTERS];
	uint64_t pc;
	uint64_t sp;
};

/* The offset of a mapping that is a program's first executable segment: where in the file that lies only the file itself tells. */
#define LC_OFFSET_UNKNOWN UINT64_MAX

/* An executable mapping of a process. */
struct lc_mapping {
	uint64_t start;
	uint64_t end;
	uint64_t offset; /* in the file */
	uint32_t device; /* as the kernel numbers it: major << 20 | minor */
	uint64_t inode;
	char *path; /* as the container sees it; hostile */
};

/* A process as it was at a check. */
struct lc_snapshot {
	pid_t tgid;
	struct lc_root root;
	uint32_t exe; /* low half of the inode number of the program that it ran; 0: none */
	struct lc_registers registers;
	const unsigned char *stack; /* from registers.sp upwards */
	size_t stack_size;
	const struct lc_mapping *mappings; /* by address, rising */
	size_t n_mappings;
};

#endif
