/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cgroup that 'leastcap run' makes for its command. */
#include "src/recording/run_cgroup.h"

#include <leastcap/cleanup.h>
#include <leastcap/probe.h>

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define PREFIX "leastcap-run-"

/* Writes PID to the cgroup.procs of the cgroup at DIRECTORY. 0 or -errno. */
static int move_process(const char *directory, pid_t pid)
{
	_cleanup_free_ char *name = NULL;
	FILE *file;
	int r = 0;

	if (asprintf(&name, "%s/cgroup.procs", directory) < 0)
		return -ENOMEM;
	file = fopen(name, "we");
	if (!file)
		return -errno;
	fprintf(file, "%d\n", (int)pid);
	if (fclose(file))
		r = -errno;
	return r;
}

/* Calls EACH (unless it is NULL) for every process in the cgroup at DIRECTORY. Returns how many there are. */
static int each_process(const char *directory, const char *target, int (*each)(const char *, pid_t))
{
	_cleanup_free_ char *name = NULL;
	_cleanup_file_ FILE *file = NULL;
	int pid, n = 0;

	if (asprintf(&name, "%s/cgroup.procs", directory) < 0)
		return 0;
	file = fopen(name, "re");
	while (file && fscanf(file, "%d", &pid) == 1) {
		n++;
		if (each)
			each(target, pid);
	}
	return n;
}

/* Removes the cgroup at DIRECTORY and those below it. What runs there is moved to PARENT first. */
static void remove_cgroup(const char *parent, const char *directory)
{
	DIR *entries = opendir(directory);
	struct dirent *entry;

	while (entries && (entry = readdir(entries))) {
		_cleanup_free_ char *below = NULL;

		if (entry->d_type == DT_DIR && entry->d_name[0] != '.' &&
			asprintf(&below, "%s/%s", directory, entry->d_name) > 0)
			remove_cgroup(parent, below);
	}
	if (entries)
		closedir(entries);
	/* A process may fork while it is moved. */
	for (int tries = 0; tries < 10 && each_process(directory, parent, move_process); tries++)
		continue;
	/* The last of them may not quite have left yet. */
	for (int tries = 0; tries < 100 && rmdir(directory) && errno == EBUSY; tries++)
		usleep(1000);
}

/* Removes the cgroups in PARENT that runs left behind when they were killed. The name says whose each was. */
static void remove_leftovers(const char *parent)
{
	DIR *entries = opendir(parent);
	struct dirent *entry;

	while (entries && (entry = readdir(entries))) {
		_cleanup_free_ char *directory = NULL;
		char *end;
		long pid;

		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) != 0)
			continue;
		pid = strtol(entry->d_name + strlen(PREFIX), &end, 10);
		if (*end || pid <= 0 || !kill((pid_t)pid, 0) || errno != ESRCH)
			continue;
		if (asprintf(&directory, "%s/%s", parent, entry->d_name) > 0)
			remove_cgroup(parent, directory);
	}
	if (entries)
		closedir(entries);
}

int lc_run_cgroup_make(struct lc_run_cgroup *cgroup)
{
	struct lc_hierarchy hierarchy;
	char own[PATH_MAX];
	size_t skip;
	int r = lc_hierarchy_find(&hierarchy);

	cgroup->path[0] = '\0';
	if (!r)
		r = lc_cgroup_of_pid(&hierarchy, getpid(), own, sizeof(own));
	if (r)
		return r;
	skip = strcmp(hierarchy.root, "/") != 0 && !strncmp(own, hierarchy.root, strlen(hierarchy.root))
		       ? strlen(hierarchy.root)
		       : 0;
	if (snprintf(cgroup->parent, sizeof(cgroup->parent), "%s%s", hierarchy.mount, own + skip) >= PATH_MAX)
		return -ENAMETOOLONG;
	remove_leftovers(cgroup->parent);
	if (snprintf(cgroup->path, sizeof(cgroup->path), "%s/" PREFIX "%d", cgroup->parent, (int)getpid()) >= PATH_MAX)
		r = -ENAMETOOLONG;
	else if (mkdir(cgroup->path, 0755))
		r = -errno;
	if (r)
		cgroup->path[0] = '\0';
	return r;
}

int lc_run_cgroup_enter(const struct lc_run_cgroup *cgroup, pid_t pid)
{
	return move_process(cgroup->path, pid);
}

int lc_run_cgroup_population(const struct lc_run_cgroup *cgroup)
{
	return each_process(cgroup->path, NULL, NULL);
}

void lc_run_cgroup_remove(struct lc_run_cgroup *cgroup)
{
	if (cgroup->path[0])
		remove_cgroup(cgroup->parent, cgroup->path);
	cgroup->path[0] = '\0';
}
