/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For tests: stacks made in a few words. */
#ifndef LEASTCAP_TESTS_STACKS_H
#define LEASTCAP_TESTS_STACKS_H

#include <leastcap/stack.h>
#include <leastcap/strbuf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Appends a function to STACK; its further fields are the caller's to set. */
static inline struct lc_frame *push(struct lc_stack *stack, const char *function, uint64_t offset)
{
	struct lc_frame *frame = lc_stack_add(stack);

	assert_non_null(frame);
	frame->function = lc_copy(function);
	frame->offset = offset;
	return frame;
}

/* A stack of the functions that are named, the innermost first; up to a NULL. The caller has its one reference. */
static inline struct lc_shared_stack *stack_of(const char *function, ...)
{
	struct lc_stack stack = {0};
	struct lc_shared_stack *shared;
	va_list further;

	va_start(further, function);
	for (; function; function = va_arg(further, const char *))
		push(&stack, function, 0x10 + stack.n);
	va_end(further);
	shared = lc_shared_stack_new(&stack);
	assert_non_null(shared);
	return shared;
}

#endif
