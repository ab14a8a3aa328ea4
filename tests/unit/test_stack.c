/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the list of a stack's functions, and where it ends for its reader. */
#include "src/why/outermost.h"

#include <leastcap/why.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_new_frame_is_empty(void **state)
{
	struct lc_stack stack = {0};
	const struct lc_frame *frame = lc_stack_add(&stack);

	(void)state;
	assert_non_null(frame);
	assert_int_equal(stack.n, 1);
	assert_null(frame->function);
	assert_int_equal(frame->offset, 0);
	lc_stack_clear(&stack);
}

static void there_is_room_for_so_many_frames_and_no_more(void **state)
{
	struct lc_stack stack = {0};
	size_t i;

	(void)state;
	for (i = 0; i < LC_STACK_DEPTH; i++)
		assert_non_null(lc_stack_add(&stack));
	assert_null(lc_stack_add(&stack));
	assert_int_equal(stack.n, LC_STACK_DEPTH);
	lc_stack_clear(&stack);
}

static void clearing_leaves_an_empty_stack(void **state)
{
	struct lc_stack stack = {0};

	(void)state;
	lc_stack_add(&stack)->function = strdup("main");
	lc_stack_clear(&stack);
	assert_int_equal(stack.n, 0);
	assert_null(stack.frames);
	lc_stack_clear(NULL);
}

/* A stack of FUNCTIONS ("?": no name), innermost first. */
static struct lc_stack stack_of(const char *const *functions)
{
	struct lc_stack stack = {.cut = true};

	for (; *functions; functions++) {
		struct lc_frame *frame = lc_stack_add(&stack);

		assert_non_null(frame);
		frame->function = strcmp(*functions, "?") ? strdup(*functions) : NULL;
	}
	return stack;
}

static void what_starts_main_is_left_out(void **state)
{
	struct lc_stack stack =
		stack_of((const char *const[]){"bind", "serve", "?", "?", "__libc_start_main", "?", NULL});
	/* libc, program, program, libc, libc, program */
	const int mappings[] = {1, 0, 0, 1, 1, 0};

	(void)state;
	lc_why_outermost_trim(&stack, mappings);
	assert_int_equal(stack.n, 3);
	assert_false(stack.cut);
	lc_stack_clear(&stack);
}

static void a_nameless_function_of_the_program_before_libc_stays(void **state)
{
	struct lc_stack stack = stack_of((const char *const[]){"bind", "?", "__libc_start_main", "_start", NULL});
	const int mappings[] = {1, 0, 1, 0};

	(void)state;
	lc_why_outermost_trim(&stack, mappings);
	assert_int_equal(stack.n, 2);
	lc_stack_clear(&stack);
}

static void what_starts_a_thread_is_left_out(void **state)
{
	struct lc_stack stack = stack_of((const char *const[]){"bind", "worker", "start_thread", "clone3", NULL});
	const int mappings[] = {1, 0, 1, 1};

	(void)state;
	lc_why_outermost_trim(&stack, mappings);
	assert_int_equal(stack.n, 2);
	assert_string_equal(stack.frames[1].function, "worker");
	assert_false(stack.cut);
	lc_stack_clear(&stack);
}

static void a_stack_of_nothing_else_keeps_its_innermost_function(void **state)
{
	struct lc_stack stack = stack_of((const char *const[]){"clone", "clone3", NULL});
	const int mappings[] = {1, 1};

	(void)state;
	lc_why_outermost_trim(&stack, mappings);
	assert_int_equal(stack.n, 1);
	lc_stack_clear(&stack);
}

static void main_is_the_outermost_function_that_matters(void **state)
{
	struct lc_stack c = stack_of((const char *const[]){"bind", "main", NULL});
	struct lc_stack go = stack_of((const char *const[]){"syscall.Bind", "main.main", NULL});
	struct lc_stack other = stack_of((const char *const[]){"main", "bind", NULL});

	(void)state;
	assert_true(lc_why_outermost_is_reached(&c));
	assert_true(lc_why_outermost_is_reached(&go));
	assert_false(lc_why_outermost_is_reached(&other));
	lc_stack_clear(&c);
	lc_stack_clear(&go);
	lc_stack_clear(&other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_frame_is_empty),
		cmocka_unit_test(there_is_room_for_so_many_frames_and_no_more),
		cmocka_unit_test(clearing_leaves_an_empty_stack),
		cmocka_unit_test(what_starts_main_is_left_out),
		cmocka_unit_test(a_nameless_function_of_the_program_before_libc_stays),
		cmocka_unit_test(what_starts_a_thread_is_left_out),
		cmocka_unit_test(a_stack_of_nothing_else_keeps_its_innermost_function),
		cmocka_unit_test(main_is_the_outermost_function_that_matters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
