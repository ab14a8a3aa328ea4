/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions that led to a check, and a stack that several checks share, which counts its references. */
#ifndef LEASTCAP_STACK_H
#define LEASTCAP_STACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LC_STACK_DEPTH 64 /* frames of a stack at most */

/* One function of a stack. Strings are owned, hostile, and NULL when unknown. */
struct lc_frame {
	char *function; /* demangling is not done */
	/* Of the address in the function (0: inlined). Without the function's name: in the module, as addr2line -e takes it. */
	uint64_t offset;
	char *module; /* path of the ELF file as the container sees it; "[vdso]"; NULL in the kernel, or where code has no file */
	char *file;    /* the source, where there is debug information */
	uint32_t line; /* 0: unknown */
	bool inlined;  /* into the frame that follows it */
};

/* A stack, innermost function first. */
struct lc_stack {
	struct lc_frame *frames;
	size_t n;
	bool cut; /* there was more: the stack was deeper than what was taken, or could not be unwound further */
};

/* Appends a zeroed frame, or NULL when there is no room (LC_STACK_DEPTH) or memory. */
struct lc_frame *lc_stack_add(struct lc_stack *stack);

/* Frees what STACK owns and zeroes it. STACK may be NULL. */
void lc_stack_clear(struct lc_stack *stack);

/* A stack with a count of who refers to it. */
struct lc_shared_stack {
	unsigned references;
	struct lc_stack stack;
};

/* Takes over what STACK owns (it is zeroed). One reference, the caller's; NULL when out of memory: STACK is then cleared. */
struct lc_shared_stack *lc_shared_stack_new(struct lc_stack *stack);

/* One reference more. Returns STACK, which may be NULL. */
struct lc_shared_stack *lc_shared_stack_take(struct lc_shared_stack *stack);

/* One reference less; with the last it is freed. STACK may be NULL. */
void lc_shared_stack_drop(struct lc_shared_stack *stack);

/* The order of two stacks, by what is in them: less than, equal to or greater than 0, as strcmp. Neither may be NULL. */
int lc_shared_stack_compare(const struct lc_shared_stack *a, const struct lc_shared_stack *b);

#endif
