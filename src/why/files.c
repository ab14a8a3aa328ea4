/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens files below a container's root by paths that the container and its files' contents chose. */
#include "src/why/files.h"

#include <leastcap/cleanup.h>
#include <leastcap/host.h>
#include <leastcap/rootfs.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* How many roots are remembered. */
#define SEEN_MAX 1024

#define DEBUG_DIRECTORY "/usr/lib/debug"
/* Debug information that several files of a package have in common is there (dwz). */
#define DWZ_DIRECTORY DEBUG_DIRECTORY "/.dwz/"

/* The root of SNAPSHOT as a key. Its padding is zeroed, because tables compare it too. */
static struct lc_root key_of(const struct lc_snapshot *snapshot)
{
	struct lc_root key;

	memset(&key, 0, sizeof(key));
	key.device = snapshot->root.device;
	key.inode = snapshot->root.inode;
	return key;
}

static void remember(struct lc_table *seen, const struct lc_snapshot *snapshot)
{
	struct lc_root key = key_of(snapshot);
	pid_t *pid = lc_table_get(seen, &key);

	if (!pid && lc_table_size(seen) < SEEN_MAX) {
		pid = malloc(sizeof(*pid));
		if (pid && lc_table_put(seen, &key, pid)) {
			free(pid);
			pid = NULL;
		}
	}
	if (pid)
		*pid = snapshot->tgid;
}

void lc_why_files_begin(struct lc_why_files *files, const struct lc_snapshot *snapshot, struct lc_table *seen)
{
	files->snapshot = snapshot;
	files->seen = seen;
	files->root = lc_rootfs_of_pid(snapshot->tgid, &snapshot->root);
	if (files->root >= 0)
		remember(seen, snapshot);
	files->looked = false;
}

/* The root directory. Where the process is gone other places are searched, but only now: that takes long, and most stacks need no new file. */
static int root_of(struct lc_why_files *files)
{
	struct lc_root key = key_of(files->snapshot);
	const pid_t *other;

	if (files->root >= 0 || files->looked)
		return files->root;
	files->looked = true;
	other = lc_table_get(files->seen, &key);
	if (other)
		files->root = lc_rootfs_of_pid(*other, &files->snapshot->root);
	if (files->root < 0)
		files->root = lc_rootfs_mounted(&files->snapshot->root);
	return files->root;
}

void lc_why_files_end(struct lc_why_files *files)
{
	if (files->root >= 0)
		close(files->root);
	files->root = -1;
}

/* Opens PATH below ROOT for reading, if it is a plain file. */
static int open_plain(int root, const char *path)
{
	_cleanup_fd_ int location = -1;

	if (root < 0)
		return -ENOENT;
	location = lc_rootfs_open(root, path);
	return location < 0 ? location : lc_rootfs_reopen(location);
}

/*
 * Whether STATUS is that of MAPPING's file. On layered file systems (overlayfs), btrfs and network file systems stat(2) tells of a device
 * with the major number 0, while the mapping may have that of the file system below. There the inode alone has to do.
 */
static bool is_mapped(const struct stat *status, const struct lc_mapping *mapping)
{
	uint32_t device = lc_device(major(status->st_dev), minor(status->st_dev));

	if (status->st_ino != mapping->inode)
		return false;
	return device == mapping->device || !lc_device_major(device) || !lc_device_major(mapping->device);
}

/* FD (or -errno) if it is MAPPING's file; else FD is closed. A descriptor or -errno. */
static int check_mapped(int fd, const struct lc_mapping *mapping)
{
	struct stat status;
	int ret;

	if (fd < 0)
		return fd;
	ret = fstat(fd, &status) < 0 ? -errno : is_mapped(&status, mapping) ? 0 : -ESTALE;
	if (ret < 0) {
		close(fd);
		return ret;
	}
	return fd;
}

/* Opens what the process executes, which may have been deleted or replaced meanwhile. */
static int open_executable(pid_t pid)
{
	_cleanup_fd_ int location = -1;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	location = open(path, O_PATH | O_CLOEXEC);
	return location < 0 ? -errno : lc_rootfs_reopen(location);
}

int lc_why_files_open(struct lc_why_files *files, size_t number)
{
	const struct lc_mapping *mapping = &files->snapshot->mappings[number];
	int fd = -ENOENT, executable;

	if (!mapping->inode)
		return -ENOENT;
	if (mapping->path && mapping->path[0] == '/')
		fd = check_mapped(open_plain(root_of(files), mapping->path), mapping);
	if (fd >= 0)
		return fd;
	executable = check_mapped(open_executable(files->snapshot->tgid), mapping);
	return executable >= 0 ? executable : fd;
}

/* Opens PATH in the container, else on the host. */
static int open_in_both(struct lc_why_files *files, const char *path)
{
	_cleanup_fd_ int host = -1;
	int fd = open_plain(root_of(files), path);

	if (fd >= 0)
		return fd;
	host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return open_plain(host, path);
}

static int open_by_build_id(struct lc_why_files *files, const struct lc_why_debug_wanted *wanted)
{
	struct lc_strbuf path = {0};
	int fd = -ENOMEM;
	size_t i;

	lc_strbuf_addf(&path, DEBUG_DIRECTORY "/.build-id/%02x/", wanted->build_id[0]);
	for (i = 1; i < wanted->length; i++)
		lc_strbuf_addf(&path, "%02x", wanted->build_id[i]);
	lc_strbuf_adds(&path, ".debug");
	if (!path.failed)
		fd = open_in_both(files, path.text);
	lc_strbuf_free(&path);
	return fd;
}

/* Opens NAME where gdb looks for what .gnu_debuglink says: PREFIX, the directory of the ELF file PATH, SUFFIX. */
static int open_beside(
	struct lc_why_files *files, const char *prefix, const char *path, const char *suffix, const char *name)
{
	const char *slash = strrchr(path, '/');
	struct lc_strbuf where = {0};
	int fd = -ENOMEM;

	lc_strbuf_adds(&where, prefix);
	lc_strbuf_add(&where, path, (size_t)(slash - path));
	lc_strbuf_adds(&where, suffix);
	lc_strbuf_adds(&where, name);
	if (!where.failed)
		fd = open_in_both(files, where.text);
	lc_strbuf_free(&where);
	return fd;
}

static int open_by_name(struct lc_why_files *files, const struct lc_why_debug_wanted *wanted)
{
	const char *path = files->snapshot->mappings[wanted->mapping].path;
	int fd;

	if (strncmp(wanted->name, DWZ_DIRECTORY, strlen(DWZ_DIRECTORY)) == 0)
		return strstr(wanted->name, "/../") ? -EINVAL : open_in_both(files, wanted->name);
	if (strchr(wanted->name, '/') || strcmp(wanted->name, "..") == 0 || !path || path[0] != '/')
		return -EINVAL;
	fd = open_beside(files, DEBUG_DIRECTORY, path, "/", wanted->name);
	if (fd < 0)
		fd = open_beside(files, "", path, "/.debug/", wanted->name);
	return fd < 0 ? open_beside(files, "", path, "/", wanted->name) : fd;
}

int lc_why_files_find_debug(struct lc_why_files *files, const struct lc_why_debug_wanted *wanted)
{
	int fd = -ENOENT;

	if (wanted->length)
		fd = open_by_build_id(files, wanted);
	if (fd < 0 && wanted->name && wanted->name[0])
		fd = open_by_name(files, wanted);
	return fd;
}
