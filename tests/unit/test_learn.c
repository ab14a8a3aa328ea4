/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Learning where on the kernel stack a call site's address lies, and finding it there: on stacks made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/types.h>

/* The stack, which begins at address POSITION. */
#define POSITION 0x10000
static __u64 stack[128];

static inline __u64 word_at(bool cast, __u64 address)
{
	(void)cast;
	assert_in_range(address, POSITION, POSITION + sizeof(stack) - 1);
	return stack[(address - POSITION) / sizeof(stack[0])];
}

#include "bpf/learn.h"

#define UPPER      0xffffffff00000000ULL
#define CAPABLE    0x81000010U /* the return address of cap_capable: into a wrapper */
#define NS_CAPABLE 0x81000250U /* into another wrapper */
#define SITE       0x81777770U

static struct lc_distances distances;

static int empty(void **state)
{
	(void)state;
	memset(&distances, 0, sizeof(distances));
	memset(stack, 0, sizeof(stack));
	return 0;
}

/* Puts ADDRESS OFFSET bytes above the position. */
static void put(__u32 offset, __u32 address)
{
	stack[offset / 8] = UPPER | address;
}

static bool learn(__u32 offset, __u32 address, __u32 below, __u32 slot)
{
	return lc_learn_distance(
		&distances, POSITION, offset, address, (struct lc_step){.address = below, .distance = slot});
}

/* Learns 16, 80 and 128 bytes as the places of the three addresses. */
static void learn_all(void)
{
	put(16, CAPABLE);
	put(80, NS_CAPABLE);
	put(128, SITE);
	assert_true(learn(16, CAPABLE, 0, 0));
	assert_true(learn(80, NS_CAPABLE, CAPABLE, 16));
	assert_true(learn(128, SITE, NS_CAPABLE, 80));
}

static void nothing_is_found_before_anything_was_learned(void **state)
{
	(void)state;
	put(16, SITE);
	assert_int_equal(lc_find_site(&distances, false, POSITION, 0), 0);
}

static void what_was_learned_is_found(void **state)
{
	(void)state;
	learn_all();
	assert_int_equal(lc_find_site(&distances, false, POSITION, 0), SITE);
}

static void another_function_that_asks_through_the_same_wrappers_is_found(void **state)
{
	(void)state;
	learn_all();
	put(128, SITE + 0x4444);
	assert_int_equal(lc_find_site(&distances, false, POSITION, 0), SITE + 0x4444);
}

static void a_function_that_asks_without_a_wrapper_is_its_own_site(void **state)
{
	(void)state;
	learn_all();
	put(16, SITE + 0x10);
	assert_int_equal(lc_find_site(&distances, false, POSITION, 0), SITE + 0x10);
}

static void a_return_address_at_the_position_itself_is_found(void **state)
{
	(void)state;
	put(0, SITE);
	assert_true(learn(0, SITE, 0, 0));
	assert_int_equal(lc_find_site(&distances, false, POSITION, 0), SITE);
}

static void a_return_address_in_a_register_leads_on_from_the_position(void **state)
{
	(void)state;
	put(40, SITE);
	assert_true(learn(40, SITE, CAPABLE, 0));
	assert_int_equal(lc_find_site(&distances, false, POSITION, UPPER | CAPABLE), SITE);
	/* No wrapper: the site itself. */
	assert_int_equal(lc_find_site(&distances, false, POSITION, UPPER | SITE), SITE);
}

static void without_a_position_the_register_is_the_site(void **state)
{
	(void)state;
	learn_all();
	assert_int_equal(lc_find_site(&distances, false, 0, UPPER | SITE), SITE);
}

static void what_an_earlier_call_left_teaches_nothing(void **state)
{
	(void)state;
	learn_all();
	/* The same addresses below where they were learned to be. */
	put(8, CAPABLE);
	assert_false(learn(8, CAPABLE, 0, 0));
	put(48, NS_CAPABLE);
	assert_false(learn(48, NS_CAPABLE, CAPABLE, 16));
	assert_int_equal(lc_find_site(&distances, false, POSITION, 0), SITE);
}

static void a_distance_that_holds_no_longer_is_learned_anew(void **state)
{
	(void)state;
	learn_all();
	memset(stack, 0, sizeof(stack));
	put(16, CAPABLE);
	put(96, NS_CAPABLE);
	put(144, SITE);
	assert_true(learn(96, NS_CAPABLE, CAPABLE, 16));
	assert_int_equal(lc_find_site(&distances, false, POSITION, 0), SITE);
}

static void a_wrapper_that_seems_to_call_itself_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stack) / sizeof(stack[0]); i++)
		stack[i] = UPPER | CAPABLE;
	distances.root = 1;
	distances.steps[CAPABLE & (LC_STEPS - 1)] = (struct lc_step){CAPABLE, 8};
	assert_int_equal(lc_find_site(&distances, false, POSITION, 0), CAPABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(nothing_is_found_before_anything_was_learned, empty),
		cmocka_unit_test_setup(what_was_learned_is_found, empty),
		cmocka_unit_test_setup(another_function_that_asks_through_the_same_wrappers_is_found, empty),
		cmocka_unit_test_setup(a_function_that_asks_without_a_wrapper_is_its_own_site, empty),
		cmocka_unit_test_setup(a_return_address_at_the_position_itself_is_found, empty),
		cmocka_unit_test_setup(a_return_address_in_a_register_leads_on_from_the_position, empty),
		cmocka_unit_test_setup(without_a_position_the_register_is_the_site, empty),
		cmocka_unit_test_setup(what_an_earlier_call_left_teaches_nothing, empty),
		cmocka_unit_test_setup(a_distance_that_holds_no_longer_is_learned_anew, empty),
		cmocka_unit_test_setup(a_wrapper_that_seems_to_call_itself_ends, empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
