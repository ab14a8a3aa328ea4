/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap run: one command in a cgroup of its own. */
#include "src/cli/cli.h"
#include "src/cli/recorder.h"

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lc_recorder *recorder = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = recorder;
		return 0;
	case ARGP_KEY_ARGS:
		recorder->options.command = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		lc_cli_usage_error("no command given: leastcap run [-o FILE.json] -- COMMAND [ARGUMENT…]");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &lc_recorder_argp}, {0}};

static const struct argp argp = {
	.parser = parse,
	.children = children,
	.args_doc = "[--] COMMAND [ARGUMENT…]",
	.doc = "Runs COMMAND in a cgroup of its own, no container engine needed, and records which capabilities it and its children use. Exit status: the command's, 128 and the signal that ended it, 126 or 127 when it can't be run, 3 when checks were lost.",
};

int lc_cmd_run(int argc, char **argv)
{
	struct lc_recorder recorder = {.options.scope = LC_SCOPE_COMMAND};
	int r;

	lc_cli_parse(&argp, argc, argv, true, &recorder);
	lc_recorder_begin_log(&recorder);
	r = lc_recorder_check(&recorder);
	if (!r)
		r = lc_recorder_run(&recorder);
	lc_recorder_close(&recorder);
	return r;
}
