/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the search for the nearest known word. */
#include <leastcap/suggest.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *const commands[] = {"record", "report", "run", "help", "doctor"};

static const char *suggest(const char *word)
{
	return lc_suggest(word, commands, sizeof(commands) / sizeof(commands[0]));
}

static void a_missing_letter_is_forgiven(void **state)
{
	(void)state;
	assert_string_equal(suggest("recrd"), "record");
}

static void an_extra_letter_is_forgiven(void **state)
{
	(void)state;
	assert_string_equal(suggest("repport"), "report");
}

static void a_wrong_letter_is_forgiven(void **state)
{
	(void)state;
	assert_string_equal(suggest("hwlp"), "help");
}

static void swapped_letters_are_forgiven(void **state)
{
	(void)state;
	assert_string_equal(suggest("rnu"), "run");
}

static void case_does_not_matter(void **state)
{
	(void)state;
	assert_string_equal(suggest("RECORD"), "record");
}

static void the_nearest_of_several_words_is_taken(void **state)
{
	(void)state;
	assert_string_equal(suggest("reprot"), "report");
	assert_string_equal(suggest("recort"), "record");
}

static void a_word_unlike_all_others_gets_no_suggestion(void **state)
{
	(void)state;
	assert_null(suggest("capabilities"));
	assert_null(suggest("x"));
	assert_null(suggest(""));
}

static void an_endless_word_gets_no_suggestion(void **state)
{
	char word[10000];

	(void)state;
	memset(word, 'r', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(suggest(word));
}

static void without_words_there_is_no_suggestion(void **state)
{
	(void)state;
	assert_null(lc_suggest("run", NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_missing_letter_is_forgiven),
		cmocka_unit_test(an_extra_letter_is_forgiven),
		cmocka_unit_test(a_wrong_letter_is_forgiven),
		cmocka_unit_test(swapped_letters_are_forgiven),
		cmocka_unit_test(case_does_not_matter),
		cmocka_unit_test(the_nearest_of_several_words_is_taken),
		cmocka_unit_test(a_word_unlike_all_others_gets_no_suggestion),
		cmocka_unit_test(an_endless_word_gets_no_suggestion),
		cmocka_unit_test(without_words_there_is_no_suggestion),
	};

	return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
