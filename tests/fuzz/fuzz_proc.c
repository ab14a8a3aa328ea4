/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds one text, as each of the files of /proc that we read of other processes and of ourselves, to those who parse them. */
#include "served.h"

#include <leastcap/host.h>

#include <leastcap/cleanup.h>
#include <leastcap/probe.h>
#include <leastcap/rootfs.h>
#include <leastcap/why.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* mountinfo and cgroup. */
static void find_hierarchies(void)
{
	struct lc_hierarchy hierarchy;
	char path[PATH_MAX];
	int fd;

	if (!lc_hierarchy_find(&hierarchy))
		lc_cgroup_of_pid(&hierarchy, getpid(), path, sizeof(path));
	lc_hierarchy_at("/tmp", &hierarchy, path, sizeof(path));
	fd = lc_rootfs_mounted(&(struct lc_root){1 << 20, 1});
	if (fd >= 0)
		close(fd);
}

/* status, stat, uid_map and maps. */
static void read_process(void)
{
	_cleanup_free_ gid_t *groups = NULL;
	struct lc_mapping *mappings;
	struct lc_process process;
	size_t n;

	lc_process_read(getpid(), &process);
	lc_process_groups(getpid(), &groups, &n);
	if (!lc_mappings_of_pid(getpid(), &mappings, &n))
		lc_mappings_free(mappings, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	fuzz_serve("/proc/", input, size);
	find_hierarchies();
	read_process();
	fuzz_serve(NULL, NULL, 0);
	return 0;
}
