/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of alternatives: each row is whole and reachable, and which checks belong to one. */
#include <leastcap/capset.h>
#include <leastcap/facts.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

/* Two lines of 55 bytes: what a terminal of 86 columns leaves beside the report's first three columns. */
#define SENTENCE 110

/* A call site that no row names. */
#define UNKNOWN "no_such_function"

static void a_row_has_two_capabilities_that_linux_has(void **state)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

	(void)state;
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		assert_in_range(rows[i].narrow, 0, CAP_LAST_CAP);
		assert_in_range(rows[i].wide, 0, CAP_LAST_CAP);
		assert_int_not_equal(rows[i].narrow, rows[i].wide);
	}
}

static void a_rows_functions_are_names_without_a_gap_and_without_a_compilers_suffix(void **state)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

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

/* Of a chained check of SYS_ADMIN anywhere nobody can say what it follows. */
static void a_row_without_functions_goes_by_the_narrow_one_only(void **state)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].functions[0] && rows[i].sign != LC_SIGN_NARROW)
			fail_msg("row %zu, for %d, goes for any function and by more than that", i, rows[i].narrow);
	}
}

static void a_rows_sentence_fits_two_lines_and_ends_without_a_full_stop(void **state)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *why = rows[i].why;
		size_t length = why ? strlen(why) : 0;

		if (length < 20 || length > SENTENCE || strchr(why, '\n') || why[length - 1] == '.' ||
			why[length - 1] == ' ')
			fail_msg("row %zu: %zu bytes: '%s'", i, length, why ? why : "");
	}
}

/* A path in the kernel's tree, or several. */
static void a_row_names_its_source(void **state)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *source = rows[i].source;

		if (!source || !strchr(source, '/') || (!strstr(source, ".c") && !strstr(source, ".h")))
			fail_msg("row %zu: source '%s'", i, source ? source : "");
	}
}

/* The row for a check of CAP at FUNCTION, CHAINED or not. */
static const struct lc_alternative *row_for(int cap, const char *function, bool chained)
{
	struct lc_check check = {.cap = cap, .caller = (char *)function, .chained = chained};

	return lc_alternative_find(&check);
}

static void assert_pair(const struct lc_alternative *row, int narrow, int wide)
{
	assert_non_null(row);
	assert_int_equal(row->narrow, narrow);
	assert_int_equal(row->wide, wide);
}

static void each_row_is_found_by_each_of_its_functions(void **state)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS && (!j || rows[i].functions[j]); j++) {
			const char *function = rows[i].functions[j];
			int cap = rows[i].sign == LC_SIGN_CHAINED ? rows[i].wide : rows[i].narrow;

			assert_ptr_equal(row_for(cap, function, rows[i].sign == LC_SIGN_CHAINED), &rows[i]);
		}
	}
}

static void reading_and_searching_take_either_and_writing_takes_only_the_wide_one(void **state)
{
	(void)state;
	assert_pair(row_for(CAP_DAC_READ_SEARCH, "generic_permission", false), CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE);
	assert_pair(row_for(CAP_DAC_OVERRIDE, "generic_permission", true), CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE);
	assert_null(row_for(CAP_DAC_OVERRIDE, "generic_permission", false));
}

static void a_container_takes_the_wide_one_for_files_and_for_nothing_else(void **state)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_int_equal(rows[i].wide_in_containers, rows[i].narrow == CAP_DAC_READ_SEARCH);
}

static void open_by_handle_at_takes_only_dac_read_search(void **state)
{
	(void)state;
	assert_null(row_for(CAP_DAC_READ_SEARCH, "do_handle_open", false));
	assert_null(row_for(CAP_DAC_READ_SEARCH, "may_decode_fh", false));
}

static void a_touch_takes_fowner_or_the_right_to_write(void **state)
{
	(void)state;
	assert_pair(row_for(CAP_FOWNER, "may_setattr", false), CAP_FOWNER, CAP_DAC_OVERRIDE);
	assert_null(row_for(CAP_FOWNER, "setattr_prepare", false));
}

static void perfmon_bpf_and_checkpoint_restore_have_sys_admin_beside_them_anywhere(void **state)
{
	(void)state;
	assert_pair(row_for(CAP_PERFMON, UNKNOWN, false), CAP_PERFMON, CAP_SYS_ADMIN);
	assert_pair(row_for(CAP_BPF, UNKNOWN, false), CAP_BPF, CAP_SYS_ADMIN);
	assert_pair(row_for(CAP_CHECKPOINT_RESTORE, NULL, false), CAP_CHECKPOINT_RESTORE, CAP_SYS_ADMIN);
}

static void sys_admin_belongs_to_what_its_call_site_asked_for_before(void **state)
{
	(void)state;
	assert_pair(row_for(CAP_SYS_ADMIN, "perf_allow_kernel", true), CAP_PERFMON, CAP_SYS_ADMIN);
	assert_pair(row_for(CAP_SYS_ADMIN, "trie_alloc", true), CAP_BPF, CAP_SYS_ADMIN);
	assert_pair(row_for(CAP_SYS_ADMIN, "alloc_pid", true), CAP_CHECKPOINT_RESTORE, CAP_SYS_ADMIN);
	assert_pair(row_for(CAP_SYS_ADMIN, "copy_process", true), CAP_SYS_RESOURCE, CAP_SYS_ADMIN);
	assert_null(row_for(CAP_SYS_ADMIN, "perf_allow_kernel", false));
	assert_null(row_for(CAP_SYS_ADMIN, "copy_process", false));
}

/* bpf_prog_load asks for BPF, for NET_ADMIN and for PERFMON, each or SYS_ADMIN. */
static void sys_admin_stands_for_itself_where_it_may_follow_several(void **state)
{
	(void)state;
	assert_null(row_for(CAP_SYS_ADMIN, "bpf_prog_load", true));
	assert_null(row_for(CAP_SYS_ADMIN, "bpf_check", true));
	assert_null(row_for(CAP_SYS_ADMIN, UNKNOWN, true));
	assert_pair(row_for(CAP_BPF, "bpf_prog_load", false), CAP_BPF, CAP_SYS_ADMIN);
	assert_pair(row_for(CAP_PERFMON, "bpf_prog_load", false), CAP_PERFMON, CAP_SYS_ADMIN);
	assert_pair(row_for(CAP_NET_ADMIN, "bpf_prog_load", false), CAP_NET_ADMIN, CAP_SYS_ADMIN);
}

static void net_admin_and_net_raw_by_themselves_are_no_pair(void **state)
{
	(void)state;
	assert_null(row_for(CAP_NET_ADMIN, UNKNOWN, false));
	assert_null(row_for(CAP_NET_ADMIN, "rtnetlink_rcv_msg", false));
	assert_null(row_for(CAP_NET_RAW, "inet_create", false));
}

static void marks_take_net_raw_or_net_admin_and_forced_buffers_take_net_admin(void **state)
{
	(void)state;
	assert_pair(row_for(CAP_NET_RAW, "sk_setsockopt", false), CAP_NET_RAW, CAP_NET_ADMIN);
	assert_pair(row_for(CAP_NET_ADMIN, "sk_setsockopt", true), CAP_NET_RAW, CAP_NET_ADMIN);
	assert_null(row_for(CAP_NET_ADMIN, "sk_setsockopt", false));
}

/* do_ipv6_setsockopt also asks for NET_RAW alone; and 6.12 takes only SYSLOG for the log. */
static void where_the_narrow_one_may_stand_alone_only_the_chained_wide_one_tells(void **state)
{
	(void)state;
	assert_null(row_for(CAP_NET_RAW, "do_ipv6_setsockopt", false));
	assert_pair(row_for(CAP_NET_ADMIN, "do_ipv6_setsockopt", true), CAP_NET_RAW, CAP_NET_ADMIN);
	assert_null(row_for(CAP_SYSLOG, "do_syslog", false));
	assert_pair(row_for(CAP_SYS_ADMIN, "check_syslog_permissions", true), CAP_SYSLOG, CAP_SYS_ADMIN);
	assert_null(row_for(CAP_SYSLOG, "kallsyms_show_value", false));
}

static void a_real_time_io_priority_is_known_by_either_for_sys_admin_is_asked_first(void **state)
{
	(void)state;
	assert_pair(row_for(CAP_SYS_ADMIN, "ioprio_check_cap", false), CAP_SYS_NICE, CAP_SYS_ADMIN);
	assert_pair(row_for(CAP_SYS_NICE, "ioprio_check_cap", true), CAP_SYS_NICE, CAP_SYS_ADMIN);
	assert_null(row_for(CAP_SYS_NICE, "set_task_ioprio", false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_has_two_capabilities_that_linux_has),
		cmocka_unit_test(a_rows_functions_are_names_without_a_gap_and_without_a_compilers_suffix),
		cmocka_unit_test(a_row_without_functions_goes_by_the_narrow_one_only),
		cmocka_unit_test(a_rows_sentence_fits_two_lines_and_ends_without_a_full_stop),
		cmocka_unit_test(a_row_names_its_source),
		cmocka_unit_test(each_row_is_found_by_each_of_its_functions),
		cmocka_unit_test(reading_and_searching_take_either_and_writing_takes_only_the_wide_one),
		cmocka_unit_test(a_container_takes_the_wide_one_for_files_and_for_nothing_else),
		cmocka_unit_test(open_by_handle_at_takes_only_dac_read_search),
		cmocka_unit_test(a_touch_takes_fowner_or_the_right_to_write),
		cmocka_unit_test(perfmon_bpf_and_checkpoint_restore_have_sys_admin_beside_them_anywhere),
		cmocka_unit_test(sys_admin_belongs_to_what_its_call_site_asked_for_before),
		cmocka_unit_test(sys_admin_stands_for_itself_where_it_may_follow_several),
		cmocka_unit_test(net_admin_and_net_raw_by_themselves_are_no_pair),
		cmocka_unit_test(marks_take_net_raw_or_net_admin_and_forced_buffers_take_net_admin),
		cmocka_unit_test(where_the_narrow_one_may_stand_alone_only_the_chained_wide_one_tells),
		cmocka_unit_test(a_real_time_io_priority_is_known_by_either_for_sys_admin_is_asked_first),
	};

	return cmocka_run_group_tests_name("alternatives", tests, NULL, NULL);
}
