/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A person's file that is written anew, with what it was before kept beside it. */
#ifndef LEASTCAP_REWRITE_H
#define LEASTCAP_REWRITE_H

#include <stddef.h>

/* Texts, each with its length. */
struct lc_rewrite {
	const char *old; /* what the file has */
	size_t old_length;
	const char *text; /* what it gets */
	size_t length;
};

/*
 * Gives the file at PATH, behind symbolic links, the text of REWRITE, and the owner and mode that it has. The new text is written beside it and then
 * takes its name. What it was before is kept as "PATH.before-" and a part of the new text's hash: *BACKUP, which the caller frees. 0; -EBUSY
 * where the file has no longer the old text, or another -errno; *MESSAGE (caller frees) then says why, and the file is as it was.
 */
int lc_rewrite(const char *path, const struct lc_rewrite *rewrite, char **backup, char **message);

/*
 * Puts back what the file at PATH was before lc_rewrite, which is known by what that has written. 0; -ENOENT where it has something else, or
 * another -errno; *MESSAGE (caller frees) then says why.
 */
int lc_rewrite_undo(const char *path, char **message);

#endif
