/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Restricts itself by Landlock to reading nothing, and then opens FILE: restricts_itself FILE. 0 when that was refused, 2 without Landlock. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	const struct landlock_ruleset_attr nothing = {.handled_access_fs = LANDLOCK_ACCESS_FS_READ_FILE};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &nothing, sizeof(nothing), 0);

	if (argc != 2 || rules < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
		syscall(SYS_landlock_restrict_self, rules, 0)) {
		perror("landlock");
		return 2;
	}
	if (open(argv[1], O_RDONLY | O_CLOEXEC) >= 0 || errno != EACCES) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
