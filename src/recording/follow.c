/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The processes that descend from one, which are followed from now on. They are found by their parents, because
 * /proc/PID/task/TID/children tells only of one thread's children, and is missing without CONFIG_PROC_CHILDREN.
 */
#include "src/recording/follow.h"

#include <leastcap/array.h>
#include <leastcap/host.h>

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kinship {
	pid_t pid;
	pid_t parent;
	bool followed;
};

/* All processes, as they were at about one moment. */
struct census {
	struct kinship *processes;
	size_t n;
};

static int add_process(struct census *census, pid_t pid)
{
	struct kinship *more = lc_array_grow(census->processes, census->n, sizeof(*more));

	if (!more)
		return -ENOMEM;
	census->processes = more;
	census->processes[census->n++] = (struct kinship){.pid = pid, .parent = lc_process_parent(pid)};
	return 0;
}

static int take_census(struct census *census)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	int r = 0;

	if (!proc)
		return -errno;
	census->n = 0;
	while (!r && (entry = readdir(proc))) {
		char *end;
		long pid = strtol(entry->d_name, &end, 10);

		if (pid > 0 && !*end)
			r = add_process(census, (pid_t)pid);
	}
	closedir(proc);
	return r;
}

/* A process tree that is being followed. */
struct tree {
	struct lc_probe *probe;
	pid_t root;
	void (*each)(void *context, pid_t pid);
	void *context;
	uint64_t stand_in;
};

/* Follows PROCESS, unless it is known. Returns 1 when it is new, 0, or -errno. */
static int follow(struct tree *tree, struct kinship *process)
{
	int r = lc_probe_follow(tree->probe, process->pid, tree->root, &tree->stand_in);

	process->followed = true;
	if (r > 0)
		tree->each(tree->context, process->pid);
	return r;
}

static bool is_followed(const struct census *census, pid_t pid)
{
	for (size_t i = 0; i < census->n; i++) {
		if (census->processes[i].pid == pid)
			return census->processes[i].followed;
	}
	return false;
}

/* Follows everybody in CENSUS who descends from the tree's root. Returns how many were new, or -errno. */
static int follow_kin(struct tree *tree, struct census *census)
{
	int news = 0;
	bool again;

	do {
		again = false;
		for (size_t i = 0; i < census->n; i++) {
			struct kinship *process = &census->processes[i];
			int r;

			if (process->followed || (process->pid != tree->root && !is_followed(census, process->parent)))
				continue;
			r = follow(tree, process);
			if (r < 0)
				return r;
			news += r;
			again = true;
		}
	} while (again);
	return news;
}

int lc_follow_tree(
	struct lc_probe *probe, pid_t root, void (*each)(void *context, pid_t pid), void *context, uint64_t *stand_in)
{
	struct tree tree = {probe, root, each, context, 0};
	struct census census = {0};
	int r;

	do {
		r = take_census(&census);
		if (!r)
			r = follow_kin(&tree, &census);
	} while (r > 0);
	free(census.processes);
	if (!r && !tree.stand_in)
		r = -ESRCH;
	if (!r)
		*stand_in = tree.stand_in;
	return r;
}
