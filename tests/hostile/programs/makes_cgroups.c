/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* makes_cgroups DIRECTORY N: makes a cgroup there and removes it again, N times. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char path[4096];

	if (argc != 3)
		return 2;
	for (long i = 0, n = strtol(argv[2], NULL, 10); i < n; i++) {
		snprintf(path, sizeof(path), "%s/comes-and-goes-%ld", argv[1], i);
		if (mkdir(path, 0755) || rmdir(path)) {
			perror(path);
			return 1;
		}
	}
	return 0;
}
