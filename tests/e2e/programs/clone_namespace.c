/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tries to clone into a mount namespace of its own, after so many mappings that the kernel asks about memory many times. */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAPPINGS 50

int main(void)
{
	long pid;

	/* Every second page can be written to: neighbours alike would become one mapping. */
	for (int i = 0; i < MAPPINGS; i++)
		mmap(NULL, 4096, i % 2 ? PROT_READ : PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid = syscall(SYS_clone, CLONE_NEWNS | SIGCHLD, NULL, NULL, NULL, 0);
	if (!pid)
		_exit(EXIT_SUCCESS);
	if (pid < 0) {
		printf("%s\n", strerrorname_np(errno));
		return EXIT_FAILURE;
	}
	waitpid((pid_t)pid, NULL, 0);
	return EXIT_SUCCESS;
}
