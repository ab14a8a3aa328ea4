/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fills a target from one of its processes. */
#include <leastcap/host.h>

#include <errno.h>
#include <stdio.h>

static int fill_target(struct lc_target *target, const struct lc_process *process)
{
	char *user = target->user;

	if (!user && asprintf(&user, "%u:%u", process->uid, process->gid) < 0)
		return -ENOMEM;
	target->user = user;
	if (!target->granted)
		target->granted = process->init.sets.bounding;
	target->seccomp |= process->init.seccomp == LC_SECCOMP_FILTER;
	return 0;
}

int lc_process_fill(struct lc_target *target, pid_t pid)
{
	struct lc_process process;
	int ret = lc_process_read(pid, &process);

	return ret < 0 ? ret : fill_target(target, &process);
}

int lc_process_namespaces(pid_t pid, struct lc_namespaces *namespaces)
{
	struct lc_process process;
	uint32_t pidns;
	int ret = lc_process_read(pid, &process);

	if (!ret && !process.userns)
		ret = -EACCES;
	if (!ret)
		ret = lc_process_namespace(pid, "pid", &pidns);
	if (!ret)
		*namespaces = (struct lc_namespaces){process.userns, process.userns_depth, pidns};
	return ret;
}

int lc_process_fill_init(struct lc_target *target, pid_t pid)
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
