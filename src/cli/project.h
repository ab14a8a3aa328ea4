/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a project that a profile changes: its compose file, its Kubernetes manifests. */
#ifndef LEASTCAP_CLI_PROJECT_H
#define LEASTCAP_CLI_PROJECT_H

#include <leastcap/compose.h>
#include <leastcap/edits.h>
#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/policy.h>
#include <leastcap/strbuf.h>

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

/* As named on the command line. */
struct lc_project_names {
	const char *compose_file; /* NULL: none */
	const char **manifests;   /* owned */
	size_t n_manifests;
};

/* One of them, and what is to be changed in it. */
struct lc_project_file {
	const char *path; /* as given */
	bool is_compose;
	struct lc_policy policy; /* of a manifest */
	struct lc_manifest manifest;
	struct lc_compose compose;
	const struct lc_yaml_tree *tree;
	struct lc_edits edits;
};

/* All of them. Zero-initialise to start. */
struct lc_project {
	struct lc_project_file *files;
	size_t n;
	size_t left;  /* services and containers that could not be brought to what was recorded */
	bool *known;  /* of each target, whether one of the files has it */
	bool written; /* set before: the edits are about to be written, so that nothing is said of what they mend */
};

/* Takes --compose-file and --manifest into NAMES, or ends the program with LC_EXIT_USAGE. 0, or ARGP_ERR_UNKNOWN for another KEY. */
error_t lc_project_parse(struct lc_project_names *names, int key, const char *argument);

/* Takes the file at PATH into NAMES, by what is in it: a compose file, or manifests. One without pods is passed over, and LOG told so. Ends the program with LC_EXIT_USAGE where it is neither. */
void lc_project_take(struct lc_project_names *names, const char *path, const struct lc_log *log);

/* The compose file of the working directory, as docker compose finds it; NULL: there is none. */
const char *lc_project_find_compose_file(void);

/*
 * Reads the files, and finds what PROFILE changes in them. Ends the program with LC_EXIT_USAGE where one can't be read. Says to LOG what is wrong
 * with them, and what no edit can do. 0, or the exit status, after which LOG knows what failed. PROJECT is to be cleared in any case.
 */
int lc_project_edit(struct lc_project *project, const struct lc_project_names *names, const struct lc_profile *profile,
	const struct lc_log *log);

/* Appends the diffs of all files to OUT. */
void lc_project_diff(const struct lc_project *project, struct lc_strbuf *out);

/* Frees what PROJECT owns and zeroes it. */
void lc_project_clear(struct lc_project *project);

#endif
