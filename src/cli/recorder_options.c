/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options that record and run have in common. */
#include "src/cli/cli.h"
#include "src/cli/recorder.h"

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "write the profile to FILE", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE's mode: 0644 (0600 for root, else as the umask says)", 0},
	{"quiet", 'q', NULL, 0, "no progress and no notices", 0},
	{"verbose", 'v', NULL, 0, "say which hook is used, and more", 0},
	{"stack-trace", 'k', NULL, 0,
		"take the program's stack at the first check of each kind: see 'leastcap explain'", 0},
	{"refusals", LC_OPTION_REFUSALS, "WHICH", 0,
		"which refused calls: all, or, where that is cheaper, checked: denied a capability or refused by a filter",
		0},
	{"hook", LC_OPTION_HOOK, "NAME", 0, "use only this hook: fexit, tp_btf or kprobe", 0},
	{"btf", LC_OPTION_BTF, "FILE", 0, "the kernel's types (BTF), where it has none of its own", 0},
	{"keys", LC_OPTION_KEYS, "N", 0, "room for N distinct checks in the kernel (16384)", 0},
	{"start-until", LC_OPTION_START_UNTIL, "TIME", 0,
		"a target's start takes TIME: 10s (else it ends as the target is seen to serve)", 0},
	{0},
};

error_t lc_recorder_parse(struct lc_recorder *recorder, int key, char *argument)
{
	switch (key) {
	case 'q':
		recorder->quiet = true;
		return 0;
	case 'v':
		recorder->verbose = true;
		return 0;
	case 'k':
		recorder->options.stacks = true;
		return 0;
	case LC_OPTION_REFUSALS:
		recorder->options.refusals = lc_cli_parse_refusals(argument);
		return 0;
	case LC_OPTION_HOOK:
		recorder->options.hook = lc_cli_parse_hook(argument);
		return 0;
	case LC_OPTION_BTF:
		recorder->options.btf = argument;
		return 0;
	case LC_OPTION_KEYS:
		recorder->options.keys = lc_cli_parse_keys(argument);
		return 0;
	case LC_OPTION_START_UNTIL:
		if (lc_cli_parse_duration(argument, &recorder->options.start_ns) || !recorder->options.start_ns)
			lc_cli_usage_error("--start-until: '%s' is no time; give one like 10s or 1m", argument);
		return 0;
	default:
		return lc_output_parse(&recorder->output, key, argument);
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	return lc_recorder_parse(state->input, key, argument);
}

const struct argp lc_recorder_argp = {.options = options, .parser = parse};
