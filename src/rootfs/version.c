/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens the very file that ran. A moment later its name may lead to another file, or the file may carry other capabilities. */
#include "src/rootfs/rootfs_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static int64_t changed_ns(const struct stat *status)
{
	return status->st_ctim.tv_sec * 1000000000LL + status->st_ctim.tv_nsec;
}

/* A file that may be the one that ran. */
struct candidate {
	int fd; /* -1: it could not be opened */
	struct stat status;
};

static void close_candidate(const struct candidate *candidate)
{
	if (candidate->fd >= 0)
		close(candidate->fd);
}

/* Takes FD over, or what could not be opened (a negative number). */
static struct candidate make_candidate(int fd)
{
	struct candidate candidate = {.fd = fd};

	if (fd >= 0 && fstat(fd, &candidate.status)) {
		close(fd);
		candidate.fd = -1;
	}
	return candidate;
}

static int take(struct candidate *candidate)
{
	return lc_take_fd(&candidate->fd);
}

/* Whether CANDIDATE has the number INODE. */
static bool has_number(const struct candidate *candidate, uint64_t inode)
{
	return candidate->fd >= 0 && candidate->status.st_ino == inode;
}

/* Whether CANDIDATE may be another number's: on overlayfs a file may have another than its inode in the kernel (fs/overlayfs/inode.c). */
static bool may_have_another_number(const struct candidate *candidate)
{
	struct statfs file_system;

	return candidate->fd >= 0 && !fstatfs(candidate->fd, &file_system) &&
	       file_system.f_type == OVERLAYFS_SUPER_MAGIC;
}

/* Whether CANDIDATE, which still runs, is what ran: to remove its name changes its time, but not what it carries. */
static bool is_unchanged(const struct candidate *candidate, int64_t changed)
{
	struct lc_file_capabilities carried;

	return changed_ns(&candidate->status) == changed || lc_file_capabilities(candidate->fd, &carried) != -ENODATA;
}

int lc_rootfs_open_running(int root, const char *path, pid_t pid, uint64_t inode, int64_t changed)
{
	int error = lc_rootfs_open(root, path);
	_cleanup_(close_candidate) struct candidate named = make_candidate(error), running = {.fd = -1};
	char exe[32];

	if (has_number(&named, inode) && changed_ns(&named.status) == changed)
		return take(&named);
	/*
	 * What still runs can be opened without its name. It comes before a file that only its time speaks for: what took its name over in the same tick
	 * of the clock has that time, too.
	 */
	snprintf(exe, sizeof(exe), "/proc/%d/exe", (int)pid);
	running = make_candidate(open(exe, O_PATH | O_CLOEXEC));
	if (running.fd >= 0 && !S_ISREG(running.status.st_mode)) {
		close_candidate(&running);
		running.fd = -1;
	}
	if (has_number(&running, inode))
		return is_unchanged(&running, changed) ? take(&running) : -ESTALE;
	if (may_have_another_number(&named) && changed_ns(&named.status) == changed)
		return take(&named);
	if (may_have_another_number(&running) && is_unchanged(&running, changed))
		return take(&running);
	return error < 0 ? error : -ESTALE;
}

bool lc_rootfs_changed_since(int fd, int64_t time)
{
	struct stat status;

	return fstat(fd, &status) || changed_ns(&status) > time;
}
