/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Serving what was recorded before, without recording: profiles as they are, or a store that another process writes to. */
#include "src/cli/replay.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/merge.h>
#include <leastcap/store.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

/* How often a store is asked whether something came. */
#define PAUSE_S 2

/* Blocks what ends the service, so that it is waited for, and no thread is interrupted by it. */
static void block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGHUP);
	sigprocmask(SIG_BLOCK, signals, NULL);
}

static int fail(const struct lc_log *log, int err, const char *message)
{
	lc_log(log, LC_LOG_ERROR, "%s", message ? message : strerror(-err));
	return LC_EXIT_FAILURE;
}

/* Begins to answer. 0 or -errno. */
static int begin(struct lc_endpoint *endpoint, const struct lc_log *log)
{
	int r = lc_endpoint_run(endpoint);

	if (!r)
		lc_log(log, LC_LOG_NOTICE, "serving at %s; Ctrl-C ends it", lc_endpoint_where(endpoint));
	return r;
}

/* Where the options say that nothing is to be served, there is nothing to do here. */
static int open_endpoint(struct lc_endpoint **endpoint, struct lc_listening *listening, const struct lc_log *log)
{
	int status = lc_listening_open(endpoint, listening, log);

	if (status == LC_EXIT_OK && !*endpoint)
		lc_cli_usage_error("--replay does nothing but serve: it does not go with --listen none");
	return status;
}

/* Has ENDPOINT count the N PROFILES, each once, and show them as one. They are empty afterwards. 0 or -ENOMEM. */
static int show(struct lc_endpoint *endpoint, struct lc_profile *profiles, size_t n)
{
	_cleanup_(lc_merge_clear) struct lc_merge merge = {0};
	struct lc_profile whole = {0};
	int r = 0;

	for (size_t i = 0; !r && i < n; i++)
		r = lc_endpoint_add(endpoint, &profiles[i]) ?: lc_merge_add(&merge, &profiles[i]);
	if (!r)
		r = lc_merge_finish(&merge, &whole);
	return r ? r : lc_endpoint_publish(endpoint, &whole);
}

static int serve_profiles(
	struct lc_profile *profiles, size_t n, struct lc_listening *listening, const struct lc_log *log)
{
	_cleanup_(lc_endpoint_release) struct lc_endpoint *endpoint = NULL;
	sigset_t signals;
	int status, signal, r;

	block_signals(&signals);
	status = open_endpoint(&endpoint, listening, log);
	if (status != LC_EXIT_OK)
		return status;
	r = show(endpoint, profiles, n) ?: begin(endpoint, log);
	if (r)
		return fail(log, r, NULL);
	sigwait(&signals, &signal);
	return LC_EXIT_OK;
}

int lc_replay_files(char *const *paths, size_t n, struct lc_listening *listening, const struct lc_log *log)
{
	struct lc_profile *profiles = calloc(n, sizeof(*profiles));
	int status;

	if (!profiles)
		return fail(log, -ENOMEM, NULL);
	for (size_t i = 0; i < n; i++)
		lc_inputs_load(&profiles[i], paths[i]);
	status = serve_profiles(profiles, n, listening, log);
	for (size_t i = 0; i < n; i++)
		lc_profile_clear(&profiles[i]);
	free(profiles);
	return status;
}

/* Has ENDPOINT show what STORE has, unless that is VERSION still. 0 or -errno, with *MESSAGE. */
static int show_store(
	struct lc_endpoint *endpoint, struct lc_store *store, int64_t since_ns, int64_t *version, char **message)
{
	struct lc_profile whole = {0};
	int64_t now = 0;
	int r = lc_store_version(store, &now, message);

	if (r || now == *version)
		return r;
	*version = now;
	r = lc_store_read(store, since_ns, &whole, message);
	return r ? r : lc_endpoint_publish(endpoint, &whole);
}

int lc_replay_store(const struct lc_inputs *inputs, struct lc_listening *listening, const struct lc_log *log)
{
	static const struct timespec pause = {.tv_sec = PAUSE_S};
	_cleanup_(lc_endpoint_release) struct lc_endpoint *endpoint = NULL;
	_cleanup_(lc_store_release) struct lc_store *store = NULL;
	_cleanup_free_ char *message = NULL;
	int64_t version = -1;
	sigset_t signals;
	int status, r;

	block_signals(&signals);
	if (lc_store_open(&store, inputs->store, LC_STORE_READ, &message))
		lc_cli_usage_error("%s", message ? message : strerror(ENOMEM));
	lc_listening_read_again(listening, inputs->store, inputs->since_ns);
	status = open_endpoint(&endpoint, listening, log);
	if (status != LC_EXIT_OK)
		return status;
	r = show_store(endpoint, store, inputs->since_ns, &version, &message) ?: begin(endpoint, log);
	while (!r && sigtimedwait(&signals, NULL, &pause) < 0)
		r = show_store(endpoint, store, inputs->since_ns, &version, &message);
	return r ? fail(log, r, message) : LC_EXIT_OK;
}
