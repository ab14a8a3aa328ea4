/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap serve: records every container without end, keeps what is learned, and tells it over HTTP: metrics, profiles, the html report. */
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/listening.h"
#include "src/cli/replay.h"
#include "src/cli/serving.h"

#include <leastcap/log.h>

enum { OPTION_REPLAY = LC_OPTION_OWN };

struct serve {
	struct lc_inputs inputs;
	struct lc_listening listening;
	struct lc_serving serving;
	bool replay;
	char **profiles;
	size_t n;
};

static const struct argp_option options[] = {
	{"replay", OPTION_REPLAY, NULL, 0, "record nothing: serve what the profiles FILE.json…, or --store DIR, have",
		0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct serve *serve = state->input;

	(void)argument;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &serve->inputs;
		state->child_inputs[1] = &serve->listening;
		state->child_inputs[2] = &serve->serving;
		return 0;
	case OPTION_REPLAY:
		serve->replay = true;
		return 0;
	case ARGP_KEY_ARGS:
		serve->profiles = state->argv + state->next;
		serve->n = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_END:
		if (!serve->replay && serve->n)
			lc_cli_usage_error("profiles are served with --replay; without it everything is recorded");
		if (!serve->replay && serve->inputs.since)
			lc_cli_usage_error("--since goes with --replay: what is recorded is served whole");
		if (serve->replay && serve->serving.asked)
			lc_cli_usage_error("--replay records nothing, so that nothing can be said of how it does");
		if (serve->replay && !serve->n == !serve->inputs.store)
			lc_cli_usage_error("--replay serves profiles, FILE.json…, or else --store DIR");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {
	{.argp = &lc_inputs_store_argp}, {.argp = &lc_listening_argp}, {.argp = &lc_serving_argp}, {0}};

const struct argp lc_argp_serve = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[FILE.json…]",
	.doc = "Records every container until Ctrl-C or SIGTERM, keeps what it learns in a store (/var/lib/leastcap), and answers over HTTP meanwhile: /metrics for Prometheus, /profiles (what leastcap report takes), / (the html report, which shows by itself what is new), /healthz and /readyz. With --replay it serves what profiles say together, or what a store has and gets, and needs no root. Only this host is answered, unless there are a certificate and a token. Exit status: 0; 1 when it can't record, listen or store; 2 for bad input, which a store that can't be read is too.",
};

int lc_cmd_serve(int argc, char **argv)
{
	struct serve serve = {0};
	const struct lc_log *log = &serve.serving.recorder.log;

	lc_cli_parse(&lc_argp_serve, argc, argv, false, &serve);
	lc_recorder_begin_log(&serve.serving.recorder);
	if (!serve.replay)
		return lc_serving_run(&serve.serving, serve.inputs.store, &serve.listening);
	if (serve.n)
		return lc_replay_files(serve.profiles, serve.n, &serve.listening, log);
	return lc_replay_store(&serve.inputs, &serve.listening, log);
}
