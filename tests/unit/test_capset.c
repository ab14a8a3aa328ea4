/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of capability names and masks. */
#include <leastcap/capset.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include <linux/capability.h>

static void names_are_upper_case_without_the_prefix(void **state)
{
	char name[LC_CAP_NAME_SIZE];

	(void)state;
	assert_string_equal(lc_cap_name(CAP_CHOWN, name), "CHOWN");
	assert_string_equal(lc_cap_name(CAP_NET_BIND_SERVICE, name), "NET_BIND_SERVICE");
	assert_string_equal(lc_cap_name(CAP_CHECKPOINT_RESTORE, name), "CHECKPOINT_RESTORE");
}

static void every_number_is_read_back_from_its_name(void **state)
{
	(void)state;
	for (int cap = 0; cap < 64; cap++) {
		char name[LC_CAP_NAME_SIZE];

		assert_int_equal(lc_cap_from_name(lc_cap_name(cap, name)), cap);
	}
}

static void a_number_without_a_name_is_spelt_with_the_number(void **state)
{
	char name[LC_CAP_NAME_SIZE];

	(void)state;
	assert_string_equal(lc_cap_name(63, name), "CAP_63");
}

static void a_name_is_known_in_any_case_with_or_without_the_prefix(void **state)
{
	(void)state;
	assert_int_equal(lc_cap_from_name("NET_ADMIN"), CAP_NET_ADMIN);
	assert_int_equal(lc_cap_from_name("CAP_NET_ADMIN"), CAP_NET_ADMIN);
	assert_int_equal(lc_cap_from_name("cap_net_admin"), CAP_NET_ADMIN);
	assert_int_equal(lc_cap_from_name("Net_Admin"), CAP_NET_ADMIN);
}

static void what_is_no_name_is_refused(void **state)
{
	static const char *const wrong[] = {"", "CAP_", "ALL", "NET_ADMI", "NET_ADMIN ", " NET_ADMIN", "NET_ADMIN=ep",
		"CAP_CAP_NET_ADMIN", "12", "CAP_64", "CAP_012", "CAP_-1", "CAP_1x", "NET_ADMIN,CHOWN"};

	(void)state;
	assert_int_equal(lc_cap_from_name(NULL), -EINVAL);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		if (lc_cap_from_name(wrong[i]) != -EINVAL)
			fail_msg("\"%s\" was taken for capability %d", wrong[i], lc_cap_from_name(wrong[i]));
	}
}

static void an_overlong_name_is_refused(void **state)
{
	char name[4096];

	(void)state;
	for (size_t i = 0; i < sizeof(name) - 1; i++)
		name[i] = 'A';
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(lc_cap_from_name(name), -EINVAL);
}

static void all_is_what_the_kernel_says(void **state)
{
	FILE *file = fopen("/proc/sys/kernel/cap_last_cap", "re");
	int last = -1;

	(void)state;
	if (!file)
		skip();
	assert_int_equal(fscanf(file, "%d", &last), 1);
	fclose(file);
	assert_true(lc_cap_all() == (LC_CAP_BIT(last) | (LC_CAP_BIT(last) - 1)));
}

static void capabilities_are_taken_out_of_a_mask_lowest_first(void **state)
{
	uint64_t mask = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(63);

	(void)state;
	assert_int_equal(lc_cap_take(&mask), CAP_CHOWN);
	assert_int_equal(lc_cap_take(&mask), CAP_KILL);
	assert_int_equal(lc_cap_take(&mask), 63);
	assert_int_equal(lc_cap_take(&mask), -1);
	assert_int_equal(mask, 0);
}

static void a_list_of_names_is_spelled_as_asked(void **state)
{
	const uint64_t mask = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(63);
	struct lc_strbuf out = {0};

	(void)state;
	lc_cap_add_names(&out, mask);
	assert_string_equal(out.text, "CHOWN, KILL, CAP_63");
	lc_cap_add_list(&out, mask, ": ", " ", true);
	assert_string_equal(out.text, "CHOWN, KILL, CAP_63: CAP_CHOWN CAP_KILL CAP_63");
	lc_cap_add_names(&out, 0);
	assert_string_equal(out.text, "CHOWN, KILL, CAP_63: CAP_CHOWN CAP_KILL CAP_63");
	lc_strbuf_free(&out);
}

static void the_nearest_capability_is_found_with_or_without_the_prefix(void **state)
{
	char name[LC_CAP_NAME_SIZE];

	(void)state;
	assert_string_equal(lc_cap_suggest("NET_RWA", name), "NET_RAW");
	assert_string_equal(lc_cap_suggest("cap_chwon", name), "CHOWN");
	assert_null(lc_cap_suggest("everything", name));
	assert_null(lc_cap_suggest("CAP_", name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_upper_case_without_the_prefix),
		cmocka_unit_test(every_number_is_read_back_from_its_name),
		cmocka_unit_test(a_number_without_a_name_is_spelt_with_the_number),
		cmocka_unit_test(a_name_is_known_in_any_case_with_or_without_the_prefix),
		cmocka_unit_test(what_is_no_name_is_refused),
		cmocka_unit_test(an_overlong_name_is_refused),
		cmocka_unit_test(all_is_what_the_kernel_says),
		cmocka_unit_test(capabilities_are_taken_out_of_a_mask_lowest_first),
		cmocka_unit_test(a_list_of_names_is_spelled_as_asked),
		cmocka_unit_test(the_nearest_capability_is_found_with_or_without_the_prefix),
	};

	return cmocka_run_group_tests_name("capset", tests, NULL, NULL);
}
