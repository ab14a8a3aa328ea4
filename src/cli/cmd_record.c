/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap record: containers, processes or cgroups, for a time or as long as a command runs. */
#include "src/cli/cli.h"
#include "src/cli/recording.h"

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
	struct recording *recording = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = recording;
		return 0;
	case LC_OPTION_FOR:
		if (lc_cli_parse_duration(argument, &recording->limit_ns) || !recording->limit_ns)
			lc_cli_usage_error("--for: '%s' is no time; give one like 30s, 10m or 1h", argument);
		return 0;
	case 'p':
		recording->session.pid = lc_cli_parse_pid("-p", argument);
		recording->session.scope = SESSION_PROCESS;
		return 0;
	case LC_OPTION_CGROUP:
		recording->session.cgroup_path = argument;
		recording->session.scope = SESSION_CGROUP;
		return 0;
	case ARGP_KEY_ARG:
		recording->session.names[recording->session.n_names++] = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &lc_recording_argp}, {0}};

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[CONTAINER…] [-- COMMAND [ARGUMENT…]]",
	.doc = "Records which capabilities containers use: every one, or those named (by name or the beginning of an id), until COMMAND ends, for a time, or until Ctrl-C. Prints the report when no FILE was asked for or on a terminal. Exit status: COMMAND's, else 0; 1 when it can't record, 2 for bad options, 3 when checks were lost.",
};

static void check(const struct recording *recording, bool two_scopes)
{
	if (two_scopes)
		lc_cli_usage_error("-p and --cgroup can't be given together");
	if (recording->session.n_names && recording->session.scope != SESSION_CONTAINERS)
		lc_cli_usage_error(
			"'%s': containers can't be named together with -p or --cgroup", recording->session.names[0]);
}

int lc_cmd_record(int argc, char **argv)
{
	struct recording recording = {.session.scope = SESSION_CONTAINERS};
	int status;

	argc = lc_cli_split(argc, argv, &recording.command);
	recording.session.names = calloc((size_t)argc, sizeof(char *));
	if (!recording.session.names)
		return LC_EXIT_FAILURE;
	lc_cli_parse(&argp, argc, argv, false, &recording);
	check(&recording, recording.session.pid && recording.session.cgroup_path);
	recording.session.names_may_come = recording.command;
	lc_recording_begin_log(&recording);
	status = lc_recording_check(&recording);
	if (!status)
		status = lc_recording_run(&recording);
	lc_recording_close(&recording);
	free(recording.session.names);
	return status;
}
