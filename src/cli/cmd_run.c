/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap run: one command in a cgroup of its own. */
#include "src/cli/cli.h"
#include "src/cli/recording.h"

#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct recording *recording = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = recording;
		return 0;
	case ARGP_KEY_ARGS:
		recording->command = state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		cli_usage_error("no command given: leastcap run [-o FILE.json] -- COMMAND [ARGUMENT…]");
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &recording_argp}, {0}};

static const struct argp argp = {
	.parser = parse,
	.children = children,
	.args_doc = "[--] COMMAND [ARGUMENT…]",
	.doc = "Runs COMMAND in a cgroup of its own, no container engine needed, and records which capabilities it and "
	       "its children use. Exit status: the command's, 128 and the signal that ended it, 126 or 127 when it "
	       "can't be run, 3 when checks were lost.",
};

int cmd_run(int argc, char **argv)
{
	struct recording recording = {.session.scope = SESSION_CGROUP};
	struct run_cgroup cgroup = {0};
	char name[64];
	int r, status;

	cli_parse(&argp, argc, argv, true, &recording);
	recording_begin_log(&recording);
	r = recording_check(&recording);
	if (r)
		return r;
	r = run_cgroup_make(&cgroup);
	if (r) {
		lc_log(&recording.log, LC_LOG_ERROR, "cannot make a cgroup below %s: %s%s", cgroup.parent, strerror(-r),
			r == -EACCES ? "; use sudo" : "");
		return LC_EXIT_FAILURE;
	}
	snprintf(name, sizeof(name), "%s", basename(recording.command[0]));
	recording.session.command = name;
	recording.session.cgroup_path = cgroup.path;
	recording.cgroup = &cgroup;
	status = recording_run(&recording);
	run_cgroup_remove(&cgroup);
	return status;
}
