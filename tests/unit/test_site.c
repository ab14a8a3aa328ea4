/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which call sites count as one function, and which frame of a walk is the first above cap_capable. */
#include "bpf/site.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SITE 0x81234560U

static void close_ones_do(void **state)
{
	(void)state;
	assert_true(lc_in_one_function(SITE, SITE));
	assert_true(lc_in_one_function(SITE, SITE + LC_LARGE_FUNCTION));
	assert_true(lc_in_one_function(SITE + LC_LARGE_FUNCTION, SITE));
}

static void distant_ones_do_not(void **state)
{
	(void)state;
	assert_false(lc_in_one_function(SITE, SITE + LC_LARGE_FUNCTION + 1));
	assert_false(lc_in_one_function(SITE + LC_LARGE_FUNCTION + 1, SITE));
}

static void unknown_ones_do_not(void **state)
{
	(void)state;
	assert_false(lc_in_one_function(0, 0));
	assert_false(lc_in_one_function(0, SITE));
	assert_false(lc_in_one_function(SITE, 0));
	/* Nor where a known one is close to 0. */
	assert_false(lc_in_one_function(0, 16));
}

static const struct lc_text_range kernel = {0x1000, 0x9000}, cap_capable = {0x2000, 0x2100};

static void the_frame_above_cap_capable_is_the_first(void **state)
{
	const __u64 walk[LC_STACK_FRAMES] = {0x20010, 0x2080, 0x3000, 0x4000};

	(void)state;
	assert_int_equal(lc_first_frame(walk, &cap_capable, &kernel), 2);
}

static void a_walk_may_begin_with_the_first_byte_of_cap_capable(void **state)
{
	const __u64 walk[LC_STACK_FRAMES] = {0x2000, 0x3000};

	(void)state;
	assert_int_equal(lc_first_frame(walk, &cap_capable, &kernel), 1);
}

static void where_cap_capable_is_left_out_the_first_of_the_kernel_is(void **state)
{
	const __u64 walk[LC_STACK_FRAMES] = {0x20010, 0x20020, 0x3000, 0x4000};

	(void)state;
	assert_int_equal(lc_first_frame(walk, &cap_capable, &kernel), 2);
}

static void a_walk_without_the_kernel_has_none(void **state)
{
	const __u64 walk[LC_STACK_FRAMES] = {0x20010, 0x20020};
	const struct lc_text_range unknown = {0};

	(void)state;
	assert_int_equal(lc_first_frame(walk, &cap_capable, &kernel), LC_STACK_FRAMES);
	/* Nor has one whose ranges are not known. */
	assert_int_equal(lc_first_frame(walk, &unknown, &unknown), LC_STACK_FRAMES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(close_ones_do),
		cmocka_unit_test(distant_ones_do_not),
		cmocka_unit_test(unknown_ones_do_not),
		cmocka_unit_test(the_frame_above_cap_capable_is_the_first),
		cmocka_unit_test(a_walk_may_begin_with_the_first_byte_of_cap_capable),
		cmocka_unit_test(where_cap_capable_is_left_out_the_first_of_the_kernel_is),
		cmocka_unit_test(a_walk_without_the_kernel_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
