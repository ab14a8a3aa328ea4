/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Walks a path as path_resolution(7) has it and finds the file whose owner and mode refuse access. */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

/* The kernel's MAXSYMLINKS. */
#define LINKS_MAX 40

/* How many names are looked up for one path, those in symbolic links included. Real paths have far fewer. */
#define STEPS_MAX 1024

/* The bits of one class of a mode. */
#define MAY_READ    4U
#define MAY_WRITE   2U
#define MAY_EXECUTE 1U /* for a directory: to search it */

static const unsigned int wanted_bits[] = {
	[LC_ACCESS_SEARCH] = 0,
	[LC_ACCESS_READ] = MAY_READ,
	[LC_ACCESS_WRITE] = MAY_WRITE,
	[LC_ACCESS_EXECUTE] = MAY_EXECUTE,
	[LC_ACCESS_ENTRY] = 0, /* of the directory alone */
};

/* Where a walk has come to. */
struct walk {
	int root;
	int here;                /* O_PATH, owned */
	struct stat status;      /* of here */
	char path[PATH_MAX];     /* of here, free of symbolic links; "" is the root */
	char rest[2 * PATH_MAX]; /* of the path, still to be walked */
	char name[NAME_MAX + 1]; /* what is looked up in here next */
	unsigned int steps;
	unsigned int links;
};

static void walk_clear(struct walk *walk)
{
	if (walk->here >= 0)
		close(walk->here);
}

static bool in_groups(const struct lc_caller *caller, gid_t gid)
{
	size_t i;

	for (i = 0; i < caller->n_groups; i++) {
		if (caller->groups[i] == gid)
			return true;
	}
	return caller->gid == gid;
}

/*
 * Whether owner and mode refuse CALLER the BITS. Only the first class of the mode that fits counts. POSIX ACLs are ignored.
 */
static bool refuses(const struct stat *status, const struct lc_caller *caller, unsigned int bits)
{
	unsigned int granted = status->st_mode;

	if (caller->uid == status->st_uid)
		granted >>= 6;
	else if (in_groups(caller, status->st_gid))
		granted >>= 3;
	return (granted & bits) != bits;
}

/* Goes to FD, which the walk owns from now on. */
static int move_to(struct walk *walk, int fd)
{
	if (fd < 0)
		return fd;
	if (walk->here >= 0)
		close(walk->here);
	walk->here = fd;
	return fstat(fd, &walk->status) < 0 ? -errno : 0;
}

static int go_to_root(struct walk *walk)
{
	walk->path[0] = '\0';
	return move_to(walk, lc_rootfs_open(walk->root, "/"));
}

/* Goes up by the path, because ".." of a directory that was moved meanwhile could lead out of the root. */
static int go_up(struct walk *walk)
{
	char *slash = strrchr(walk->path, '/');

	if (slash)
		*slash = '\0';
	return move_to(walk, lc_rootfs_open(walk->root, walk->path[0] ? walk->path : "/"));
}

/* Puts what the symbolic link FD says before the rest of the path. */
static int follow(struct walk *walk, int fd)
{
	char target[PATH_MAX];
	ssize_t length;

	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	length = readlinkat(fd, "", target, sizeof(target));
	if (length <= 0)
		return length < 0 ? -errno : -ENOENT;
	if (length == sizeof(target) || (size_t)length + 1 + strlen(walk->rest) >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	memmove(walk->rest + length + 1, walk->rest, strlen(walk->rest) + 1);
	memcpy(walk->rest, target, (size_t)length);
	walk->rest[length] = '/';
	return target[0] == '/' ? go_to_root(walk) : 0;
}

/* Goes to the file called walk->name in here. */
static int go_down(struct walk *walk)
{
	size_t length = strlen(walk->path);
	_cleanup_fd_ int fd = -1;
	struct stat status;

	fd = openat(walk->here, walk->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &status) < 0)
		return -errno;
	if (S_ISLNK(status.st_mode))
		return follow(walk, fd);
	if (length + 1 + strlen(walk->name) >= sizeof(walk->path))
		return -ENAMETOOLONG;
	snprintf(walk->path + length, sizeof(walk->path) - length, "/%s", walk->name);
	return move_to(walk, lc_take_fd(&fd));
}

static int step(struct walk *walk)
{
	if (++walk->steps > STEPS_MAX)
		return -ENAMETOOLONG;
	if (strcmp(walk->name, ".") == 0)
		return 0;
	return strcmp(walk->name, "..") == 0 ? go_up(walk) : go_down(walk);
}

/* Takes the next name off the rest. 1, 0 when there is none left, or -ENAMETOOLONG. */
static int next_name(struct walk *walk)
{
	const char *start = walk->rest + strspn(walk->rest, "/");
	size_t length = strcspn(start, "/");

	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(walk->name, start, length);
	walk->name[length] = '\0';
	start += length;
	start += strspn(start, "/");
	memmove(walk->rest, start, strlen(start) + 1);
	return length > 0;
}

/* Looks for what refuses ACCESS from here on. 1 when it is here, 0 when nothing does, or -errno. */
static int resolve(struct walk *walk, const struct lc_caller *caller, enum lc_access access)
{
	bool last;
	int ret;

	for (;;) {
		ret = next_name(walk);
		if (ret < 0)
			return ret;
		if (ret == 0)
			return refuses(&walk->status, caller, wanted_bits[access]);
		if (!S_ISDIR(walk->status.st_mode))
			return -ENOTDIR;
		if (refuses(&walk->status, caller, MAY_EXECUTE))
			return 1;
		last = !walk->rest[0];
		if (last && access == LC_ACCESS_ENTRY)
			return refuses(&walk->status, caller, MAY_WRITE);
		ret = step(walk);
		if (ret == -ENOENT && last && access == LC_ACCESS_WRITE)
			return refuses(&walk->status, caller, MAY_WRITE);
		if (ret < 0)
			return ret;
	}
}

/* Lets the kernel refuse paths that can't be walked here: above all those with magic links, which look like other links to readlink. 0 or -errno. */
static int check_path(int root, const char *path, enum lc_access access)
{
	_cleanup_fd_ int fd = -1;

	fd = lc_rootfs_open_flags(root, path, access == LC_ACCESS_ENTRY ? O_NOFOLLOW : 0);
	return fd >= 0 || fd == -ENOENT || fd == -EACCES ? 0 : fd;
}

int lc_rootfs_find_refusing(
	int root, const struct lc_wanted_file *wanted, struct lc_names *names, struct lc_object *object)
{
	_cleanup_(walk_clear) struct walk walk = {.root = root, .here = -1};
	int ret;

	if (strlen(wanted->path) >= PATH_MAX)
		return -ENAMETOOLONG;
	ret = check_path(root, wanted->path, wanted->access);
	if (ret < 0)
		return ret;
	memcpy(walk.rest, wanted->path, strlen(wanted->path) + 1);
	ret = go_to_root(&walk);
	if (ret == 0)
		ret = resolve(&walk, wanted->caller, wanted->access);
	if (ret == 0)
		return -ENOENT;
	if (ret < 0)
		return ret;
	return lc_object_fill(object, root, walk.path[0] ? walk.path : "/", &walk.status, names);
}
