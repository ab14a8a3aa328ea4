/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives a user a hard limit of so many KiB on the file system of a block device: quotactl(2). sets_quota DEVICE UID KIB */
#include <stdio.h>
#include <stdlib.h>
#include <sys/quota.h>

int main(int argc, char **argv)
{
	struct dqblk limit = {.dqb_valid = QIF_BLIMITS};

	if (argc != 4)
		return 2;
	limit.dqb_bhardlimit = strtoull(argv[3], NULL, 10);
	if (quotactl(QCMD(Q_SETQUOTA, USRQUOTA), argv[1], (int)strtol(argv[2], NULL, 10), (void *)&limit)) {
		perror("quotactl");
		return 1;
	}
	return 0;
}
