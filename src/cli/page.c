/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The manual page of a subcommand, shown by man(1). */
#include "src/cli/page.h"

#include <leastcap/recording.h>

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether man is there and finds PAGE. */
static bool is_installed(char *page)
{
	char name[] = "man", where[] = "-w";
	char *const arguments[] = {name, where, page, NULL};
	posix_spawn_file_actions_t silent;
	pid_t pid;
	int status, r;

	if (posix_spawn_file_actions_init(&silent))
		return false;
	posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&silent, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	r = posix_spawnp(&pid, arguments[0], &silent, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&silent);
	return !r && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && !WEXITSTATUS(status);
}

void lc_page_open(const char *name)
{
	char page[64];

	snprintf(page, sizeof(page), "leastcap-%s", name);
	/* A pager runs what its user wants: not with what our file gives. */
	if (lc_privileges_give_up() || !is_installed(page))
		return;
	execlp("man", "man", page, (char *)NULL);
}
