/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap explain: why a capability is on the list, or not, and why a call was refused. */
#include "src/cli/choosing.h"
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/log.h>
#include <leastcap/story.h>
#include <leastcap/syscalls.h>

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_JSON = LC_OPTION_OWN };

struct explain {
	const char *profile;
	struct lc_choosing choosing;
	struct lc_inputs inputs;
	struct lc_story_asked asked;
	bool json;
	bool verbose;
};

static const struct argp_option options[] = {
	{"format", 'f', "FORMAT", 0, "what to print: text, where nothing is said, or json", 0},
	{"json", OPTION_JSON, NULL, 0, "the same as -f json, schema leastcap-explain/1", 0},
	{"verbose", 'v', NULL, 0, "all evidence, and every frame of each stack", 0},
	{0},
};

/* Takes NAME for a capability, a system call, or both ("chown"). */
static void take_name(struct explain *explain, const char *name)
{
	int cap = lc_cap_from_name(name);
	char buffer[LC_CAP_NAME_SIZE];
	const char *near;
	bool is_call = seccomp_syscall_resolve_name(name) != __NR_SCMP_ERROR;

	if (cap >= 0)
		explain->asked.caps |= LC_CAP_BIT(cap);
	if (is_call)
		explain->asked.calls[explain->asked.n_calls++] = name;
	if (cap >= 0 || is_call)
		return;
	near = lc_cap_suggest(name, buffer);
	if (!near)
		near = lc_syscall_suggest(name);
	if (near)
		lc_cli_usage_error("'%s' is no capability and no system call; did you mean %s?", name, near);
	lc_cli_usage_error("'%s' is no capability and no system call; 'leastcap caps' lists capabilities", name);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct explain *explain = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &explain->choosing;
		state->child_inputs[1] = &explain->inputs;
		return 0;
	case 'f':
		explain->json = lc_cli_parse_json(argument);
		return 0;
	case OPTION_JSON:
		explain->json = true;
		return 0;
	case 'v':
		explain->verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		if (!explain->profile) {
			explain->profile = argument;
			return 0;
		}
		take_name(explain, argument);
		return 0;
	case ARGP_KEY_END:
		/* With a store or a Prometheus the first word is no profile. */
		if (lc_inputs_are_asked(&explain->inputs) && explain->profile)
			take_name(explain, explain->profile);
		if (lc_inputs_are_asked(&explain->inputs))
			explain->profile = NULL;
		else if (!explain->profile)
			lc_cli_usage_error("no profile given: leastcap explain FILE.json SYS_ADMIN");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{.argp = &lc_choosing_argp}, {.argp = &lc_inputs_argp}, {.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_explain = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc =
		"FILE.json [CAPABILITY|SYSCALL…]\n--store DIR [CAPABILITY|SYSCALL…]\n--prometheus URL [CAPABILITY|SYSCALL…]",
	.doc = "Tells the story of each CAPABILITY (of those on the list, those that were wanted and what was refused, when none is given): which programs asked, in which calls, about what, by which functions, whether a refusal would have mattered, and what to do instead. Of a SYSCALL: where it was refused, why, and what would let it through. Exit status: 0; 1 when something could not be done; 2 for bad input; 3 when the recording had lost checks.",
};

static int tell(const struct explain *explain, const struct lc_profile *profile, struct lc_strbuf *text)
{
	const struct lc_style style = lc_output_style(stdout, explain->verbose);

	return explain->json ? lc_stories_json(profile, &explain->asked, text)
			     : lc_stories_tell(profile, &explain->asked, &style, text);
}

int lc_cmd_explain(int argc, char **argv)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_free_ const char **calls = calloc((size_t)argc, sizeof(*calls));
	struct explain explain = {.asked.calls = calls};
	const char *where;

	if (!calls)
		return LC_EXIT_FAILURE;
	lc_cli_parse(&lc_argp_explain, argc, argv, false, &explain);
	where = lc_inputs_read(&profile, &explain.inputs, explain.profile);
	lc_inputs_check_watched(&profile, where);
	lc_choosing_apply(&explain.choosing.choice, &profile, where);
	if (tell(&explain, &profile, &text) || lc_output_text(&text))
		return LC_EXIT_FAILURE;
	lc_output_lost(&log, &profile, NULL);
	return profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}
