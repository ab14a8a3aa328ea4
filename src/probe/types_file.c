/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel's types in a file that whoever called us has named (--btf). */
#include "src/probe/types_file.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How deep unnamed structures may lie in each other. */
#define MAX_DEPTH 16

/* Whether nobody but root can change what FD is open on. With an ACL the group's bits are its mask (acl(5)). */
static bool is_roots_alone(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 && status.st_uid == 0 && !(status.st_mode & (S_IWGRP | S_IWOTH));
}

/* Opens PATH, which has no symbolic link in it, from the root on: each directory, and the file, is root's alone. */
static int open_guarded(const char *path)
{
	const char *name = path + strspn(path, "/");
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	while (fd >= 0 && *name) {
		char part[NAME_MAX + 1];
		size_t length = strcspn(name, "/");
		bool is_last = !name[length + strspn(name + length, "/")];
		int below;

		if (!is_roots_alone(fd) || length > NAME_MAX) {
			close(fd);
			return -EPERM;
		}
		memcpy(part, name, length);
		part[length] = '\0';
		below = openat(fd, part,
			O_NOFOLLOW | O_CLOEXEC | (is_last ? O_RDONLY | O_NONBLOCK | O_NOCTTY : O_PATH | O_DIRECTORY));
		if (below < 0)
			below = -errno;
		close(fd);
		fd = below;
		name += length + strspn(name + length, "/");
	}
	if (fd >= 0 && !is_roots_alone(fd)) {
		close(fd);
		return -EPERM;
	}
	return fd;
}

static int open_as_caller(const char *path)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	_cleanup_free_ char *real = NULL;
	int r = lc_as_caller_begin(&caller);

	if (r)
		return r;
	if (!lc_is_secure()) {
		r = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		return r < 0 ? -errno : r;
	}
	real = realpath(path, NULL);
	return real ? open_guarded(real) : -errno;
}

int lc_types_file_open(const char *path, const char **problem)
{
	int fd = open_as_caller(path);
	struct stat status;

	*problem = NULL;
	if (fd == -EPERM && lc_is_secure())
		*problem =
			"this leastcap has file capabilities: it takes types only from a file that root alone can change, with every directory on its path";
	else if (fd < 0)
		*problem = strerror(-fd);
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
		return fd;
	close(fd);
	*problem = "not a regular file";
	return -EINVAL;
}

/* The length of the name of a type without the flavour that CO-RE tells two apart by ("cred___words"). */
static size_t essential_length(const char *name)
{
	const char *flavour = strstr(name, "___");

	return flavour && flavour != name ? (size_t)(flavour - name) : strlen(name);
}

static bool is_same_name(const char *a, const char *b)
{
	size_t length = essential_length(a);

	return length && length == essential_length(b) && strncmp(a, b, length) == 0;
}

/*
 * Where the member NAME of TYPE, or of an unnamed structure in it, lies: its first bit, and in *SIZE how many bytes it has; -1
 * (*SIZE is unchanged) for none.
 */
// NOLINTNEXTLINE(misc-no-recursion)
static int64_t find_member(
	const struct btf *types, const struct btf_type *type, const char *name, int64_t *size, int depth)
{
	const struct btf_member *members = btf_members(type);

	for (__u32 i = 0; i < btf_vlen(type) && depth < MAX_DEPTH; i++) {
		const char *own = btf__name_by_offset(types, members[i].name_off);
		const struct btf_type *inner;
		int64_t offset;

		if (own && *own) {
			if (strcmp(own, name) != 0)
				continue;
			*size = btf__resolve_size(types, members[i].type);
			return btf_member_bit_offset(type, i);
		}
		inner = btf__type_by_id(types, (__u32)btf__resolve_type(types, members[i].type));
		if (!inner || !btf_is_composite(inner))
			continue;
		offset = find_member(types, inner, name, size, depth + 1);
		if (offset >= 0)
			return btf_member_bit_offset(type, i) + offset;
	}
	return -1;
}

/* A structure, and the types that it is one of. */
struct structure {
	const struct btf *types;
	const struct btf_type *type;
};

/* Whether the members that USED names lie in GIVEN where they do in KERNEL. */
static bool members_agree(struct structure used, struct structure given, struct structure kernel)
{
	for (__u32 i = 0; i < btf_vlen(used.type); i++) {
		const char *name = btf__name_by_offset(used.types, btf_members(used.type)[i].name_off);
		int64_t given_size = 0, kernel_size = 0;
		int64_t offset = name && *name ? find_member(given.types, given.type, name, &given_size, 0) : -1;

		if (offset < 0)
			continue;
		if (offset != find_member(kernel.types, kernel.type, name, &kernel_size, 0) ||
			given_size != kernel_size)
			return false;
	}
	return true;
}

/* The same for every structure of GIVEN that may be taken for USED: there may be several of a name. */
static bool structures_agree(struct structure used, const struct btf *given, const struct btf *kernel)
{
	const char *name = btf__name_by_offset(used.types, used.type->name_off);
	_cleanup_free_ char *essential = strndup(name, essential_length(name));
	int id = essential ? btf__find_by_name_kind(kernel, essential, btf_kind(used.type)) : -1;

	if (id < 0)
		return true;
	for (__u32 i = 1; i < btf__type_cnt(given); i++) {
		const struct btf_type *type = btf__type_by_id(given, i);

		if (btf_is_composite(type) && is_same_name(btf__name_by_offset(given, type->name_off), name) &&
			!members_agree(used, (struct structure){given, type},
				(struct structure){kernel, btf__type_by_id(kernel, (__u32)id)}))
			return false;
	}
	return true;
}

bool lc_types_agree(const struct btf *used, const struct btf *given, const struct btf *kernel)
{
	for (__u32 i = 1; i < btf__type_cnt(used); i++) {
		const struct btf_type *type = btf__type_by_id(used, i);

		if (btf_is_composite(type) && !structures_agree((struct structure){used, type}, given, kernel))
			return false;
	}
	return true;
}
