/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /proc/PID tells about a process. */
#ifndef LEASTCAP_IDENTITY_PROCESS_H
#define LEASTCAP_IDENTITY_PROCESS_H

#include <leastcap/profile.h>

#include <stdint.h>
#include <sys/types.h>

struct lc_process {
	struct lc_init init; /* without a sentence: what could not be read is said by the error */
	uint32_t uid;        /* effective, as our user namespace numbers it */
	uint32_t gid;
	uint32_t userns;  /* inode number of its user namespace; 0 when we may not know */
	int userns_depth; /* of that below ours; 1 where only that it is another one is known */
	pid_t parent;
	int depth;        /* of its pid namespace below ours */
	pid_t inner;      /* what its own pid namespace calls it */
	uint64_t started; /* clock ticks since the machine started */
};

/* Reads process PID. 0, -ESRCH when it is gone, -EPROTO when /proc tells no sets, or -errno. */
int lc_process_read(pid_t pid, struct lc_process *process);

#endif
