/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of when two names are of the same image. */
#include <leastcap/model.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void what_engines_add_does_not_count(void **state)
{
	(void)state;
	assert_true(lc_image_is("nginx", "nginx"));
	assert_true(lc_image_is("nginx", "docker.io/library/nginx:latest"));
	assert_true(lc_image_is("index.docker.io/library/nginx:1.27", "nginx:1.27"));
	assert_true(lc_image_is("docker.io/grafana/loki", "grafana/loki:latest"));
}

static void everything_else_counts(void **state)
{
	(void)state;
	assert_false(lc_image_is("nginx", "nginx:1.27"));
	assert_false(lc_image_is("nginx", "quay.io/nginx"));
	assert_false(lc_image_is("nginx", "nginx-debug"));
	assert_false(lc_image_is("nginx", "Nginx"));
	assert_false(lc_image_is(":latest", ""));
}

static void an_unknown_image_is_none(void **state)
{
	(void)state;
	assert_false(lc_image_is(NULL, "nginx"));
	assert_false(lc_image_is("nginx", NULL));
	assert_false(lc_image_is(NULL, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_engines_add_does_not_count),
		cmocka_unit_test(everything_else_counts),
		cmocka_unit_test(an_unknown_image_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
