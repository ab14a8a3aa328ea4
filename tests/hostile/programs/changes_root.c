/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes a directory its root, changes the mode of a file there that belongs to somebody else, and is gone at once. */
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 3 || chroot(argv[1]) || chdir("/"))
		return 1;
	return chmod(argv[2], 0600);
}
