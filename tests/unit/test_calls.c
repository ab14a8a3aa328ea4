/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what the kernel side is told about syscalls. */
#include "bpf/record.h"
#include "src/probe/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

static uint8_t calls[LC_SYSCALLS];

static int fill(void **state)
{
	(void)state;
	memset(calls, 0, sizeof(calls));
	lc_calls_fill(calls);
	return 0;
}

static void what_asks_before_it_looks_is_known(void **state)
{
	(void)state;
	assert_int_equal(calls[SYS_setuid], LC_CALL_SETUID);
	assert_int_equal(calls[SYS_setgid], LC_CALL_SETGID);
	assert_int_equal(calls[SYS_setresuid], LC_CALL_SETRESUID);
	assert_int_equal(calls[SYS_setresgid], LC_CALL_SETRESGID);
	assert_int_equal(calls[SYS_capset], LC_CALL_CAPSET);
}

static void where_a_mode_stands_is_known(void **state)
{
	(void)state;
	assert_int_equal(calls[SYS_fchmod], LC_CALL_MODE_1);
	assert_int_equal(calls[SYS_fchmodat], LC_CALL_MODE_2);
	assert_int_equal(calls[SYS_openat], LC_CALL_MODE_3);
}

static void what_reads_and_writes_files_is_known(void **state)
{
	(void)state;
	assert_int_equal(calls[SYS_read], LC_CALL_FILE);
	assert_int_equal(calls[SYS_write], LC_CALL_FILE);
	assert_int_equal(calls[SYS_setsockopt], LC_CALL_SETSOCKOPT);
}

static void what_names_capabilities_is_watched_when_it_returns(void **state)
{
	(void)state;
	assert_true(calls[SYS_execve] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_execveat] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_capget] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_capset] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_prctl] >= LC_CALL_RETURNS);
}

static void everything_else_is_nothing_special(void **state)
{
	(void)state;
	assert_int_equal(calls[SYS_getpid], LC_CALL_OTHER);
	assert_int_equal(calls[SYS_setgroups], LC_CALL_OTHER);
	assert_int_equal(calls[LC_SYSCALLS - 1], LC_CALL_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_asks_before_it_looks_is_known, fill),
		cmocka_unit_test_setup(where_a_mode_stands_is_known, fill),
		cmocka_unit_test_setup(what_reads_and_writes_files_is_known, fill),
		cmocka_unit_test_setup(what_names_capabilities_is_watched_when_it_returns, fill),
		cmocka_unit_test_setup(everything_else_is_nothing_special, fill),
	};

	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
