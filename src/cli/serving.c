/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The service on the command line: what it records, and how it keeps that. */
#include "src/cli/serving.h"
#include "src/cli/cli.h"

#include <leastcap/clock.h>
#include <leastcap/store.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { OPTION_KEEP = LC_OPTION_SERVING, OPTION_SIZE, OPTION_EVERY, OPTION_SERVICES };

static const struct argp_option options[] = {
	{"services", OPTION_SERVICES, NULL, 0, "systemd's services, too", 0},
	{"every", OPTION_EVERY, "TIME", 0, "store what is new each TIME (10s)", 0},
	{"keep", OPTION_KEEP, "TIME", 0, "forget what was last seen longer ago (90d)", 0},
	{"max-size", OPTION_SIZE, "SIZE", 0, "forget the oldest days, until the store takes SIZE at most (1G)", 0},
	{"quiet", 'q', NULL, 0, "no notices", 0},
	{"verbose", 'v', NULL, 0, "say which hook is used, and more", 0},
	{"refusals", LC_OPTION_REFUSALS, "WHICH", 0,
		"which refused calls: checked (denied a capability or refused by a filter, where that is cheaper), or all",
		0},
	{"hook", LC_OPTION_HOOK, "NAME", 0, "use only this hook: fexit, tp_btf or kprobe", 0},
	{"btf", LC_OPTION_BTF, "FILE", 0, "the kernel's types (BTF), where it has none of its own", 0},
	{"keys", LC_OPTION_KEYS, "N", 0, "room for N distinct checks in the kernel (16384)", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lc_serving *serving = state->input;
	struct lc_service *service = &serving->service;
	int r = 0;

	switch (key) {
	case ARGP_KEY_INIT:
		service->every_ns = LC_SERVE_EVERY_NS;
		service->storing.keep_ns = LC_SERVE_KEEP_NS;
		service->storing.size = LC_SERVE_SIZE;
		/* What runs always is to cost little. */
		serving->recorder.options.refusals = LC_REFUSALS_CHECKED;
		return 0;
	case OPTION_SERVICES:
		serving->recorder.options.services = true;
		break;
	case OPTION_EVERY:
		if (lc_cli_parse_duration(argument, &service->every_ns) || service->every_ns <= 0)
			lc_cli_usage_error("--every: '%s' is no time such as 10s", argument);
		break;
	case OPTION_KEEP:
		if (lc_cli_parse_duration(argument, &service->storing.keep_ns) || service->storing.keep_ns <= 0)
			lc_cli_usage_error("--keep: '%s' is no time such as 90d", argument);
		break;
	case OPTION_SIZE:
		service->storing.size = lc_cli_parse_size("--max-size", argument);
		break;
	case 'q':
	case 'v':
		return lc_recorder_parse(&serving->recorder, key, argument);
	case LC_OPTION_REFUSALS:
	case LC_OPTION_HOOK:
	case LC_OPTION_BTF:
	case LC_OPTION_KEYS:
		r = lc_recorder_parse(&serving->recorder, key, argument);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	serving->asked = true;
	return r;
}

const struct argp lc_serving_argp = {.options = options, .parser = parse};

/* Begins to answer. 0 or a negative errno, which has been said. */
static int begin_to_answer(void *context)
{
	struct lc_serving *serving = context;
	int r = serving->endpoint ? lc_endpoint_run(serving->endpoint) : 0;

	if (r)
		lc_log(&serving->recorder.log, LC_LOG_ERROR, "cannot answer over HTTP: %s", strerror(-r));
	else if (serving->endpoint)
		lc_log(&serving->recorder.log, LC_LOG_NOTICE, "serving at %s", lc_endpoint_where(serving->endpoint));
	return r;
}

/* Says that the endpoint could not be told something, because of R. */
static void tell_failed(const struct lc_serving *serving, int r)
{
	if (r)
		lc_log(&serving->recorder.log, LC_LOG_WARN, "what is answered over HTTP lacks something: %s",
			strerror(-r));
}

static void add(void *context, const struct lc_profile *increment)
{
	struct lc_serving *serving = context;

	tell_failed(serving, lc_endpoint_add(serving->endpoint, increment));
}

static void publish(void *context, struct lc_profile *whole)
{
	struct lc_serving *serving = context;

	tell_failed(serving, lc_endpoint_publish(serving->endpoint, whole));
}

static void tell(void *context, const struct lc_service_state *stands)
{
	struct lc_serving *serving = context;
	const struct lc_storing_state *storing = &stands->storing;
	struct lc_endpoint_state state = {
		.targets = stands->targets,
		.has_store = true,
		.storing = storing->storing,
		.store_bytes = storing->bytes,
		.store_writes = storing->writes,
		.store_errors = storing->errors,
		.stored_ns = storing->stored_ns,
		.session_ns = stands->session_ns,
	};

	snprintf(state.hook, sizeof(state.hook), "%s", stands->hook);
	if (!storing->storing)
		snprintf(state.not_ready, sizeof(state.not_ready), "nothing can be stored: %s",
			strerror(-storing->error));
	lc_endpoint_tell(serving->endpoint, &state);
}

int lc_serving_run(struct lc_serving *serving, const char *directory, struct lc_listening *listening)
{
	struct lc_recorder *recorder = &serving->recorder;
	struct lc_service *service = &serving->service;
	int status, r;

	recorder->options.scope = LC_SCOPE_CONTAINERS;
	recorder->options.watcher.stuck = lc_recorder_end_at_once;
	service->recording = &recorder->options;
	service->storing.directory = directory ? directory : LC_STORE_DIRECTORY;
	service->storing.log = &recorder->log;
	service->listener = (struct lc_service_listener){serving, begin_to_answer, add, publish, tell};
	if (lc_recording_check_privileges(&recorder->options))
		return LC_EXIT_FAILURE;
	lc_listening_read_again(listening, service->storing.directory, 0);
	status = lc_listening_open(&serving->endpoint, listening, &recorder->log);
	if (status)
		return status;
	if (!serving->endpoint)
		service->listener = (struct lc_service_listener){0};
	r = lc_service_run(service);
	lc_endpoint_free(serving->endpoint);
	if (!r)
		return LC_EXIT_OK;
	return r == -EBADMSG || r == -EPROTO || r == -ENOEXEC ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
}
