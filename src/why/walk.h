/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the innermost function of a stack outwards. */
#ifndef LEASTCAP_WHY_WALK_H
#define LEASTCAP_WHY_WALK_H

#include "src/why/images.h"

/* A stack as it is gathered: where each frame's module is known only as the number of a mapping. */
struct walk {
	struct images *images;
	const struct lc_why_request *request;
	struct lc_stack *stack;
	int mappings[LC_STACK_DEPTH]; /* -1: in none */
	struct lc_registers now;      /* of the frame that the way on starts from, addresses of code in our own space */
	bool returning;               /* now.pc is that of a call, and not where the program stopped */
	bool resume;                  /* there is no call frame information here: see lc_why_step_without_cfi */
	bool ran_out;                 /* the way to the next frame led beyond what was taken of the stack */
	bool complete;                /* the outermost function that matters is reached */
	bool starting;                /* the next frame is the first of a walk by libdwfl */
	unsigned steps;
};

extern const Dwfl_Thread_Callbacks lc_why_walk_callbacks;

/* Unwinds REQUEST to STACK and MAPPINGS (of LC_STACK_DEPTH), with what IMAGES has. 0 or -errno. */
int lc_why_walk_request(
	struct images *images, const struct lc_why_request *request, struct lc_stack *stack, int *mappings);

/* Reads the word at ADDRESS of the process's stack as it is there. Whether it was taken. */
bool lc_why_walk_read(const struct walk *walk, uint64_t address, uint64_t *word);

/*
 * Goes from walk->now to the caller where there is no call frame information: by the frame pointer, or to the first word on the
 * stack that is a return address. Whether there was one.
 */
bool lc_why_step_without_cfi(struct walk *walk);

#endif
