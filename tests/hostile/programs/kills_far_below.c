/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kills_far_below N: root kills a child, another user's, that has made N user namespaces one below the other. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define USER 1000

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0) {
		perror(path);
		_exit(1);
	}
	close(fd);
}

static void descend(int levels)
{
	for (int i = 0; i < levels; i++) {
		if (unshare(CLONE_NEWUSER)) {
			perror("unshare");
			_exit(1);
		}
		write_file("/proc/self/setgroups", "deny");
		write_file("/proc/self/uid_map", "1000 1000 1");
		write_file("/proc/self/gid_map", "1000 1000 1");
	}
}

int main(int argc, char **argv)
{
	int ready[2], status;
	pid_t child;
	char byte;

	if (argc != 2 || pipe(ready))
		return 2;
	child = fork();
	if (child < 0)
		return 2;
	if (!child) {
		alarm(20);
		if (setresgid(USER, USER, USER) || setresuid(USER, USER, USER) || prctl(PR_SET_DUMPABLE, 1))
			_exit(1);
		descend(atoi(argv[1]));
		if (write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1 || kill(child, SIGTERM) || waitpid(child, &status, 0) < 0) {
		perror("kill");
		return 1;
	}
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM ? 0 : 1;
}
