/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap record: containers, processes or cgroups, for a time or as long as a command runs. */
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/recorder.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTION_REFUSE = LC_OPTION_OWN,
	OPTION_TRIAL,
	OPTION_YES,
	OPTION_SETTLE,
	OPTION_RESTART,
	OPTION_PROJECT,
	OPTION_IMAGE,
	OPTION_UNIT
};

/* How long a trial lasts if nobody says. */
#define TRIAL_NS (30 * LC_NS_PER_S)

static const struct argp_option options[] = {
	{"for", LC_OPTION_FOR, "TIME", 0, "record for TIME: 30s, 10m, 1h", 0},
	{"project", OPTION_PROJECT, "NAME", 0, "only containers of the compose project NAME", 0},
	{"image", OPTION_IMAGE, "NAME", 0, "only containers of the image NAME", 0},
	{"all", 'a', NULL, 0, "with COMMAND: also the containers that ran before and that it did not start", 0},
	{"restart", OPTION_RESTART, NULL, 0,
		"have the Docker Engine restart the containers, so that a start is seen: those that are named before COMMAND, else those that COMMAND has started after it",
		0},
	{"settle", OPTION_SETTLE, "TIME", 0,
		"when COMMAND has ended, go on for TIME with the containers that it started and that still run; 0: not at all (else while one of them is still starting, 10s at most)",
		0},
	{"pid", 'p', "PID", 0, "record process PID and its children, not containers", 0},
	{"cgroup", LC_OPTION_CGROUP, "PATH", 0, "record the cgroup whose directory is PATH, not containers", 0},
	{"unit", OPTION_UNIT, "NAME", 0,
		"record systemd's service NAME, or the one that socket unit NAME starts: it is restarted, and its drop-in is printed",
		0},
	{"refuse", OPTION_REFUSE, "CAP,…", 0, "a trial: the kernel refuses these to what is recorded", 0},
	{"trial", OPTION_TRIAL, "TIME", 0, "after TIME everything is granted again (30s)", 0},
	{"yes", OPTION_YES, NULL, 0, "begin the trial without asking", 0},
	{0},
};

struct record_options {
	struct lc_recorder recorder;
	bool yes;
	bool all;
	const char *unit;
	struct lc_unit found; /* what systemd says of that */
	struct lc_unit_manager *manager;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct record_options *record = state->input;
	struct lc_recorder *recorder = &record->recorder;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = recorder;
		return 0;
	case LC_OPTION_FOR:
		if (lc_cli_parse_duration(argument, &recorder->options.limit_ns) || !recorder->options.limit_ns)
			lc_cli_usage_error("--for: '%s' is no time; give one like 30s, 10m or 1h", argument);
		return 0;
	case 'a':
		record->all = true;
		return 0;
	case OPTION_RESTART:
		recorder->restart = true;
		return 0;
	case OPTION_PROJECT:
		recorder->options.project = argument;
		return 0;
	case OPTION_IMAGE:
		recorder->options.image = argument;
		return 0;
	case OPTION_SETTLE:
		if (lc_cli_parse_duration(argument, &recorder->options.settle_ns))
			lc_cli_usage_error("--settle: '%s' is no time; give one like 5s or 1m, or 0", argument);
		return 0;
	case 'p':
		recorder->options.pid = lc_cli_parse_pid("-p", argument);
		recorder->options.scope = LC_SCOPE_PROCESS;
		return 0;
	case LC_OPTION_CGROUP:
		recorder->options.cgroup_path = argument;
		recorder->options.scope = LC_SCOPE_CGROUP;
		return 0;
	case OPTION_UNIT:
		record->unit = argument;
		recorder->options.scope = LC_SCOPE_UNIT;
		return 0;
	case OPTION_REFUSE:
		recorder->options.refused |= lc_cli_parse_caps("--refuse", argument);
		return 0;
	case OPTION_TRIAL:
		if (lc_cli_parse_duration(argument, &recorder->options.refused_ns) || !recorder->options.refused_ns)
			lc_cli_usage_error("--trial: '%s' is no time; give one like 30s, 10m or 1h", argument);
		return 0;
	case OPTION_YES:
		record->yes = true;
		return 0;
	case ARGP_KEY_ARG:
		recorder->options.names[recorder->options.n_names++] = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &lc_recorder_argp}, {.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_record = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[CONTAINER…] [-- COMMAND [ARGUMENT…]]",
	.doc = "Records which capabilities containers use: those that COMMAND starts, or without one all, or those named (by name, compose service, pod or the beginning of an id), until COMMAND ends and they have started, for a time, or until Ctrl-C. Prints the report when no FILE was asked for or on a terminal. Exit status: COMMAND's, else 0; 1 when it can't record, 2 for bad options, 3 when checks were lost.",
};

static void check(const struct lc_recorder *recorder, bool two_scopes)
{
	if (two_scopes)
		lc_cli_usage_error("-p and --cgroup can't be given together");
	if (recorder->options.n_names && recorder->options.scope != LC_SCOPE_CONTAINERS)
		lc_cli_usage_error(
			"'%s': containers can't be named together with -p or --cgroup", recorder->options.names[0]);
	if (recorder->restart && recorder->options.scope != LC_SCOPE_CONTAINERS)
		lc_cli_usage_error("--restart is for containers, and does not go with -p or --cgroup");
	if (recorder->restart && !recorder->options.n_names && !recorder->options.command)
		lc_cli_usage_error("--restart: what? Name containers, or give a COMMAND that starts them");
}

/* Whether nothing was given beside --unit that says something else to record. */
static void check_unit(const struct record_options *record)
{
	const struct lc_recording_options *wanted = &record->recorder.options;

	if (!record->unit)
		return;
	if (wanted->pid || wanted->cgroup_path || wanted->n_names || wanted->project || wanted->image || record->all)
		lc_cli_usage_error(
			"--unit records one service: it does not go with containers' names, -a, --project, --image, -p or --cgroup");
	if (record->recorder.restart || wanted->refused)
		lc_cli_usage_error("--unit restarts its service by itself, and does not go with --restart or --refuse");
}

/* Whether what the trial is made with was said as it has to be. Fills in what was not. */
static void check_trial(struct lc_recording_options *wanted)
{
	if (!wanted->refused) {
		if (wanted->refused_ns)
			lc_cli_usage_error("--trial says how long --refuse lasts, which is missing");
		return;
	}
	if (!wanted->n_names && wanted->scope == LC_SCOPE_CONTAINERS)
		lc_cli_usage_error("--refuse: to whom? Name containers, or give -p or --cgroup");
	if (!wanted->refused_ns)
		wanted->refused_ns = TRIAL_NS;
	if (!wanted->command && !wanted->limit_ns)
		wanted->limit_ns = wanted->refused_ns;
}

/* Has a person agree to the trial. Ends the program if he does not. */
static void agree(const struct record_options *record)
{
	const struct lc_recording_options *wanted = &record->recorder.options;
	_cleanup_(lc_strbuf_free) struct lc_strbuf what = {0};

	if (!wanted->refused || record->yes)
		return;
	lc_strbuf_addf(&what, "For %.0f s whatever runs there is refused ", (double)wanted->refused_ns / LC_NS_PER_S);
	lc_cap_add_names(&what, wanted->refused);
	lc_strbuf_adds(&what, ", and may fail.");
	lc_cli_agree("--refuse", what.failed ? "" : what.text);
}

/* Finds the unit, and makes the process that has systemd restart it. An exit status. */
static int open_unit(struct record_options *record)
{
	struct lc_recording_options *wanted = &record->recorder.options;
	_cleanup_free_ char *message = NULL;
	int r;

	if (!record->unit)
		return LC_EXIT_OK;
	r = lc_unit_find(record->unit, &record->found, &message);
	if (r == -EINVAL)
		lc_cli_usage_error("%s", message);
	if (!r)
		r = lc_unit_manager_new(&record->manager, &record->found);
	if (r) {
		lc_log(&record->recorder.log, LC_LOG_ERROR, "--unit: %s", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	wanted->unit = &record->found;
	wanted->manager = record->manager;
	if (record->found.unlimited)
		lc_log(&record->recorder.log, LC_LOG_WARN,
			"ExecStart= of %s has a +: no drop-in limits it; the list is what it needs without",
			record->found.service);
	return LC_EXIT_OK;
}

int lc_cmd_record(int argc, char **argv)
{
	struct record_options record = {
		.recorder.options = {.scope = LC_SCOPE_CONTAINERS, .settle_ns = LC_SETTLE_AS_NEEDED}};
	struct lc_recorder *recorder = &record.recorder;
	int status;

	argc = lc_cli_split(argc, argv, &recorder->options.command);
	recorder->options.names = calloc((size_t)argc, sizeof(char *));
	if (!recorder->options.names)
		return LC_EXIT_FAILURE;
	lc_cli_parse(&lc_argp_record, argc, argv, false, &record);
	check_unit(&record);
	check(recorder, recorder->options.pid && recorder->options.cgroup_path);
	check_trial(&recorder->options);
	recorder->options.only_started = recorder->options.command && !recorder->options.n_names &&
					 !recorder->options.project && !recorder->options.image && !record.all;
	recorder->options.names_may_come = recorder->options.command && !recorder->options.refused;
	lc_recorder_begin_log(recorder);
	agree(&record);
	status = open_unit(&record) ?: lc_recorder_check(recorder);
	if (!status)
		status = lc_recorder_run(recorder);
	lc_recorder_close(recorder);
	lc_unit_manager_free(record.manager);
	lc_unit_clear(&record.found);
	free(recorder->options.names);
	return status;
}
