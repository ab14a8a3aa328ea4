/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cgroup that 'leastcap run' makes for its command. */
#ifndef LEASTCAP_RECORDING_RUN_CGROUP_H
#define LEASTCAP_RECORDING_RUN_CGROUP_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct lc_run_cgroup {
	char parent[PATH_MAX]; /* the directory of the cgroup that we are in ourselves */
	char path[PATH_MAX];   /* the directory of the new one; "" when there is none */
};

/*
 * Makes a cgroup below our own, in the hierarchy that identifies containers here, and removes those that killed runs have
 * left there. 0 or -errno: PATH is "" then, and PARENT as far as it was found.
 */
int lc_run_cgroup_make(struct lc_run_cgroup *cgroup);

/* Moves process PID in. 0 or -errno. */
int lc_run_cgroup_enter(const struct lc_run_cgroup *cgroup, pid_t pid);

/* How many processes are in it. */
int lc_run_cgroup_population(const struct lc_run_cgroup *cgroup);

/* Moves what still runs in it to our own cgroup and removes it. */
void lc_run_cgroup_remove(struct lc_run_cgroup *cgroup);

#endif
