/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes the name that runc has while it sets a container up, then gives a file away: calls_itself_runc FILE */
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	if (prctl(PR_SET_NAME, "runc:[2:INIT]") || chown(argv[1], 65534, 65534)) {
		perror(argv[1]);
		return 1;
	}
	return 0;
}
