/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds one text, as a container's /etc/passwd, its /etc/group and the first line of a script, to who reads them. */
#include "served.h"

#include "src/rootfs/rootfs_private.h"

#include <leastcap/cleanup.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const files[] = {"etc/passwd", "etc/group", "script"};

static char directory[] = "/tmp/leastcap-fuzz-XXXXXX";

static void remove_root(void)
{
	char path[64];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, files[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/etc", directory);
	rmdir(path);
	rmdir(directory);
}

/* A root directory with the three files, one inode by three names. */
static int make_root(int *file)
{
	int root;

	if (!mkdtemp(directory))
		abort();
	atexit(remove_root);
	root = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0 || mkdirat(root, "etc", 0755))
		abort();
	*file = openat(root, files[0], O_RDWR | O_CREAT | O_CLOEXEC, 0755);
	if (*file < 0 || linkat(root, files[0], root, files[1], 0) || linkat(root, files[0], root, files[2], 0))
		abort();
	return root;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	static int root = -1, file;
	_cleanup_free_ char *owner = NULL;
	_cleanup_free_ char *program = NULL;
	int fd;

	if (root < 0)
		root = make_root(&file);
	if (ftruncate(file, 0) || pwrite(file, input, size, 0) != (ssize_t)size)
		abort();
	owner = lc_owner_name(root, 1000, 1000, NULL);
	/* Nothing that could be taken for more than two names. */
	if (!owner ||
		strspn(owner, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-:") != strlen(owner))
		abort();
	fd = lc_rootfs_open_program(root, "/script", &program);
	if (fd >= 0)
		close(fd);
	return 0;
}
