/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the words that a check is spelt with. */
#include <leastcap/check.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Asserts that the values 0 to N-1 have names which are read back, and that nothing beyond them has. */
#define ASSERT_NAMES(what, n)                                                                                          \
	do {                                                                                                           \
		for (int value = 0; value < (n); value++) {                                                            \
			assert_non_null(lc_##what##_name((enum lc_##what)value));                                      \
			assert_int_equal(lc_##what##_from_name(lc_##what##_name((enum lc_##what)value)), value);       \
		}                                                                                                      \
		assert_null(lc_##what##_name((enum lc_##what)(n)));                                                    \
		assert_int_equal(lc_##what##_from_name("no such word"), -EINVAL);                                      \
		assert_int_equal(lc_##what##_from_name(""), -EINVAL);                                                  \
		assert_int_equal(lc_##what##_from_name(NULL), -EINVAL);                                                \
	} while (0)

static void every_value_is_read_back_from_its_name(void **state)
{
	(void)state;
	ASSERT_NAMES(verdict, LC_VERDICT_N);
	ASSERT_NAMES(authority, LC_AUTHORITY_N);
	ASSERT_NAMES(credential, LC_CREDENTIAL_N);
	ASSERT_NAMES(phase, LC_PHASE_N);
	ASSERT_NAMES(userns, LC_USERNS_N);
	ASSERT_NAMES(audited, LC_AUDITED_N);
	ASSERT_NAMES(class, LC_CLASS_N);
	ASSERT_NAMES(source, LC_SOURCE_N);
}

/* The words are part of the file format: changing one makes old profiles unreadable. */
static void the_words_are_those_of_the_schema(void **state)
{
	(void)state;
	assert_string_equal(lc_verdict_name(LC_VERDICT_DENIED), "denied");
	assert_string_equal(lc_authority_name(LC_AUTHORITY_EFFECTIVE), "effective");
	assert_string_equal(lc_credential_name(LC_CREDENTIAL_OVERRIDDEN), "overridden");
	assert_string_equal(lc_phase_name(LC_PHASE_WORKLOAD), "workload");
	assert_string_equal(lc_userns_name(LC_USERNS_TARGET), "target");
	assert_string_equal(lc_audited_name(LC_AUDITED_UNKNOWN), "unknown");
	assert_string_equal(lc_class_name(LC_CLASS_REQUIRED), "required");
	assert_string_equal(lc_class_name(LC_CLASS_SETUP), "setup");
	assert_string_equal(lc_source_name(LC_SOURCE_CHECK), "check");
	assert_string_equal(lc_source_name(LC_SOURCE_FILE), "file");
	assert_string_equal(lc_source_name(LC_SOURCE_CAPSET), "capset");
	assert_string_equal(lc_source_name(LC_SOURCE_AMBIENT), "ambient");
	assert_string_equal(lc_source_name(LC_SOURCE_USERNS), "userns");
}

static void clearing_a_check_frees_its_strings(void **state)
{
	struct lc_check check = {.cap = 3, .count = 4};

	(void)state;
	/* The address sanitizer reports what is not freed. */
	check.syscall = strdup("chown");
	check.caller = strdup("setattr_prepare");
	check.exe = strdup("/usr/bin/chown");
	check.comm = strdup("chown");
	check.about = strdup("/x");
	check.user = strdup("0:0");
	check.object.path = strdup("/x");
	check.object.owner = strdup("root:root");
	check.result = strdup("EPERM");
	check.why = strdup("because");
	lc_check_clear(&check);
	assert_null(check.syscall);
	assert_null(check.why);
	assert_null(check.user);
	assert_null(check.object.path);
	assert_int_equal(check.count, 0);
}

static void clearing_an_object_forgets_it(void **state)
{
	struct lc_object object = {.path = strdup("/x"), .owner = strdup("root:root"), .mode = 0100644};

	(void)state;
	lc_object_clear(&object);
	assert_null(object.path);
	assert_null(object.owner);
	assert_int_equal(object.mode, 0);
}

static void root_is_recognised_by_number_and_by_name(void **state)
{
	static const char *const roots[] = {"0", "0:0", "0:101", "root", "root:adm"};
	static const char *const others[] = {"1", "01:0", "33:0", "101:101", "www-data", "rooter", "nobody:root"};

	(void)state;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		assert_true(lc_user_is_root(roots[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(lc_user_is_root(others[i]));
}

static void an_unknown_user_counts_as_root(void **state)
{
	(void)state;
	assert_true(lc_user_is_root(NULL));
	assert_true(lc_user_is_root(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_value_is_read_back_from_its_name),
		cmocka_unit_test(the_words_are_those_of_the_schema),
		cmocka_unit_test(clearing_a_check_frees_its_strings),
		cmocka_unit_test(clearing_an_object_forgets_it),
		cmocka_unit_test(root_is_recognised_by_number_and_by_name),
		cmocka_unit_test(an_unknown_user_counts_as_root),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
