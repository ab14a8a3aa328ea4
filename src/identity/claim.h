/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the name of a cgroup claims, and who could have given it that name. */
#ifndef LEASTCAP_IDENTITY_CLAIM_H
#define LEASTCAP_IDENTITY_CLAIM_H

#include <leastcap/model.h>
#include <leastcap/probe.h>

#include <stddef.h>
#include <sys/types.h>

/* Who can have made a cgroup, told from what it lies in. */
enum lc_place {
	LC_PLACE_ROOT,   /* only root of the host */
	LC_PLACE_NESTED, /* somebody in the container that it lies in */
	LC_PLACE_OTHERS, /* an ordinary user, who owns a cgroup above */
};

/*
 * The place of the cgroup at PATH of HIERARCHY, the first OUTER_LENGTH bytes of which are a container's (0: none). *OWNER is then
 * the user for LC_PLACE_OTHERS, (uid_t)-1 where that can't be told, and 0 otherwise.
 */
enum lc_place lc_place_of(const struct lc_hierarchy *hierarchy, const char *path, size_t outer_length, uid_t *owner);

/* Whether process PID is in the cgroup at PATH of HIERARCHY or below. 1, 0, or -errno when that can't be told: -ESRCH, it has ended. */
int lc_place_has(const struct lc_hierarchy *hierarchy, const char *path, pid_t pid);

/*
 * TARGET is not what its cgroup is called after: it becomes a plain cgroup, called by its path, whose CLAIM (taken over) is kept. What
 * an engine said of the container that it is not is forgotten. 0 or -ENOMEM.
 */
int lc_claim_refute(struct lc_target *target, char *claim);

/*
 * TARGET, a container called NAME, is one that PLACE says others than root made: its name is put behind BY and a slash, and its
 * id, which they chose, is forgotten. 0 or -ENOMEM.
 */
int lc_claim_mark(struct lc_target *target, const char *by, const char *name);

#endif
