/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads systemd-machined's record of a machine: /run/systemd/machines, an environment file each, and links by unit. */
#include "src/identity/machine.h"
#include "src/identity/claim.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "/run/systemd/machines"
#define VALUE_MAX 256

/* What a record says; machined wrote it (src/machine/machine.c, machine_save). */
struct record {
	char name[VALUE_MAX];
	char unit[VALUE_MAX];
	int leader;
};

/* Takes the value of LINE, without machined's quotes and backslashes, if it is that of variable KEY. Whether it is. */
static bool take_value(const char *line, const char *key, char value[VALUE_MAX])
{
	size_t length = strlen(key), n = 0;

	if (strncmp(line, key, length) != 0 || line[length] != '=')
		return false;
	for (const char *at = line + length + 1; *at && *at != '\n' && n + 1 < VALUE_MAX; at++) {
		if (*at == '"')
			continue;
		at += *at == '\\' && at[1] && at[1] != '\n';
		value[n++] = *at;
	}
	value[n] = '\0';
	return true;
}

/* Opens the record NAME, a regular file of root's or ours. NULL when there is none. */
static FILE *open_record(const char *root, const char *name)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	struct stat st;
	FILE *stream;
	int fd;

	lc_strbuf_addf(&path, "%s" DIRECTORY "/%s", root, name);
	/* A unit's record is a link to the machine's, in a directory that is root's. */
	fd = path.failed ? -1 : open(path.text, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return NULL;
	stream = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (st.st_uid == 0 || st.st_uid == geteuid())
			 ? fdopen(fd, "r")
			 : NULL;
	if (!stream)
		close(fd);
	return stream;
}

static int read_record(const char *root, const char *unit, struct record *record)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf link = {0};
	_cleanup_file_ FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	char value[VALUE_MAX];
	size_t size = 0;

	*record = (struct record){0};
	lc_strbuf_addf(&link, "unit:%s", unit);
	stream = link.failed ? NULL : open_record(root, link.text);
	if (!stream)
		return -ENOENT;
	while (getline(&line, &size, stream) > 0) {
		take_value(line, "NAME", record->name);
		/* A machine that is a service of its own has a scope that is that service. */
		take_value(line, "SCOPE", record->unit);
		if (take_value(line, "LEADER", value))
			record->leader = (int)strtol(value, NULL, 10);
	}
	return record->name[0] && strcmp(record->unit, unit) == 0 && record->leader > 0 ? 0 : -ENOENT;
}

int lc_machine_fill(struct lc_target *target, const struct lc_hierarchy *hierarchy, const char *root)
{
	const char *slash = strrchr(target->cgroup, '/');
	struct record record;
	char *name;

	if (!slash || read_record(root, slash + 1, &record) ||
		lc_place_has(hierarchy, target->cgroup, record.leader) != 1)
		return -ENOENT;
	name = strdup(record.name);
	if (!name)
		return -ENOMEM;
	free(target->name);
	target->name = name;
	return 0;
}
