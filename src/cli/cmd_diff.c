/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap diff: what a reviewer has to know of two profiles. */
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/log.h>
#include <leastcap/report.h>

#include <string.h>

enum { OPTION_JSON = LC_OPTION_OWN };

struct diff_options {
	const char *profiles[2];
	size_t n;
	bool json;
	struct lc_inputs inputs;
};

static const struct argp_option options[] = {
	{"format", 'f', "FORMAT", 0, "what to print: text, where nothing is said, or json", 0},
	{"json", OPTION_JSON, NULL, 0, "the same as -f json, schema leastcap-diff/1", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct diff_options *diff = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &diff->inputs;
		return 0;
	case 'f':
		diff->json = lc_cli_parse_json(argument);
		return 0;
	case OPTION_JSON:
		diff->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (diff->n == 2)
			lc_cli_usage_error("two profiles at a time, not '%s' as well", argument);
		diff->profiles[diff->n++] = argument;
		return 0;
	case ARGP_KEY_END:
		if (lc_inputs_are_asked(&diff->inputs) && diff->n != 1)
			lc_cli_usage_error(
				"one profile is compared with the store, or the Prometheus: leastcap diff --store DIR OLD.json");
		if (diff->n < 2 && !lc_inputs_are_asked(&diff->inputs))
			lc_cli_usage_error("two profiles are compared: leastcap diff OLD.json NEW.json");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &lc_inputs_argp}, {.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_diff = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "OLD.json NEW.json\n--store DIR OLD.json\n--prometheus URL OLD.json",
	.doc = "Shows, per container, which capabilities it needs now and did not before, with what asked for them; which it no longer needs; what it is denied and which calls it is refused now; and what it was granted and never used. Needs no root. Exit status as of diff(1): 0 when the lists and the refusals are the same, 1 when they differ, 2 for a file that is no profile; 3 when they are the same but a recording had lost checks.",
};

int lc_cmd_diff(int argc, char **argv)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	struct diff_options options_given = {0};
	_cleanup_(lc_profile_clear) struct lc_profile old = {0};
	_cleanup_(lc_profile_clear) struct lc_profile new = {0};
	_cleanup_(lc_diff_clear) struct lc_diff diff = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_style style;
	int r;

	lc_cli_parse(&lc_argp_diff, argc, argv, false, &options_given);
	lc_inputs_load(&old, options_given.profiles[0]);
	lc_inputs_check_watched(&new, lc_inputs_read(&new, &options_given.inputs, options_given.profiles[1]));
	style = lc_output_style(stdout, false);
	r = lc_diff_make(&diff, &old, &new);
	if (!r)
		r = options_given.json ? lc_diff_json(&diff, &text) : lc_diff_text(&diff, &style, &text);
	if (r) {
		lc_log(&log, LC_LOG_ERROR, "cannot compare the profiles: %s", strerror(-r));
		/* 1 says that they differ. */
		return LC_EXIT_USAGE;
	}
	if (lc_output_text(&text))
		return LC_EXIT_USAGE;
	if (diff.n)
		return LC_EXIT_FAILURE;
	return old.lost || new.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}
