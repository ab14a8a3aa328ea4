/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that a process and its children find changed: copies in memory are mounted over them, in mounts of the process's own. */
#include <leastcap/replace.h>

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Every system has it, and no project lies in it. */
#define PLACE "/proc"

/* The copies' size at most. */
#define ROOM "64m"

int lc_replace_open(const char *path, int flags)
{
	const struct open_how how = {
		.flags = (uint64_t)flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	/* O_PATH takes no other flags beside it. */
	const struct open_how path_only = {.flags = O_PATH | O_CLOEXEC | O_NOFOLLOW, .resolve = how.resolve};
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, flags & O_PATH ? &path_only : &how, sizeof(how));
	struct stat status;
	int r = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status))
		r = -errno;
	else if (S_ISLNK(status.st_mode))
		r = -ELOOP;
	else if (!S_ISREG(status.st_mode))
		r = -EINVAL;
	if (!r)
		return fd;
	close(fd);
	return r;
}

int lc_replace_make_room(void)
{
	char options[96];
	int fd;

	snprintf(options, sizeof(options), "mode=0700,size=" ROOM ",uid=%u,gid=%u", getuid(), getgid());
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) ||
		mount("leastcap", PLACE, "tmpfs", MS_NOSUID | MS_NODEV, options))
		return -errno;
	fd = open(PLACE, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Opens the file that is to be mounted over. Nobody may put in the place of a file what he may not write there. */
static int open_target(const char *path)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	int r = lc_as_caller_begin(&caller);

	return r ? r : lc_replace_open(path, lc_is_secure() ? O_RDWR : O_PATH);
}

static int write_all(int fd, const char *text, size_t length)
{
	for (size_t done = 0; done < length;) {
		ssize_t n = write(fd, text + done, length - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Makes the copy called NAME in ROOM, with the owner and mode of TARGET. 0 or -errno. */
static int make_copy(int room, const char *name, const struct lc_replacement *file, int target)
{
	_cleanup_fd_ int copy = openat(room, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	struct stat status;
	int r;

	if (copy < 0 || fstat(target, &status))
		return -errno;
	r = write_all(copy, file->text, file->length);
	if (!r && (fchown(copy, status.st_uid, status.st_gid) || fchmod(copy, status.st_mode & 0777)))
		r = -errno;
	return r;
}

/* Mounts the copy of FILE over it. 0 or -errno. */
static int replace_one(int room, size_t number, const struct lc_replacement *file)
{
	_cleanup_fd_ int target = open_target(file->path);
	_cleanup_fd_ int tree = -1;
	char name[32];
	int r;

	if (target < 0)
		return target;
	snprintf(name, sizeof(name), "%zu", number);
	r = make_copy(room, name, file, target);
	if (r)
		return r;
	tree = open_tree(room, name, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (tree < 0 || move_mount(tree, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH))
		return -errno;
	return 0;
}

int lc_replace(const struct lc_replacement *list, size_t n)
{
	_cleanup_fd_ int room = lc_replace_make_room();
	int r = room < 0 ? room : 0;

	for (size_t i = 0; !r && i < n; i++)
		r = replace_one(room, i, &list[i]);
	/* What is mounted elsewhere stays. */
	if (!r && umount2(PLACE, MNT_DETACH))
		r = -errno;
	return r;
}
