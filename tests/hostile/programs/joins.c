/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * joins CGROUP.PROCS SECONDS: puts a child of its own into a cgroup, where it uses SYS_CHROOT for so long and ends; it never runs a
 * program there, as a restored process does not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int ready[2];
	pid_t child;
	FILE *file;

	if (argc < 3 || pipe(ready))
		return 2;
	child = fork();
	if (!child) {
		time_t end;
		char byte;

		if (read(ready[0], &byte, 1) != 1)
			_exit(1);
		end = time(NULL) + atoi(argv[2]);
		do {
			if (chroot("/"))
				_exit(1);
			usleep(50000);
		} while (time(NULL) < end);
		_exit(0);
	}
	file = fopen(argv[1], "w");
	if (!file || fprintf(file, "%d\n", (int)child) < 0 || fclose(file)) {
		perror(argv[1]);
		return 1;
	}
	if (write(ready[1], "", 1) != 1)
		return 1;
	waitpid(child, NULL, 0);
	return 0;
}
