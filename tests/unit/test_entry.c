/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of which syscall a task's user registers tell of, for each way into the kernel. */
#include "bpf/entry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define IP                   0x401234
#define CHROOT               161
#define PAGEFAULT_WRITE_USER 6 /* an error code: arch/x86/include/asm/trap_pf.h */
#define NO_SYSCALL           (~0ULL)

/* Registers whose place on the stack is known. */
static uint16_t known(uint64_t orig_ax, uint64_t cx, bool compat)
{
	const struct lc_entry_x86 entry = {.orig_ax = orig_ax, .cx = cx, .ip = IP, .compat = compat, .sure = true};

	return lc_syscall_of_x86(&entry);
}

/* The same, where the place is a guess. */
static uint16_t guessed(uint64_t orig_ax, uint64_t cx, bool compat)
{
	const struct lc_entry_x86 entry = {.orig_ax = orig_ax, .cx = cx, .ip = IP, .compat = compat};

	return lc_syscall_of_x86(&entry);
}

static void the_syscall_instruction_leaves_rip_in_rcx(void **state)
{
	(void)state;
	assert_int_equal(known(CHROOT, IP, false), CHROOT);
	assert_int_equal(guessed(CHROOT, IP, false), CHROOT);
}

static void under_fred_rcx_is_the_programs_own(void **state)
{
	(void)state;
	assert_int_equal(known(CHROOT, 0, false), CHROOT);
	assert_int_equal(known(0, 77, false), 0);
}

static void a_tracer_that_changes_rip_or_rcx_hides_no_syscall(void **state)
{
	(void)state;
	assert_int_equal(known(CHROOT, IP + 2, false), CHROOT);
}

static void int_80_is_a_32_bit_syscall_whatever_rcx_is(void **state)
{
	(void)state;
	assert_int_equal(known(61, 3, true), LC_SYSCALL_COMPAT | 61);
	assert_int_equal(guessed(61, 3, true), LC_SYSCALL_COMPAT | 61);
}

static void x32_has_the_numbers_of_64_bits_and_some_of_its_own(void **state)
{
	(void)state;
	assert_int_equal(known(LC_X32_BIT | CHROOT, IP, false), CHROOT);
	assert_int_equal(known(LC_X32_BIT | 520, IP, false), 520);
}

static void an_exception_or_interrupt_is_no_syscall(void **state)
{
	(void)state;
	assert_int_equal(known(NO_SYSCALL, 0, false), LC_SYSCALL_NONE);
	/* rcx may hold anything, even rip. */
	assert_int_equal(known(NO_SYSCALL, IP, false), LC_SYSCALL_NONE);
	assert_int_equal(guessed(NO_SYSCALL, IP, false), LC_SYSCALL_NONE);
	/* The kernel looks at the low half. */
	assert_int_equal(known(0xffffffff, IP, false), LC_SYSCALL_NONE);
}

static void an_error_code_at_a_guessed_place_is_no_number(void **state)
{
	(void)state;
	assert_int_equal(guessed(PAGEFAULT_WRITE_USER, 0, false), LC_SYSCALL_NONE);
}

static void a_fred_event_is_no_syscall(void **state)
{
	(void)state;
	assert_int_equal(known(NO_SYSCALL, 0, false), LC_SYSCALL_NONE);
	assert_int_equal(known(NO_SYSCALL, 0, true), LC_SYSCALL_NONE);
}

static void a_number_beyond_all_tables_is_no_syscall(void **state)
{
	(void)state;
	assert_int_equal(known(0x10000 | CHROOT, IP, false), LC_SYSCALL_NONE);
	assert_int_equal(known(LC_X32_BIT, IP, true), LC_SYSCALL_NONE);
}

static void a_worker_of_io_uring_is_in_no_syscall(void **state)
{
	(void)state;
	assert_false(lc_is_syscall(LC_SYSCALL_NONE));
	assert_false(lc_is_syscall(LC_SYSCALL_URING));
	assert_true(lc_is_syscall(CHROOT));
	assert_true(lc_is_syscall(LC_SYSCALL_COMPAT | 61));
	assert_int_equal(lc_place_of(LC_SYSCALL_NONE), LC_CALL_TABLE);
	assert_int_equal(lc_place_of(LC_SYSCALL_URING), LC_CALL_TABLE);
}

static void arm64_says_itself_what_is_no_syscall(void **state)
{
	(void)state;
	assert_int_equal(lc_syscall_of_arm64(51, false), 51);
	assert_int_equal(lc_syscall_of_arm64(61, true), LC_SYSCALL_COMPAT | 61);
	assert_int_equal(lc_syscall_of_arm64(-1, false), LC_SYSCALL_NONE);
	assert_int_equal(lc_syscall_of_arm64(-1, true), LC_SYSCALL_NONE);
	/* __ARM_NR_set_tls is no open(). */
	assert_int_equal(lc_syscall_of_arm64(0xf0005, true), LC_SYSCALL_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_syscall_instruction_leaves_rip_in_rcx),
		cmocka_unit_test(under_fred_rcx_is_the_programs_own),
		cmocka_unit_test(a_tracer_that_changes_rip_or_rcx_hides_no_syscall),
		cmocka_unit_test(int_80_is_a_32_bit_syscall_whatever_rcx_is),
		cmocka_unit_test(x32_has_the_numbers_of_64_bits_and_some_of_its_own),
		cmocka_unit_test(an_exception_or_interrupt_is_no_syscall),
		cmocka_unit_test(an_error_code_at_a_guessed_place_is_no_number),
		cmocka_unit_test(a_fred_event_is_no_syscall),
		cmocka_unit_test(a_number_beyond_all_tables_is_no_syscall),
		cmocka_unit_test(a_worker_of_io_uring_is_in_no_syscall),
		cmocka_unit_test(arm64_says_itself_what_is_no_syscall),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
