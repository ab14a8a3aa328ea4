/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whose the files are that a container has made or changed. */
#include <leastcap/trial.h>

#include <leastcap/cleanup.h>
#include <leastcap/json.h>
#include <leastcap/rootfs.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* As many files of one container are compared, so deep in a directory. */
#define FILES_MAX 2048
#define DEPTH_MAX 16

/* A walk through the directories of one container. */
struct walk {
	struct lc_traits *traits;
	size_t subject;
	size_t left; /* how many more files find room */
	dev_t device;
	bool full;
	int unread; /* -errno: the owners of something that is there could not be read */
};

/* Whether the error R only means that nothing is there (any more), or nothing below the root. */
static bool is_nothing(int r)
{
	return r == -ENOENT || r == -ENOTDIR || r == -ELOOP || r == -EXDEV || r == -EINVAL || r == -ENAMETOOLONG;
}

/* Notes that something could not be read, by the error R. */
static void miss(struct walk *walk, int r)
{
	if (!is_nothing(r))
		walk->unread = r;
}

/* What a walk that no lack of memory ended comes to. */
static int result(const struct walk *walk)
{
	return walk->unread ? walk->unread : walk->full;
}

/* Notes whose the file PATH with that STATUS is. 0 or -ENOMEM. */
static int note(struct walk *walk, const char *path, const struct stat *status)
{
	struct lc_strbuf text = {0};
	int r;

	if (!walk->left) {
		walk->full = true;
		return 0;
	}
	walk->left--;
	lc_strbuf_adds(&text, path);
	for (char *byte = text.text; byte && *byte; byte++) {
		if ((unsigned char)*byte < ' ' || *byte == 0x7f)
			*byte = '?';
	}
	lc_strbuf_addf(&text, LC_TRAIT_OWNER "%u:%u", status->st_uid, status->st_gid);
	r = text.failed ? -ENOMEM : lc_traits_add(walk->traits, walk->subject, LC_TRAIT_FILE, 0, text.text);
	lc_strbuf_free(&text);
	return r;
}

/* Opens the directory that has the last part of PATH, below ROOT, and puts that part to *NAME. A descriptor or -errno. */
static int open_parent(int root, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *parent = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : NULL;

	if (!slash)
		return -EINVAL;
	*name = slash + 1;
	return parent ? lc_rootfs_open(root, parent) : -ENOMEM;
}

int lc_traits_add_changes(struct lc_traits *traits, size_t subject, int root, const char *text, size_t length)
{
	_cleanup_json_ json_t *changes = json_loadb(text, length, 0, NULL);
	struct walk walk = {.traits = traits, .subject = subject, .left = FILES_MAX};
	const json_t *change;
	size_t i;
	int r = 0;

	json_array_foreach(changes, i, change)
	{
		const char *path = json_string_value(json_object_get(change, "Path"));
		const char *name = NULL;
		_cleanup_fd_ int parent = path ? open_parent(root, path, &name) : -EINVAL;
		struct stat status;

		/* What was deleted is nobody's. */
		if (parent < 0 || fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW)) {
			miss(&walk, parent < 0 ? parent : -errno);
			continue;
		}
		r = note(&walk, path, &status);
		if (r)
			return r;
	}
	return result(&walk);
}

static int walk_directory(struct walk *walk, DIR *directory, const char *path, int depth);

/* Notes NAME, in DIRECTORY, which is PATH, and what is below. 0 or -ENOMEM. */
static int walk_entry(struct walk *walk, DIR *directory, const char *path, const char *name, int depth)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf whole = {0};
	struct stat status;
	DIR *below = NULL;
	int fd, r;

	if (fstatat(dirfd(directory), name, &status, AT_SYMLINK_NOFOLLOW)) {
		miss(walk, -errno);
		return 0;
	}
	lc_strbuf_addf(&whole, "%s/%s", path, name);
	r = whole.failed ? -ENOMEM : note(walk, whole.text, &status);
	if (r || !S_ISDIR(status.st_mode) || status.st_dev != walk->device)
		return r;
	fd = openat(dirfd(directory), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0)
		below = fdopendir(fd);
	if (!below)
		miss(walk, -errno);
	if (below)
		r = walk_directory(walk, below, whole.text, depth + 1);
	else if (fd >= 0)
		close(fd);
	if (below)
		closedir(below);
	return r;
}

static int walk_directory(struct walk *walk, DIR *directory, const char *path, int depth)
{
	const struct dirent *entry;
	int r = 0;

	if (depth > DEPTH_MAX)
		walk->full = true;
	while (!r && !walk->full && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			r = walk_entry(walk, directory, path, entry->d_name, depth);
	}
	return r;
}

int lc_traits_add_tree(struct lc_traits *traits, size_t subject, int root, const char *path)
{
	struct walk walk = {.traits = traits, .subject = subject, .left = FILES_MAX};
	_cleanup_fd_ int top = lc_rootfs_open(root, path);
	struct stat status;
	DIR *directory;
	int fd, r;

	if (top < 0 || fstat(top, &status)) {
		miss(&walk, top < 0 ? top : -errno);
		return result(&walk);
	}
	walk.device = status.st_dev;
	r = note(&walk, path, &status);
	if (r || !S_ISDIR(status.st_mode))
		return r;
	/* A descriptor of O_PATH can't be read from. */
	fd = openat(top, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	directory = fd >= 0 ? fdopendir(fd) : NULL;
	if (!directory)
		miss(&walk, -errno);
	if (directory)
		r = walk_directory(&walk, directory, path, 1);
	if (directory)
		closedir(directory);
	else if (fd >= 0)
		close(fd);
	return r ? r : result(&walk);
}
