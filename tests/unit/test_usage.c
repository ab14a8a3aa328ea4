/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of durations on the command line. */
#include "src/cli/cli.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)

static void assert_duration(const char *text, int64_t expected)
{
	int64_t nanoseconds = -1;

	if (lc_cli_parse_duration(text, &nanoseconds))
		fail_msg("'%s' is refused", text);
	assert_int_equal(nanoseconds, expected);
}

static void assert_no_duration(const char *text)
{
	int64_t nanoseconds = -1;

	if (lc_cli_parse_duration(text, &nanoseconds) != -EINVAL)
		fail_msg("'%s' is taken for %lld ns", text, (long long)nanoseconds);
}

static void a_bare_number_is_seconds(void **state)
{
	(void)state;
	assert_duration("30", 30 * SECOND);
	assert_duration("0", 0);
}

static void each_unit_has_its_length(void **state)
{
	(void)state;
	assert_duration("500ms", SECOND / 2);
	assert_duration("30s", 30 * SECOND);
	assert_duration("10m", 600 * SECOND);
	assert_duration("1h", 3600 * SECOND);
	assert_duration("2d", INT64_C(172800) * SECOND);
}

static void fractions_are_durations(void **state)
{
	(void)state;
	assert_duration("2.5s", 5 * SECOND / 2);
	assert_duration("0.5", SECOND / 2);
	assert_duration("1.5h", 5400 * SECOND);
}

static void a_unit_that_does_not_exist_is_refused(void **state)
{
	(void)state;
	assert_no_duration("5x");
	assert_no_duration("5sec");
	assert_no_duration("5S");
	assert_no_duration("5 s");
	assert_no_duration("5s ");
	assert_no_duration("1h30m");
}

static void what_is_no_number_is_refused(void **state)
{
	(void)state;
	assert_no_duration("");
	assert_no_duration("s");
	assert_no_duration("ten");
	assert_no_duration("nan");
	assert_no_duration("inf");
	assert_no_duration("--");
}

static void less_than_nothing_is_refused(void **state)
{
	(void)state;
	assert_no_duration("-1");
	assert_no_duration("-0.001s");
}

/* Whatever its unit: it has to fit 64 bits of nanoseconds. */
static void more_than_thirty_years_is_refused(void **state)
{
	(void)state;
	assert_duration("1000000000", 1000000000 * SECOND);
	assert_duration("10000d", INT64_C(864000000) * SECOND);
	assert_no_duration("1000000001");
	assert_no_duration("1000000000m");
	assert_no_duration("1000000000h");
	assert_no_duration("1000000000d");
	assert_no_duration("1e300");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bare_number_is_seconds),
		cmocka_unit_test(each_unit_has_its_length),
		cmocka_unit_test(fractions_are_durations),
		cmocka_unit_test(a_unit_that_does_not_exist_is_refused),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(less_than_nothing_is_refused),
		cmocka_unit_test(more_than_thirty_years_is_refused),
	};

	return cmocka_run_group_tests_name("usage", tests, NULL, NULL);
}
