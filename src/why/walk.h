/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From the innermost function of a stack outwards. */
#ifndef LEASTCAP_WHY_WALK_H
#define LEASTCAP_WHY_WALK_H

#include "src/why/images.h"

/* A stack as it is gathered. A frame's module is known by the number of its mapping only. */
struct lc_why_walk {
	struct lc_why_images *images;
	const struct lc_why_request *request;
	struct lc_stack *stack;
	int mappings[LC_STACK_DEPTH]; /* -1: in none */
	struct lc_registers now; /* of the frame that libdwfl starts from; addresses of code are in our own space */
	bool returning;          /* now.pc is in a call, and not where the program stopped */
	bool resume;             /* there is no call frame information here: see lc_why_step_without_cfi */
	bool ran_out;            /* the next frame lies beyond what was taken of the stack */
	bool complete;           /* the outermost function that matters is reached */
	bool starting;           /* the next frame is the first of a walk by libdwfl */
	unsigned steps;
};

extern const Dwfl_Thread_Callbacks lc_why_walk_callbacks;

/* Unwinds REQUEST with IMAGES to STACK, and the number of each frame's mapping to MAPPINGS (LC_STACK_DEPTH). 0 or -errno: both are then unchanged. */
int lc_why_walk_request(
	struct lc_why_images *images, const struct lc_why_request *request, struct lc_stack *stack, int *mappings);

/* Reads the word at ADDRESS of the process's stack as it is there. Whether it was taken. */
bool lc_why_walk_read(const struct lc_why_walk *walk, uint64_t address, uint64_t *word);

/*
 * Goes from walk->now to the caller where there is no call frame information: by the frame pointer, or to the first word on the
 * stack that is a return address. Whether there was one.
 */
bool lc_why_step_without_cfi(struct lc_why_walk *walk);

#endif
