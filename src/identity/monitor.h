/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that watches over a container for its engine: what it was started with. */
#ifndef LEASTCAP_IDENTITY_MONITOR_H
#define LEASTCAP_IDENTITY_MONITOR_H

#include "src/identity/reader.h"

#include <leastcap/host.h>
#include <leastcap/model.h>
#include <leastcap/probe.h>

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

/* What a monitor's command line tells of its container. The strings belong to the command line. */
struct lc_monitor_words {
	const char *id;
	const char *name;
	const char *bundle;    /* a directory */
	const char *namespace; /* containerd's */
	const char *runtime;   /* the runtime's path: an option's, or the shim's own */
};

/*
 * Reads ARGUMENTS, SIZE bytes of strings that each end in NUL, as those of the monitor called COMM, to WORDS. 0, or -ENOENT when no monitor is
 * called so: WORDS are then unchanged.
 */
int lc_monitor_read(const char *comm, const char *arguments, size_t size, struct lc_monitor_words *words);

/* The monitors that run. */
struct lc_monitors {
	struct lc_monitor_process *processes;
	size_t n;
};

/* Forgets what MONITORS has, and looks for monitors among all processes. 0 or -errno. */
int lc_monitors_read(struct lc_monitors *monitors);

/*
 * The one among MONITORS that watches over container ID: a process of OWNER's (0: root) that is in no container of HIERARCHY itself. Of other
 * users' monitors only the names are read. READER reads what is not root's. 0 when there is none.
 */
pid_t lc_monitors_find(struct lc_monitors *monitors, const struct lc_hierarchy *hierarchy, const char *id, uid_t owner,
	struct lc_reader *reader);

/* Frees what MONITORS owns and empties it. */
void lc_monitors_clear(struct lc_monitors *monitors);

/* Where the bundles of one engine's containers lie, each in a directory that is called by its id. "": not known. */
struct lc_bundle_home {
	char directory[PATH_MAX];
	char engine[32];
};

/*
 * Fills the unknown fields of TARGET (engine, name, image, pod, namespace, sandbox) from its monitor PID, OWNER's process, and from the bundle that the
 * monitor names. The bundle has to be OWNER's and of TARGET's cgroup. READER is as for lc_monitors_find. HOME (zeroed before) is where others of its bundles lie. 0, -ENOENT when PID is no monitor
 * of TARGET's or has no bundle, -EXDEV when the bundle's cgroup is another, or -ENOMEM.
 */
int lc_monitor_fill(
	struct lc_target *target, pid_t pid, uid_t owner, struct lc_reader *reader, struct lc_bundle_home *home);

/*
 * Fills TARGET's name and image from OWNER's STORAGE/containers.json (containers/storage: podman, cri-o), which READER reads. 0, also when there
 * is no such file; or -ENOMEM.
 */
int lc_monitor_fill_from_storage(struct lc_target *target, const char *storage, uid_t owner, struct lc_reader *reader);

#endif
