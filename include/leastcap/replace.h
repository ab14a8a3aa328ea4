/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files that a process and its children find changed, and nobody else. */
#ifndef LEASTCAP_REPLACE_H
#define LEASTCAP_REPLACE_H

#include <stddef.h>

/* A file, below the working directory, and the text that it is to have. */
struct lc_replacement {
	const char *path;
	const char *text;
	size_t length;
};

/*
 * Opens the file at PATH, which lies below the working directory and is reached without a symbolic link, with FLAGS of open(2). A descriptor, or -errno:
 * -EXDEV where it lies elsewhere, -ELOOP where a link leads there, -EINVAL where it is no ordinary file.
 */
int lc_replace_open(const char *path, int flags);

/*
 * Gives the calling process, which has one thread, mounts of its own, and in them an empty file system in memory in the place of /proc. What is mounted
 * elsewhere meanwhile shows here too, and what is mounted here nowhere else. The descriptor of its root, which belongs to the real user, or -errno.
 */
int lc_replace_make_room(void);

/*
 * Has the calling process, which has one thread, find the N files of LIST with their other texts, until it ends, and its children likewise. On disk nothing is
 * changed. The caller has to be able to write the files, where our own rights come from our program's file. Takes CAP_SYS_ADMIN. 0 or -errno.
 */
int lc_replace(const struct lc_replacement *list, size_t n);

#endif
