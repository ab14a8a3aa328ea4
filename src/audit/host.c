/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the host's mounts and namespaces, and has a process of its own look into containers' files. */
#include "src/audit/host.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How long one look may take (milliseconds). */
#define LOOK_MS 1000

static int add_mount(void *context, const struct lc_mount *mount)
{
	struct lc_host_view *host = context;
	struct lc_audit_mount *mounts = lc_array_grow(host->mounts, host->n_mounts, sizeof(*mounts));
	struct lc_audit_mount added = {mount->device, strdup(mount->root), strdup(mount->point)};

	if (mounts)
		host->mounts = mounts;
	if (!mounts || !added.root || !added.point) {
		free(added.root);
		free(added.point);
		return -ENOMEM;
	}
	mounts[host->n_mounts++] = added;
	return 0;
}

static int enter(void *context, int *socket)
{
	(void)context;
	return lc_sandbox_look(socket, 1);
}

/* Answers each root directory with what is in it. */
static void live(void *context, int socket)
{
	static struct lc_special_files found;
	struct iovec part = {&found, sizeof(found)};
	char question;
	int root;

	(void)context;
	while (lc_message_receive(socket, &question, 1, &root) > 0) {
		if (root < 0)
			continue;
		lc_rootfs_find_special(root, &found);
		close(root);
		if (lc_message_send(socket, &part, 1, -1))
			return;
	}
}

static const struct lc_worker_life looking = {.name = "leastcap-audit", .enter = enter, .live = live};

void lc_host_view_begin(struct lc_host_view *host)
{
	uint32_t inode;

	*host = (struct lc_host_view){.looker = LC_WORKER_NONE};
	host->first = lc_process_namespace(1, "pid", &inode) ? 0 : 1;
	lc_mounts_each(host->first, add_mount, host);
	lc_worker_start(&host->looker, &looking, NULL);
}

void lc_host_view_end(struct lc_host_view *host)
{
	for (size_t i = 0; i < host->n_mounts; i++) {
		free(host->mounts[i].root);
		free(host->mounts[i].point);
	}
	free(host->mounts);
	lc_worker_end(&host->looker);
	*host = (struct lc_host_view){.looker = LC_WORKER_NONE};
}

bool lc_audit_in_host(const struct lc_host_view *host, pid_t pid, const char *type)
{
	uint32_t theirs, ours;

	return !lc_process_namespace(pid, type, &theirs) && !lc_process_namespace(host->first, type, &ours) &&
	       theirs == ours;
}

int lc_audit_look(struct lc_host_view *host, pid_t pid, struct lc_special_files *found)
{
	_cleanup_fd_ int root = -1;
	struct iovec part = {(char *)"", 1};
	char path[32];
	ssize_t length;
	int r;

	if (host->looker.control < 0)
		return -ENOSYS;
	snprintf(path, sizeof(path), "/proc/%d/root", (int)pid);
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -errno;
	r = lc_worker_need(&host->looker);
	if (!r)
		r = lc_worker_send(&host->looker, &part, 1, root);
	if (r)
		return r;
	length = lc_worker_receive(&host->looker, found, sizeof(*found), lc_clock_ms(CLOCK_MONOTONIC) + LOOK_MS);
	if (length == sizeof(*found))
		return 0;
	/* An answer that comes too late would be taken for the next one. */
	lc_worker_drop(&host->looker);
	return length < 0 ? (int)length : -EPROTO;
}
