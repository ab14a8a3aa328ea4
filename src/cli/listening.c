/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options that say where a service answers, and whom. */
#include "src/cli/listening.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/store.h>

#include <errno.h>
#include <string.h>

enum { OPTION_LISTEN = LC_OPTION_LISTENING, OPTION_TLS_CERT, OPTION_TLS_KEY, OPTION_TOKEN_FILE };

static const struct argp_option options[] = {
	{"listen", OPTION_LISTEN, "PLACE", 0,
		"answer at PLACE: ADDRESS:PORT, unix:/PATH or none (localhost:9779); as often as you like", 0},
	{"tls-cert", OPTION_TLS_CERT, "FILE", 0, "answer by TLS, with the certificate in FILE (PEM)", 0},
	{"tls-key", OPTION_TLS_KEY, "FILE", 0, "the certificate's key (PEM)", 0},
	{"token-file", OPTION_TOKEN_FILE, "FILE", 0, "answer whoever shows the token in FILE's first line, as a bearer",
		0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lc_listening *listening = state->input;

	switch (key) {
	case OPTION_LISTEN:
		if (listening->options.n_listen == LC_LISTENING_MOST)
			lc_cli_usage_error("--listen: more than %d places", LC_LISTENING_MOST);
		listening->places[listening->options.n_listen++] = argument;
		return 0;
	case OPTION_TLS_CERT:
		listening->options.tls_cert = argument;
		return 0;
	case OPTION_TLS_KEY:
		listening->options.tls_key = argument;
		return 0;
	case OPTION_TOKEN_FILE:
		listening->options.token_file = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp lc_listening_argp = {.options = options, .parser = parse};

/* Reads what LISTENING, which CONTEXT is, is to show of its store. */
static int read_store(void *context, struct lc_profile *whole)
{
	const struct lc_listening *listening = context;
	_cleanup_(lc_store_release) struct lc_store *store = NULL;
	_cleanup_free_ char *message = NULL;

	return lc_store_open(&store, listening->store, LC_STORE_READ, &message)
		       ?: lc_store_read(store, listening->since_ns, whole, &message);
}

void lc_listening_read_again(struct lc_listening *listening, const char *store, int64_t since_ns)
{
	listening->store = store;
	listening->since_ns = since_ns;
	listening->options.source = (struct lc_endpoint_source){read_store, listening};
}

int lc_listening_open(struct lc_endpoint **endpoint, struct lc_listening *listening, const struct lc_log *log)
{
	_cleanup_free_ char *message = NULL;
	int r;

	listening->options.listen = listening->places;
	listening->options.version = LC_VERSION;
	listening->options.commit = lc_cli_commit();
	r = lc_endpoint_open(endpoint, &listening->options, &message);
	if (!r)
		return LC_EXIT_OK;
	lc_log(log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return r == -EINVAL ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
}
