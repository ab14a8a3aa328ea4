/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where root's hook writes what somebody else has asked for by an annotation: nowhere but where root alone decides what is there. */
#include <leastcap/oci_hook.h>

#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/path.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* How a profile's file begins. */
static const char profile_begins[] = "{\n  \"schema\": \"leastcap-profile/1\"";

/* Opens WAY, a directory below the one open as FROM (relative; "": that itself), through no symbolic link and no mount of processes. A descriptor or -errno. */
static int open_below(int from, const char *way)
{
	const struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, from, *way ? way : ".", &how, sizeof(how));

	return fd < 0 ? -errno : fd;
}

/* Whether nobody but us decides what is in the directory with STATUS: what is ours there nobody else can rename or replace. */
static bool is_ours(const struct stat *status)
{
	return status->st_uid == geteuid() && (!(status->st_mode & (S_IWGRP | S_IWOTH)) || status->st_mode & S_ISVTX);
}

/* Whether the regular file NAME in DIRECTORY begins as a profile does. */
static bool is_profile(int directory, const char *name)
{
	_cleanup_fd_ int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char text[sizeof(profile_begins)] = "";
	size_t length = strlen(profile_begins);

	return fd >= 0 && read(fd, text, length) == (ssize_t)length && memcmp(text, profile_begins, length) == 0;
}

/* Whether what is at NAME in DIRECTORY may be replaced, if there is anything. 0, -EACCES with *MESSAGE, or -errno. */
static int check_file(int directory, const char *path, const char *name, char **message)
{
	size_t length = strlen(name);
	struct stat status;

	if (length <= strlen(".json") || strcmp(name + length - strlen(".json"), ".json") != 0 || *name == '.')
		return lc_complain(message, -EACCES,
			"cannot write %s: a profile's name ends with .json, and does not begin with a dot", path);
	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISREG(status.st_mode) || status.st_uid != geteuid() || status.st_nlink != 1 ||
		!is_profile(directory, name))
		return lc_complain(message, -EACCES,
			"cannot write %s: what is there is no profile of root's; remove it or choose another name",
			path);
	return 0;
}

/* Opens the directory of PATH, which is LENGTH bytes long, below the one called ROOT. A descriptor, -ENOENT when it is not there, or another -errno. */
static int open_in(const char *root, const char *path, size_t length)
{
	size_t skipped = strlen(root);
	_cleanup_fd_ int top = -1;
	char way[PATH_MAX];

	while (skipped && root[skipped - 1] == '/')
		skipped--;
	if (length < skipped || length - skipped >= sizeof(way) || !lc_path_lies_in_n(path, root, skipped))
		return -EXDEV;
	top = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (top < 0)
		return -errno;
	while (skipped < length && path[skipped] == '/')
		skipped++;
	snprintf(way, sizeof(way), "%.*s", (int)(length - skipped), path + skipped);
	return open_below(top, way);
}

/* Whether NAME may be written in the directory open as FD. 0, -EACCES with *MESSAGE, or another -errno. */
static int check_place(int fd, const char *path, const char *name, char **message)
{
	struct stat status;

	if (fstat(fd, &status))
		return -errno;
	if (!is_ours(&status))
		return lc_complain(
			message, -EACCES, "cannot write %s: others than root decide what is in its directory", path);
	return check_file(fd, path, name, message);
}

int lc_oci_open_place(const char *path, const char *const *directories, size_t n, const char **result, char **message)
{
	const char *slash = strrchr(path, '/');
	int fd = -EXDEV, r;

	for (size_t i = 0; slash && fd == -EXDEV && i < n; i++)
		fd = open_in(directories[i], path, (size_t)(slash - path));
	if (!slash || fd == -EXDEV)
		return lc_complain(message, -EACCES,
			"cannot write %s: this hook writes to no such place; its --in says to which, %s for one", path,
			n ? directories[0] : "none");
	if (fd < 0)
		return lc_complain(message, -EACCES, "cannot write %s: %s", path,
			fd == -ELOOP ? "there is a symbolic link on the way" : strerror(-fd));
	r = check_place(fd, path, slash + 1, message);
	if (r) {
		close(fd);
		return r;
	}
	*result = slash + 1;
	return fd;
}
