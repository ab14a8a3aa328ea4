/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options that say where a service answers, and whom. */
#ifndef LEASTCAP_CLI_LISTENING_H
#define LEASTCAP_CLI_LISTENING_H

#include <leastcap/endpoint.h>
#include <leastcap/log.h>

#include <argp.h>

/* How many places there may be. */
#define LC_LISTENING_MOST 8

struct lc_listening {
	const char *places[LC_LISTENING_MOST];
	struct lc_endpoint_options options;
	const char *store; /* a directory: lc_listening_read_again */
	int64_t since_ns;
};

/* --listen, --tls-cert, --tls-key and --token-file; its input is a struct lc_listening, zeroed before. */
extern const struct argp lc_listening_argp;

/*
 * Has what was seen since SINCE_NS (nanoseconds since 1970) be read from the store in the directory STORE for whoever asks for a page, instead of being kept. LISTENING and STORE
 * outlive the endpoint.
 */
void lc_listening_read_again(struct lc_listening *listening, const char *store, int64_t since_ns);

/*
 * Makes what LISTENING asks for: see lc_endpoint_open. Says to LOG what is wrong. An exit status; *ENDPOINT is unchanged then, and NULL where none is
 * wanted.
 */
int lc_listening_open(struct lc_endpoint **endpoint, struct lc_listening *listening, const struct lc_log *log);

#endif
