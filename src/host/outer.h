/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paths of cgroups for a recorder that has a cgroup namespace of its own and sees the host's hierarchy, as in a pod of Kubernetes with the host's mounted. */
#ifndef LEASTCAP_HOST_OUTER_H
#define LEASTCAP_HOST_OUTER_H

#include <leastcap/host.h>

/* Whether ROOT, of a mount, is called "/../..": the root of a cgroup namespace that ours lies in (cgroup_namespaces(7)). */
bool lc_outer_is_root(const char *root);

/*
 * Fills in HIERARCHY's own, by the cgroup in which this process is found. BELOW: its path in our own cgroup namespace ("/" for its root). 0; -ENOENT when it
 * is not found, as where HIERARCHY is not mounted with its root; or -errno.
 */
int lc_outer_find(struct lc_hierarchy *hierarchy, const char *below);

/* Makes of PATH (SIZE bytes), as our own cgroup namespace has it ("/x", "/../../y"), the path in HIERARCHY, whose own is known. 0 or -ENAMETOOLONG. */
int lc_outer_path(const struct lc_hierarchy *hierarchy, char *path, size_t size);

#endif
