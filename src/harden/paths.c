/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which files a container prepares at its start, as paths that an image can give to a user when it is built. */
#include "harden_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/path.h>

#include <ctype.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Directories that belong to the whole system: nobody is given one of these with all below it. */
static const char *const shared[] = {"/", "/bin", "/boot", "/etc", "/home", "/lib", "/lib32", "/lib64", "/media",
	"/mnt", "/opt", "/root", "/run", "/sbin", "/srv", "/tmp", "/usr", "/usr/bin", "/usr/lib", "/usr/libexec",
	"/usr/local", "/usr/local/bin", "/usr/local/etc", "/usr/local/lib", "/usr/local/sbin", "/usr/local/share",
	"/usr/sbin", "/usr/share", "/var", "/var/cache", "/var/lib", "/var/lock", "/var/log", "/var/mail", "/var/opt",
	"/var/run", "/var/spool", "/var/tmp"};

/* What is mounted into every container, so that what its image has there is never seen. */
static const char *const mounted[] = {"/dev", "/proc", "/sys", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf"};

bool lc_harden_is_plain(const char *path)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf shown = {0};
	const char *whole = path;

	/* Nothing that a shell, a Dockerfile or JSON takes for more than itself, because a person may copy it from a step; and nothing that is not shown. */
	for (const char *c = path; *c; c++) {
		if ((unsigned char)*c < 0x80 && !isalnum((unsigned char)*c) && !strchr("/._-+@:%,=", *c))
			return false;
	}
	if (*path != '/')
		return false;
	lc_escape_terminal(&shown, path);
	if (shown.failed || strcmp(shown.text, path) != 0)
		return false;
	while (path[0] == '/' && path[1]) {
		size_t length = strcspn(++path, "/");

		if (!length || (length == 1 && *path == '.') || (length == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		path += length;
	}
	return !*path || path == whole;
}

/* Where nothing is before the start, and only root may write. A file there is made by that. */
static const char *const emptied[] = {"/run", "/var/lock", "/var/run"};

/* Where everybody may make files. */
static const char *const open_to_all[] = {"/dev/shm", "/tmp", "/var/tmp"};

/* Whether the first LENGTH bytes of PATH are one of N DIRECTORIES. */
static bool is_one_of(const char *path, size_t length, const char *const *directories, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strlen(directories[i]) == length && !strncmp(path, directories[i], length))
			return true;
	}
	return false;
}

#define IS_ONE_OF(path, length, table) is_one_of(path, length, table, sizeof(table) / sizeof((table)[0]))

static bool is_mounted(const char *path)
{
	for (size_t i = 0; i < sizeof(mounted) / sizeof(mounted[0]); i++) {
		if (lc_path_lies_in(path, mounted[i]))
			return true;
	}
	return false;
}

const char *lc_harden_path_of(const struct lc_check *check)
{
	const char *path = check->object.path ? check->object.path : check->about;

	return path && *path == '/' ? path : NULL;
}

/* Adds the first LENGTH bytes of PATH, unless a directory that it lies in is there; those in it go. Whether there was memory and room. */
static bool add_path(struct lc_harden_plan *plan, const char *path, size_t length, bool directory)
{
	char *copy = strndup(path, length);
	size_t kept = 0;

	for (size_t i = 0; copy && i < plan->n_paths; i++) {
		if (lc_path_lies_in(copy, plan->paths[i].path) &&
			(plan->paths[i].directory || !strcmp(copy, plan->paths[i].path))) {
			free(copy);
			return true;
		}
	}
	for (size_t i = 0; copy && i < plan->n_paths; i++) {
		if (directory && lc_path_lies_in(plan->paths[i].path, copy))
			free(plan->paths[i].path);
		else
			plan->paths[kept++] = plan->paths[i];
	}
	plan->n_paths = copy ? kept : plan->n_paths;
	if (!copy || plan->n_paths == LC_HARDEN_PATHS) {
		free(copy);
		return false;
	}
	plan->paths[plan->n_paths++] = (struct lc_harden_path){.path = copy, .directory = directory};
	return true;
}

const char *lc_harden_take_path(struct lc_harden_plan *plan, const struct lc_check *check, uint64_t starts)
{
	const char *path = lc_harden_path_of(check);
	bool directory = S_ISDIR(check->object.mode);
	/* Only the first of several is known. */
	bool others = check->count > (starts ? starts : 1);
	size_t length, parent;

	if (!path)
		return "at its start it works on a file that is not known";
	if (!lc_harden_is_plain(path))
		return "has a name that cannot be written into a Dockerfile safely";
	length = strlen(path);
	parent = (size_t)(strrchr(path, '/') - path);
	/* What that user makes there is that user's. */
	if (IS_ONE_OF(path, parent, open_to_all))
		return NULL;
	if (is_mounted(path))
		return "is mounted into the container, so that no image has it";
	if (others && parent) {
		_cleanup_free_ char *above = strndup(path, parent);

		if (!above)
			return "finds no room";
		if (!IS_ONE_OF(above, parent, shared)) {
			length = parent;
			directory = true;
		}
	}
	if (others && !directory)
		return "is only the first of several files, and the others are not known";
	if (!directory && IS_ONE_OF(path, parent, emptied))
		return "is made at the start, in a directory where only root may";
	if (directory && length == strlen(path) && IS_ONE_OF(path, length, shared))
		return "is a directory of the whole system";
	plan->guesses |= others;
	return add_path(plan, path, length, directory) ? NULL : "finds no room among the paths that are changed";
}

void lc_harden_forget_paths(struct lc_harden_plan *plan)
{
	for (size_t i = 0; i < plan->n_paths; i++)
		free(plan->paths[i].path);
	plan->n_paths = 0;
}

int lc_harden_name_changers(struct lc_harden_plan *plan)
{
	struct lc_strbuf names = {0};

	for (size_t i = 0; i < plan->target->n_evidence; i++) {
		const struct lc_check *check = &plan->target->evidence[i];
		const char *name = check->exe ? strrchr(check->exe, '/') : NULL;
		char *found;
		size_t length;

		if (check->cap != CAP_SETUID || check->class != LC_CLASS_REQUIRED || !name || !*++name)
			continue;
		length = strlen(name);
		found = names.text ? strstr(names.text, name) : NULL;
		if (found && (!found[length] || found[length] == ',') && (found == names.text || found[-1] == ' '))
			continue;
		lc_strbuf_separate(&names, ", ");
		lc_strbuf_adds(&names, name);
	}
	if (!names.length)
		return names.failed ? -ENOMEM : 0;
	plan->changers = lc_strbuf_steal(&names);
	return plan->changers ? 0 : -ENOMEM;
}
