/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap harden: what in image and service would let containers do with less. */
#include "src/cli/cli.h"
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/dockerfile.h>
#include <leastcap/harden.h>
#include <leastcap/input_file.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_COMPOSE_FILE = LC_OPTION_OWN, OPTION_DOCKERFILE };

struct harden_options {
	const char *profile;
	const char *compose_file;
	const char *dockerfile;
	struct lc_output_wanted output;
	struct lc_output_file *file; /* OUTPUT, opened; NULL: standard output */
};

static const struct argp_option options[] = {
	{"compose-file", OPTION_COMPOSE_FILE, "COMPOSE.yaml", 0,
		"the project's own file; prints what is to be changed in it, for patch -p1", 0},
	{"dockerfile", OPTION_DOCKERFILE, "DOCKERFILE", 0, "the same of the file that makes the image", 0},
	{"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE's mode: 0644 (0600 for root, else as the umask says)", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct harden_options *harden = state->input;

	switch (key) {
	case OPTION_COMPOSE_FILE:
		harden->compose_file = argument;
		return 0;
	case OPTION_DOCKERFILE:
		harden->dockerfile = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (harden->profile)
			lc_cli_usage_error("one profile at a time, not '%s' as well", argument);
		harden->profile = argument;
		return 0;
	case ARGP_KEY_END:
		if (!harden->profile)
			lc_cli_usage_error(
				"no profile given: leastcap harden [--compose-file FILE] [--dockerfile FILE] FILE.json ('-' is standard input)");
		return 0;
	default:
		return lc_output_parse(&harden->output, key, argument);
	}
}

const struct argp lc_argp_harden = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE.json",
	.doc = "Proposes, beside the list, what to change in image and service so that nothing or little is left of it: start as the user that it becomes anyway, give files away when the image is built, open low ports to everybody. With a compose file or a Dockerfile it prints that as a patch, else as steps; 'leastcap prove --with' tries the patch. Needs no root. Exit status: 0; 1 when nothing was found that would help, or a file or service could not be changed; 2 for a file that is no profile or no compose file; 3 when the recording had lost checks.",
};

/* Says why what stays does. */
static void tell_reasons(const struct lc_profile *profile, const struct lc_harden_plan *plans, const struct lc_log *log)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		for (size_t j = 0; j < plans[i].n_reasons; j++) {
			_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

			lc_harden_add_reason(&text, &plans[i].reasons[j]);
			lc_log(log, LC_LOG_NOTICE, "%s: %s", profile->targets[i].name,
				text.text ? text.text : "out of memory");
		}
	}
}

/* Prints the plans as steps. An exit status. */
static int print_steps(
	const struct lc_profile *profile, const struct lc_harden_plan *plans, const struct harden_options *harden)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	const struct lc_style style = lc_output_style(stdout, true);

	for (size_t i = 0; i < profile->n_targets; i++) {
		lc_strbuf_separate(&text, "\n");
		lc_harden_add_steps(&text, &style, &plans[i]);
	}
	return lc_output_text_to(&text, harden->file) ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

/* Prints the patch of PROJECT's files. An exit status. */
static int print_patch(
	const struct lc_harden_project *project, const struct harden_options *harden, const struct lc_log *log)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf diff = {0};
	size_t left = 0;
	int r = lc_harden_patch(project, log, &diff, &left);

	if (r) {
		lc_log(log, LC_LOG_ERROR, "the patch could not be made: %s", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	tell_reasons(project->profile, project->plans, log);
	if (!diff.length && !left)
		lc_log(log, LC_LOG_NOTICE, "nothing to change");
	return lc_output_text_to(&diff, harden->file) || left ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

/* Whether nothing was found for any target that needs something. */
static bool is_hopeless(const struct lc_profile *profile, const struct lc_harden_plan *plans)
{
	bool needs = false;

	for (size_t i = 0; i < profile->n_targets; i++) {
		if (lc_harden_any(&plans[i]))
			return false;
		needs |= profile->targets[i].cap_add != 0;
	}
	return needs;
}

/* Makes a plan for each target. NULL when out of memory. */
static struct lc_harden_plan *make_plans(const struct lc_profile *profile)
{
	struct lc_harden_plan *plans = calloc(profile->n_targets + 1, sizeof(*plans));
	int r = plans ? 0 : -ENOMEM;

	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = lc_harden_plan(&profile->targets[i], &plans[i]);
	if (!r)
		return plans;
	for (size_t i = 0; plans && i < profile->n_targets; i++)
		lc_harden_plan_clear(&plans[i]);
	free(plans);
	return NULL;
}

/* What is proposed for PROJECT. An exit status. */
static int propose(
	const struct lc_harden_project *project, const struct harden_options *harden, const struct lc_log *log)
{
	const struct lc_profile *profile = project->profile;
	bool files = project->compose || project->dockerfile;
	int status;

	if (is_hopeless(profile, project->plans)) {
		if (files)
			tell_reasons(profile, project->plans, log);
		else
			print_steps(profile, project->plans, harden);
		lc_log(log, LC_LOG_ERROR, "nothing was found by which the containers would need less than their lists");
		return LC_EXIT_FAILURE;
	}
	status = files ? print_patch(project, harden, log) : print_steps(profile, project->plans, harden);
	return !status && profile->lost ? LC_EXIT_INCOMPLETE : status;
}

/* Makes plans for PROFILE, and prints what comes of them for PROJECT. An exit status. */
static int plan_and_propose(
	struct lc_harden_project *project, const struct harden_options *harden, const struct lc_log *log)
{
	struct lc_harden_plan *plans = make_plans(project->profile);
	int status;

	if (!plans) {
		lc_log(log, LC_LOG_ERROR, "out of memory");
		return LC_EXIT_FAILURE;
	}
	project->plans = plans;
	lc_output_lost(log, project->profile, NULL);
	status = propose(project, harden, log);
	for (size_t i = 0; i < project->profile->n_targets; i++)
		lc_harden_plan_clear(&plans[i]);
	free(plans);
	return status;
}

/* Reads what HARDEN names, or ends the program with LC_EXIT_USAGE. */
static void load(const struct harden_options *harden, struct lc_profile *profile, struct lc_compose *compose,
	struct lc_strbuf *dockerfile)
{
	_cleanup_free_ char *message = NULL;
	int r = lc_profile_load(profile, harden->profile, &message);

	if (!r && lc_profile_is_unwatched(profile))
		lc_cli_usage_error("what the containers use, nobody watched; 'leastcap audit --for 10m' watches it");
	if (!r && harden->compose_file)
		r = lc_compose_load(compose, harden->compose_file, &message);
	if (!r && harden->dockerfile)
		r = lc_input_read(harden->dockerfile, LC_DOCKERFILE_MAX_SIZE, "a Dockerfile", dockerfile, &message);
	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
}

int lc_cmd_harden(int argc, char **argv)
{
	const struct lc_log log = {.threshold = LC_LOG_NOTICE, .stream = stderr};
	_cleanup_(lc_cleanup_output) struct lc_output_file *file = NULL;
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_compose_clear) struct lc_compose compose = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf dockerfile = {0};
	struct lc_harden_project project = {.profile = &profile, .text = &dockerfile};
	struct harden_options harden = {0};
	int status = LC_EXIT_OK;

	lc_cli_parse(&lc_argp_harden, argc, argv, false, &harden);
	load(&harden, &profile, &compose, &dockerfile);
	project.compose = harden.compose_file ? &compose : NULL;
	project.dockerfile = harden.dockerfile ? lc_input_name(harden.dockerfile) : NULL;
	if (harden.output.path)
		status = lc_output_open(&file, &harden.output, &log);
	harden.file = file;
	return status ? status : plan_and_propose(&project, &harden, &log);
}
