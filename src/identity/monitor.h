/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that watches over a container for its engine: what it was started with. */
#ifndef LEASTCAP_IDENTITY_MONITOR_H
#define LEASTCAP_IDENTITY_MONITOR_H

#include <leastcap/profile.h>

#include <stddef.h>
#include <sys/types.h>

/* What a monitor's command line tells of its container. The strings belong to the command line. */
struct lc_monitor_words {
	const char *id;
	const char *name;
	const char *bundle;    /* a directory */
	const char *namespace; /* containerd's */
};

/* Reads ARGUMENTS, SIZE bytes of strings that each end in NUL, as those of the monitor called COMM. 0, or -ENOENT: it is none. */
int lc_monitor_read(const char *comm, const char *arguments, size_t size, struct lc_monitor_words *words);

/*
 * Fills the unknown fields of TARGET (engine, name, image, pod, namespace) from the monitor PID, its first process's parent, and from
 * the bundle that it names, which has to belong to the monitor's user. 0, also when PID is no monitor; -ENOMEM.
 */
int lc_monitor_fill(struct lc_target *target, pid_t pid);

/*
 * Fills TARGET's name and image from STORAGE/containers.json (containers/storage: podman, cri-o), which belongs to OWNER. 0, also
 * when there is no such file; -ENOMEM.
 */
int lc_monitor_fill_from_storage(struct lc_target *target, const char *storage, uid_t owner);

#endif
