/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process tells about its target: bounding set, user and user namespace. */
#include "src/identity/process.h"

#include <leastcap/identity.h>

#include <errno.h>
#include <stdio.h>

static int fill_target(struct lc_target *target, const struct lc_process *process)
{
	if (!target->granted)
		target->granted = process->init.sets.bounding;
	target->seccomp |= process->init.seccomp == LC_SECCOMP_FILTER;
	if (!target->user && asprintf(&target->user, "%u:%u", process->uid, process->gid) < 0) {
		target->user = NULL;
		return -ENOMEM;
	}
	return 0;
}

int lc_identity_from_pid(struct lc_target *target, pid_t pid, uint32_t *userns)
{
	struct lc_process process;
	int ret = lc_process_read(pid, &process);

	if (ret < 0)
		return ret;
	if (userns && !process.userns)
		return -EACCES;
	if (userns)
		*userns = process.userns;
	return fill_target(target, &process);
}

int lc_identity_from_init(struct lc_target *target, pid_t pid)
{
	struct lc_process process;
	int ret = lc_process_read(pid, &process);

	if (ret == 0)
		ret = fill_target(target, &process);
	if (ret < 0)
		return ret;
	target->init = process.init;
	return 0;
}
