/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells who could have made a cgroup, and takes back what its name alone says. */
#include "src/identity/claim.h"

#include <leastcap/cleanup.h>
#include <leastcap/identity.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No engine nests its cgroups as deep as this. */
#define DEPTH_MAX 64

/* Whether a cgroup with STATUS can have children made by root alone. */
static bool is_roots(const struct stat *status)
{
	return (status->st_uid == 0 || status->st_uid == geteuid()) && !(status->st_mode & S_IWOTH) &&
	       (status->st_gid == 0 || status->st_gid == getegid() || !(status->st_mode & S_IWGRP));
}

/* Goes from *FD to the directory NAME in it, whose status becomes *STATUS. 0 or -errno. */
static int go_into(int *fd, const char *name, struct stat *status)
{
	int below = openat(*fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (below < 0)
		return -errno;
	close(*fd);
	*fd = below;
	return fstat(below, status) ? -errno : 0;
}

/* The owner of the outermost cgroup above the one at PATH below MOUNT that is not root's. 0 when all are root's, -1 when that can't be told. */
static uid_t owner_above(const char *mount, const char *path)
{
	_cleanup_free_ char *copy = strdup(path);
	_cleanup_fd_ int fd = open(mount, O_PATH | O_DIRECTORY | O_CLOEXEC);
	char *rest = copy, *name;
	struct stat status;

	if (!copy || fd < 0 || fstat(fd, &status))
		return (uid_t)-1;
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		if (!is_roots(&status))
			return status.st_uid ? status.st_uid : (uid_t)-1;
		rest += strspn(rest, "/");
		name = strsep(&rest, "/");
		/* The last one is the cgroup itself, which may be given to the container's own root. */
		if (!rest)
			return 0;
		if (go_into(&fd, name, &status))
			return (uid_t)-1;
	}
	return (uid_t)-1;
}

enum lc_place lc_place_of(const struct lc_hierarchy *hierarchy, const char *path, size_t outer_length, uid_t *owner)
{
	const char *below = lc_hierarchy_below(hierarchy, path);

	*owner = 0;
	if (outer_length)
		return LC_PLACE_NESTED;
	*owner = below ? owner_above(hierarchy->mount, below) : (uid_t)-1;
	return *owner ? LC_PLACE_OTHERS : LC_PLACE_ROOT;
}

int lc_place_has(const struct lc_hierarchy *hierarchy, const char *path, pid_t pid)
{
	_cleanup_free_ char *where = malloc(PATH_MAX);
	size_t length = strlen(path);
	int r;

	if (!where)
		return -ENOMEM;
	r = lc_cgroup_of_pid(hierarchy, pid, where, PATH_MAX);
	if (r)
		return r;
	/* A process that has ended and is not yet waited for is in the topmost cgroup of a v1 hierarchy (cgroups(7)). */
	if (strcmp(where, "/") == 0 && length > 1)
		return -ESRCH;
	/* The kernel puts " (deleted)" behind the path of a cgroup that was removed meanwhile. */
	return strncmp(where, path, length) == 0 &&
	       (!where[length] || where[length] == '/' || strcmp(where + length, " (deleted)") == 0);
}

/* Frees *FIELD and makes it unknown. */
static void forget(char **field)
{
	free(*field);
	*field = NULL;
}

int lc_claim_refute(struct lc_target *target, char *claim)
{
	char *name = strdup(target->cgroup);

	if (!name || !claim) {
		free(name);
		free(claim);
		return -ENOMEM;
	}
	forget(&target->name);
	forget(&target->claim);
	forget(&target->id);
	forget(&target->engine);
	forget(&target->image);
	forget(&target->image_id);
	forget(&target->project);
	forget(&target->service);
	forget(&target->pod);
	forget(&target->namespace);
	forget(&target->sandbox);
	target->name = name;
	target->claim = claim;
	target->kind = LC_TARGET_CGROUP;
	target->privileged = false;
	target->configured_add = target->configured_drop = 0;
	return 0;
}

int lc_claim_mark(struct lc_target *target, const char *by, const char *name)
{
	char *marked;

	if (asprintf(&marked, "%s/%s", by, name) < 0)
		return -ENOMEM;
	forget(&target->name);
	forget(&target->id);
	target->name = marked;
	return 0;
}

int lc_identity_name_cgroup(
	struct lc_target *target, const struct lc_hierarchy *hierarchy, const char *path, size_t length)
{
	_cleanup_free_ char *whole = strndup(path, length);
	const char *leaf = whole ? strrchr(whole, '/') : NULL;
	uid_t owner = 0;
	char uid[16];
	int r = 0;

	if (!whole)
		return -ENOMEM;
	leaf = !strcmp(whole, "/") ? "host" : leaf ? leaf + 1 : whole;
	if (lc_place_of(hierarchy, whole, 0, &owner) == LC_PLACE_ROOT) {
		char *name = strdup(leaf);

		if (!name)
			return -ENOMEM;
		free(target->name);
		target->name = name;
		return 0;
	}
	snprintf(uid, sizeof(uid), "%u", owner);
	if (owner != (uid_t)-1 && !target->owner) {
		target->owner = strdup(uid);
		r = target->owner ? 0 : -ENOMEM;
	}
	/* A service of a user's own manager is called after the user. Of any other cgroup nothing but the path is sure. */
	if (!r)
		r = lc_claim_mark(target, target->kind == LC_TARGET_SERVICE && target->owner ? uid : "",
			target->kind == LC_TARGET_SERVICE && target->owner ? leaf : whole + strspn(whole, "/"));
	return r;
}
