/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes exactly TASKS times CHECKS checks for CAP_SETGID, one per setgroups(2), as fast as it can: many_checks TASKS CHECKS */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void make_checks(long checks)
{
	for (long i = 0; i < checks; i++) {
		if (setgroups(0, NULL))
			_exit(1);
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	int status, worst = 0;

	if (argc != 3)
		return 2;
	for (long task = strtol(argv[1], NULL, 10); task > 0; task--) {
		pid_t child = fork();

		if (child == 0)
			make_checks(strtol(argv[2], NULL, 10));
		if (child < 0) {
			perror("fork");
			return 1;
		}
	}
	while (wait(&status) > 0)
		worst |= status;
	return worst ? 1 : 0;
}
