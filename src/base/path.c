/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a file of a project is called by those who have the project's repository. */
#include <leastcap/cleanup.h>
#include <leastcap/path.h>

#include <errno.h>
#include <stdlib.h>

/* How many bytes of PATH, which is absolute, are the directory that a repository begins in, with the slash; 0: none does. */
static size_t repository_of(const char *path)
{
	for (size_t length = strlen(path); length; length--) {
		_cleanup_free_ char *name = NULL;

		if (path[length - 1] != '/')
			continue;
		if (asprintf(&name, "%.*s.git", (int)length, path) < 0) {
			name = NULL;
			return 0;
		}
		if (!access(name, F_OK))
			return length;
	}
	return 0;
}

bool lc_path_add_in_repository(struct lc_strbuf *out, const char *path)
{
	_cleanup_free_ char *full = realpath(path, NULL);
	_cleanup_free_ char *here = getcwd(NULL, 0);
	size_t length = full ? repository_of(full) : 0;

	if (!length && full && here && !strncmp(full, here, strlen(here)) && full[strlen(here)] == '/')
		length = strlen(here) + 1;
	lc_strbuf_adds(out, full ? full + length : path);
	return full && !length;
}
