/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the supplementary groups of a process. */
#include <leastcap/cleanup.h>
#include <leastcap/rootfs.h>

#include <errno.h>
#include <string.h>

#define KEY "Groups:"

/* Parses the numbers in TEXT. */
static int parse_groups(const char *text, gid_t **groups, size_t *n)
{
	/* A number and the blank before it take two bytes at least. */
	gid_t *list = calloc(strlen(text) / 2 + 1, sizeof(*list));
	size_t count = 0;
	char *end;

	if (!list)
		return -ENOMEM;
	for (;; text = end) {
		unsigned long group = strtoul(text, &end, 10);

		if (end == text)
			break;
		list[count++] = (gid_t)group;
	}
	*groups = list;
	*n = count;
	return 0;
}

int lc_groups_of_pid(pid_t pid, gid_t **groups, size_t *n)
{
	_cleanup_file_ FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	stream = fopen(path, "re");
	if (!stream)
		return errno == ENOENT ? -ESRCH : -errno;
	errno = 0;
	/* The kernel escapes line breaks in the process's name, so no process can add a line of its own. */
	while (getline(&line, &size, stream) >= 0) {
		if (strncmp(line, KEY, strlen(KEY)) == 0)
			return parse_groups(line + strlen(KEY), groups, n);
	}
	return ferror(stream) && errno ? -errno : -EPROTO;
}
