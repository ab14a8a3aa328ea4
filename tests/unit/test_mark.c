/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By which marks a program's copies know that the work of a run is done. */
#include "bpf/mark.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PID     4711
#define PROGRAM LC_COPIED_EXEC

/* Whether COPY, behind a task that came by LAST before, finds the work done. */
static bool is_done(enum lc_program_copy last, enum lc_program_copy copy)
{
	return lc_is_done(lc_mark(PID, PROGRAM, last), lc_mark(PID, PROGRAM, copy), copy);
}

static void an_earlier_copy_has_done_the_work(void **state)
{
	(void)state;
	assert_true(is_done(LC_COPY_FIRST, LC_COPY_SECOND));
	assert_true(is_done(LC_COPY_FIRST, LC_COPY_LAST));
	assert_true(is_done(LC_COPY_THIRD, LC_COPY_LAST));
}

static void the_same_copy_or_a_later_one_was_met_in_the_run_before(void **state)
{
	(void)state;
	assert_false(is_done(LC_COPY_SECOND, LC_COPY_SECOND));
	assert_false(is_done(LC_COPY_LAST, LC_COPY_SECOND));
	assert_false(is_done(LC_COPY_LAST, LC_COPY_LAST));
}

static void the_first_copy_finds_nothing_done(void **state)
{
	(void)state;
	for (int last = LC_COPY_FIRST; last < LC_COPIES; last++)
		assert_false(is_done((enum lc_program_copy)last, LC_COPY_FIRST));
}

static void another_programs_or_tasks_mark_says_nothing(void **state)
{
	const __u32 mark = lc_mark(PID, PROGRAM, LC_COPY_LAST);

	(void)state;
	for (int copy = LC_COPY_FIRST; copy < LC_COPIES; copy++) {
		assert_false(lc_is_done(lc_mark(PID, PROGRAM - 1, (enum lc_program_copy)copy), mark, LC_COPY_LAST));
		assert_false(lc_is_done(lc_mark(PID, PROGRAM + 1, (enum lc_program_copy)copy), mark, LC_COPY_LAST));
		assert_false(lc_is_done(lc_mark(PID - 1, PROGRAM, (enum lc_program_copy)copy), mark, LC_COPY_LAST));
	}
	assert_false(lc_is_done(0, mark, LC_COPY_LAST));
}

static void the_largest_task_and_program_have_a_mark_of_their_own(void **state)
{
	const __u32 largest = LC_COPY_MARKS - 1;

	(void)state;
	assert_int_equal(lc_mark(largest, LC_COPIED - 1, LC_COPY_LAST),
		(((uint64_t)largest << 4 | (LC_COPIED - 1)) * LC_COPIES) + LC_COPY_LAST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_earlier_copy_has_done_the_work),
		cmocka_unit_test(the_same_copy_or_a_later_one_was_met_in_the_run_before),
		cmocka_unit_test(the_first_copy_finds_nothing_done),
		cmocka_unit_test(another_programs_or_tasks_mark_says_nothing),
		cmocka_unit_test(the_largest_task_and_program_have_a_mark_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
