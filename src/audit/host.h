/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an audit holds targets against: the host's mounts and namespaces; and who looks into containers' files for it. */
#ifndef LEASTCAP_AUDIT_HOST_H
#define LEASTCAP_AUDIT_HOST_H

#include <leastcap/host.h>
#include <leastcap/rootfs.h>
#include <leastcap/worker.h>

#include <stddef.h>
#include <stdint.h>

/* A mount of the host's. */
struct lc_audit_mount {
	uint32_t device;
	char *root, *point;
};

struct lc_host_view {
	struct lc_audit_mount *mounts;
	size_t n_mounts;
	pid_t first; /* whose namespaces are the host's: process 1, or 0 for our own where we may not read those */
	struct lc_worker looker;
};

/* Reads what the host is to HOST. What can't be read is left out. */
void lc_host_view_begin(struct lc_host_view *host);

/* Frees what HOST holds, and ends who looks. */
void lc_host_view_end(struct lc_host_view *host);

/* Whether process PID is in the host's namespace of TYPE, its name in /proc/PID/ns. False where that can't be read. */
bool lc_audit_in_host(const struct lc_host_view *host, pid_t pid, const char *type);

/* Finds the special files of process PID's root. Another process does, so that nobody waits long for it. 0 or -errno. */
int lc_audit_look(struct lc_host_view *host, pid_t pid, struct lc_special_files *found);

#endif
