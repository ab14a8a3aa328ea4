/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap explain: why a capability is on the list, or not. */
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/log.h>
#include <leastcap/story.h>

#include <stdlib.h>
#include <string.h>

struct explain {
	const char *profile;
	const char *target; /* NULL: all of them */
	uint64_t caps;      /* 0: all on the list, and what was wanted */
	bool verbose;
};

static const struct argp_option options[] = {
	{"target", 't', "NAME", 0, "only the target called NAME", 0},
	{"verbose", 'v', NULL, 0, "all evidence, and every frame of each stack", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct explain *explain = state->input;
	int cap;

	switch (key) {
	case 't':
		explain->target = argument;
		return 0;
	case 'v':
		explain->verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		if (!explain->profile) {
			explain->profile = argument;
			return 0;
		}
		cap = lc_cap_from_name(argument);
		if (cap < 0)
			lc_cli_usage_error("'%s' is no capability; 'leastcap caps' lists them", argument);
		explain->caps |= LC_CAP_BIT(cap);
		return 0;
	case ARGP_KEY_END:
		if (!explain->profile)
			lc_cli_usage_error("no profile given: leastcap explain FILE.json SYS_ADMIN");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE.json [CAPABILITY…]",
	.doc = "Tells the story of each CAPABILITY (of those on the list, and those that were wanted, when none is given): which programs asked, in which calls, about what, by which functions, whether a refusal would have mattered, and what to do instead. Exit status: 0; 1 when something could not be done; 2 for bad input; 3 when the recording had lost checks.",
};

/* Whether TARGET is told about. */
static bool is_meant(const struct explain *explain, const struct lc_target *target)
{
	return !explain->target || !strcmp(target->name, explain->target) ||
	       (target->service && !strcmp(target->service, explain->target));
}

/* Ends the program: no target is called as was asked. */
static void refuse_target(const struct explain *explain, const struct lc_profile *profile)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};

	for (size_t i = 0; i < profile->n_targets && i < 10; i++) {
		lc_strbuf_separate(&names, ", ");
		lc_escape_terminal(&names, profile->targets[i].name);
	}
	lc_cli_usage_error("%s: no target is called '%s'; there are: %s", explain->profile, explain->target,
		names.text ? names.text : "none");
}

static int tell(const struct explain *explain, const struct lc_profile *profile, struct lc_strbuf *text)
{
	const struct lc_style style = lc_output_style(stdout, explain->verbose);
	bool found = false;
	int r = 0;

	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		uint64_t caps = explain->caps ? explain->caps : target->cap_add | target->wanted;

		if (!is_meant(explain, target))
			continue;
		found = true;
		for (int cap = 0; !r && cap < 64; cap++) {
			if (!(caps & LC_CAP_BIT(cap)))
				continue;
			lc_strbuf_adds(text, text->length ? "\n\n" : "");
			r = lc_story_tell(target, cap, &style, text);
		}
	}
	if (!found && explain->target)
		refuse_target(explain, profile);
	if (!text->length)
		lc_strbuf_adds(text, "No capability is on a list, and none was wanted.\n");
	return r;
}

int lc_cmd_explain(int argc, char **argv)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_free_ bool *meant = NULL;
	struct explain explain = {0};

	lc_cli_parse(&argp, argc, argv, false, &explain);
	lc_inputs_load(&profile, explain.profile);
	meant = calloc(profile.n_targets + 1, sizeof(*meant));
	for (size_t i = 0; meant && i < profile.n_targets; i++)
		meant[i] = is_meant(&explain, &profile.targets[i]);
	if (!meant || tell(&explain, &profile, &text) || lc_output_text(&text))
		return LC_EXIT_FAILURE;
	lc_output_lost(&log, &profile, meant);
	return lc_profile_lost(&profile, meant) ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}
