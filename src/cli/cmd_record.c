/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap record: containers, processes or cgroups, for a time or as long as a command runs. */
#include "src/cli/cli.h"
#include "src/cli/recorder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct argp_option options[] = {
	{"for", LC_OPTION_FOR, "TIME", 0, "record for TIME: 30s, 10m, 1h", 0},
	{"pid", 'p', "PID", 0, "record process PID and its children, not containers", 0},
	{"cgroup", LC_OPTION_CGROUP, "PATH", 0, "record the cgroup whose directory is PATH, not containers", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lc_recorder *recorder = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = recorder;
		return 0;
	case LC_OPTION_FOR:
		if (lc_cli_parse_duration(argument, &recorder->options.limit_ns) || !recorder->options.limit_ns)
			lc_cli_usage_error("--for: '%s' is no time; give one like 30s, 10m or 1h", argument);
		return 0;
	case 'p':
		recorder->options.pid = lc_cli_parse_pid("-p", argument);
		recorder->options.scope = LC_SCOPE_PROCESS;
		return 0;
	case LC_OPTION_CGROUP:
		recorder->options.cgroup_path = argument;
		recorder->options.scope = LC_SCOPE_CGROUP;
		return 0;
	case ARGP_KEY_ARG:
		recorder->options.names[recorder->options.n_names++] = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &lc_recorder_argp}, {0}};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[CONTAINER…] [-- COMMAND [ARGUMENT…]]",
	.doc = "Records which capabilities containers use: every one, or those named (by name or the beginning of an id), until COMMAND ends, for a time, or until Ctrl-C. Prints the report when no FILE was asked for or on a terminal. Exit status: COMMAND's, else 0; 1 when it can't record, 2 for bad options, 3 when checks were lost.",
};

static void check(const struct lc_recorder *recorder, bool two_scopes)
{
	if (two_scopes)
		lc_cli_usage_error("-p and --cgroup can't be given together");
	if (recorder->options.n_names && recorder->options.scope != LC_SCOPE_CONTAINERS)
		lc_cli_usage_error(
			"'%s': containers can't be named together with -p or --cgroup", recorder->options.names[0]);
}

int lc_cmd_record(int argc, char **argv)
{
	struct lc_recorder recorder = {.options.scope = LC_SCOPE_CONTAINERS};
	int status;

	argc = lc_cli_split(argc, argv, &recorder.options.command);
	recorder.options.names = calloc((size_t)argc, sizeof(char *));
	if (!recorder.options.names)
		return LC_EXIT_FAILURE;
	lc_cli_parse(&argp, argc, argv, false, &recorder);
	check(&recorder, recorder.options.pid && recorder.options.cgroup_path);
	recorder.options.names_may_come = recorder.options.command;
	lc_recorder_begin_log(&recorder);
	status = lc_recorder_check(&recorder);
	if (!status)
		status = lc_recorder_run(&recorder);
	lc_recorder_close(&recorder);
	free(recorder.options.names);
	return status;
}
