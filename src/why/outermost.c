/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Knows by name what lies outside of main. */
#include "src/why/outermost.h"

#include <stdlib.h>
#include <string.h>

/* What calls main, and what begins a thread, in glibc, musl and Go. */
static const char *const beginnings[] = {
	"__libc_start_main",
	"__libc_start_main_impl",
	"__libc_start_call_main",
	"libc_start_main_stage2",
	"_start_c",
	"_start",
	"start_thread",
	"clone",
	"__clone",
	"clone3",
	"__clone3",
	"__clone_internal",
	"runtime.goexit",
	"runtime.goexit.abi0",
};

static bool is_named(const struct lc_frame *frame, const char *name)
{
	return frame->function && strcmp(frame->function, name) == 0;
}

static bool is_beginning(const struct lc_frame *frame)
{
	size_t i;

	for (i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		if (is_named(frame, beginnings[i]))
			return true;
	}
	return false;
}

bool lc_why_outermost_is_reached(const struct lc_stack *stack)
{
	const struct lc_frame *last = stack->n ? &stack->frames[stack->n - 1] : NULL;

	return last && (is_named(last, "main") || is_named(last, "main.main"));
}

static void drop_last(struct lc_stack *stack)
{
	struct lc_frame *last = &stack->frames[--stack->n];

	free(last->function);
	free(last->module);
	free(last->file);
	memset(last, 0, sizeof(*last));
}

/* The number of the frame of the C library that starts a program, 0 when there is none. */
static size_t find_start(const struct lc_stack *stack)
{
	size_t i;

	for (i = stack->n; i-- > 1;) {
		if (is_named(&stack->frames[i], "__libc_start_main"))
			return i;
	}
	return 0;
}

void lc_why_outermost_trim(struct lc_stack *stack, const int *mappings)
{
	size_t start = find_start(stack);

	if (start) {
		while (stack->n > start)
			drop_last(stack);
		stack->cut = false;
		/* Between __libc_start_main and main is one more function, which only glibc's debug information names. */
		if (stack->n > 1 && !stack->frames[stack->n - 1].function && mappings[start - 1] == mappings[start])
			drop_last(stack);
	}
	while (stack->n > 1 && is_beginning(&stack->frames[stack->n - 1])) {
		stack->cut = false;
		drop_last(stack);
	}
}
