/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a project as a patch makes them, which a command finds so while nothing is changed on disk. */
#ifndef LEASTCAP_CLI_PATCHED_H
#define LEASTCAP_CLI_PATCHED_H

#include <leastcap/log.h>
#include <leastcap/patch.h>
#include <leastcap/replace.h>
#include <leastcap/sha256.h>
#include <leastcap/strbuf.h>

/* Zero-initialise to start. */
struct lc_patched {
	char sha256[LC_SHA256_SIZE]; /* of the patch's text */
	struct lc_patch_files files;
	struct lc_replacement list[LC_PATCH_FILES]; /* an element for each of FILES */
	struct lc_strbuf texts[LC_PATCH_FILES];     /* what those have; NULL: as it was read */
};

/*
 * Reads the patch at PATH, and has patch(1) apply it to copies of the files, which are gone whatever happens. 0, or an exit status where that can't be, which has
 * been said in a line: LC_EXIT_USAGE for a patch that does not apply. PATCHED is to be cleared in any case.
 */
int lc_patched_open(struct lc_patched *patched, const char *path, const struct lc_log *log);

/* Frees what PATCHED owns and zeroes it. */
void lc_patched_clear(struct lc_patched *patched);

#endif
