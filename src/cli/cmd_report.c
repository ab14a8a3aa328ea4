/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap report: a profile in the form that a person or a program takes. */
#include "src/cli/cli.h"
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/suggest.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct report_options {
	const struct lc_report_format *format;
	const char *profile;
	const char *output;
	bool verbose;
};

static const struct argp_option options[] = {
	{"format", 'f', "FORMAT", 0, "text (the default), docker, compose or json; 'list' names them", 0},
	{"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
	{"verbose", 'v', NULL, 0, "show what was left out too: set-up, overridden credentials, call sites", 0},
	{0},
};

static void list_formats(void)
{
	for (const struct lc_report_format *format = lc_report_formats(); format->name; format++)
		printf("%-10s %s\n", format->name, format->description);
}

static const struct lc_report_format *find_format(const char *name)
{
	const struct lc_report_format *format = lc_report_find(name);
	const char *words[32];
	const char *near;
	size_t n = 0;

	if (format)
		return format;
	for (format = lc_report_formats(); format->name && n < 32; format++)
		words[n++] = format->name;
	near = lc_suggest(name, words, n);
	if (near)
		cli_usage_error("unknown format '%s'; did you mean '%s'?", name, near);
	cli_usage_error("unknown format '%s'; 'leastcap report -f list' names them", name);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct report_options *report = state->input;

	switch (key) {
	case 'f':
		if (!strcmp(argument, "list")) {
			list_formats();
			exit(LC_EXIT_OK);
		}
		report->format = find_format(argument);
		return 0;
	case 'o':
		report->output = argument;
		return 0;
	case 'v':
		report->verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		if (report->profile)
			cli_usage_error("one profile at a time, not '%s' as well", argument);
		report->profile = argument;
		return 0;
	case ARGP_KEY_END:
		if (!report->profile)
			cli_usage_error(
				"no profile given: leastcap report [-f FORMAT] FILE.json ('-' is standard input)");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE.json",
	.doc = "Prints what a profile says. Needs no root. Exit status: 0, 2 for a file that is no profile, 3 when the "
	       "recording had lost checks.",
};

int cmd_report(int argc, char **argv)
{
	struct report_options report = {.format = lc_report_find("text")};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	int r;

	cli_parse(&argp, argc, argv, false, &report);
	r = lc_profile_load(&profile, report.profile, &message);
	if (r)
		cli_usage_error("%s: %s", report.profile, message ? message : strerror(-r));
	r = output_report(&profile, report.format, report.output, report.verbose);
	if (r)
		return LC_EXIT_FAILURE;
	return profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}
