/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of explanations. */
#include <leastcap/capset.h>
#include <leastcap/explain.h>

#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* "40  CHECKPOINT_RESTORE  yes     " leaves this many of 80 columns for the meaning. */
#define MEANING_WIDTH 48
/* Four paragraphs of 68 columns: ten lines, and SYS_ADMIN takes them. */
#define LONGEST 680

static size_t length(int cap)
{
	const struct lc_explanation *explanation = lc_explain(cap);

	return strlen(explanation->allows) + strlen(explanation->danger) + strlen(explanation->instead) +
	       strlen(explanation->asked_by);
}

static void every_capability_is_explained_in_full(void **state)
{
	(void)state;
	for (int cap = 0; cap <= CAP_LAST_CAP && cap < LC_EXPLAIN_CAPS; cap++) {
		const struct lc_explanation *explanation = lc_explain(cap);

		assert_non_null(explanation);
		assert_non_null(explanation->meaning);
		assert_non_null(explanation->allows);
		assert_non_null(explanation->danger);
		assert_non_null(explanation->instead);
		assert_non_null(explanation->asked_by);
	}
}

static void no_capability_that_libcap_names_is_missing(void **state)
{
	char name[LC_CAP_NAME_SIZE];

	(void)state;
	for (int cap = 0; cap < 64; cap++) {
		if (strncmp(lc_cap_name(cap, name), "CAP_", 4) != 0)
			assert_non_null(lc_explain(cap));
	}
}

static void what_is_no_capability_has_no_explanation(void **state)
{
	(void)state;
	assert_null(lc_explain(-1));
	assert_null(lc_explain(LC_EXPLAIN_CAPS));
	assert_null(lc_explain(64));
}

static void every_meaning_fits_the_line_of_the_list(void **state)
{
	(void)state;
	for (int cap = 0; cap < LC_EXPLAIN_CAPS; cap++)
		assert_in_range(strlen(lc_explain(cap)->meaning), 1, MEANING_WIDTH);
}

static void no_explanation_is_too_long_to_be_read(void **state)
{
	(void)state;
	for (int cap = 0; cap < LC_EXPLAIN_CAPS; cap++)
		assert_in_range(length(cap), 1, LONGEST);
}

/* A terminal shows them as they are, and every sentence ends. */
static void every_paragraph_is_plain_text_with_an_end(void **state)
{
	(void)state;
	for (int cap = 0; cap < LC_EXPLAIN_CAPS; cap++) {
		const struct lc_explanation *explanation = lc_explain(cap);
		const char *const texts[] = {
			explanation->allows, explanation->danger, explanation->instead, explanation->asked_by};

		for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
			for (const char *c = texts[i]; *c; c++)
				assert_in_range(*c, ' ', '~');
			assert_null(strstr(texts[i], "  "));
			assert_int_equal(texts[i][strlen(texts[i]) - 1], '.');
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_capability_is_explained_in_full),
		cmocka_unit_test(no_capability_that_libcap_names_is_missing),
		cmocka_unit_test(what_is_no_capability_has_no_explanation),
		cmocka_unit_test(every_meaning_fits_the_line_of_the_list),
		cmocka_unit_test(no_explanation_is_too_long_to_be_read),
		cmocka_unit_test(every_paragraph_is_plain_text_with_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
