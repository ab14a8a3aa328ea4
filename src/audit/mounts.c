/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Holds the mounts of a process against the host's: a mount of the same file system is of a file that the host has somewhere. */
#include "src/audit/mounts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/facts.h>
#include <leastcap/path.h>

#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* So many mounts are looked at. A process that makes mounts could go on for ever. */
#define MOUNTS_MAX 4096

/* What is looked for in the mounts of a process. */
struct search {
	struct lc_target *target;
	const struct lc_host_view *host;
	const struct lc_process *process;
	size_t first; /* of the target's hazards that are of mounts */
	size_t n;
	bool proc;        /* its /proc can be written */
	bool proc_masked; /* but for what engines keep read-only */
};

/* What of PATH lies below DIRECTORY ("" or beginning with a slash); NULL when it does not. */
static const char *below(const char *path, const char *directory)
{
	size_t length = strcmp(directory, "/") == 0 ? 0 : strlen(directory);

	if (!lc_path_lies_in_n(path, directory, length))
		return NULL;
	return strcmp(path + length, "/") == 0 ? "" : path + length;
}

/* Puts the path of MOUNT's root where the host has MOUNTED the same file system into PATH (PATH_MAX bytes). Whether it is there. */
static bool find_path(const struct lc_mount *mount, const struct lc_audit_mount *mounted, char *path)
{
	const char *rest = mounted->device == mount->device ? below(mount->root, mounted->root) : NULL;
	bool at_root = strcmp(mounted->point, "/") == 0;
	int length = rest ? snprintf(path, PATH_MAX, "%s%s", at_root && *rest ? "" : mounted->point, rest) : PATH_MAX;

	return length < PATH_MAX;
}

static bool in_groups(pid_t pid, gid_t gid)
{
	_cleanup_free_ gid_t *groups = NULL;
	size_t n = 0;

	if (lc_process_groups(pid, &groups, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (groups[i] == gid)
			return true;
	}
	return false;
}

bool lc_audit_is_root(const struct lc_process *process)
{
	return process->userns_depth == 0 &&
	       (process->uid == 0 || process->init.sets.effective & LC_CAP_BIT(CAP_DAC_OVERRIDE));
}

/* Whether owner and mode of the socket PATH keep PROCESS from it. The host's own directories are looked into, and no others. */
static bool is_barred(const struct lc_process *process, const char *path)
{
	struct stat status;
	unsigned int granted;

	if (lc_audit_is_root(process))
		return false;
	if ((!below(path, "/run") && !below(path, "/var/run")) || stat(path, &status))
		return false;
	granted = status.st_mode;
	if (process->uid == status.st_uid)
		granted >>= 6;
	else if (process->gid == status.st_gid || in_groups((pid_t)process->init.pid, status.st_gid))
		granted >>= 3;
	return !(granted & 2);
}

/* Adds a hazard of KIND: ABOUT on the host is WHERE in the target. 0 or -ENOMEM. */
static int add(struct search *search, struct lc_hazard *hazard, const char *about, const char *where)
{
	int r;

	hazard->about = strdup(about);
	hazard->where = strdup(where);
	r = hazard->about && hazard->where ? lc_target_add_hazard(search->target, hazard) : -ENOMEM;
	lc_hazard_clear(hazard);
	return r;
}

static int add_socket(struct search *search, const char *path, const char *where)
{
	struct lc_hazard hazard = {.kind = LC_HAZARD_SOCKET, .barred = is_barred(search->process, path)};

	return add(search, &hazard, path, where);
}

/* Adds the engines' sockets in PATH, a directory of the host's that is mounted at POINT. How many there are, or -ENOMEM. */
static int add_sockets_in(struct search *search, const char *path, const char *point)
{
	int n = 0, r;

	for (const char *const *socket = lc_engine_sockets(); *socket; socket++) {
		const char *rest = below(*socket, path);
		struct stat status;
		char where[PATH_MAX];

		if (!rest || !*rest || strcmp(path, "/") == 0 || lstat(*socket, &status) || !S_ISSOCK(status.st_mode))
			continue;
		if (snprintf(where, sizeof(where), "%s%s", point, rest) >= (int)sizeof(where))
			continue;
		r = add_socket(search, *socket, where);
		if (r)
			return r;
		n++;
	}
	return n;
}

/* What HAZARD counts for a target that may use it. */
static unsigned int points(const struct lc_hazard *hazard)
{
	const struct lc_host_place *place = lc_host_place_find(hazard->about, hazard->read_only);

	if (hazard->kind == LC_HAZARD_SOCKET)
		return lc_hazard_row(LC_HAZARD_SOCKET)->points;
	return !place ? 0 : hazard->read_only ? place->read_only : place->points;
}

/* Whether HAZARD lies in a mount that was found before and is as bad, or is the same. */
static bool is_told(const struct search *search, const struct lc_hazard *hazard)
{
	for (size_t i = search->first; i < search->target->n_hazards; i++) {
		const struct lc_hazard *other = &search->target->hazards[i];

		if (points(other) >= points(hazard) && below(hazard->where, other->where) &&
			(below(hazard->about, other->about) || other->kind == LC_HAZARD_FILES))
			return true;
	}
	return false;
}

/* Adds what PATH, a file of the host's, is at POINT. 0 or -ENOMEM. */
static int consider(struct search *search, const char *path, const char *point, bool read_only)
{
	struct lc_hazard hazard = {.kind = LC_HAZARD_FILES,
		.about = (char *)path,
		.where = (char *)point,
		.read_only = read_only,
		.barred = !lc_audit_is_root(search->process)};
	int r;

	if (lc_is_engine_socket(path)) {
		hazard.kind = LC_HAZARD_SOCKET;
		return is_told(search, &hazard) ? 0 : add_socket(search, path, point);
	}
	if (is_told(search, &hazard))
		return 0;
	r = add_sockets_in(search, path, point);
	if (r)
		return r < 0 ? r : 0;
	return lc_host_place_find(path, read_only) ? add(search, &hazard, path, point) : 0;
}

/* What MOUNT is where the host has the same file system: the worst of what it has there. 0 or -ENOMEM. */
static int consider_hosts(struct search *search, const struct lc_mount *mount)
{
	char path[PATH_MAX], worst[PATH_MAX] = "";
	unsigned int most = 0;

	for (size_t i = 0; i < search->host->n_mounts; i++) {
		struct lc_hazard hazard = {.kind = LC_HAZARD_FILES, .about = path, .read_only = mount->read_only};

		if (!find_path(mount, &search->host->mounts[i], path))
			continue;
		if (lc_is_engine_socket(path))
			hazard.kind = LC_HAZARD_SOCKET;
		if (worst[0] && points(&hazard) <= most)
			continue;
		most = points(&hazard);
		memcpy(worst, path, strlen(path) + 1);
	}
	return worst[0] ? consider(search, worst, mount->point, mount->read_only) : 0;
}

static int visit(void *context, const struct lc_mount *mount)
{
	struct search *search = context;
	bool whole = strcmp(mount->root, "/") == 0;

	if (search->n++ >= MOUNTS_MAX)
		return 1;
	if (strcmp(mount->point, "/proc") == 0 && strcmp(mount->type, "proc") == 0) {
		search->proc = !mount->read_only;
		return 0;
	}
	if (strcmp(mount->point, "/proc/sys") == 0)
		search->proc_masked = mount->read_only;
	/* Each network namespace has a sysfs of its own, and all of them have the kernel's settings. */
	if (strcmp(mount->type, "sysfs") == 0)
		return whole ? consider(search, "/sys", mount->point, mount->read_only) : 0;
	return consider_hosts(search, mount);
}

int lc_audit_add_mounts(struct lc_target *target, const struct lc_host_view *host, const struct lc_process *process)
{
	struct search search = {.target = target, .host = host, .process = process, .first = target->n_hazards};
	struct lc_hazard hazard = {.kind = LC_HAZARD_PROC, .barred = !lc_audit_is_root(process)};
	int r = lc_mounts_each((pid_t)process->init.pid, visit, &search);

	if (r == -ENOMEM)
		return r;
	return search.proc && !search.proc_masked ? lc_target_add_hazard(target, &hazard) : 0;
}
