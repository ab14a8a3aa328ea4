/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* replaces_itself [FILE]: renames FILE to what it was run as, before anything else. */
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc > 1 && rename(argv[1], argv[0]))
		return 1;
	usleep(300000);
	return 0;
}
