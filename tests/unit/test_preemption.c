/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* On which kernels our programs may be preempted, and so need copies. */
#include "src/probe/preemption.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define DYNAMIC "#1 SMP PREEMPT_DYNAMIC Debian 7.3.4-1 (2026-11-15)"
#define RT      "#1 SMP PREEMPT_RT Debian 6.1.147-1 (2025-08-02)"
#define PLAIN   "#1 SMP Debian 5.10.237-1 (2025-05-19)"

static void assert_preempts(struct lc_preemption found, bool functions, bool tracepoints)
{
	assert_int_equal(found.functions, functions);
	assert_int_equal(found.tracepoints, tracepoints);
}

static void a_kernel_that_is_not_built_for_it_preempts_nothing(void **state)
{
	(void)state;
	assert_preempts(lc_preemption_of(PLAIN, "7.3.4-amd64", NULL), false, false);
}

static void in_the_modes_without_preemption_nothing_is_preempted(void **state)
{
	(void)state;
	assert_preempts(lc_preemption_of(DYNAMIC, "6.12.117", "none (voluntary) full lazy \n"), false, false);
	assert_preempts(lc_preemption_of(DYNAMIC, "6.12.117", "(none) voluntary full lazy \n"), false, false);
}

static void before_7_only_programs_on_functions_are(void **state)
{
	(void)state;
	assert_preempts(lc_preemption_of(DYNAMIC, "6.18.2", "none voluntary (full) lazy \n"), true, false);
	assert_preempts(lc_preemption_of(RT, "6.1.0-37-rt-amd64", NULL), true, false);
}

static void since_7_those_on_tracepoints_are_too(void **state)
{
	(void)state;
	assert_preempts(lc_preemption_of(DYNAMIC, "7.3.4+deb14-amd64", "full (lazy) \n"), true, true);
	assert_preempts(lc_preemption_of(DYNAMIC, "10.0.1", "(full) lazy \n"), true, true);
}

static void a_mode_that_is_not_known_is_the_worst(void **state)
{
	(void)state;
	assert_preempts(lc_preemption_of(DYNAMIC, "7.0.0", NULL), true, true);
}

static void the_thread_is_scheduled_before_others_its_child_is_not(void **state)
{
	struct lc_scheduling before;
	int r = lc_preemption_prevent(&before), policy = sched_getscheduler(0), status;
	pid_t child = fork();

	(void)state;
	if (!child)
		_exit(sched_getscheduler(0));
	assert_int_equal(lc_preemption_allow(&before), 0);
	if (r == -EPERM) {
		print_message("not permitted to be scheduled in real time\n");
		skip();
	}
	assert_int_equal(r, 0);
	assert_int_equal(policy, SCHED_FIFO | SCHED_RESET_ON_FORK);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, W_EXITCODE(SCHED_OTHER, 0));
}

static void it_is_scheduled_as_before_in_the_end(void **state)
{
	struct lc_scheduling before;

	(void)state;
	if (lc_preemption_prevent(&before)) {
		print_message("not permitted to be scheduled in real time\n");
		skip();
	}
	assert_int_equal(lc_preemption_allow(&before), 0);
	assert_int_equal(sched_getscheduler(0) & ~SCHED_RESET_ON_FORK, SCHED_OTHER);
	assert_false(before.changed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kernel_that_is_not_built_for_it_preempts_nothing),
		cmocka_unit_test(in_the_modes_without_preemption_nothing_is_preempted),
		cmocka_unit_test(before_7_only_programs_on_functions_are),
		cmocka_unit_test(since_7_those_on_tracepoints_are_too),
		cmocka_unit_test(a_mode_that_is_not_known_is_the_worst),
		cmocka_unit_test(the_thread_is_scheduled_before_others_its_child_is_not),
		cmocka_unit_test(it_is_scheduled_as_before_in_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
