/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a container has volumes: directories and files that were there before it and stay behind it. */
#ifndef LEASTCAP_VOLUMES_H
#define LEASTCAP_VOLUMES_H

#include <stddef.h>

/* How many of them are known of one container. */
#define LC_VOLUMES_MAX 64

/* Paths in the container, absolute, hostile and owned, in the order of the alphabet. */
struct lc_volumes {
	char **paths;
	size_t n;
};

/* Adds PATH (copied), unless it is known, or there are LC_VOLUMES_MAX. 0 or -ENOMEM. */
int lc_volumes_add(struct lc_volumes *volumes, const char *path);

/* The innermost of VOLUMES in which PATH lies, or which it is; NULL: none, or PATH is NULL. */
const char *lc_volumes_around(const struct lc_volumes *volumes, const char *path);

/* Adds those of MORE. 0 or -ENOMEM. */
int lc_volumes_unite(struct lc_volumes *volumes, const struct lc_volumes *more);

/* Frees what VOLUMES holds. */
void lc_volumes_clear(struct lc_volumes *volumes);

#endif
