/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of which call sites count as one function. */
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(close_ones_do),
		cmocka_unit_test(distant_ones_do_not),
		cmocka_unit_test(unknown_ones_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
