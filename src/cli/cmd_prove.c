/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap prove: a command is run again and again, with less granted to its containers each time, until nothing can be missing. */
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/prover_left.h"
#include "src/cli/proving.h"

#include <stdlib.h>
#include <string.h>

enum { OPTION_METHOD = LC_OPTION_OWN, OPTION_YES, OPTION_CLEAN, OPTION_WITH, OPTION_UNPRIVILEGED, OPTION_RESTART };

struct prove_options {
	struct lc_proving proving;
	enum lc_method method;
	bool split; /* a -- stands before the command, so that names may stand before that */
	bool yes;
	bool clean;
	bool quiet;
	bool verbose;
};

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "write the profile, with the proof, to FILE", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE's mode: 0644 (0600 for root, else as the umask says)", 0},
	{"method", OPTION_METHOD, "NAME", 0,
		"how capabilities are refused: engine (to what COMMAND creates), kernel (to what already runs), or auto",
		0},
	{"unprivileged", OPTION_UNPRIVILEGED, NULL, 0,
		"try privileged containers, too: without their privilege, with a list; else they stay as they are", 0},
	{"restart", OPTION_RESTART, NULL, 0,
		"before COMMAND ends a container, reload it (HUP, if it handles that), stop it, and start it again", 0},
	{"yes", OPTION_YES, NULL, 0, "of containers that already run: begin without asking", 0},
	{"with", OPTION_WITH, "PATCH", 0,
		"COMMAND finds the files that PATCH changes as if it were applied (patch -p1), and on disk they stay as they are",
		0},
	{"clean", OPTION_CLEAN, NULL, 0, "remove the containers that trials have left, and nothing else", 0},
	{"quiet", 'q', NULL, 0, "no progress and no notices", 0},
	{"verbose", 'v', NULL, 0, "say which hook is used, and more", 0},
	{"hook", LC_OPTION_HOOK, "NAME", 0, "use only this hook: fexit, tp_btf or kprobe", 0},
	{"btf", LC_OPTION_BTF, "FILE", 0, "the kernel's types (BTF), where it has none of its own", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct prove_options *prove = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &prove->proving;
		return 0;
	case OPTION_METHOD:
		prove->method = (enum lc_method)lc_cli_parse_word("--method", argument, &lc_method_words);
		return 0;
	case OPTION_YES:
		prove->yes = true;
		return 0;
	case OPTION_WITH:
		prove->proving.with = argument;
		return 0;
	case OPTION_UNPRIVILEGED:
		prove->proving.prover.unprivileged = true;
		return 0;
	case OPTION_RESTART:
		prove->proving.prover.restarts = true;
		return 0;
	case OPTION_CLEAN:
		prove->clean = true;
		return 0;
	case 'q':
		prove->quiet = true;
		return 0;
	case 'v':
		prove->verbose = true;
		return 0;
	case LC_OPTION_HOOK:
		prove->proving.prover.options.hook = lc_cli_parse_hook(argument);
		return 0;
	case LC_OPTION_BTF:
		prove->proving.prover.options.btf = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (!prove->split)
			return ARGP_ERR_UNKNOWN;
		prove->proving.prover.options.names[prove->proving.prover.options.n_names++] = argument;
		return 0;
	case ARGP_KEY_ARGS:
		prove->proving.prover.options.command = state->argv + state->next;
		return 0;
	default:
		return lc_output_parse(&prove->proving.output, key, argument);
	}
}

static const struct argp_child children[] = {{.argp = &lc_proving_argp}, {.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_prove = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[--] COMMAND [ARGUMENT…]\nCONTAINER… -- COMMAND [ARGUMENT…]",
	.doc = "Runs COMMAND, a test, again and again, each time with less granted to the containers that it creates: first as it is, then with the recorded lists alone, then without what may be too much. What COMMAND passes without, and no container is worse without, leaves the list. The engine's socket is replaced by one of leastcap's in COMMAND's environment (DOCKER_HOST). To a CONTAINER that already runs the kernel refuses while COMMAND runs, and what it needs to start is not tried. Exit status: 0 when the lists are proven, 1 when they are not, 2 for bad options, 3 when checks were lost, 126 or 127 when COMMAND can't be run.",
};

/* Whether the method fits what is to be tried. Ends the program if it does not. */
static void check_method(struct prove_options *prove)
{
	const struct lc_recording_options *wanted = &prove->proving.prover.options;

	if (prove->method == LC_METHOD_ENGINE && wanted->n_names)
		lc_cli_usage_error(
			"--method engine refuses to the containers that COMMAND creates; '%s' already runs: --method kernel",
			wanted->names[0]);
	if (prove->method == LC_METHOD_KERNEL && !wanted->n_names)
		lc_cli_usage_error(
			"--method kernel: to whom? Name containers that already run: leastcap prove web -- COMMAND");
	if (prove->yes && !wanted->n_names)
		lc_cli_usage_error("--yes is for containers that already run, and none is named");
	if (prove->proving.with && wanted->n_names)
		lc_cli_usage_error(
			"--with is for containers that COMMAND creates; '%s' already runs, with its files as they are",
			wanted->names[0]);
	if (prove->proving.prover.unprivileged && wanted->n_names)
		lc_cli_usage_error(
			"--unprivileged is for containers that COMMAND creates; '%s' already runs, and the kernel can refuse to it as it is",
			wanted->names[0]);
	if (prove->proving.prover.restarts && wanted->n_names)
		lc_cli_usage_error(
			"--restart is for containers that COMMAND creates: '%s' already runs, and the kernel's method restarts nothing",
			wanted->names[0]);
	prove->proving.prover.by_kernel = wanted->n_names;
}

/* Proves as PROVE says. An exit status. */
static int prove_by(struct prove_options *prove)
{
	struct lc_proving *proving = &prove->proving;

	lc_proving_begin_log(proving, prove->quiet, prove->verbose);
	if (prove->clean)
		return lc_left_clean(&proving->log);
	if (!proving->prover.options.command || !proving->prover.options.command[0])
		lc_cli_usage_error("no command given: leastcap prove [-o FILE.json] -- COMMAND [ARGUMENT…]");
	check_method(prove);
	if (proving->prover.by_kernel && !prove->yes)
		lc_cli_agree("naming containers that already run",
			"In each trial these containers are refused what seems not to be needed, and may fail.");
	return lc_proving_run(proving);
}

int lc_cmd_prove(int argc, char **argv)
{
	struct prove_options prove = {.method = LC_METHOD_AUTO, .proving.prover.options.scope = LC_SCOPE_CONTAINERS};
	struct lc_recording_options *wanted = &prove.proving.prover.options;
	int status;

	argc = lc_cli_split(argc, argv, &wanted->command);
	prove.split = wanted->command;
	wanted->names = calloc((size_t)argc, sizeof(char *));
	if (!wanted->names)
		return LC_EXIT_FAILURE;
	lc_cli_parse(&lc_argp_prove, argc, argv, !prove.split, &prove);
	status = prove_by(&prove);
	free(wanted->names);
	return status;
}
