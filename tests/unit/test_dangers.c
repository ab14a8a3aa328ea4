/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of dangerous capabilities. */
#include <leastcap/capset.h>
#include <leastcap/engine.h>
#include <leastcap/facts.h>

#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void each_row_is_found_by_its_capability(void **state)
{
	size_t n;
	const struct lc_danger *dangers = lc_dangers(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_ptr_equal(lc_danger_find(dangers[i].cap), &dangers[i]);
}

static void the_set_has_the_rows_and_nothing_else(void **state)
{
	uint64_t set = lc_dangerous_set();
	size_t n;

	(void)state;
	lc_dangers(&n);
	assert_int_equal(__builtin_popcountll(set), n);
	for (int cap = 0; cap < 64; cap++)
		assert_int_equal(!!(set & LC_CAP_BIT(cap)), lc_danger_find(cap) != NULL);
}

static void what_docker_grants_by_default_is_not_dangerous(void **state)
{
	(void)state;
	assert_int_equal(lc_engine_defaults(LC_ENGINE_DOCKER, NULL) & lc_dangerous_set(), 0);
	assert_null(lc_danger_find(CAP_CHOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_row_is_found_by_its_capability),
		cmocka_unit_test(the_set_has_the_rows_and_nothing_else),
		cmocka_unit_test(what_docker_grants_by_default_is_not_dangerous),
	};

	return cmocka_run_group_tests_name("dangers", tests, NULL, NULL);
}
