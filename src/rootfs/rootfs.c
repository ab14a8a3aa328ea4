/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens a container's root and what is below it, so that nothing leads out of it. */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/host.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>

/* How often a lookup is tried that a rename or mount elsewhere disturbs. A container could go on renaming for ever. */
#define LOOKUP_ATTEMPTS 16

/* A search for a mount by its number. */
struct number {
	uint64_t id;
	uint32_t device;
};

/* Whether MOUNT is the one searched for. */
static int is_number(void *context, const struct lc_mount *mount)
{
	const struct number *number = context;

	return mount->id == number->id && mount->device == number->device;
}

/* Whether the mount with number ID, as process PID sees mounts, is of the file system with DEVICE. */
static bool is_mount_of_device(pid_t pid, uint64_t id, uint32_t device)
{
	struct number number = {id, device};

	return lc_mounts_each(pid, is_number, &number) > 0;
}

/* Fills STATUS with what is known of FD (O_PATH) without asking a server. Whether it has the inode. */
static bool read_status(int fd, struct statx *status)
{
	const unsigned int wanted = STATX_INO | STATX_MNT_ID;

	return !statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, wanted, status) && status->stx_mask & STATX_INO;
}

static uint32_t device_of(const struct statx *status)
{
	return lc_device(status->stx_dev_major, status->stx_dev_minor);
}

/*
 * Whether FD, the root directory of process PID (a pidfd: PROCESS), is ROOT. btrfs tells stat(2) of a device for each subvolume, which is not the
 * file system's. There the device of the mount has to do, if the process still is the same one.
 */
static bool is_root(int fd, pid_t pid, int process, const struct lc_root *root)
{
	struct pollfd ended = {.fd = process, .events = POLLIN};
	struct statx status;

	if (!root->inode || !read_status(fd, &status) || status.stx_ino != root->inode)
		return false;
	if (device_of(&status) == root->device)
		return true;
	return !status.stx_dev_major && status.stx_mask & STATX_MNT_ID &&
	       is_mount_of_device(pid, status.stx_mnt_id, root->device) && poll(&ended, 1, 0) == 0;
}

int lc_rootfs_of_pid(pid_t pid, const struct lc_root *root)
{
	_cleanup_fd_ int process = -1;
	_cleanup_fd_ int fd = -1;
	char path[32];

	process = (int)syscall(SYS_pidfd_open, pid, 0);
	if (process < 0)
		return errno == EINVAL ? -ESRCH : -errno;
	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	return is_root(fd, pid, process, root) ? lc_take_fd(&fd) : -ESTALE;
}

/* Opens MOUNT where it is mounted. Its number tells whether something else is mounted over it. A descriptor or -errno. */
static int open_mount(const struct lc_mount *mount)
{
	_cleanup_fd_ int fd = -1;
	struct statx status;

	fd = open(mount->point, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_MNT_ID, &status) < 0)
		return -errno;
	if (!(status.stx_mask & STATX_MNT_ID) || status.stx_mnt_id != mount->id)
		return -ENOENT;
	return lc_take_fd(&fd);
}

/*
 * Opens MOUNT if it is a whole file system and begins at ROOT. Subvolumes of btrfs, to which stat(2) gives devices of their own, are refused,
 * because the same inode number exists elsewhere in the file system. A descriptor or -errno.
 */
static int open_mount_of(const struct lc_mount *mount, const struct lc_root *root)
{
	_cleanup_fd_ int fd = -1;
	struct statx status;

	if (mount->device != root->device || strcmp(mount->root, "/") != 0)
		return -ENOENT;
	fd = open_mount(mount);
	if (fd < 0)
		return fd;
	if (!read_status(fd, &status) || status.stx_ino != root->inode || device_of(&status) != root->device)
		return -ENOENT;
	return lc_take_fd(&fd);
}

/* A search for the newest mount of ROOT. */
struct newest {
	const struct lc_root *root;
	int fd; /* of the mount; or -ENOENT */
};

static int take_newer(void *context, const struct lc_mount *mount)
{
	struct newest *newest = context;
	int fd = open_mount_of(mount, newest->root);

	if (fd < 0)
		return 0;
	if (newest->fd >= 0)
		close(newest->fd);
	newest->fd = fd;
	return 0;
}

/* Mounts are listed as they were made: the last one that opens is the newest. */
int lc_rootfs_mounted(const struct lc_root *root)
{
	struct newest newest = {root, -ENOENT};
	int r = lc_mounts_each(0, take_newer, &newest);

	return r ? r : newest.fd;
}

int lc_rootfs_open_flags(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(O_PATH | O_CLOEXEC | flags),
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	long fd = -1;
	int i;

	if (path[0] != '/')
		return -EINVAL;
	for (i = 0; i < LOOKUP_ATTEMPTS; i++) {
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd < 0 ? -errno : (int)fd;
}

int lc_rootfs_open(int root, const char *path)
{
	return lc_rootfs_open_flags(root, path, 0);
}

/* Whether FD is on a file system of the kernel's own. A read may have effects there: /proc/kmsg loses what was read. */
static bool is_kernels_own(int fd)
{
	struct statfs status;

	return fstatfs(fd, &status) < 0 || status.f_type == PROC_SUPER_MAGIC || status.f_type == SYSFS_MAGIC;
}

int lc_rootfs_reopen(int fd)
{
	struct stat status;
	char path[32];
	int ret;

	if (fstat(fd, &status) < 0)
		return -errno;
	if (!S_ISREG(status.st_mode) || status.st_size == 0 || is_kernels_own(fd))
		return -EINVAL;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ret = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return ret < 0 ? -errno : ret;
}

int lc_object_fill(
	struct lc_object *object, int root, const char *path, const struct stat *status, struct lc_names *names)
{
	object->path = strdup(path);
	object->owner = lc_owner_name(root, status->st_uid, status->st_gid, names);
	object->mode = status->st_mode;
	if (object->path && object->owner)
		return 0;
	lc_object_clear(object);
	return -ENOMEM;
}

int lc_rootfs_describe(int root, const char *path, bool follow, struct lc_names *names, struct lc_object *object)
{
	_cleanup_fd_ int fd = -1;
	struct stat status;

	fd = lc_rootfs_open_flags(root, path, follow ? 0 : O_NOFOLLOW);
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	return lc_object_fill(object, root, path, &status, names);
}
