/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of call sites: each row is whole, printable, and the only one for its checks. */
#include <leastcap/capset.h>
#include <leastcap/judge.h>

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

/* Two lines of 55 bytes: what a terminal of 86 columns leaves beside the report's first three columns. */
#define SENTENCE 110

static const char *first_function(const struct lc_callsite *row)
{
	return row->functions[0] ? row->functions[0] : "any function";
}

static void there_are_rows(void **state)
{
	size_t n = 0;

	(void)state;
	assert_non_null(lc_callsites(&n));
	assert_true(n > 0);
}

static void a_rows_functions_are_names_without_a_gap_and_without_a_compilers_suffix(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool ended = false;

		for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS; j++) {
			const char *function = rows[i].functions[j];

			if (function &&
				(ended || !*function ||
					strspn(function, "abcdefghijklmnopqrstuvwxyz_0123456789") != strlen(function)))
				fail_msg("row %zu: function %zu is '%s'", i, j, function);
			ended = !function;
		}
	}
}

static void a_rows_class_is_one_that_a_call_site_can_give(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].class != LC_CLASS_ADVISORY && rows[i].class != LC_CLASS_ALTERNATIVE &&
			rows[i].class != LC_CLASS_IMPLIED)
			fail_msg("%s: class %d", first_function(&rows[i]), rows[i].class);
	}
}

static void a_rows_capabilities_are_those_that_linux_has(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);
	uint64_t all = (LC_CAP_BIT(CAP_LAST_CAP) << 1) - 1;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].caps || rows[i].caps & ~all)
			fail_msg("%s: capabilities %#llx", first_function(&rows[i]), (unsigned long long)rows[i].caps);
	}
}

static void a_rows_sentence_fits_two_lines_and_ends_without_a_full_stop(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *why = rows[i].why;
		size_t length = why ? strlen(why) : 0;

		if (length < 20 || length > SENTENCE || !isalpha((unsigned char)why[0]) || strchr(why, '\n') ||
			why[length - 1] == '.' || why[length - 1] == ' ')
			fail_msg("%s: %zu bytes: '%s'", first_function(&rows[i]), length, why ? why : "");
	}
}

/* A path in the kernel's tree, or several. */
static void a_row_names_its_source(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *source = rows[i].source;

		if (!source || !strchr(source, '/') || (!strstr(source, ".c") && !strstr(source, ".h")))
			fail_msg("%s: source '%s'", first_function(&rows[i]), source ? source : "");
	}
}

static bool lists(const struct lc_callsite *row, const char *function)
{
	for (size_t i = 0; i < LC_CALLSITE_FUNCTIONS && row->functions[i]; i++) {
		if (!strcmp(row->functions[i], function))
			return true;
	}
	return !row->functions[0];
}

/* The first row that fits wins: a second one for the same check would never be found. */
static void no_capability_and_function_stand_in_two_rows(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++) {
			for (size_t k = 0; k < LC_CALLSITE_FUNCTIONS && rows[j].functions[k]; k++) {
				if (rows[i].caps & rows[j].caps && lists(&rows[i], rows[j].functions[k]))
					fail_msg("%s is in rows %zu and %zu", rows[j].functions[k], i, j);
			}
		}
	}
}

/* The row that a check of CAP at FUNCTION gets, without audit or not. */
static const struct lc_callsite *row_for(int cap, const char *function, enum lc_audited audited)
{
	struct lc_check check = {
		.cap = cap, .caller = (char *)function, .audited = audited, .syscall = (char *)"openat"};

	return lc_callsite_find(&check);
}

static void each_row_is_found_by_each_of_its_functions_and_capabilities(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
			for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS && rows[i].functions[j]; j++) {
				if (rows[i].caps & LC_CAP_BIT(cap))
					assert_ptr_equal(row_for(cap, rows[i].functions[j], LC_AUDITED_NO), &rows[i]);
			}
		}
	}
}

static void a_row_for_checks_without_audit_fits_no_others(void **state)
{
	(void)state;
	assert_non_null(row_for(CAP_SYS_RESOURCE, "__set_oom_adj", LC_AUDITED_NO));
	assert_null(row_for(CAP_SYS_RESOURCE, "__set_oom_adj", LC_AUDITED_YES));
	assert_null(row_for(CAP_SYS_RESOURCE, "__set_oom_adj", LC_AUDITED_UNKNOWN));
}

static void another_function_or_none_or_another_capability_fits_no_row(void **state)
{
	(void)state;
	assert_non_null(row_for(CAP_FSETID, "setattr_copy", LC_AUDITED_YES));
	assert_null(row_for(CAP_FSETID, "setattr_cop", LC_AUDITED_YES));
	assert_null(row_for(CAP_FSETID, "", LC_AUDITED_YES));
	assert_null(row_for(CAP_FSETID, NULL, LC_AUDITED_YES));
	assert_null(row_for(CAP_FOWNER, "setattr_copy", LC_AUDITED_YES));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_rows),
		cmocka_unit_test(a_rows_functions_are_names_without_a_gap_and_without_a_compilers_suffix),
		cmocka_unit_test(a_rows_class_is_one_that_a_call_site_can_give),
		cmocka_unit_test(a_rows_capabilities_are_those_that_linux_has),
		cmocka_unit_test(a_rows_sentence_fits_two_lines_and_ends_without_a_full_stop),
		cmocka_unit_test(a_row_names_its_source),
		cmocka_unit_test(no_capability_and_function_stand_in_two_rows),
		cmocka_unit_test(each_row_is_found_by_each_of_its_functions_and_capabilities),
		cmocka_unit_test(a_row_for_checks_without_audit_fits_no_others),
		cmocka_unit_test(another_function_or_none_or_another_capability_fits_no_row),
	};

	return cmocka_run_group_tests_name("callsites", tests, NULL, NULL);
}
