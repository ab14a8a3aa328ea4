/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens the very file that ran. A moment later its name may lead to another file, or the file may carry other capabilities. */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static int64_t changed_ns(const struct stat *status)
{
	return status->st_ctim.tv_sec * 1000000000LL + status->st_ctim.tv_nsec;
}

/* Whether FD is the file with INODE. On overlayfs a file may have another number than its inode in the kernel (fs/overlayfs/inode.c). */
static bool is_inode(int fd, const struct stat *status, uint64_t inode)
{
	struct statfs file_system;

	return status->st_ino == inode || (!fstatfs(fd, &file_system) && file_system.f_type == OVERLAYFS_SUPER_MAGIC);
}

int lc_rootfs_open_running(int root, const char *path, pid_t pid, uint64_t inode, int64_t changed)
{
	_cleanup_fd_ int fd = lc_rootfs_open(root, path);
	struct lc_file_capabilities carried;
	struct stat status;
	char exe[32];
	int error = fd < 0 ? fd : -ESTALE;

	if (fd >= 0 && !fstat(fd, &status) && is_inode(fd, &status, inode) && changed_ns(&status) == changed)
		return lc_take_fd(&fd);
	if (fd >= 0)
		close(lc_take_fd(&fd));
	/* What still runs can be opened without its name. To remove the name changes the file's time, but not what it carries. */
	snprintf(exe, sizeof(exe), "/proc/%d/exe", (int)pid);
	fd = open(exe, O_PATH | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode) || !is_inode(fd, &status, inode))
		return error;
	if (changed_ns(&status) != changed && lc_file_capabilities(fd, &carried) == -ENODATA)
		return -ESTALE;
	return lc_take_fd(&fd);
}

bool lc_rootfs_changed_since(int fd, int64_t time)
{
	struct stat status;

	return fstat(fd, &status) || changed_ns(&status) > time;
}
