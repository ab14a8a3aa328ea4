/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Sets a filter of system calls that allows everything, without no_new_privs:
 *   set_filter strict   ends where that is refused
 *   set_filter loose    says so, goes on, and a little later gives up its user
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {.len = 1, .filter = &allow};
	int is_strict = argc > 1 && !strcmp(argv[1], "strict");

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program)) {
		perror("PR_SET_SECCOMP");
		if (is_strict)
			return EXIT_FAILURE;
	}
	usleep(500000);
	if (setgid(1000) || setuid(1000))
		perror("setuid");
	return EXIT_SUCCESS;
}
