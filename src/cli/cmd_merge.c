/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap merge: the profiles of many runs or of many hosts make one. */
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/log.h>
#include <leastcap/profile.h>

#include <string.h>

enum { OPTION_BY_IMAGE = LC_OPTION_OWN };

struct merge_options {
	char **profiles;
	size_t n;
	struct lc_output_wanted output;
	bool by_image;
};

static const struct argp_option options[] = {
	{"output", 'o', "FILE.json", 0, "write the merged profile to FILE.json instead of standard output", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE.json's mode: 0644 (0600 for root, else as the umask says)", 0},
	{"by-image", OPTION_BY_IMAGE, NULL, 0,
		"containers of the same image are one, whatever their names: for runs that made names up", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct merge_options *merge = state->input;

	switch (key) {
	case OPTION_BY_IMAGE:
		merge->by_image = true;
		return 0;
	case ARGP_KEY_ARGS:
		merge->profiles = state->argv + state->next;
		merge->n = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_NO_ARGS:
		lc_cli_usage_error("no profile given: leastcap merge A.json B.json… -o C.json");
	default:
		return lc_output_parse(&merge->output, key, argument);
	}
}

const struct argp lc_argp_merge = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE.json…",
	.doc = "Makes one profile of many: of many test runs, or of many hosts. In whatever order and grouping they are merged, the result is the same. Containers are one when they belong to the same compose service, or have the same name and image (and, in pods, the same namespace and workload). Counts add up; the list is made anew from all the evidence. Needs no root. Exit status: 0, 1 when it can't be written, 2 for a file that is no profile, 3 when one of the recordings had lost checks.",
};

int lc_cmd_merge(int argc, char **argv)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	struct merge_options merge = {.output.path = "-"};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_cleanup_output) struct lc_output_file *file = NULL;
	_cleanup_free_ char *message = NULL;
	int r;

	lc_cli_parse(&lc_argp_merge, argc, argv, false, &merge);
	r = lc_output_open(&file, &merge.output, &log);
	if (r)
		return r;
	r = lc_inputs_merge(&profile, merge.profiles, merge.n, merge.by_image);
	if (r) {
		lc_log(&log, LC_LOG_ERROR, "cannot merge the profiles: %s", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	r = lc_profile_write(&profile, file, &message);
	if (r) {
		lc_log(&log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		return LC_EXIT_FAILURE;
	}
	lc_output_lost(&log, &profile, NULL);
	return profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}
