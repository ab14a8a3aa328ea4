/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds what a container's files give to whoever uses them: programs that change their user, and devices. */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/cleanup.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

/* No directory of an image has as many entries. */
#define ENTRIES_MAX 16384

static const char *const program_places[] = {
	"/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin", "/usr/libexec", NULL};
static const char *const device_places[] = {
	"/dev", "/dev/net", "/dev/mapper", "/dev/dri", "/dev/input", "/dev/snd", NULL};

/* The directories that were read, because /bin may be /usr/bin. */
struct seen {
	struct stat directories[8];
	size_t n;
};

static bool is_seen(struct seen *seen, const struct stat *status)
{
	for (size_t i = 0; i < seen->n; i++) {
		if (seen->directories[i].st_dev == status->st_dev && seen->directories[i].st_ino == status->st_ino)
			return true;
	}
	if (seen->n < sizeof(seen->directories) / sizeof(seen->directories[0]))
		seen->directories[seen->n++] = *status;
	return false;
}

/* Whether NAME in DIRECTORY, a file with STATUS, gives whoever runs it another user or capabilities. */
static bool changes_user(int directory, const char *name, const struct stat *status)
{
	char path[NAME_MAX + 48];

	if (!S_ISREG(status->st_mode) || !(status->st_mode & 0111))
		return false;
	if (status->st_mode & S_ISUID)
		return true;
	snprintf(path, sizeof(path), "/proc/self/fd/%d/%.255s", directory, name);
	return lgetxattr(path, "security.capability", NULL, 0) > 0;
}

/* Adds the file NAME of PLACE, open as DIRECTORY, to FOUND if it is one that is looked for. */
static void consider(struct lc_special_files *found, const char *place, int directory, const char *name)
{
	struct stat status;

	if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW))
		return;
	if (changes_user(directory, name, &status)) {
		if (!found->n_programs++)
			snprintf(found->program, sizeof(found->program), "%.18s/%.44s", place, name);
	} else if ((S_ISBLK(status.st_mode) || S_ISCHR(status.st_mode)) && found->n_devices < LC_SPECIAL_DEVICES) {
		struct lc_special_device *device = &found->devices[found->n_devices++];

		device->block = S_ISBLK(status.st_mode);
		device->major = major(status.st_rdev);
		device->minor = minor(status.st_rdev);
		snprintf(device->path, sizeof(device->path), "%.18s/%.44s", place, name);
	}
}

/* Whether a program in DIRECTORY can't change its user. */
static bool is_nosuid(int directory)
{
	struct statvfs file_system;

	return fstatvfs(directory, &file_system) || file_system.f_flag & ST_NOSUID;
}

/* Reads the entries of PLACE below ROOT, for devices or for programs. */
static void read_place(int root, const char *place, bool devices, struct seen *seen, struct lc_special_files *found)
{
	_cleanup_fd_ int fd = lc_rootfs_open_flags(root, place, O_DIRECTORY);
	struct stat status;
	const struct dirent *entry;
	char path[32];
	DIR *stream;

	if (fd < 0 || fstat(fd, &status) || is_seen(seen, &status) || (!devices && is_nosuid(fd)))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	stream = opendir(path);
	for (size_t n = 0; stream && n < ENTRIES_MAX && (entry = readdir(stream)); n++)
		consider(found, place, dirfd(stream), entry->d_name);
	if (stream)
		closedir(stream);
}

void lc_rootfs_find_special(int root, struct lc_special_files *found)
{
	struct seen seen = {0};

	*found = (struct lc_special_files){0};
	for (const char *const *place = program_places; *place; place++)
		read_place(root, *place, false, &seen, found);
	for (const char *const *place = device_places; *place; place++)
		read_place(root, *place, true, &seen, found);
}
