/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Uses CHOWN and SYS_CHROOT all the time, from a program whose file can't be found: hides deleted, hides memfd, hides replaced; or
 * while its parent is in a user namespace of its own: hides unshared. A fork goes on every two seconds, so that it is always young.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static void use(void)
{
	int fd = open("/tmp/used", O_CREAT | O_RDWR | O_CLOEXEC, 0600);

	if (fd < 0 || fchown(fd, 1234, 1234) || chroot("/"))
		perror("use");
	close(fd);
	unlink("/tmp/used");
}

static void use_for_ever(int refork)
{
	for (;;) {
		time_t start = time(NULL);

		while (time(NULL) - start < 2) {
			use();
			usleep(50000);
		}
		if (refork && fork() > 0)
			_exit(0);
	}
}

/* A copy of this program in a file that is gone, or was never named. */
static int copy_self(int in_memory)
{
	char name[] = "/tmp/hides-XXXXXX", buffer[65536];
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = in_memory ? memfd_create("hides", 0) : mkstemp(name);
	ssize_t n;
	int copy;

	while ((n = read(from, buffer, sizeof(buffer))) > 0) {
		if (write(to, buffer, (size_t)n) != n)
			exit(1);
	}
	if (in_memory)
		return to;
	fchmod(to, 0700);
	close(to);
	copy = open(name, O_RDONLY | O_CLOEXEC);
	unlink(name);
	return copy;
}

/* Puts another file at the place of its own, as an upgrade does, and forks its workers. */
static void replace_own_file(const char *name)
{
	int fd = open("/tmp/upgrade", O_CREAT | O_WRONLY | O_CLOEXEC, 0700);

	close(fd);
	if (rename("/tmp/upgrade", name))
		exit(1);
}

int main(int argc, char **argv)
{
	const char *again[] = {"hides", "go", NULL}, *replaced[] = {"/tmp/hides", "replace", NULL};
	const char *mode = argc > 1 ? argv[1] : "go";

	if (!strcmp(mode, "deleted") || !strcmp(mode, "memfd")) {
		fexecve(copy_self(!strcmp(mode, "memfd")), (char **)again, environ);
		return 1;
	}
	if (!strcmp(mode, "replaced")) {
		if (system("cp /proc/$PPID/exe /tmp/hides"))
			return 1;
		execv(replaced[0], (char **)replaced);
		return 1;
	}
	if (!strcmp(mode, "replace"))
		replace_own_file(argv[0]);
	if (!strcmp(mode, "unshared")) {
		if (!fork())
			use_for_ever(0);
		if (unshare(CLONE_NEWUSER))
			perror("unshare");
		for (;;)
			pause();
	}
	use_for_ever(1);
}
