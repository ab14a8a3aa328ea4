/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * stays_in_setup DIRECTORY: makes two cgroups there that are called as containers are, puts a process into each, as a runtime does, and
 * has them fork for two generations. All 8322 live, and none runs a program. Says "stays" when all are there.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define CGROUPS     2
#define CHILDREN    64
#define GENERATIONS 2

/* Has CHILDREN, which have as many each; when all of these are there, one byte says so to SAYS. Never returns, in any of them. */
static void multiply(int says)
{
	int ready[2], generation = 0, children = 0;
	char byte;

	if (pipe(ready))
		exit(1);
	while (generation < GENERATIONS && children < CHILDREN) {
		pid_t child = fork();

		if (child < 0)
			exit(1);
		children++;
		if (child)
			continue;
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		generation++;
		children = 0;
		says = ready[1];
		if (pipe(ready))
			exit(1);
	}
	for (int i = 0; i < children; i++) {
		if (read(ready[0], &byte, 1) != 1)
			exit(1);
	}
	if (write(says, "", 1) != 1)
		exit(1);
	for (;;)
		pause();
}

/* Puts PROCESS into a cgroup of DIRECTORY that is called as the container NUMBER is. 0 or -1. */
static int put(pid_t process, const char *directory, int number)
{
	char path[4096];
	FILE *file;
	int r;

	snprintf(path, sizeof(path), "%s/%064d", directory, number);
	if (mkdir(path, 0755))
		return -1;
	snprintf(path, sizeof(path), "%s/%064d/cgroup.procs", directory, number);
	file = fopen(path, "we");
	if (!file)
		return -1;
	r = fprintf(file, "%d\n", (int)process) < 0;
	return fclose(file) || r ? -1 : 0;
}

int main(int argc, char **argv)
{
	int ready[2];
	char byte;

	if (argc != 2 || pipe(ready))
		return 2;
	for (int i = 0; i < CGROUPS; i++) {
		int go[2];
		pid_t child;

		if (pipe(go))
			return 1;
		child = fork();
		if (!child) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(go[1]);
			if (read(go[0], &byte, 1) != 1)
				exit(1);
			multiply(ready[1]);
		}
		if (child < 0 || put(child, argv[1], 1 + i) || write(go[1], "", 1) != 1) {
			perror(argv[1]);
			return 1;
		}
	}
	for (int i = 0; i < CGROUPS; i++) {
		if (read(ready[0], &byte, 1) != 1)
			return 1;
	}
	puts("stays");
	fflush(stdout);
	for (;;)
		pause();
}
