/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* plants_cgroups DIRECTORY N DEPTH: makes N cgroups side by side in DIRECTORY, and a chain of DEPTH below one more; the user has to own it. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char name[32];

	if (argc != 4 || chdir(argv[1])) {
		fprintf(stderr, "usage: plants_cgroups DIRECTORY N DEPTH\n");
		return EXIT_FAILURE;
	}
	for (long i = 0; i < strtol(argv[2], NULL, 10); i++) {
		snprintf(name, sizeof(name), "c%ld", i);
		if (mkdir(name, 0755)) {
			perror(name);
			return EXIT_FAILURE;
		}
	}
	if (mkdir("lxc.payload.x", 0755) || chdir("lxc.payload.x")) {
		perror("lxc.payload.x");
		return EXIT_FAILURE;
	}
	for (long i = 0; i < strtol(argv[3], NULL, 10); i++) {
		if (mkdir("a", 0755) || chdir("a")) {
			perror("a");
			return EXIT_FAILURE;
		}
	}
	return EXIT_SUCCESS;
}
