/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * runs_many_programs N: runs N programs, each a file of its own without a name, which is denied several things. "one": what is
 * run. It is this program itself.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int be_denied(void)
{
	const struct timespec now = {.tv_sec = 1};

	if (!clock_settime(CLOCK_REALTIME, &now) || !acct("/") || !setpriority(PRIO_PROCESS, 0, -5) ||
		!sethostname("x", 1))
		return 1;
	return chroot("/");
}

/* Runs a copy of what FROM is. */
static void run_copy(int from)
{
	static char word[] = "one";
	char *arguments[] = {word, word, NULL}, *environment[] = {NULL};
	int file = memfd_create("program", MFD_CLOEXEC), again;
	char path[64];
	off_t at = 0;
	struct stat status;

	if (file < 0 || fstat(from, &status))
		return;
	while (at < status.st_size && sendfile(file, from, &at, (size_t)(status.st_size - at)) > 0)
		;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	again = open(path, O_RDONLY | O_CLOEXEC);
	close(file);
	if (!vfork()) {
		fexecve(again, arguments, environment);
		_exit(1);
	}
	close(again);
	wait(NULL);
}

int main(int argc, char **argv)
{
	int from;

	if (argc > 1 && !strcmp(argv[1], "one"))
		return be_denied();
	from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	for (int i = argc > 1 ? atoi(argv[1]) : 1; i > 0 && from >= 0; i--)
		run_copy(from);
	return 0;
}
