/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles that a subcommand is given. */
#include "src/cli/inputs.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/fleet.h>
#include <leastcap/log.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>
#include <leastcap/store.h>

#include <inttypes.h>
#include <string.h>
#include <time.h>

enum { OPTION_STORE = LC_OPTION_INPUTS, OPTION_SINCE, OPTION_PROMETHEUS, OPTION_PROMETHEUS_CONFIG, OPTION_BY };

static const struct argp_option store_options[] = {
	{"store", OPTION_STORE, "DIR", 0, "what the store in DIR has, instead of a profile", 0},
	{"since", OPTION_SINCE, "TIME", 0,
		"of the store only what was seen in the last 30d, 12h, … or since 2026-11-30", 0},
	{0},
};

static const struct argp_option options[] = {
	{"store", OPTION_STORE, "DIR", 0, "what the store in DIR has, instead of a profile", 0},
	{"prometheus", OPTION_PROMETHEUS, "URL", 0,
		"what leastcap serve on all nodes has told the Prometheus at URL (http://prometheus:9090), instead of a profile",
		0},
	{"prometheus-config", OPTION_PROMETHEUS_CONFIG, "FILE", 0,
		"how to reach it: token, password, headers, certificates, in the words of Prometheus' own HTTP configuration",
		0},
	{"by", OPTION_BY, "WHAT", 0,
		"with --prometheus, what has a list of its own: image (each image of a workload) or workload (whatever its image)",
		0},
	{"since", OPTION_SINCE, "TIME", 0,
		"of the store or the Prometheus (30d where nothing is said) only what was seen in the last 30d, 12h, … or since 2026-11-30",
		0},
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

bool lc_inputs_are_asked(const struct lc_inputs *inputs)
{
	return inputs->store || inputs->prometheus;
}

/* Refuses options that mean nothing together. */
static void check(const struct lc_inputs *inputs)
{
	if (inputs->store && inputs->prometheus)
		lc_cli_usage_error("one of the two: --store %s, or --prometheus %s", inputs->store, inputs->prometheus);
	if (inputs->since && !lc_inputs_are_asked(inputs))
		lc_cli_usage_error("--since goes with --store DIR or --prometheus URL: a profile is taken whole");
	if (inputs->prometheus_config && !inputs->prometheus)
		lc_cli_usage_error("--prometheus-config goes with --prometheus URL");
	if (inputs->by && !inputs->prometheus)
		lc_cli_usage_error("--by goes with --prometheus URL");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lc_inputs *inputs = state->input;

	switch (key) {
	case OPTION_STORE:
		inputs->store = argument;
		return 0;
	case OPTION_PROMETHEUS:
		inputs->prometheus = argument;
		return 0;
	case OPTION_PROMETHEUS_CONFIG:
		inputs->prometheus_config = argument;
		return 0;
	case OPTION_BY:
		inputs->by = argument;
		inputs->by_workload = lc_cli_parse_word("--by", argument, &lc_by_words) == LC_BY_WORKLOAD;
		return 0;
	case OPTION_SINCE:
		inputs->since = argument;
		inputs->since_ns = lc_inputs_parse_since(argument);
		return 0;
	case ARGP_KEY_END:
		check(inputs);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp lc_inputs_argp = {.options = options, .parser = parse};
const struct argp lc_inputs_store_argp = {.options = store_options, .parser = parse};

/* Says that sessions of the service on the store in DIRECTORY broke. */
static void tell_broken(const char *directory, const struct lc_store_broken *broken)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_(lc_strbuf_free) struct lc_strbuf last = {0};

	lc_clock_add_utc(&last, "%Y-%m-%d %H:%M:%S UTC", broken->last_ns);
	lc_log(&log, LC_LOG_WARN,
		"%s: %" PRIu64
		" session%s of leastcap serve ended unexpectedly, the last one after %s: what came after that is missing",
		directory, broken->n, broken->n == 1 ? "" : "s", last.text ? last.text : "");
}

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

void lc_inputs_check_recorded(const struct lc_profile *profile, const char *where)
{
	if (lc_profile_origin(profile))
		lc_cli_usage_error("%s: is from %s, and has no evidence that could be put together with others'", where,
			lc_profile_origin(profile));
}

/* Reads what INPUTS' store has. 0 or -errno with *MESSAGE. */
static int read_store(struct lc_profile *profile, const struct lc_inputs *inputs, char **message)
{
	_cleanup_(lc_store_release) struct lc_store *store = NULL;
	struct lc_store_broken broken = {0};
	int r = lc_store_open(&store, inputs->store, LC_STORE_READ, message)
			?: lc_store_read(store, inputs->since_ns, profile, message)
			?: lc_store_broken(store, inputs->since_ns, &broken, message);

	if (!r && broken.n)
		tell_broken(inputs->store, &broken);
	return r;
}

/* The same of its Prometheus, whose warning is passed on. */
static int read_prometheus(struct lc_profile *profile, const struct lc_inputs *inputs, char **message)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	const struct lc_fleet_options fleet = {.url = inputs->prometheus,
		.config = inputs->prometheus_config,
		.since_ns = inputs->since_ns,
		.by_workload = inputs->by_workload};
	_cleanup_free_ char *warning = NULL;
	int r = lc_fleet_read(&fleet, profile, &warning, message);

	if (warning)
		lc_log(&log, LC_LOG_WARN, "%s", warning);
	return r;
}

const char *lc_inputs_read(struct lc_profile *profile, const struct lc_inputs *inputs, const char *path)
{
	const char *where = inputs->store ? inputs->store : inputs->prometheus;
	_cleanup_free_ char *message = NULL;
	int r;

	if (!where) {
		load(profile, path);
		return path;
	}
	if (path)
		lc_cli_usage_error("one of the two: %s %s, or the profile '%s'",
			inputs->store ? "--store" : "--prometheus", where, path);
	r = inputs->store ? read_store(profile, inputs, &message) : read_prometheus(profile, inputs, &message);
	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	return where;
}

int lc_inputs_merge(struct lc_profile *profile, char *const *paths, size_t n, bool by_image)
{
	_cleanup_(lc_merge_clear) struct lc_merge merge = {.by_image = by_image};
	int r = 0;

	for (size_t i = 0; !r && i < n; i++) {
		struct lc_profile one = {0};

		lc_inputs_load(&one, paths[i]);
		lc_inputs_check_recorded(&one, paths[i]);
		r = lc_merge_add(&merge, &one);
	}
	return r ? r : lc_merge_finish(&merge, profile);
}
