/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of how a time is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <stdlib.h>

static void a_time_is_written_in_utc_wherever_it_is_read(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	(void)state;
	setenv("TZ", "Asia/Tokyo", 1);
	tzset();
	lc_strbuf_adds(&text, "at ");
	lc_clock_add_utc(&text, "%Y-%m-%d %H:%M:%S", INT64_C(1764460799999999999));
	assert_string_equal(text.text, "at 2025-11-29 23:59:59");
}

static void what_has_no_room_is_left_out(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	(void)state;
	lc_clock_add_utc(&text, "%Y %Y %Y %Y %Y %Y %Y", 0);
	assert_int_equal(text.length, 0);
	lc_clock_add_utc(&text, "%H:%M UTC", 0);
	assert_string_equal(text.text, "00:00 UTC");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_is_written_in_utc_wherever_it_is_read),
		cmocka_unit_test(what_has_no_room_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
