/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Hazards: what makes a target dangerous to its host, or more so: a mounted socket, a shared namespace, a capability, a missing filter. */
#ifndef LEASTCAP_HAZARD_H
#define LEASTCAP_HAZARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lc_hazard_kind {
	LC_HAZARD_SOCKET,      /* of a container engine */
	LC_HAZARD_FILES,       /* of the host's, mounted */
	LC_HAZARD_MOUNTS,      /* it sees the host's own file systems */
	LC_HAZARD_DEVICE,      /* that reaches beyond the container */
	LC_HAZARD_PROC,        /* what engines keep read-only of /proc can be written */
	LC_HAZARD_PID,         /* the host's pid namespace */
	LC_HAZARD_NETWORK,     /* the host's network */
	LC_HAZARD_IPC,         /* the host's IPC namespace */
	LC_HAZARD_CONFINEMENT, /* no security module confines it, and the host has one */
	LC_HAZARD_SETUID,      /* set-user-ID programs, which no_new_privs does not hold back */
	/* From here on those that follow from what else is known of the target. */
	LC_HAZARD_PRIVILEGED, /* it was told to be so */
	LC_HAZARD_ALL,        /* every capability that the host has */
	LC_HAZARD_CAPABILITY, /* a dangerous one */
	LC_HAZARD_ORDINARY,   /* the other capabilities, together */
	LC_HAZARD_ROOT,       /* its root is the host's root */
	LC_HAZARD_SECCOMP,    /* no filter of system calls */
	LC_HAZARD_UNREAD,     /* nobody knows */
	LC_HAZARD_N
};

/* One hazard of one target. Strings are owned, hostile, and NULL where there is nothing to say. */
struct lc_hazard {
	enum lc_hazard_kind kind;
	char *about;     /* the capability, the file on the host, the programs: "/run/docker.sock" */
	char *where;     /* where a file of the host's is in the target */
	char *why;       /* what it means, in whole sentences */
	uint64_t points; /* its part of the score */
	bool read_only;  /* it is mounted so */
	bool barred;     /* the user that the target runs as may not use it by owner and mode */
};

/* The word for KIND, as the profile spells it ("socket"); NULL when out of range. */
const char *lc_hazard_name(enum lc_hazard_kind kind);

/* Frees what HAZARD owns and zeroes it. */
void lc_hazard_clear(struct lc_hazard *hazard);

#endif
