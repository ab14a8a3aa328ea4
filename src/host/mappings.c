/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads /proc/PID/maps, proc_pid_maps(5). */
#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/host.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The kernel's own limit of mappings is vm.max_map_count, 65530. */
#define MAPPINGS_MAX 65536

void lc_mappings_free(struct lc_mapping *mappings, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(mappings[i].path);
	free(mappings);
}

/* Parses LINE. 1; 0 when it tells of no code; or -errno. */
static int parse(char *line, struct lc_mapping *mapping)
{
	unsigned int major, minor;
	char permissions[5];
	int path = 0;

	*mapping = (struct lc_mapping){0};
	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n", &mapping->start, &mapping->end,
		    permissions, &mapping->offset, &major, &minor, &mapping->inode, &path) < 7 ||
		!path)
		return -EPROTO;
	if (!strchr(permissions, 'x'))
		return 0;
	mapping->device = lc_device(major, minor);
	if (!line[path])
		return 1;
	mapping->path = strdup(line + path);
	return mapping->path ? 1 : -ENOMEM;
}

static int append(struct lc_mapping **mappings, size_t *n, const struct lc_mapping *mapping)
{
	struct lc_mapping *grown;

	if (*n >= MAPPINGS_MAX)
		return -E2BIG;
	grown = lc_array_grow(*mappings, *n, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*mappings = grown;
	(*mappings)[(*n)++] = *mapping;
	return 0;
}

/* Whether the N MAPPINGS are those of the program that SNAPSHOT's process ran, with code where it was. */
static bool are_of(const struct lc_snapshot *snapshot, const struct lc_mapping *mappings, size_t n)
{
	uint64_t pc = snapshot->registers.pc;
	bool has_pc = false, has_program = !snapshot->exe;

	for (size_t i = 0; i < n; i++) {
		has_pc = has_pc || (mappings[i].start <= pc && pc < mappings[i].end);
		has_program = has_program || (uint32_t)mappings[i].inode == snapshot->exe;
	}
	return has_pc && has_program;
}

int lc_mappings_of_snapshot(const struct lc_snapshot *snapshot, struct lc_mapping **mappings, size_t *n)
{
	struct lc_mapping *found = NULL;
	size_t count = 0;
	int ret = lc_mappings_of_pid(snapshot->tgid, &found, &count);

	if (ret == -ESRCH)
		return -ESTALE;
	if (ret == 0 && !are_of(snapshot, found, count)) {
		lc_mappings_free(found, count);
		return -ESTALE;
	}
	if (ret == 0) {
		*mappings = found;
		*n = count;
	}
	return ret;
}

int lc_mappings_of_pid(pid_t pid, struct lc_mapping **mappings, size_t *n)
{
	_cleanup_file_ FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	struct lc_mapping *found = NULL, mapping;
	size_t size = 0, count = 0;
	char path[32];
	int ret = 0;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	stream = fopen(path, "re");
	if (!stream)
		return errno == ENOENT ? -ESRCH : -errno;
	while (ret >= 0 && getline(&line, &size, stream) >= 0) {
		ret = parse(line, &mapping);
		if (ret == 1 && (ret = append(&found, &count, &mapping)) < 0)
			free(mapping.path);
	}
	if (ret >= 0 && ferror(stream))
		ret = -EIO;
	if (ret < 0) {
		lc_mappings_free(found, count);
		return ret;
	}
	*mappings = found;
	*n = count;
	return 0;
}
