/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* peak FILE COMMAND…: runs COMMAND and writes to FILE how much memory it had at most (resident, in KiB). */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct rusage usage;
	int status;
	pid_t child;
	FILE *file;

	if (argc < 3) {
		fprintf(stderr, "usage: peak FILE COMMAND...\n");
		return 2;
	}
	child = fork();
	if (!child) {
		execvp(argv[2], argv + 2);
		perror(argv[2]);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child)
		return EXIT_FAILURE;
	file = fopen(argv[1], "we");
	if (!file) {
		perror(argv[1]);
		return EXIT_FAILURE;
	}
	fprintf(file, "%ld\n", usage.ru_maxrss);
	if (fclose(file))
		return EXIT_FAILURE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
