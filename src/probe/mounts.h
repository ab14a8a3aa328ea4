/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A line of /proc/PID/mountinfo, of any length. */
#ifndef LEASTCAP_PROBE_MOUNTS_H
#define LEASTCAP_PROBE_MOUNTS_H

/* What a line says of a mount; the strings belong to the line, their escapes undone. */
struct lc_mount_line {
	char *root;    /* which directory of the file system is mounted */
	char *point;   /* where */
	char *type;    /* of the file system */
	char *options; /* the file system's own: for cgroup v1 its controllers */
};

/* Takes LINE of mountinfo (proc_pid_mountinfo(5)), which is changed, apart. 0, or -EINVAL when it is none. */
int lc_mount_line_parse(char *line, struct lc_mount_line *mount);

#endif
