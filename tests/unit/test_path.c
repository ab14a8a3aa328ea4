/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of how paths lie to each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <leastcap/path.h>

static void a_directory_and_what_is_below_it_lie_in_it(void **state)
{
	(void)state;
	assert_true(lc_path_lies_in("/var/lib", "/var/lib"));
	assert_true(lc_path_lies_in("/var/lib/docker", "/var/lib"));
	assert_true(lc_path_lies_in("/", "/"));
}

static void what_only_begins_alike_does_not(void **state)
{
	(void)state;
	assert_false(lc_path_lies_in("/var/library", "/var/lib"));
	assert_false(lc_path_lies_in("/var/li", "/var/lib"));
	assert_false(lc_path_lies_in("/var", "/var/lib"));
	assert_false(lc_path_lies_in("/var", "/"));
}

static void only_the_given_part_of_a_directory_counts(void **state)
{
	(void)state;
	assert_true(lc_path_lies_in_n("/var/lib", "/var/lib:ro", 8));
	assert_true(lc_path_lies_in_n("/var/lib", "/var/lib:ro", 4));
	assert_false(lc_path_lies_in_n("/var/lib", "/var/lib:ro", 9));
	assert_false(lc_path_lies_in_n("/var/lib", "/var/lib:ro", 6));
	assert_true(lc_path_lies_in_n("/var/lib", "/", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_directory_and_what_is_below_it_lie_in_it),
		cmocka_unit_test(what_only_begins_alike_does_not),
		cmocka_unit_test(only_the_given_part_of_a_directory_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
