/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The multi-call program: finds the subcommand and hands over; --help and --version. */
#include "src/cli/cli.h"

#include <leastcap/suggest.h>

#include <stdio.h>
#include <string.h>

static const struct lc_command commands[] = {
	{"record", "record containers, processes or cgroups while they run", cmd_record},
	{"run", "run one command and record it", cmd_run},
	{"report", "print what a profile says, in the form you need", cmd_report},
	{"audit", "what runs now, what it holds and uses of it, the worst first", cmd_audit},
	{"check", "fail when a container needs more than a file allows", cmd_check},
	{"diff", "show what a container needs now and did not before", cmd_diff},
	{"merge", "make one profile of those of many runs or hosts", cmd_merge},
	{"caps", "explain capabilities and what a configuration grants", cmd_caps},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_help(FILE *stream)
{
	fputs("Usage: leastcap COMMAND [OPTION…] [ARGUMENT…]\n"
	      "Finds the capabilities that a container really needs.\n\n",
		stream);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(stream, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fputs("  help     'leastcap help COMMAND' tells about one of them\n"
	      "\n"
	      "  --version  the version\n"
	      "\n"
	      "A first try, as root:\n"
	      "  leastcap record -o web.json -- ./integration-tests.sh\n"
	      "  leastcap report -f docker web.json\n",
		stream);
}

static const struct lc_command *find_command(const char *name)
{
	const char *words[COMMANDS + 1] = {"help"};
	const char *near;

	for (size_t i = 0; i < COMMANDS; i++) {
		if (!strcmp(name, commands[i].name))
			return &commands[i];
		words[i + 1] = commands[i].name;
	}
	near = lc_suggest(name, words, COMMANDS + 1);
	if (near)
		cli_usage_error("unknown command '%s'; did you mean '%s'?", name, near);
	cli_usage_error("unknown command '%s'; see 'leastcap --help'", name);
}

static int help(int argc, char **argv)
{
	char option[] = "--help";
	char *arguments[3] = {NULL, option, NULL};

	if (argc < 2) {
		print_help(stdout);
		return LC_EXIT_OK;
	}
	arguments[0] = argv[1];
	return find_command(argv[1])->run(2, arguments);
}

/* An option before any command: --help, --version, or a mistake. */
static int own_option(const char *option)
{
	static const char *const known[] = {"--help", "--version"};
	const char *near;

	if (!strcmp(option, "--help") || !strcmp(option, "-h") || !strcmp(option, "-?")) {
		print_help(stdout);
		return LC_EXIT_OK;
	}
	if (!strcmp(option, "--version") || !strcmp(option, "-V")) {
		puts("leastcap " LC_VERSION);
		return LC_EXIT_OK;
	}
	near = lc_suggest(option, known, 2);
	if (near)
		cli_usage_error("unknown option %s; did you mean %s?", option, near);
	cli_usage_error("unknown option %s; see 'leastcap --help'", option);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return LC_EXIT_USAGE;
	}
	if (argv[1][0] == '-')
		return own_option(argv[1]);
	if (!strcmp(argv[1], "help"))
		return help(argc - 1, argv + 1);
	return find_command(argv[1])->run(argc - 1, argv + 1);
}
