/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap report: a profile in the form that a person or a program takes. */
#include "src/cli/choosing.h"
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"
#include "src/cli/project.h"

#include <leastcap/cleanup.h>
#include <leastcap/log.h>
#include <leastcap/policy.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_CAP_PREFIX = LC_OPTION_OWN, OPTION_NEXT, OPTION_HELM_PATH, OPTION_JSON };

struct report_options {
	const struct lc_report_format *format; /* NULL: none was named */
	const char *profile;
	struct lc_output_wanted output;
	struct lc_output_file *file; /* OUTPUT, opened; NULL: standard output */
	struct lc_project_names names;
	bool verbose;
	bool cap_prefix;
	bool next;
	const char **helm_paths; /* ended by NULL */
	size_t n_helm_paths;
	struct lc_choosing choosing;
	struct lc_inputs inputs;
};

static const struct argp_option options[] = {
	{"format", 'f', "FORMAT", 0, "what to print: text, where nothing is said; 'list' names the others", 0},
	{"json", OPTION_JSON, NULL, 0, "the same as -f json", 0},
	{"compose-file", LC_OPTION_COMPOSE_FILE, "COMPOSE.yaml", 0,
		"with -f compose: the project's own file; prints what is to be changed in it, for patch -p1; with -f sarif: where alerts are shown",
		0},
	{"manifest", LC_OPTION_MANIFEST, "MANIFEST.yaml", 0,
		"the same with -f kubernetes for a file of the project's own manifests; may be said several times", 0},
	{"helm-path", OPTION_HELM_PATH, "PATH", 0,
		"with -f helm: where the chart's values have its containers' securityContext: controller.containerSecurityContext; CONTAINER=PATH for one of them; several times",
		0},
	{"cap-prefix", OPTION_CAP_PREFIX, NULL, 0,
		"spell capabilities CAP_CHOWN instead of CHOWN, where the format's consumer takes both", 0},
	{"next", OPTION_NEXT, NULL, 0,
		"print what to try next: what it used, and what would have let through the calls that were refused; with -f docker, where no other format is named",
		0},
	{"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE's mode: 0644 (0600 for root, else as the umask says)", 0},
	{"verbose", 'v', NULL, 0, "show what was left out too: set-up, overridden credentials, call sites", 0},
	{0},
};

/* Settles on a format, and refuses one that has no list of its own to put another in the place of. */
static void choose_format(struct report_options *report)
{
	if (!report->format)
		report->format = lc_report_find(report->next ? "docker" : "text");
	if (report->next && !report->format->only_list)
		lc_cli_usage_error(
			"--next does not go with -f %s, which tells of the recording itself", report->format->name);
}

static bool is_format(const struct report_options *report, const char *name)
{
	return !strcmp(report->format->name, name);
}

/* Refuses --cap-prefix where it would mean nothing. */
static void check_spelling(const struct report_options *report)
{
	if (!report->cap_prefix)
		return;
	if (report->names.compose_file)
		lc_cli_usage_error("--cap-prefix does not go with --compose-file");
	if (!report->format->either_spelling)
		lc_cli_usage_error(
			"--cap-prefix does not go with -f %s, which spells them in one way", report->format->name);
}

/* Refuses files that the format has no use for. */
static void check_files(const struct report_options *report)
{
	const struct lc_project_names *names = &report->names;

	if (names->compose_file && !is_format(report, "compose") && !is_format(report, "sarif"))
		lc_cli_usage_error("--compose-file goes with -f compose, or with -f sarif");
	if (names->n_manifests && !is_format(report, "kubernetes") && !is_format(report, "sarif"))
		lc_cli_usage_error("--manifest goes with -f kubernetes, or with -f sarif");
	if (report->helm_paths && !is_format(report, "helm"))
		lc_cli_usage_error("--helm-path goes with -f helm");
	if (is_format(report, "sarif") && names->n_manifests + (names->compose_file ? 1 : 0) > 1)
		lc_cli_usage_error("-f sarif takes one file");
}

/* Whether PATH is keys with dots between, perhaps after a container's name. */
static bool is_helm_path(const char *path)
{
	const char *place = strchr(path, '=') ? strchr(path, '=') + 1 : path;
	bool empty = true;

	for (; *place; place++) {
		if (*place == '.' && empty)
			return false;
		if ((unsigned char)*place < ' ' || *place == '=')
			return false;
		empty = *place == '.';
		place += *place == '\\' && place[1];
	}
	return !empty;
}

/* Adds another PATH. 0 or an error. */
static error_t add_helm_path(struct report_options *report, const char *path)
{
	const char **grown;

	if (!is_helm_path(path))
		lc_cli_usage_error("--helm-path: '%s' is no [CONTAINER=]KEY.KEY…", path);
	/* The list always has room for its end. */
	grown = reallocarray(report->helm_paths, report->n_helm_paths + 2, sizeof(*grown));
	if (!grown)
		return ENOMEM;
	report->helm_paths = grown;
	grown[report->n_helm_paths++] = path;
	grown[report->n_helm_paths] = NULL;
	return 0;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct report_options *report = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &report->choosing;
		state->child_inputs[1] = &report->inputs;
		return 0;
	case 'f':
		report->format = lc_output_parse_format(argument);
		return 0;
	case LC_OPTION_COMPOSE_FILE:
	case LC_OPTION_MANIFEST:
		return lc_project_parse(&report->names, key, argument);
	case OPTION_HELM_PATH:
		return add_helm_path(report, argument);
	case OPTION_CAP_PREFIX:
		report->cap_prefix = true;
		return 0;
	case OPTION_JSON:
		report->format = lc_report_find("json");
		return 0;
	case OPTION_NEXT:
		report->next = true;
		return 0;
	case 'v':
		report->verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		if (report->profile)
			lc_cli_usage_error("one profile at a time, not '%s' as well", argument);
		report->profile = argument;
		return 0;
	case ARGP_KEY_END:
		if (!report->profile && !lc_inputs_are_asked(&report->inputs))
			lc_cli_usage_error(
				"no profile given: leastcap report [-f FORMAT] FILE.json ('-' is standard input, --store DIR a store)");
		choose_format(report);
		check_files(report);
		check_spelling(report);
		return 0;
	default:
		return lc_output_parse(&report->output, key, argument);
	}
}

static const struct argp_child children[] = {
	{.argp = &lc_choosing_argp}, {.argp = &lc_inputs_argp}, {.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_report = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "FILE.json\n--store DIR\n--prometheus URL",
	.doc = "Prints what a profile says. Needs no root. Exit status: 0; 1 when something could not be done; 2 for a file that is no profile or no compose file; 3 when the recording had lost checks.",
};

/* Prints the patch of the project's own files. Returns the exit status. */
static int patch_files(const struct lc_profile *profile, const struct report_options *report)
{
	const struct lc_log log = {.threshold = LC_LOG_NOTICE, .stream = stderr};
	_cleanup_(lc_project_clear) struct lc_project project = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf diff = {0};
	int r = lc_project_edit(&project, &report->names, profile, &log);

	if (r)
		return r;
	lc_project_diff(&project, &diff);
	lc_output_lost(&log, profile, project.known);
	for (size_t i = 0; !diff.length && !project.left && i < project.n; i++)
		lc_log(&log, LC_LOG_NOTICE, "%s: nothing to change", project.files[i].path);
	if (lc_output_text_to(&diff, report->file) || project.left)
		return LC_EXIT_FAILURE;
	return lc_profile_lost(profile, project.known) ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}

/* Prints the alerts at the lines of the project's own FILE. Returns the exit status. */
static int locate(const struct lc_profile *profile, const struct report_options *report, const char *file)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ struct lc_sarif_place *places = calloc(profile->n_targets + 1, sizeof(*places));
	_cleanup_free_ char *message = NULL;
	size_t left = 0;
	int r = lc_policy_load(&policy, &(const struct lc_policy_reading){.path = file}, &message);

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	r = places ? 0 : -ENOMEM;
	if (!r) {
		lc_policy_places(&policy, profile, places);
		r = lc_sarif_report(profile, places, &text);
	}
	if (r) {
		lc_log(&log, LC_LOG_ERROR, "cannot make the report: %s", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	for (size_t i = 0; i < profile->n_targets; i++)
		left += !places[i].path;
	if (left)
		lc_log(&log, LC_LOG_WARN, "%s: %zu of %zu recorded are not in it: left out", file, left,
			profile->n_targets);
	if (lc_output_text_to(&text, report->file))
		return LC_EXIT_FAILURE;
	return profile->lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}

/* Ends the program with LC_EXIT_USAGE where a path of REPORT is for a container that PROFILE does not have. 0 or -ENOMEM. */
static int check_helm_paths(const struct lc_profile *profile, const struct report_options *report)
{
	const char *missed = NULL;
	int r = report->helm_paths ? lc_report_helm_misses(profile, report->helm_paths, &missed) : 0;

	if (!r && missed)
		lc_cli_usage_error("--helm-path %s: no container of that name was recorded", missed);
	return r;
}

/* Prints what REPORT asks for. Returns the exit status. */
static int print(const struct report_options *report)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	const char *where = lc_inputs_read(&profile, &report->inputs, report->profile);
	int r;

	lc_choosing_apply(&report->choosing.choice, &profile, where);
	lc_output_check_watched(&profile, report->format);
	if (report->format->other_engine)
		lc_report_grant_ports(&profile);
	if (report->next)
		lc_report_try_next(&profile);
	if (is_format(report, "sarif") && (report->names.compose_file || report->names.n_manifests))
		return locate(&profile, report,
			report->names.compose_file ? report->names.compose_file : report->names.manifests[0]);
	if (report->names.compose_file || report->names.n_manifests)
		return patch_files(&profile, report);
	r = check_helm_paths(&profile, report);
	if (!r)
		r = lc_output_report_at(&profile, report->format, report->file,
			(report->verbose ? LC_OUTPUT_VERBOSE : 0U) | (report->cap_prefix ? LC_OUTPUT_CAP_PREFIX : 0U),
			report->helm_paths);
	if (r)
		return LC_EXIT_FAILURE;
	return profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}

int lc_cmd_report(int argc, char **argv)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	struct report_options report = {0};
	int status;

	lc_cli_parse(&lc_argp_report, argc, argv, false, &report);
	status = report.output.path ? lc_output_open(&report.file, &report.output, &log) : LC_EXIT_OK;
	if (!status)
		status = print(&report);
	lc_output_file_free(report.file);
	free(report.names.manifests);
	free(report.helm_paths);
	return status;
}
