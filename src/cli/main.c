/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The multi-call program: finds the subcommand and hands over; --help and --version. */
#include "src/cli/cli.h"
#include "src/cli/complete.h"
#include "src/cli/page.h"

#include <leastcap/recording.h>
#include <leastcap/suggest.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* More commands there are not. */
#define MAX_COMMANDS 64

static void print_help(FILE *stream)
{
	size_t n;
	const struct lc_command *commands = lc_cli_commands(&n);

	fputs("Usage: leastcap COMMAND [OPTION…] [ARGUMENT…]\n"
	      "Finds the capabilities that a container really needs.\n\n",
		stream);
	for (size_t i = 0; i < n; i++)
		fprintf(stream, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fputs("  help     'leastcap help COMMAND' opens its manual page, or tells its options\n"
	      "\n"
	      "  version  or --version: the version\n"
	      "\n"
	      "A first try, as root:\n"
	      "  leastcap record -o web.json -- ./integration-tests.sh\n"
	      "  leastcap report -f docker web.json\n",
		stream);
}

static const struct lc_command *find_command(const char *name)
{
	const struct lc_command *command = lc_cli_command(name);
	const char *words[MAX_COMMANDS] = {"help", "version"};
	const char *near;
	size_t n;

	if (command)
		return command;
	command = lc_cli_commands(&n);
	for (size_t i = 0; i < n && i + 2 < MAX_COMMANDS; i++)
		words[i + 2] = command[i].name;
	near = lc_suggest(name, words, n + 2 < MAX_COMMANDS ? n + 2 : MAX_COMMANDS);
	if (near)
		lc_cli_usage_error("unknown command '%s'; did you mean '%s'?", name, near);
	lc_cli_usage_error("unknown command '%s'; see 'leastcap --help'", name);
}

/* Runs COMMAND. Most commands read files of the caller's, and must not read for the caller what the caller may not. */
static int run(const struct lc_command *command, int argc, char **argv)
{
	if (!command->privileged && lc_privileges_give_up()) {
		fputs("leastcap: cannot drop privileges\n", stderr);
		return LC_EXIT_FAILURE;
	}
	return command->run(argc, argv);
}

static int help(int argc, char **argv)
{
	char option[] = "--help";
	char *arguments[3] = {NULL, option, NULL};
	const struct lc_command *command;

	if (argc < 2) {
		print_help(stdout);
		return LC_EXIT_OK;
	}
	command = find_command(argv[1]);
	if (isatty(STDOUT_FILENO))
		lc_page_open(command->name);
	arguments[0] = argv[1];
	return run(command, 2, arguments);
}

static int print_version(void)
{
	lc_cli_print_version();
	return LC_EXIT_OK;
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
	if (!strcmp(option, "--version") || !strcmp(option, "-V"))
		return print_version();
	near = lc_suggest(option, known, 2);
	if (near)
		lc_cli_usage_error("unknown option %s; did you mean %s?", option, near);
	lc_cli_usage_error("unknown option %s; see 'leastcap --help'", option);
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
	if (!strcmp(argv[1], "version"))
		return print_version();
	/* Shells ask; people are not told of it. */
	if (!strcmp(argv[1], "complete"))
		return lc_complete(argc - 2, argv + 2);
	return run(find_command(argv[1]), argc - 1, argv + 1);
}
