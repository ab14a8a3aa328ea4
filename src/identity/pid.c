/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What /proc/PID tells about a target: its bounding set, user and user namespace. */
#include <leastcap/cleanup.h>
#include <leastcap/identity.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* The facts in /proc/PID/status that a target wants. */
struct status {
	unsigned int uid, gid; /* effective */
	uint64_t bounding;
	unsigned int seccomp; /* 2: a filter, see proc(5) */
	bool has_uid, has_gid, has_bounding;
};

/* The kernel escapes line breaks in the process's name, so no process can add a line of its own. */
static void read_status_line(const char *line, struct status *status)
{
	if (sscanf(line, "Uid:%*u%u", &status->uid) == 1)
		status->has_uid = true;
	else if (sscanf(line, "Gid:%*u%u", &status->gid) == 1)
		status->has_gid = true;
	else if (sscanf(line, "CapBnd:%" SCNx64, &status->bounding) == 1)
		status->has_bounding = true;
	else
		sscanf(line, "Seccomp:%u", &status->seccomp);
}

/* A process that goes away while its files are read shows as ENOENT or ESRCH. */
static int gone_error(int error)
{
	return error == ENOENT ? -ESRCH : -error;
}

static int read_status(int proc, struct status *status)
{
	_cleanup_file_ FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	int fd;

	fd = openat(proc, "status", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return gone_error(errno);
	stream = fdopen(fd, "r");
	if (!stream) {
		close(fd);
		return -ENOMEM;
	}
	errno = 0;
	while (getline(&line, &size, stream) >= 0)
		read_status_line(line, status);
	if (ferror(stream))
		return gone_error(errno ? errno : EIO);
	return status->has_uid && status->has_gid && status->has_bounding ? 0 : -EPROTO;
}

static int read_userns(int proc, uint32_t *userns)
{
	struct stat st;

	if (fstatat(proc, "ns/user", &st, 0) < 0)
		return gone_error(errno);
	*userns = (uint32_t)st.st_ino;
	return 0;
}

/* Both files are opened below one descriptor: a pid that is taken over by another process cannot mix the two. */
int lc_identity_from_pid(struct lc_target *target, pid_t pid, uint32_t *userns)
{
	struct status status = {0};
	_cleanup_fd_ int proc = -1;
	char path[32];
	int ret;

	snprintf(path, sizeof(path), "/proc/%d", pid);
	proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return gone_error(errno);
	ret = read_status(proc, &status);
	if (ret == 0 && userns)
		ret = read_userns(proc, userns);
	if (ret < 0)
		return ret;
	if (!target->granted)
		target->granted = status.bounding;
	target->seccomp |= status.seccomp == 2;
	if (!target->user && asprintf(&target->user, "%u:%u", status.uid, status.gid) < 0) {
		target->user = NULL;
		return -ENOMEM;
	}
	return 0;
}
