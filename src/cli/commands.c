/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The subcommands. */
#include "src/cli/cli.h"

#include <string.h>

static const struct lc_command commands[] = {
	{"record", "record containers, processes or cgroups while they run", lc_cmd_record, &lc_argp_record, true},
	{"run", "run one command and record it", lc_cmd_run, &lc_argp_run, true},
	{"prove", "find by trial what a test passes without, and certify the list", lc_cmd_prove, &lc_argp_prove, true},
	{"report", "print what a profile says, in the form you need", lc_cmd_report, &lc_argp_report, false},
	{"apply", "write what a profile changes in the project's own files, and undo it", lc_cmd_apply, &lc_argp_apply,
		false},
	{"harden", "propose the changes to image and service by which less is needed", lc_cmd_harden, &lc_argp_harden,
		false},
	{"trace", "print checks as they happen, as strace does", lc_cmd_trace, &lc_argp_trace, true},
	{"explain", "tell why a capability is on the list: who asked, and from where", lc_cmd_explain, &lc_argp_explain,
		false},
	{"audit", "what runs now, what it holds and uses of it, the worst first", lc_cmd_audit, &lc_argp_audit, true},
	{"top", "show who uses which capability now, as top does", lc_cmd_top, &lc_argp_top, true},
	{"check", "fail when a container needs more than a file allows", lc_cmd_check, &lc_argp_check, false},
	{"diff", "show what a container needs now and did not before", lc_cmd_diff, &lc_argp_diff, false},
	{"merge", "make one profile of those of many runs or hosts", lc_cmd_merge, &lc_argp_merge, false},
	{"store", "keep what many recordings have seen, by workload and day", lc_cmd_store, &lc_argp_store, false},
	{"watch", "tell what a workload of the store had never used before", lc_cmd_watch, &lc_argp_watch, false},
	{"serve", "record without end, keep what is learned, and tell it over HTTP", lc_cmd_serve, &lc_argp_serve,
		true},
	{"caps", "explain capabilities and what a configuration grants", lc_cmd_caps, &lc_argp_caps, false},
	{"hook", "as an OCI runtime's hook, record containers that are annotated so", lc_cmd_hook, &lc_argp_hook, true},
	{"doctor", "tell what this host offers to a recorder, and what is in its way", lc_cmd_doctor, &lc_argp_doctor,
		true},
};

const struct lc_command *lc_cli_commands(size_t *n)
{
	*n = sizeof(commands) / sizeof(commands[0]);
	return commands;
}

const struct lc_command *lc_cli_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(name, commands[i].name))
			return &commands[i];
	}
	return NULL;
}
