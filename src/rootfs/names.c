/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names the owner of a file as the container's own /etc/passwd and /etc/group do, or by number. */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <grp.h>
#include <pwd.h>
#include <string.h>

#define FILE_MAX  (1 << 20)
#define ENTRY_MAX (64 << 10)
#define NAME_SIZE 65

/* Reads the file at PATH if it is a plain one of at most FILE_MAX bytes. Its text (caller frees), *SIZE bytes; NULL when not. */
static char *load(int root, const char *path, size_t *size)
{
	_cleanup_fd_ int location = -1, fd = -1;
	_cleanup_free_ char *buffer = NULL;
	struct stat status;
	char *text = NULL;
	ssize_t got = 1;

	location = lc_rootfs_open(root, path);
	if (location >= 0)
		fd = lc_rootfs_reopen(location);
	if (fd < 0 || fstat(fd, &status) < 0 || status.st_size > FILE_MAX)
		return NULL;
	buffer = malloc((size_t)status.st_size);
	for (*size = 0; buffer && got > 0 && *size < (size_t)status.st_size; *size += (size_t)got) {
		got = read(fd, buffer + *size, (size_t)status.st_size - *size);
		if (got < 0)
			return NULL;
	}
	if (*size > 0) {
		text = buffer;
		buffer = NULL;
	}
	return text;
}

/* A name that cannot be taken for a number or for anything else than a name. "+" begins a line of NIS, which has no number. */
static bool is_plain_name(const char *name)
{
	size_t length = strnlen(name, NAME_SIZE);

	return length > 0 && length < NAME_SIZE && strspn(name, "0123456789") < length &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-") == length;
}

/* Takes NAME if it is plain. */
static bool take_name(const char *name, char taken[NAME_SIZE])
{
	if (!is_plain_name(name))
		return false;
	memcpy(taken, name, strlen(name) + 1);
	return true;
}

/* An entry that does not fit into ENTRY_MAX ends the search: nobody's line is that long. */
static bool find_user(FILE *stream, uid_t uid, char name[NAME_SIZE])
{
	_cleanup_free_ char *buffer = malloc(ENTRY_MAX);
	struct passwd entry, *found;

	while (buffer && fgetpwent_r(stream, &entry, buffer, ENTRY_MAX, &found) == 0) {
		if (entry.pw_uid == uid && take_name(entry.pw_name, name))
			return true;
	}
	return false;
}

static bool find_group(FILE *stream, gid_t gid, char name[NAME_SIZE])
{
	_cleanup_free_ char *buffer = malloc(ENTRY_MAX);
	struct group entry, *found;

	while (buffer && fgetgrent_r(stream, &entry, buffer, ENTRY_MAX, &found) == 0) {
		if (entry.gr_gid == gid && take_name(entry.gr_name, name))
			return true;
	}
	return false;
}

/* Writes to NAME what FIND finds for ID in the file at PATH, or the number. */
static void name_id(
	int root, const char *path, uint32_t id, bool (*find)(FILE *, uint32_t, char[NAME_SIZE]), char name[NAME_SIZE])
{
	_cleanup_free_ char *text = NULL;
	_cleanup_file_ FILE *stream = NULL;
	size_t size = 0;

	text = load(root, path, &size);
	if (text)
		stream = fmemopen(text, size, "r");
	if (!stream || !find(stream, id, name))
		snprintf(name, NAME_SIZE, "%u", id);
}

char *lc_owner_name(int root, uid_t uid, gid_t gid)
{
	char user[NAME_SIZE], group[NAME_SIZE];
	struct lc_strbuf owner = {0};

	name_id(root, "/etc/passwd", uid, find_user, user);
	name_id(root, "/etc/group", gid, find_group, group);
	lc_strbuf_addf(&owner, "%s:%s", user, group);
	return lc_strbuf_steal(&owner);
}
