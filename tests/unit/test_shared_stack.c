/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of stacks that several checks have in common: their references (ASan sees what is lost) and their order. */
#include "stacks.h"

static void a_new_one_takes_over_what_the_stack_owns(void **state)
{
	struct lc_stack stack = {.cut = true};
	struct lc_shared_stack *shared;

	(void)state;
	push(&stack, "main", 7);
	shared = lc_shared_stack_new(&stack);
	assert_null(stack.frames);
	assert_int_equal(stack.n, 0);
	assert_int_equal(shared->stack.n, 1);
	assert_string_equal(shared->stack.frames[0].function, "main");
	assert_true(shared->stack.cut);
	lc_shared_stack_drop(shared);
}

static void it_lives_as_long_as_its_last_reference(void **state)
{
	struct lc_shared_stack *shared = stack_of("bind", "main", NULL);
	struct lc_shared_stack *second = lc_shared_stack_take(shared);

	(void)state;
	assert_ptr_equal(second, shared);
	assert_int_equal(shared->references, 2);
	lc_shared_stack_drop(shared);
	assert_int_equal(second->references, 1);
	assert_string_equal(second->stack.frames[1].function, "main");
	lc_shared_stack_drop(second);
}

static void none_at_all_can_be_taken_and_dropped(void **state)
{
	(void)state;
	assert_null(lc_shared_stack_take(NULL));
	lc_shared_stack_drop(NULL);
}

/* Asserts that A comes before B, and drops both. */
static void assert_before(struct lc_shared_stack *a, struct lc_shared_stack *b)
{
	assert_true(lc_shared_stack_compare(a, b) < 0);
	assert_true(lc_shared_stack_compare(b, a) > 0);
	lc_shared_stack_drop(a);
	lc_shared_stack_drop(b);
}

static void two_with_the_same_in_them_are_equal(void **state)
{
	struct lc_shared_stack *a = stack_of("bind", "main", NULL), *b = stack_of("bind", "main", NULL);

	(void)state;
	a->stack.frames[0].file = strdup("a.c");
	b->stack.frames[0].file = strdup("a.c");
	assert_int_equal(lc_shared_stack_compare(a, b), 0);
	lc_shared_stack_drop(a);
	lc_shared_stack_drop(b);
}

static void the_shorter_one_comes_first(void **state)
{
	(void)state;
	assert_before(stack_of("z", NULL), stack_of("a", "b", NULL));
}

static void of_the_same_length_the_first_function_that_differs_decides(void **state)
{
	(void)state;
	assert_before(stack_of("a", "b", "z", NULL), stack_of("a", "c", "d", NULL));
}

/* Two stacks of one function, of which the second differs in what the test then sets. */
struct pair {
	struct lc_shared_stack *a, *b;
};

static struct pair two_of_main(void)
{
	return (struct pair){stack_of("main", NULL), stack_of("main", NULL)};
}

static void everything_in_a_frame_counts(void **state)
{
	struct pair pair;

	(void)state;
	pair = two_of_main();
	pair.b->stack.frames[0].offset++;
	assert_before(pair.a, pair.b);
	pair = two_of_main();
	pair.b->stack.frames[0].module = strdup("/bin/a");
	assert_before(pair.a, pair.b);
	pair = two_of_main();
	pair.b->stack.frames[0].file = strdup("a.c");
	assert_before(pair.a, pair.b);
	pair = two_of_main();
	pair.b->stack.frames[0].line = 1;
	assert_before(pair.a, pair.b);
	pair = two_of_main();
	pair.b->stack.frames[0].inlined = true;
	assert_before(pair.a, pair.b);
}

static void a_function_without_a_name_comes_before_one_with(void **state)
{
	struct lc_stack nameless = {0};

	(void)state;
	push(&nameless, NULL, 0xffff);
	assert_before(lc_shared_stack_new(&nameless), stack_of("a", NULL));
}

static void the_whole_one_comes_before_the_cut(void **state)
{
	struct pair pair = two_of_main();

	(void)state;
	pair.b->stack.cut = true;
	assert_before(pair.a, pair.b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_one_takes_over_what_the_stack_owns),
		cmocka_unit_test(it_lives_as_long_as_its_last_reference),
		cmocka_unit_test(none_at_all_can_be_taken_and_dropped),
		cmocka_unit_test(two_with_the_same_in_them_are_equal),
		cmocka_unit_test(the_shorter_one_comes_first),
		cmocka_unit_test(of_the_same_length_the_first_function_that_differs_decides),
		cmocka_unit_test(everything_in_a_frame_counts),
		cmocka_unit_test(a_function_without_a_name_comes_before_one_with),
		cmocka_unit_test(the_whole_one_comes_before_the_cut),
	};

	return cmocka_run_group_tests_name("shared_stack", tests, NULL, NULL);
}
