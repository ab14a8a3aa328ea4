/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the name of a cgroup claims, and who could have given it that name. */
#ifndef LEASTCAP_IDENTITY_CLAIM_H
#define LEASTCAP_IDENTITY_CLAIM_H

#include <leastcap/model.h>
#include <leastcap/probe.h>

#include <stddef.h>
#include <sys/types.h>

/* Who can have made a cgroup, as the cgroups above it tell. */
enum lc_place {
	LC_PLACE_ROOT,   /* only root of the host */
	LC_PLACE_NESTED, /* somebody in the container in which it lies */
	LC_PLACE_OTHERS, /* an ordinary user, who owns a cgroup above it */
};

/*
 * The place of the cgroup at PATH of HIERARCHY. The first OUTER_LENGTH bytes of PATH are the container in which it lies (0: none). *OWNER
 * becomes the user for LC_PLACE_OTHERS ((uid_t)-1 where that can't be told), and 0 otherwise.
 */
enum lc_place lc_place_of(const struct lc_hierarchy *hierarchy, const char *path, size_t outer_length, uid_t *owner);

/* 1 when process PID is in the cgroup at PATH of HIERARCHY or below, 0 when not, -ESRCH when it has ended, or -errno. */
int lc_place_has(const struct lc_hierarchy *hierarchy, const char *path, pid_t pid);

/*
 * Makes TARGET, which is not the container that its cgroup is called after, a plain cgroup with its path for a name. CLAIM, what it claimed
 * to be, is taken over (NULL: out of memory). What an engine said of the container is forgotten. 0, or -ENOMEM: TARGET is then unchanged.
 */
int lc_claim_refute(struct lc_target *target, char *claim);

/*
 * Names TARGET, a container called NAME that others than root made, by BY, a slash and NAME. Its id, which they chose, is forgotten. 0, or
 * -ENOMEM: TARGET is then unchanged.
 */
int lc_claim_mark(struct lc_target *target, const char *by, const char *name);

#endif
