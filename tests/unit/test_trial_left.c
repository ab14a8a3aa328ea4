/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that nothing of a command stays that had to be ended in the middle. */
#include "src/cli/trial.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Starts a process that starts another one and ends before it. Both hold the pipe's end WRITER. */
static void leave_orphan(int writer)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (!pid) {
		if (!fork()) {
			/* Signals that can be ignored end nothing here. */
			signal(SIGTERM, SIG_IGN);
			for (;;)
				pause();
		}
		_exit(0);
	}
	close(writer);
	assert_int_equal(waitpid(pid, &status, 0), pid);
}

static void what_commands_have_left_ends(void **state)
{
	int fds[2];
	char byte;

	(void)state;
	lc_trial_begin();
	assert_int_equal(pipe(fds), 0);
	leave_orphan(fds[1]);
	lc_trial_end_left();
	/* Whoever held the other end is gone. */
	assert_int_equal(read(fds[0], &byte, 1), 0);
	assert_int_equal(waitpid(-1, NULL, 0), -1);
	assert_int_equal(errno, ECHILD);
	close(fds[0]);
	/* Without any there is nothing to wait for. */
	lc_trial_end_left();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_commands_have_left_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
