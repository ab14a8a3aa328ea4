/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a project that a profile changes: its compose file. */
#ifndef LEASTCAP_CLI_PROJECT_H
#define LEASTCAP_CLI_PROJECT_H

#include <leastcap/compose.h>
#include <leastcap/edits.h>
#include <leastcap/log.h>
#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>

/* One of them, and what is to be changed in it. */
struct lc_project_file {
	const char *path; /* as given */
	const struct lc_yaml_tree *tree;
	struct lc_edits edits;
};

/* All of them. Zero-initialise to start. */
struct lc_project {
	struct lc_project_file *files;
	size_t n;
	size_t left; /* services that could not be brought to what was recorded */
	bool *known; /* of each target, whether one of the files has it; NULL: all */
	struct lc_compose compose;
};

/* The compose file of the working directory, as docker compose finds it; NULL: there is none. */
const char *lc_project_find_compose_file(void);

/*
 * Reads the files, and finds what PROFILE changes in them. Ends the program with LC_EXIT_USAGE where one can't be read. Says to LOG what is wrong
 * with them, and what no edit can do. 0 or -errno; PROJECT is to be cleared in any case.
 */
int lc_project_edit(struct lc_project *project, const char *compose_file, const struct lc_profile *profile,
	const struct lc_log *log);

/* Frees what PROJECT owns and zeroes it. */
void lc_project_clear(struct lc_project *project);

#endif
