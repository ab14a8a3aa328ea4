/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens the files that a process has mapped, and their separate debug files, for somebody else to read. */
#ifndef LEASTCAP_WHY_FILES_H
#define LEASTCAP_WHY_FILES_H

#include <leastcap/table.h>
#include <leastcap/why.h>

/* Where the files of a process are. */
struct lc_why_files {
	const struct lc_snapshot *snapshot;
	struct lc_table *seen; /* processes by their roots */
	int root;              /* its root directory; negative: it is gone, and so is every other with the same */
	bool looked;           /* other places than the process were searched for the root */
};

/*
 * Makes FILES those of SNAPSHOT's process, below its root directory. That is found at the process, at a process seen before with the same
 * root (SEEN: a table by struct lc_root, of pid_t *), or where the engine has it mounted. SNAPSHOT and SEEN are kept by reference.
 */
void lc_why_files_begin(struct lc_why_files *files, const struct lc_snapshot *snapshot, struct lc_table *seen);

/* Closes the root directory. */
void lc_why_files_end(struct lc_why_files *files);

/* Opens the file of mapping number MAPPING. A descriptor (the caller closes it), -ESTALE when another file has its place, or -errno. */
int lc_why_files_open(struct lc_why_files *files, size_t mapping);

/* Opens the debug file WANTED, in the container or of the host. A descriptor (the caller closes it) or -errno. */
int lc_why_files_find_debug(struct lc_why_files *files, const struct lc_why_debug_wanted *wanted);

#endif
