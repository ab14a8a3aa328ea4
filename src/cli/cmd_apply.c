/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap apply: writes what a profile changes in the project's own files, and takes it back. */
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"
#include "src/cli/project.h"

#include <leastcap/cleanup.h>
#include <leastcap/log.h>
#include <leastcap/report.h>
#include <leastcap/rewrite.h>

#include <stdlib.h>
#include <string.h>

enum { OPTION_COMPOSE_FILE = LC_OPTION_OWN, OPTION_DRY_RUN, OPTION_UNDO, OPTION_NEXT, OPTION_ALLOW_PARTIAL };

struct apply_options {
	struct lc_project_names names;
	char **arguments; /* the profile, and files; with UNDO only files */
	size_t n;
	bool dry_run;
	bool undo;
	bool next;
	bool allow_partial;
};

static const struct argp_option options[] = {
	{"compose-file", LC_OPTION_COMPOSE_FILE, "COMPOSE.yaml", 0,
		"the project's compose file; where nothing is said, the one that docker compose finds here", 0},
	{"manifest", LC_OPTION_MANIFEST, "MANIFEST.yaml", 0,
		"a file of Kubernetes manifests; may be said several times", 0},
	{"dry-run", OPTION_DRY_RUN, NULL, 0, "print what would be changed, as a diff, and change nothing", 0},
	{"undo", OPTION_UNDO, NULL, 0, "put the files back that are named, as they were before", 0},
	{"next", OPTION_NEXT, NULL, 0,
		"write what to try next: what it used, and what would have let through the calls that were refused", 0},
	{"allow-partial", OPTION_ALLOW_PARTIAL, NULL, 0,
		"write the lists of a recording that lacks checks, or a target's start, all the same; they may lack capabilities",
		0},
	{0},
};

static void check_arguments(const struct apply_options *apply)
{
	if (apply->undo && (apply->dry_run || apply->next || apply->allow_partial || apply->names.compose_file ||
				   apply->names.n_manifests))
		lc_cli_usage_error("--undo takes files, and no other option: leastcap apply --undo compose.yaml");
	if (apply->undo && !apply->n)
		lc_cli_usage_error("--undo of which file? leastcap apply --undo compose.yaml");
	if (!apply->undo && !apply->n)
		lc_cli_usage_error("no profile given: leastcap apply PROFILE.json [FILE…] ('-' is standard input)");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct apply_options *apply = state->input;

	switch (key) {
	case OPTION_DRY_RUN:
		apply->dry_run = true;
		return 0;
	case OPTION_UNDO:
		apply->undo = true;
		return 0;
	case OPTION_NEXT:
		apply->next = true;
		return 0;
	case OPTION_ALLOW_PARTIAL:
		apply->allow_partial = true;
		return 0;
	case ARGP_KEY_ARGS:
		apply->arguments = state->argv + state->next;
		apply->n = (size_t)(state->argc - state->next);
		state->next = state->argc;
		return 0;
	case ARGP_KEY_END:
		check_arguments(apply);
		return 0;
	default:
		return lc_project_parse(&apply->names, key, argument);
	}
}

const struct argp lc_argp_apply = {
	.options = options,
	.parser = parse,
	.args_doc = "PROFILE.json [FILE…]\n--undo FILE…",
	.doc = "Edits the project's own files, a compose file or Kubernetes manifests, so that each recorded service or container drops all capabilities and adds those that it needs. Comments, layout, owner and mode stay, and what the file was before stays beside it. Needs no root. Exit status: 0 when that is done or nothing is to be changed; 1 when something had to be left as it is; 2 for a file that can't be read; 3 when the recording had lost checks, 4 when it has not all of a container's life: without --allow-partial nothing was written then.",
};

/* Puts each file back. Returns the exit status. */
static int undo(const struct apply_options *apply, const struct lc_log *log)
{
	int status = LC_EXIT_OK;

	for (size_t i = 0; i < apply->n; i++) {
		_cleanup_free_ char *message = NULL;
		int r = lc_rewrite_undo(apply->arguments[i], &message);

		if (!r) {
			lc_log(log, LC_LOG_NOTICE, "%s is as it was before", apply->arguments[i]);
			continue;
		}
		lc_log(log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		status = LC_EXIT_FAILURE;
	}
	return status;
}

/* Writes FILE. 0 or -errno. */
static int write_file(const struct lc_project_file *file, const struct lc_log *log)
{
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *backup = NULL;
	struct lc_rewrite rewrite = {.old = file->tree->text, .old_length = file->tree->length - file->tree->unended};
	_cleanup_free_ char *text = lc_edits_text(file->tree, &file->edits, &rewrite.length);
	const char *name;
	int r = -ENOMEM;

	rewrite.text = text;
	if (text)
		r = lc_rewrite(file->path, &rewrite, &backup, &message);
	if (r) {
		lc_log(log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		return r;
	}
	name = strrchr(backup, '/');
	lc_log(log, LC_LOG_NOTICE, "wrote %s; 'leastcap apply --undo %s' puts back what it was (%s)", file->path,
		file->path, name ? name + 1 : backup);
	return 0;
}

/* Writes the files that change, or says that none does. 0 or -errno. */
static int write_files(const struct lc_project *project, const struct lc_log *log)
{
	for (size_t i = 0; i < project->n; i++) {
		const struct lc_project_file *file = &project->files[i];
		int r = 0;

		if (file->edits.n)
			r = write_file(file, log);
		else if (!project->left)
			lc_log(log, LC_LOG_NOTICE, "%s: nothing to change", file->path);
		if (r)
			return r;
	}
	return 0;
}

static int print_diffs(const struct lc_project *project)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf diff = {0};

	lc_project_diff(project, &diff);
	return lc_output_text(&diff);
}

/* Whether one of the targets in the files was not seen from its start until it had settled. Says of which that is so. */
static bool is_partial(const struct lc_profile *profile, const bool *known, const struct lc_log *log)
{
	bool partial = false;

	for (size_t i = 0; i < profile->n_targets; i++) {
		if (!known[i] || !lc_seen_is_partial(&profile->targets[i].seen))
			continue;
		partial = true;
		lc_log(log, LC_LOG_WARN,
			"%s was not seen from its start until it had settled: its list may lack something",
			profile->targets[i].name);
	}
	return partial;
}

/* Writes what PROFILE changes in the files that APPLY names. Returns the exit status. */
static int apply_profile(const struct apply_options *apply, const struct lc_profile *profile, const struct lc_log *log)
{
	_cleanup_(lc_project_clear) struct lc_project project = {.written = !apply->dry_run};
	bool lost, partial;
	int r = lc_project_edit(&project, &apply->names, profile, log);

	if (r)
		return r;
	lc_output_lost(log, profile, project.known);
	lost = lc_profile_lost(profile, project.known) > 0;
	partial = is_partial(profile, project.known, log);
	if (apply->dry_run) {
		r = print_diffs(&project);
	} else if ((lost || partial) && !apply->allow_partial) {
		lc_log(log, LC_LOG_ERROR, "nothing was written; --allow-partial writes what is known");
		return lost ? LC_EXIT_INCOMPLETE : LC_EXIT_PARTIAL;
	} else {
		r = write_files(&project, log);
	}
	if (r || project.left)
		return LC_EXIT_FAILURE;
	if (lost)
		return LC_EXIT_INCOMPLETE;
	return partial && !apply->allow_partial ? LC_EXIT_PARTIAL : LC_EXIT_OK;
}

int lc_cmd_apply(int argc, char **argv)
{
	const struct lc_log log = {.threshold = LC_LOG_NOTICE, .stream = stderr};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct apply_options apply = {0};
	int status;

	lc_cli_parse(&lc_argp_apply, argc, argv, false, &apply);
	if (apply.undo)
		return undo(&apply, &log);
	for (size_t i = 1; i < apply.n; i++)
		lc_project_take(&apply.names, apply.arguments[i], &log);
	if (apply.n < 2 && !apply.names.n_manifests && !apply.names.compose_file)
		apply.names.compose_file = lc_project_find_compose_file();
	if (!apply.names.n_manifests && !apply.names.compose_file)
		lc_cli_usage_error("%s: leastcap apply %s FILE…",
			apply.n < 2 ? "there is no compose file here" : "none of the files has a container",
			apply.arguments[0]);
	lc_inputs_load(&profile, apply.arguments[0]);
	if (apply.names.n_manifests && !apply.names.compose_file)
		lc_report_grant_ports(&profile);
	if (apply.next)
		lc_report_try_next(&profile);
	status = apply_profile(&apply, &profile, &log);
	free(apply.names.manifests);
	return status;
}
