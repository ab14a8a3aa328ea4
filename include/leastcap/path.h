/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the paths of files and cgroups lie to each other. */
#ifndef LEASTCAP_PATH_H
#define LEASTCAP_PATH_H

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <string.h>

/* Whether PATH is what the first LENGTH bytes of DIRECTORY name, or lies below it. These must not end with a slash: in "/" lies nothing but "/". */
static inline bool lc_path_lies_in_n(const char *path, const char *directory, size_t length)
{
	return strncmp(path, directory, length) == 0 && (!path[length] || path[length] == '/');
}

/* The same for all of DIRECTORY. */
static inline bool lc_path_lies_in(const char *path, const char *directory)
{
	return lc_path_lies_in_n(path, directory, strlen(directory));
}

/*
 * Appends PATH, a file's, as it is called from the root of the repository that has it, else from here where it lies below; else its absolute
 * path, and returns true. What is no file is appended as it is.
 */
bool lc_path_add_in_repository(struct lc_strbuf *out, const char *path);

#endif
