/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the cgroup hierarchy that identifies containers on this host, and the cgroup of a process in it. */
#include "outer.h"

#include <leastcap/host.h>

#include <leastcap/cleanup.h>
#include <leastcap/path.h>

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

/* Where systemd mounts the hierarchies, and engines look for them. */
#define USUAL_PLACE "/sys/fs/cgroup"

/* Controllers whose v1 hierarchy every engine puts its containers into, best first. */
static const char *const controllers[] = {"pids", "memory", "freezer", "devices"};

/* Every v1 controller with a hierarchy in struct css_set (include/linux/cgroup_subsys.h). */
static const char *const every_controller[] = {"pids", "memory", "freezer", "devices", "cpu", "cpuacct", "cpuset",
	"net_cls", "net_prio", "perf_event", "hugetlb", "rdma", "misc"};

static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at && *at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, word, length) && (at[length] == ',' || !at[length] || at[length] == '\n'))
			return true;
	}
	return false;
}

static int keep_mount(struct lc_hierarchy *hierarchy, const struct lc_mount *mount)
{
	bool is_outer = lc_outer_is_root(mount->root);

	/* A path that is cut would name another directory. */
	if (strlen(mount->root) >= sizeof(hierarchy->root) || strlen(mount->point) >= sizeof(hierarchy->mount))
		return -ENAMETOOLONG;
	snprintf(hierarchy->root, sizeof(hierarchy->root), "%s", is_outer ? "/" : mount->root);
	hierarchy->outer = is_outer;
	snprintf(hierarchy->mount, sizeof(hierarchy->mount), "%s", mount->point);
	return 0;
}

/* Whether what is seen at the mount's point is that mount, and not what was mounted over it. */
static bool is_on_top(const struct lc_mount *mount, bool is_v2)
{
	struct statfs status;

	return !statfs(mount->point, &status) &&
	       (uint64_t)status.f_type == (is_v2 ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC);
}

/* How much a mount of ROOT shows: a part; all of our own cgroup namespace; what is outside of that, too. */
static int reach_of(const char *root)
{
	return lc_outer_is_root(root) ? 2 : !strcmp(root, "/");
}

/* Whether MOUNT is better than the one found BEFORE, because it shows more, or else is at the usual place. */
static bool is_better(const struct lc_mount *mount, const struct lc_hierarchy *before)
{
	int reach = reach_of(mount->root), reach_before = before->outer ? 2 : reach_of(before->root);

	if (!before->mount[0] || reach != reach_before)
		return !before->mount[0] || reach > reach_before;
	return !strcmp(mount->point, USUAL_PLACE) && strcmp(before->mount, USUAL_PLACE) != 0;
}

/* A search for the mount of CONTROLLER (NULL: cgroup v2). */
struct search {
	const char *controller;
	struct lc_hierarchy *hierarchy; /* has the best mount found; "" while there is none */
};

/* Takes MOUNT if it is better than what was found before. 0 or -ENAMETOOLONG. */
static int consider(void *context, const struct lc_mount *mount)
{
	const struct search *search = context;
	const char *controller = search->controller;

	if (strcmp(mount->type, controller ? "cgroup" : "cgroup2") != 0 ||
		(controller && !list_has(mount->options, controller)) || !is_better(mount, search->hierarchy) ||
		!is_on_top(mount, !controller))
		return 0;
	return keep_mount(search->hierarchy, mount);
}

/* Fills HIERARCHY with where CONTROLLER is mounted. 0, -ENOENT or -errno. */
static int find_mount(const char *controller, struct lc_hierarchy *hierarchy)
{
	struct search search = {controller, hierarchy};
	int r;

	memset(hierarchy, 0, sizeof(*hierarchy));
	r = lc_mounts_each(0, consider, &search);
	return r || hierarchy->mount[0] ? r : -ENOENT;
}

/*
 * Finds the line of /proc/PID/cgroup (id:controllers:path) for CONTROLLER (NULL: v2), and fills *ID and PATH (SIZE bytes). 0, or -errno: both
 * are then unchanged.
 */
static int find_membership(pid_t pid, const char *controller, int *id, char *path, size_t size)
{
	char name[64];
	_cleanup_file_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	size_t capacity = 0;

	if (pid)
		snprintf(name, sizeof(name), "/proc/%d/cgroup", (int)pid);
	else
		snprintf(name, sizeof(name), "/proc/self/cgroup");
	file = fopen(name, "re");
	if (!file)
		return -errno;
	while (getline(&line, &capacity, file) > 0) {
		char *list = strchr(line, ':');
		char *where = list ? strchr(list + 1, ':') : NULL;

		if (!where)
			continue;
		*list++ = '\0';
		*where++ = '\0';
		where[strcspn(where, "\n")] = '\0';
		if (controller ? !list_has(list, controller) : *list != '\0')
			continue;
		if (strlen(where) >= size)
			return -ENAMETOOLONG;
		*id = (int)strtol(line, NULL, 10);
		snprintf(path, size, "%s", where);
		return 0;
	}
	return -ENOENT;
}

/* Whether cgroup v2 is at the usual place. runc, crun and systemd go by nothing else. */
static bool engines_use_v2(void)
{
	struct statfs status;

	return !statfs(USUAL_PLACE, &status) && (uint64_t)status.f_type == CGROUP2_SUPER_MAGIC;
}

/* Fills HIERARCHY with the first v1 controller that is mounted. 0, -ENOENT or -errno. */
static int find_v1(struct lc_hierarchy *hierarchy)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++) {
		int r = find_mount(controllers[i], hierarchy);

		if (r && r != -ENOENT)
			return r;
		if (r || find_membership(0, controllers[i], &hierarchy->id, path, sizeof(path)))
			continue;
		snprintf(hierarchy->controller, sizeof(hierarchy->controller), "%s", controllers[i]);
		return 0;
	}
	return -ENOENT;
}

/* Finds what engines use, as lc_hierarchy_find, but for its own. */
static int find(struct lc_hierarchy *hierarchy)
{
	struct lc_hierarchy v1, v2;
	int found_v2 = find_mount(NULL, &v2);
	int r = find_v1(&v1);

	if (found_v2 && found_v2 != -ENOENT)
		return found_v2;
	if (r && r != -ENOENT)
		return r;
	if (!r && (found_v2 || !engines_use_v2())) {
		snprintf(v1.mode, sizeof(v1.mode), "%s", found_v2 ? "v1" : "hybrid");
		*hierarchy = v1;
		return 0;
	}
	if (found_v2)
		return -ENOENT;
	if (!r)
		snprintf(v2.beside, sizeof(v2.beside), "%s", v1.controller);
	snprintf(v2.mode, sizeof(v2.mode), "v2");
	*hierarchy = v2;
	return 0;
}

/* The v1 controller among a mount's OPTIONS, or NULL. */
static const char *find_controller(const char *options)
{
	for (size_t i = 0; i < sizeof(every_controller) / sizeof(every_controller[0]); i++) {
		if (list_has(options, every_controller[i]))
			return every_controller[i];
	}
	return NULL;
}

/* Fills HIERARCHY from MOUNT, of a cgroup file system. 0, -ENOTDIR when it has no controller that is known, or -errno. */
static int take_mount(const struct lc_mount *mount, struct lc_hierarchy *hierarchy)
{
	const char *controller = find_controller(mount->options);
	char own[PATH_MAX];
	int r;

	memset(hierarchy, 0, sizeof(*hierarchy));
	if (!strcmp(mount->type, "cgroup2")) {
		snprintf(hierarchy->mode, sizeof(hierarchy->mode), "v2");
		return keep_mount(hierarchy, mount);
	}
	if (!controller)
		return -ENOTDIR;
	snprintf(hierarchy->mode, sizeof(hierarchy->mode), "v1");
	snprintf(hierarchy->controller, sizeof(hierarchy->controller), "%s", controller);
	r = keep_mount(hierarchy, mount);
	return r ? r : find_membership(0, controller, &hierarchy->id, own, sizeof(own));
}

/* A search for the innermost cgroup mount above PATH. Of several at one point the last one counts, which is on top. */
struct place {
	const char *path;
	struct lc_hierarchy *hierarchy;
	size_t longest;
	int result; /* of take_mount for the last one taken; -ENOTDIR when there was none */
};

static int consider_place(void *context, const struct lc_mount *mount)
{
	struct place *place = context;

	if (strncmp(mount->type, "cgroup", strlen("cgroup")) != 0 || !lc_path_lies_in(place->path, mount->point) ||
		strlen(mount->point) < place->longest)
		return 0;
	place->longest = strlen(mount->point);
	place->result = take_mount(mount, place->hierarchy);
	return 0;
}

/* Fills in where our own cgroup namespace begins, if HIERARCHY shows more than that. What can't be found stays unknown. */
static void find_own(struct lc_hierarchy *hierarchy)
{
	char below[PATH_MAX];
	int id;

	if (hierarchy->outer &&
		!find_membership(0, hierarchy->controller[0] ? hierarchy->controller : NULL, &id, below, sizeof(below)))
		lc_outer_find(hierarchy, below);
}

int lc_hierarchy_at(const char *path, struct lc_hierarchy *hierarchy, char *cgroup, size_t size)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	struct lc_hierarchy found;
	struct place place = {.path = real, .hierarchy = &found, .result = -ENOTDIR};
	const char *below, *root;
	int r;

	if (!real)
		return -errno;
	r = lc_mounts_each(0, consider_place, &place);
	if (r || place.result)
		return r ? r : place.result;
	below = real + strlen(found.mount);
	root = strcmp(found.root, "/") != 0 ? found.root : "";
	if (strlen(root) + strlen(below) + 1 > size)
		return -ENAMETOOLONG;
	snprintf(cgroup, size, "%s%s", root, *below || *root ? below : "/");
	*hierarchy = found;
	find_own(hierarchy);
	return 0;
}

int lc_hierarchy_find(struct lc_hierarchy *hierarchy)
{
	int r = find(hierarchy);

	if (!r)
		find_own(hierarchy);
	return r;
}

int lc_cgroup_of_pid(const struct lc_hierarchy *hierarchy, pid_t pid, char *path, size_t size)
{
	int id, r = find_membership(pid, hierarchy->controller[0] ? hierarchy->controller : NULL, &id, path, size);

	return !r && hierarchy->own[0] ? lc_outer_path(hierarchy, path, size) : r;
}
