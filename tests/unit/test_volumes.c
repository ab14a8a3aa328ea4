/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of where a container has volumes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <leastcap/volumes.h>

static void a_path_lies_in_the_innermost_volume_around_it(void **state)
{
	struct lc_volumes volumes = {0};

	(void)state;
	assert_int_equal(lc_volumes_add(&volumes, "/data/inner"), 0);
	assert_int_equal(lc_volumes_add(&volumes, "/data"), 0);
	assert_string_equal(lc_volumes_around(&volumes, "/data"), "/data");
	assert_string_equal(lc_volumes_around(&volumes, "/data/file"), "/data");
	assert_string_equal(lc_volumes_around(&volumes, "/data/inner/file"), "/data/inner");
	assert_null(lc_volumes_around(&volumes, "/database"));
	assert_null(lc_volumes_around(&volumes, "/"));
	assert_null(lc_volumes_around(&volumes, NULL));
	lc_volumes_clear(&volumes);
}

static void each_is_kept_once_and_in_order(void **state)
{
	struct lc_volumes volumes = {0}, more = {0};

	(void)state;
	assert_int_equal(lc_volumes_add(&volumes, "/b"), 0);
	assert_int_equal(lc_volumes_add(&more, "/b"), 0);
	assert_int_equal(lc_volumes_add(&more, "/a"), 0);
	assert_int_equal(lc_volumes_unite(&volumes, &more), 0);
	assert_int_equal(volumes.n, 2);
	assert_string_equal(volumes.paths[0], "/a");
	assert_string_equal(volumes.paths[1], "/b");
	lc_volumes_clear(&volumes);
	lc_volumes_clear(&more);
}

static void there_is_an_end_to_them(void **state)
{
	struct lc_volumes volumes = {0};
	char path[32];

	(void)state;
	for (int i = 0; i < LC_VOLUMES_MAX + 10; i++) {
		snprintf(path, sizeof(path), "/%d", i);
		assert_int_equal(lc_volumes_add(&volumes, path), 0);
	}
	assert_int_equal(volumes.n, LC_VOLUMES_MAX);
	lc_volumes_clear(&volumes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_lies_in_the_innermost_volume_around_it),
		cmocka_unit_test(each_is_kept_once_and_in_order),
		cmocka_unit_test(there_is_an_end_to_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
