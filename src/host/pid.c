/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a process tells about its target: bounding set, user and user namespace. */
#include <leastcap/host.h>

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

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

int lc_identity_from_pid(struct lc_target *target, pid_t pid)
{
	struct lc_process process;
	int ret = lc_process_read(pid, &process);

	return ret < 0 ? ret : fill_target(target, &process);
}

int lc_identity_namespaces(pid_t pid, struct lc_namespaces *namespaces)
{
	struct lc_process process;
	struct stat st;
	char path[64];
	int ret = lc_process_read(pid, &process);

	if (ret < 0)
		return ret;
	if (!process.userns)
		return -EACCES;
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	if (stat(path, &st))
		return errno == ENOENT ? -ESRCH : -errno;
	*namespaces = (struct lc_namespaces){process.userns, process.userns_depth, (uint32_t)st.st_ino};
	return 0;
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
