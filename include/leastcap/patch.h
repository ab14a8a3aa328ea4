/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Unified patches, as far as it takes to know which files they change. */
#ifndef LEASTCAP_PATCH_H
#define LEASTCAP_PATCH_H

#include <stddef.h>

/* A patch changes so many files at most. */
#define LC_PATCH_FILES 64

/* The files that a patch changes, each once, as patch -p1 finds them: below the working directory. Zero-initialise to start. */
struct lc_patch_files {
	char *paths[LC_PATCH_FILES];
	size_t n;
};

/*
 * Reads which files TEXT, LENGTH bytes of a patch, changes. 0; -EINVAL with *MESSAGE (caller frees, "3: …") where it is no unified patch, or one that
 * does more than change the text of files, or names one that lies elsewhere; or -ENOMEM. FILES is to be cleared in any case.
 */
int lc_patch_read(struct lc_patch_files *files, const char *text, size_t length, char **message);

/* Frees what FILES owns and zeroes it. */
void lc_patch_files_clear(struct lc_patch_files *files);

#endif
