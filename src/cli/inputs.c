/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles that a subcommand is given. */
#include "src/cli/inputs.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>
#include <leastcap/store.h>

#include <string.h>
#include <time.h>

enum { OPTION_STORE = LC_OPTION_INPUTS, OPTION_SINCE };

static const struct argp_option options[] = {
	{"store", OPTION_STORE, "DIR", 0, "what the store in DIR has, instead of a profile", 0},
	{"since", OPTION_SINCE, "TIME", 0,
		"of the store only what was seen in the last 30d, 12h, … or since 2026-11-30", 0},
	{0},
};

int64_t lc_inputs_parse_since(const char *text)
{
	struct tm day = {0};
	const char *end = strptime(text, "%Y-%m-%d", &day);
	int64_t ago = 0;

	if (end && !*end)
		return (int64_t)timegm(&day) * LC_NS_PER_S;
	if (lc_cli_parse_duration(text, &ago) || ago < 0)
		lc_cli_usage_error(
			"--since: '%s' is neither how long ago, such as 30d, nor a day, such as 2026-11-30", text);
	return lc_clock_ns(CLOCK_REALTIME) - ago;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lc_inputs *inputs = state->input;

	switch (key) {
	case OPTION_STORE:
		inputs->store = argument;
		return 0;
	case OPTION_SINCE:
		inputs->since = argument;
		inputs->since_ns = lc_inputs_parse_since(argument);
		return 0;
	case ARGP_KEY_END:
		if (inputs->since && !inputs->store)
			lc_cli_usage_error("--since goes with --store DIR: a profile is taken whole");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp lc_inputs_argp = {.options = options, .parser = parse};

/* Reads the profile at PATH, or ends the program. */
static void load(struct lc_profile *profile, const char *path)
{
	_cleanup_free_ char *message = NULL;
	int r = lc_profile_load(profile, path, &message);

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
}

void lc_inputs_check_watched(const struct lc_profile *profile, const char *where)
{
	if (lc_profile_is_unwatched(profile))
		lc_cli_usage_error(
			"%s: this audit watched nothing, so it does not say what is needed; 'leastcap audit --for 10m' does",
			where);
}

void lc_inputs_load(struct lc_profile *profile, const char *path)
{
	load(profile, path);
	lc_inputs_check_watched(profile, path);
}

const char *lc_inputs_read(struct lc_profile *profile, const struct lc_inputs *inputs, const char *path)
{
	_cleanup_(lc_store_release) struct lc_store *store = NULL;
	_cleanup_free_ char *message = NULL;
	int r;

	if (!inputs->store) {
		load(profile, path);
		return path;
	}
	if (path)
		lc_cli_usage_error("one of the two: --store %s, or the profile '%s'", inputs->store, path);
	r = lc_store_open(&store, inputs->store, LC_STORE_READ, &message)
		    ?: lc_store_read(store, inputs->since_ns, profile, &message);
	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	return inputs->store;
}

int lc_inputs_merge(struct lc_profile *profile, char *const *paths, size_t n, bool by_image)
{
	_cleanup_(lc_merge_clear) struct lc_merge merge = {.by_image = by_image};
	int r = 0;

	for (size_t i = 0; !r && i < n; i++) {
		struct lc_profile one = {0};

		lc_inputs_load(&one, paths[i]);
		r = lc_merge_add(&merge, &one);
	}
	return r ? r : lc_merge_finish(&merge, profile);
}
