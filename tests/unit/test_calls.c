/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what the kernel side is told about syscalls. */
#include "bpf/record.h"
#include "src/probe/calls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

static uint8_t calls[LC_CALL_TABLE];

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
	assert_int_equal(calls[452], LC_CALL_MODE_2); /* fchmodat2 */
	assert_int_equal(calls[SYS_mknodat], LC_CALL_MODE_2);
	assert_int_equal(calls[SYS_openat], LC_CALL_MODE_3);
	assert_int_equal(calls[SYS_openat2], LC_CALL_OPENAT2);
}

static void what_reads_and_writes_files_is_known(void **state)
{
	(void)state;
	assert_int_equal(calls[SYS_read], LC_CALL_FILE);
	assert_int_equal(calls[SYS_write], LC_CALL_FILE);
	assert_int_equal(calls[SYS_preadv2], LC_CALL_FILE);
	assert_int_equal(calls[SYS_pwritev], LC_CALL_FILE);
	assert_int_equal(calls[SYS_copy_file_range], LC_CALL_FILE);
	assert_int_equal(calls[SYS_faccessat], LC_CALL_FILE);
	assert_int_equal(calls[SYS_setsockopt], LC_CALL_SETSOCKOPT);
}

static void what_tells_of_service_is_counted(void **state)
{
	static uint8_t guarded[LC_CALL_TABLE], selectors[LC_CALL_TABLE];

	(void)state;
	lc_calls_guard(guarded, selectors);
	assert_int_equal(guarded[SYS_accept4], LC_CALL_GUARDED);
	assert_int_equal(calls[SYS_accept4], LC_CALL_ACCEPT);
	assert_int_equal(guarded[SYS_listen], LC_CALL_GUARDED);
	assert_int_equal(calls[SYS_listen], LC_CALL_LISTEN);
	/* It is counted, and not looked at besides. */
	assert_true(LC_CALL_ACCEPT < LC_CALL_RETURNS);
#ifdef SYS_accept
	assert_int_equal(guarded[SYS_accept], LC_CALL_GUARDED);
#endif
	assert_int_equal(guarded[SYS_bind], LC_CALL_GUARDED);
	assert_int_equal(calls[SYS_bind], LC_CALL_BIND);
	assert_int_equal(guarded[SYS_connect], 0);
}

/* The enum lc_call of the 32-bit syscall NAME. */
static uint8_t narrow(const char *name)
{
	int place = lc_call_place(name, LC_ABI_32_BIT);

	assert_true(place >= LC_SYSCALLS && place < LC_CALL_TABLE);
	return calls[place];
}

static void a_32_bit_call_is_what_its_name_says(void **state)
{
	(void)state;
	assert_int_equal(narrow("capset"), LC_CALL_CAPSET);
	assert_int_equal(narrow("execve"), LC_CALL_EXECVE);
	assert_int_equal(narrow("openat"), LC_CALL_MODE_3);
	assert_int_equal(narrow("setuid32"), LC_CALL_SETUID);
	assert_int_equal(narrow("setresgid32"), LC_CALL_SETRESGID);
	/* On i386 in socketcall as well. */
	assert_int_equal(narrow("setsockopt"), LC_CALL_SETSOCKOPT);
}

static void the_old_calls_of_32_bits_have_ids_of_16(void **state)
{
	(void)state;
	assert_int_equal(narrow("setuid"), LC_CALL_SETUID_16);
	assert_int_equal(narrow("setresuid"), LC_CALL_SETRESUID_16);
	assert_int_equal(narrow("setgid"), LC_CALL_SETGID_16);
	assert_int_equal(narrow("setresgid"), LC_CALL_SETRESGID_16);
}

static void the_bare_number_of_a_watched_32_bit_call_is_marked(void **state)
{
	int place = lc_call_place("capset", LC_ABI_32_BIT);

	(void)state;
	assert_true(calls[place - LC_SYSCALLS] & LC_CALL_RETURNS_32);
	/* And is none of the marked numbers' own. */
	assert_int_equal(calls[SYS_capset] & LC_CALL_RETURNS_32, 0);
	assert_int_equal(calls[SYS_capset], LC_CALL_CAPSET);
}

static void x32_has_some_numbers_of_its_own(void **state)
{
	char *name = NULL;

	(void)state;
#if defined(__x86_64__)
	assert_int_equal(lc_call_place("execve", LC_ABI_X32), 520);
	assert_int_equal(calls[520], LC_CALL_EXECVE);
	name = lc_syscall_name(520);
	assert_string_equal(name, "execve");
#endif
	free(name);
	assert_int_equal(lc_call_place("capset", LC_ABI_X32), -1);
}

static void what_a_worker_of_io_uring_does_is_the_calls(void **state)
{
	char *name = lc_syscall_name(LC_SYSCALL_URING);

	(void)state;
	assert_string_equal(name, "io_uring_enter");
	free(name);
}

static void what_an_abi_lacks_has_no_place(void **state)
{
	(void)state;
	assert_int_equal(lc_call_place("setuid32", LC_ABI_NATIVE), -1);
	assert_int_equal(lc_call_place("no_such_call", LC_ABI_NATIVE), -1);
	assert_int_equal(lc_call_place("no_such_call", LC_ABI_32_BIT), -1);
}

static void what_only_looks_whether_a_path_leads_to_something_is_known(void **state)
{
	(void)state;
	assert_int_equal(calls[SYS_newfstatat], LC_CALL_LOOKUP);
	assert_int_equal(calls[SYS_statx], LC_CALL_LOOKUP);
	assert_int_equal(calls[SYS_readlinkat], LC_CALL_LOOKUP);
}

static void what_names_capabilities_is_watched_when_it_returns(void **state)
{
	(void)state;
	assert_true(calls[SYS_execve] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_execveat] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_capget] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_capset] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_prctl] >= LC_CALL_RETURNS);
	assert_true(calls[SYS_io_uring_register] >= LC_CALL_RETURNS);
}

static void everything_else_is_nothing_special(void **state)
{
	(void)state;
	assert_int_equal(calls[SYS_getpid], LC_CALL_OTHER);
	assert_int_equal(calls[SYS_setgroups], LC_CALL_OTHER);
	assert_int_equal(calls[SYS_shmget], LC_CALL_OTHER);
	assert_int_equal(calls[LC_SYSCALLS - 1], LC_CALL_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_asks_before_it_looks_is_known, fill),
		cmocka_unit_test_setup(where_a_mode_stands_is_known, fill),
		cmocka_unit_test_setup(what_reads_and_writes_files_is_known, fill),
		cmocka_unit_test_setup(what_tells_of_service_is_counted, fill),
		cmocka_unit_test_setup(what_only_looks_whether_a_path_leads_to_something_is_known, fill),
		cmocka_unit_test_setup(what_names_capabilities_is_watched_when_it_returns, fill),
		cmocka_unit_test_setup(a_32_bit_call_is_what_its_name_says, fill),
		cmocka_unit_test_setup(the_old_calls_of_32_bits_have_ids_of_16, fill),
		cmocka_unit_test_setup(the_bare_number_of_a_watched_32_bit_call_is_marked, fill),
		cmocka_unit_test_setup(x32_has_some_numbers_of_its_own, fill),
		cmocka_unit_test_setup(what_a_worker_of_io_uring_does_is_the_calls, fill),
		cmocka_unit_test_setup(what_an_abi_lacks_has_no_place, fill),
		cmocka_unit_test_setup(everything_else_is_nothing_special, fill),
	};

	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
