/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names a file's owner as the container's own /etc/passwd and /etc/group do, or by number. Each version of these is parsed once. */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

#define FILE_MAX  (1 << 20)
#define LINE_SIZE (64 << 10)
#define NAME_SIZE 65

/* How many names of a file count, from its beginning. A container's file has some dozens. */
#define ENTRIES_MAX 8192

/* How many files are remembered, those that were used last. */
#define FILES_MAX 32

/* A name and the number that it stands for. */
struct entry {
	uint32_t id;
	char name[NAME_SIZE];
};

/* What tells a version of a file from every other. */
struct version {
	uint64_t device, inode, size;
	int64_t modified_s, modified_ns, changed_s, changed_ns;
};

/* The names in one version of a file, sorted by id. */
struct named_file {
	struct version version;
	struct entry *entries;
	size_t n;
	uint64_t used; /* when, by the memory's count; 0: a free place */
};

struct lc_names {
	struct named_file files[FILES_MAX];
	uint64_t uses;
};

struct lc_names *lc_names_new(void)
{
	return calloc(1, sizeof(struct lc_names));
}

void lc_names_free(struct lc_names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < FILES_MAX; i++)
		free(names->files[i].entries);
	free(names);
}

/* Whether NAME can't be taken for a number or anything else. A "+" begins a line of NIS, which names nobody. */
static bool is_plain_name(const char *name)
{
	size_t length = strnlen(name, NAME_SIZE);

	return length > 0 && length < NAME_SIZE && strspn(name, "0123456789") < length &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") == length;
}

/* Reads the next entry of a file like /etc/passwd. Whether there is one; its NAME lies in BUFFER. */
static bool next_user(FILE *stream, char *buffer, uint32_t *id, const char **name)
{
	struct passwd entry, *found;

	if (fgetpwent_r(stream, &entry, buffer, LINE_SIZE, &found))
		return false;
	*id = entry.pw_uid;
	*name = entry.pw_name;
	return true;
}

/* The same for one like /etc/group. */
static bool next_group(FILE *stream, char *buffer, uint32_t *id, const char **name)
{
	struct group entry, *found;

	if (fgetgrent_r(stream, &entry, buffer, LINE_SIZE, &found))
		return false;
	*id = entry.gr_gid;
	*name = entry.gr_name;
	return true;
}

/* A file that names ids. */
struct source {
	const char *path;
	bool (*next)(FILE *stream, char *buffer, uint32_t *id, const char **name);
};

static const struct source users = {"/etc/passwd", next_user};
static const struct source groups = {"/etc/group", next_group};

/* Opens the file at PATH below ROOT, if it is a plain one of at most FILE_MAX bytes, and fills STATUS. NULL when not. */
static FILE *open_names(int root, const char *path, struct stat *status)
{
	_cleanup_fd_ int location = -1, fd = -1;
	FILE *stream;

	location = lc_rootfs_open(root, path);
	if (location >= 0)
		fd = lc_rootfs_reopen(location);
	if (fd < 0 || fstat(fd, status) < 0 || status->st_size > FILE_MAX)
		return NULL;
	stream = fdopen(fd, "re");
	if (stream)
		lc_take_fd(&fd);
	return stream;
}

/*
 * Reads the plain names in STREAM to FILE. Reading ends at a line longer than LINE_SIZE, which no real file has, and at FILE_MAX, even if the
 * file grew meanwhile.
 */
static int parse(FILE *stream, const struct source *source, struct named_file *file)
{
	_cleanup_free_ char *buffer = malloc(LINE_SIZE);
	struct entry *larger;
	const char *name;
	uint32_t id;

	if (!buffer)
		return -ENOMEM;
	while (file->n < ENTRIES_MAX && ftell(stream) < FILE_MAX && source->next(stream, buffer, &id, &name)) {
		if (!is_plain_name(name))
			continue;
		larger = lc_array_grow(file->entries, file->n, sizeof(*larger));
		if (!larger)
			return -ENOMEM;
		file->entries = larger;
		file->entries[file->n].id = id;
		memcpy(file->entries[file->n++].name, name, strlen(name) + 1);
	}
	return 0;
}

/* The name of ID in FILE, the first that it has there; NULL when it has none. */
static const char *name_in(const struct named_file *file, uint32_t id)
{
	for (size_t i = 0; i < file->n; i++) {
		if (file->entries[i].id == id)
			return file->entries[i].name;
	}
	return NULL;
}

static struct version version_of(const struct stat *status)
{
	return (struct version){
		.device = status->st_dev,
		.inode = status->st_ino,
		.size = (uint64_t)status->st_size,
		.modified_s = status->st_mtim.tv_sec,
		.modified_ns = status->st_mtim.tv_nsec,
		.changed_s = status->st_ctim.tv_sec,
		.changed_ns = status->st_ctim.tv_nsec,
	};
}

/* The place of VERSION in NAMES, or else the place that was used longest ago. */
static struct named_file *place_of(struct lc_names *names, const struct version *version)
{
	struct named_file *oldest = &names->files[0];

	for (size_t i = 0; i < FILES_MAX; i++) {
		struct named_file *file = &names->files[i];

		if (file->used && memcmp(&file->version, version, sizeof(*version)) == 0)
			return file;
		if (file->used < oldest->used)
			oldest = file;
	}
	return oldest;
}

/* Makes FILE what VERSION of SOURCE's file says, which is open as STREAM. */
static void load(struct named_file *file, const struct version *version, FILE *stream, const struct source *source)
{
	free(file->entries);
	*file = (struct named_file){.version = *version};
	/* Without memory the names read so far count. */
	parse(stream, source, file);
}

/* Appends to OWNER what SOURCE's file below ROOT calls ID, or the number. */
static void add_name(
	struct lc_strbuf *owner, int root, const struct source *source, uint32_t id, struct lc_names *names)
{
	struct named_file once = {0}, *file = &once;
	_cleanup_file_ FILE *stream = NULL;
	const char *name = NULL;
	struct version version;
	struct stat status;

	stream = open_names(root, source->path, &status);
	if (stream) {
		version = version_of(&status);
		if (names)
			file = place_of(names, &version);
		if (!file->used || memcmp(&file->version, &version, sizeof(version)) != 0)
			load(file, &version, stream, source);
		file->used = names ? ++names->uses : 0;
		name = name_in(file, id);
	}
	if (name)
		lc_strbuf_adds(owner, name);
	else
		lc_strbuf_addf(owner, "%u", id);
	free(once.entries);
}

char *lc_owner_name(int root, uid_t uid, gid_t gid, struct lc_names *names)
{
	struct lc_strbuf owner = {0};

	add_name(&owner, root, &users, uid, names);
	lc_strbuf_adds(&owner, ":");
	add_name(&owner, root, &groups, gid, names);
	return lc_strbuf_steal(&owner);
}
