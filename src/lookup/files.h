/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of a container say about its checks, looked up while it runs: what they carry, and whom they refuse. */
#ifndef LEASTCAP_LOOKUP_FILES_H
#define LEASTCAP_LOOKUP_FILES_H

#include <leastcap/lookup.h>
#include <leastcap/probe.h>
#include <leastcap/rootfs.h>

/* Where a process lives. */
struct lc_lookup_files_place {
	const struct lc_hierarchy *hierarchy;
	const char *cgroup; /* its path; NULL: its other processes are not asked */
};

/*
 * Reads the file capabilities of the program in EXECUTED to CARRIED (zeroed before). 0, also for a program that carries none; or
 * -errno when the file can't be reached any more: CARRIED is then unchanged.
 */
int lc_lookup_files_carried(
	const struct lc_lookup_files_place *place, const struct lc_executed *executed, struct lc_carried *carried);

/*
 * Finds the file whose owner and mode made the kernel ask in TOUCHED, to OBJECT (zeroed before). NAMES remembers the container's users.
 * 0, or -errno when that can't be told: OBJECT is then unchanged.
 */
int lc_lookup_files_find_object(const struct lc_lookup_files_place *place, const struct lc_touched *touched,
	struct lc_names *names, struct lc_object *object);

/*
 * Reads what the files of DAEMON, which EXECUTED is, name (see lc_named_read) to LIST (zeroed before; lc_named_clear frees it). 0, or -errno: LIST is
 * then unchanged.
 */
int lc_lookup_files_named(const struct lc_lookup_files_place *place, const struct lc_executed *executed,
	uint32_t daemon, struct lc_named_list *list);

#endif
