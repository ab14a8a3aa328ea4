/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The multi-call program: finds the subcommand and hands over; --help and --version. */
#include "src/cli/cli.h"

#include <leastcap/recording.h>
#include <leastcap/suggest.h>

#include <stdio.h>
#include <string.h>

static const struct lc_command commands[] = {
	{"record", "record containers, processes or cgroups while they run", lc_cmd_record, true},
	{"run", "run one command and record it", lc_cmd_run, true},
	{"prove", "find by trial what a test passes without, and certify the list", lc_cmd_prove, true},
	{"report", "print what a profile says, in the form you need", lc_cmd_report, false},
	{"apply", "write what a profile changes in the project's own files, and undo it", lc_cmd_apply, false},
	{"harden", "propose the changes to image and service by which less is needed", lc_cmd_harden, false},
	{"trace", "print checks as they happen, as strace does", lc_cmd_trace, true},
	{"explain", "tell why a capability is on the list: who asked, and from where", lc_cmd_explain, false},
	{"audit", "what runs now, what it holds and uses of it, the worst first", lc_cmd_audit, true},
	{"check", "fail when a container needs more than a file allows", lc_cmd_check, false},
	{"diff", "show what a container needs now and did not before", lc_cmd_diff, false},
	{"merge", "make one profile of those of many runs or hosts", lc_cmd_merge, false},
	{"caps", "explain capabilities and what a configuration grants", lc_cmd_caps, false},
	{"doctor", "tell what this host offers to a recorder, and what is in its way", lc_cmd_doctor, true},
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
	      "  version  or --version: the version\n"
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

	if (argc < 2) {
		print_help(stdout);
		return LC_EXIT_OK;
	}
	arguments[0] = argv[1];
	return run(find_command(argv[1]), 2, arguments);
}

static int print_version(void)
{
	puts("leastcap " LC_VERSION);
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
	return run(find_command(argv[1]), argc - 1, argv + 1);
}
