/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap run: one command in a cgroup of its own. */
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/proving.h"
#include "src/cli/recorder.h"

enum { OPTION_PROVE = LC_OPTION_OWN };

struct run_options {
	struct lc_recorder recorder;
	struct lc_proving proving;
	bool prove;
};

static const struct argp_option options[] = {
	{"prove", OPTION_PROVE, NULL, 0,
		"run it again and again with less in its bounding set, until nothing can be missing", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct run_options *run = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &run->recorder;
		state->child_inputs[1] = &run->proving;
		return 0;
	case OPTION_PROVE:
		run->prove = true;
		return 0;
	case ARGP_KEY_ARGS:
		run->recorder.options.command = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		lc_cli_usage_error("no command given: leastcap run [-o FILE.json] -- COMMAND [ARGUMENT…]");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &lc_recorder_argp},
	{.argp = &lc_proving_argp, .header = "With --prove:"}, {.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_run = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[--] COMMAND [ARGUMENT…]",
	.doc = "Runs COMMAND in a cgroup of its own, no container engine needed, and records which capabilities it and its children use. Exit status: the command's, 128 and the signal that ended it, 126 or 127 when it can't be run, 3 when checks were lost.",
};

/* Proves the command's list. An exit status. */
static int prove(struct run_options *run)
{
	struct lc_proving *proving = &run->proving;

	proving->prover.options = run->recorder.options;
	proving->output = run->recorder.output;
	lc_proving_begin_log(proving, run->recorder.quiet, run->recorder.verbose);
	return lc_proving_run(proving);
}

int lc_cmd_run(int argc, char **argv)
{
	struct run_options run = {.recorder.options.scope = LC_SCOPE_COMMAND};
	struct lc_recorder *recorder = &run.recorder;
	int r;

	lc_cli_parse(&lc_argp_run, argc, argv, true, &run);
	if (run.prove)
		return prove(&run);
	if (run.proving.any)
		lc_cli_usage_error(
			"--from, --resume, --exhaustive, --accept and --timeout belong to --prove, which is missing");
	lc_recorder_begin_log(recorder);
	r = lc_recorder_check(recorder);
	if (!r)
		r = lc_recorder_run(recorder);
	lc_recorder_close(recorder);
	return r;
}
