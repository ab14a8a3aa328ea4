/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where in the host's hierarchy our own cgroup namespace begins, and what its paths are called there. */
#include "outer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char up[] = "/..";

/* How many times PATH goes up before it goes down. */
static size_t count_ups(const char *path)
{
	size_t n = 0;

	while (!strncmp(path, up, strlen(up)) && (!path[strlen(up)] || path[strlen(up)] == '/')) {
		path += strlen(up);
		n++;
	}
	return n;
}

bool lc_outer_is_root(const char *root)
{
	size_t n = count_ups(root);

	return n && !root[n * strlen(up)];
}

/* Positive if PID is our own. */
static int is_own(void *context, pid_t pid)
{
	(void)context;
	return pid == getpid();
}

/* Takes the path of CGROUP as that of our own cgroup if we are in it. Positive then. */
static int look_for_us(void *context, const struct lc_existing_cgroup *cgroup)
{
	struct lc_hierarchy *hierarchy = context;
	int r = lc_cgroup_each_pid_in(cgroup->directory, is_own, NULL);

	if (r <= 0)
		return 0;
	if (strlen(cgroup->path) >= sizeof(hierarchy->own))
		return -ENAMETOOLONG;
	snprintf(hierarchy->own, sizeof(hierarchy->own), "%s", cgroup->path);
	return r;
}

int lc_outer_find(struct lc_hierarchy *hierarchy, const char *below)
{
	size_t cut = strcmp(below, "/") != 0 ? strlen(below) : 0, length;
	struct lc_unwalked unwalked;
	int r = lc_hierarchy_walk(hierarchy, look_for_us, hierarchy, &unwalked);

	if (r < 0)
		return r;
	length = strlen(hierarchy->own);
	if (!r || length < cut || strcmp(hierarchy->own + length - cut, cut ? below : "") != 0) {
		hierarchy->own[0] = '\0';
		return -ENOENT;
	}
	hierarchy->own[length - cut] = '\0';
	return 0;
}

int lc_outer_path(const struct lc_hierarchy *hierarchy, char *path, size_t size)
{
	size_t ups = count_ups(path), kept = strlen(hierarchy->own);
	const char *rest = path + ups * strlen(up);
	char whole[2 * PATH_MAX];

	for (; ups && kept; ups--) {
		while (kept && hierarchy->own[kept - 1] != '/')
			kept--;
		kept -= kept != 0;
	}
	snprintf(whole, sizeof(whole), "%.*s%s", (int)kept, hierarchy->own, strcmp(rest, "/") != 0 ? rest : "");
	if (strlen(whole) + 1 >= size)
		return -ENAMETOOLONG;
	snprintf(path, size, "%s", *whole ? whole : "/");
	return 0;
}
