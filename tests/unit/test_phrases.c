/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the phrases that one sentence lists. */
#include "src/judge/phrases.h"

#include <leastcap/cleanup.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct lc_phrases *phrases, const char *text, uint64_t count)
{
	struct lc_strbuf phrase = {0};

	lc_strbuf_adds(&phrase, text);
	lc_phrases_add(phrases, &phrase, count);
	assert_null(phrase.text);
}

/* Asserts how settled PHRASES are listed, AT_MOST of them. */
static void assert_listed(struct lc_phrases *phrases, size_t at_most, const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	lc_phrases_settle(phrases);
	lc_phrases_list(&out, phrases, ", ", at_most);
	assert_false(out.failed);
	assert_string_equal(out.text ? out.text : "", expected);
}

static void the_commonest_come_first_and_the_same_counts_in_the_alphabets_order(void **state)
{
	_cleanup_(lc_phrases_free) struct lc_phrases phrases = {0};

	(void)state;
	add(&phrases, "c", 1);
	add(&phrases, "b", 1);
	add(&phrases, "d", 9);
	assert_listed(&phrases, 3, "d, b, c");
}

static void the_same_phrase_is_listed_once_with_the_counts_of_all(void **state)
{
	_cleanup_(lc_phrases_free) struct lc_phrases phrases = {0};

	(void)state;
	add(&phrases, "a", 2);
	add(&phrases, "b", 3);
	add(&phrases, "a", 2);
	assert_listed(&phrases, 3, "a, b");
	assert_int_equal(phrases.n, 2);
}

static void counts_do_not_wrap_around(void **state)
{
	_cleanup_(lc_phrases_free) struct lc_phrases phrases = {0};

	(void)state;
	add(&phrases, "a", UINT64_MAX);
	add(&phrases, "a", UINT64_MAX);
	add(&phrases, "b", UINT64_MAX - 1);
	assert_listed(&phrases, 3, "a, b");
}

static void those_beyond_the_limit_are_counted(void **state)
{
	_cleanup_(lc_phrases_free) struct lc_phrases phrases = {0};

	(void)state;
	for (char text[] = "a"; *text <= 'z'; (*text)++)
		add(&phrases, text, 1);
	assert_listed(&phrases, 2, "a, b, and 24 more");
}

static void none_is_nothing(void **state)
{
	_cleanup_(lc_phrases_free) struct lc_phrases phrases = {0};

	(void)state;
	assert_listed(&phrases, 3, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_commonest_come_first_and_the_same_counts_in_the_alphabets_order),
		cmocka_unit_test(the_same_phrase_is_listed_once_with_the_counts_of_all),
		cmocka_unit_test(counts_do_not_wrap_around),
		cmocka_unit_test(those_beyond_the_limit_are_counted),
		cmocka_unit_test(none_is_nothing),
	};

	return cmocka_run_group_tests_name("phrases", tests, NULL, NULL);
}
