/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * makes_namespaces N: N times makes a user namespace, and asks there for several capabilities: granted what is the namespace's, refused what
 * is not. Each namespace makes distinct checks of them.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

/* In a child, whose namespaces end with it. 0, or 1 when it may make none. */
static int ask(void)
{
	const struct timeval now = {1, 0};

	if (unshare(CLONE_NEWUSER | CLONE_NEWUTS | CLONE_NEWNS))
		return 1;
	(void)(sethostname("a", 1) + chroot("/") + mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	(void)(settimeofday(&now, NULL) + setdomainname("a", 1) + nice(-1) + acct("/nowhere"));
	return 0;
}

int main(int argc, char **argv)
{
	int status = 0;

	for (long n = argc == 2 ? strtol(argv[1], NULL, 10) : 0; n > 0 && !status; n--) {
		pid_t child = fork();

		if (!child)
			_exit(ask());
		if (child < 0 || waitpid(child, &status, 0) < 0)
			return 1;
	}
	if (status)
		fputs("no user namespace may be made here\n", stderr);
	return status ? 1 : 0;
}
