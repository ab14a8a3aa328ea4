/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the string builder. */
#include <leastcap/strbuf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void appended_text_is_joined_and_terminated(void **state)
{
	struct lc_strbuf buf = {0};

	(void)state;
	lc_strbuf_add(&buf, "abcdef", 3);
	lc_strbuf_adds(&buf, "-xyz");
	lc_strbuf_addf(&buf, "-%d-%s", 42, "end");
	assert_string_equal(buf.text, "abc-xyz-42-end");
	assert_int_equal(buf.length, strlen("abc-xyz-42-end"));
	lc_strbuf_free(&buf);
}

static void nothing_appended_allocates_nothing(void **state)
{
	struct lc_strbuf buf = {0};

	(void)state;
	lc_strbuf_adds(&buf, NULL);
	lc_strbuf_adds(&buf, "");
	lc_strbuf_add(&buf, "abc", 0);
	assert_null(buf.text);
	assert_false(buf.failed);
}

static void text_longer_than_the_first_allocation_is_kept_whole(void **state)
{
	struct lc_strbuf buf = {0};

	(void)state;
	for (int i = 0; i < 100000; i++)
		lc_strbuf_addf(&buf, "%05d", i);
	assert_int_equal(buf.length, 500000);
	assert_memory_equal(buf.text, "0000000001", 10);
	assert_string_equal(buf.text + buf.length - 5, "99999");
	lc_strbuf_free(&buf);
}

static void embedded_nul_bytes_are_kept(void **state)
{
	struct lc_strbuf buf = {0};

	(void)state;
	lc_strbuf_add(&buf, "a\0b", 3);
	assert_int_equal(buf.length, 3);
	assert_memory_equal(buf.text, "a\0b", 4);
	lc_strbuf_free(&buf);
}

static void steal_hands_over_the_text_and_empties_the_buffer(void **state)
{
	struct lc_strbuf buf = {0};
	char *text;

	(void)state;
	lc_strbuf_adds(&buf, "mine");
	text = lc_strbuf_steal(&buf);
	assert_string_equal(text, "mine");
	assert_null(buf.text);
	assert_int_equal(buf.length, 0);
	free(text);
}

static void stealing_from_an_empty_buffer_gives_an_empty_string(void **state)
{
	struct lc_strbuf buf = {0};
	char *text = lc_strbuf_steal(&buf);

	(void)state;
	assert_non_null(text);
	assert_string_equal(text, "");
	free(text);
}

static void a_failed_append_is_remembered_and_makes_steal_fail(void **state)
{
	struct lc_strbuf buf = {0};

	(void)state;
	lc_strbuf_adds(&buf, "abc");
	lc_strbuf_add(&buf, "x", SIZE_MAX - 1);
	assert_true(buf.failed);
	lc_strbuf_adds(&buf, "later");
	assert_string_equal(buf.text, "abc");
	assert_null(lc_strbuf_steal(&buf));
	assert_false(buf.failed);
}

static void a_copy_is_the_callers_and_of_nothing_there_is_none(void **state)
{
	char text[] = "x";
	char *copy = lc_copy(text);

	(void)state;
	text[0] = 'y';
	assert_string_equal(copy, "x");
	free(copy);
	assert_null(lc_copy(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appended_text_is_joined_and_terminated),
		cmocka_unit_test(nothing_appended_allocates_nothing),
		cmocka_unit_test(text_longer_than_the_first_allocation_is_kept_whole),
		cmocka_unit_test(embedded_nul_bytes_are_kept),
		cmocka_unit_test(steal_hands_over_the_text_and_empties_the_buffer),
		cmocka_unit_test(stealing_from_an_empty_buffer_gives_an_empty_string),
		cmocka_unit_test(a_failed_append_is_remembered_and_makes_steal_fail),
		cmocka_unit_test(a_copy_is_the_callers_and_of_nothing_there_is_none),
	};

	return cmocka_run_group_tests_name("strbuf", tests, NULL, NULL);
}
