/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fills a target from one of its processes. */
#include <leastcap/host.h>

#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Labels are no longer than this (security/apparmor, security/selinux). */
#define LC_LABEL_SIZE 4096

/* Reads what the file at NAME in /proc/PID/attr says, to TEXT (LC_LABEL_SIZE bytes). 0 or -errno. */
static int read_attribute(pid_t pid, const char *name, char *text)
{
	_cleanup_fd_ int fd = -1;
	char path[64];
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/attr/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? -1 : read(fd, text, LC_LABEL_SIZE - 1);
	if (length < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return *text ? 0 : -EINVAL;
}

int lc_process_label(pid_t pid, char **label)
{
	char text[LC_LABEL_SIZE];
	/* Of several modules the second file is that of the first that answers, which may be one that calls nothing anything. */
	int r = read_attribute(pid, "apparmor/current", text);
	char *copy;

	if (r)
		r = read_attribute(pid, "current", text);
	if (r)
		return r;
	copy = strdup(text);
	if (!copy)
		return -ENOMEM;
	*label = copy;
	return 0;
}

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

	if (ret < 0)
		return ret;
	if (!target->label)
		lc_process_label(pid, &target->label);
	return fill_target(target, &process);
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
