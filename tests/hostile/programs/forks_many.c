/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* forks_many N FILE: once FILE is there, has N children at a time, of which each asks for SYS_CHROOT when all are there; makes FILE.done. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int go[2], failed = 0;
	char done[4096], byte;
	FILE *file;

	if (argc != 3 || pipe(go))
		return 2;
	while (access(argv[2], F_OK))
		usleep(50000);
	for (long n = strtol(argv[1], NULL, 10); n > 0; n--) {
		pid_t child = fork();

		if (!child) {
			close(go[1]);
			/* Returns when the other end is closed. */
			_exit(read(go[0], &byte, 1) != 0 || chroot("/") ? 1 : 0);
		}
		failed |= child < 0;
	}
	close(go[1]);
	for (int status; wait(&status) > 0;)
		failed |= status;
	snprintf(done, sizeof(done), "%s.done", argv[2]);
	file = fopen(done, "we");
	if (file)
		fclose(file);
	pause();
	return failed;
}
