/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The endpoint: what a service has seen, over HTTP, by a thread of its own: metrics, the profile, the html report, health. */
#ifndef LEASTCAP_ENDPOINT_H
#define LEASTCAP_ENDPOINT_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where it listens unless somebody says otherwise: 127.0.0.1, and ::1 where there is one. */
#define LC_ENDPOINT_LISTEN "localhost:9779"

struct lc_endpoint;

/*
 * Where the whole can be read again, so that what was published need not be kept for those who ask for / and /profiles. READ fills WHOLE (zeroed before), as it would be published, with
 * CONTEXT, which outlives the endpoint. A thread of the endpoint's own calls it, while the others go on. 0 or a negative errno.
 */
struct lc_endpoint_source {
	int (*read)(void *context, struct lc_profile *whole); /* NULL: what was published is kept */
	void *context;
};

/* Strings are the caller's, and may be NULL. */
struct lc_endpoint_options {
	const char *const *
		listen; /* "127.0.0.1:9779", "[::1]:9779", "localhost:9779", "unix:/run/x.sock", "none"; N_LISTEN of them, 0: LC_ENDPOINT_LISTEN */
	size_t n_listen;
	const char *tls_cert; /* a file in PEM: the certificate and those that sign it */
	const char *tls_key;  /* a file in PEM */
	const char *version;  /* leastcap's, for leastcap_info */
	const char *commit;   /* likewise */
	struct lc_endpoint_source source;
	const char *token_file; /* its first line is what a client has to show: Authorization: Bearer TOKEN */
};

/* How the service itself is. Zeroed, and never told: it records nothing, keeps nothing, and is ready. */
struct lc_endpoint_state {
	char hook[32];    /* "fexit", "tp_btf", …; "": nothing is attached */
	uint64_t targets; /* that are recorded now */
	bool has_store;   /* there is a store to write to */
	bool storing;     /* and that can be done */
	uint64_t store_bytes;
	uint64_t store_writes; /* since the service's start: that were done, */
	uint64_t store_errors; /* and that were not */
	int64_t stored_ns;     /* when it was last written to, nanoseconds since 1970; 0: never */
	int64_t session_ns;    /* when the recording that goes on began; 0: none does */
	char not_ready[256];   /* why /readyz answers 503, one line without its end; "": it is ready */
};

/*
 * Makes an endpoint that listens as OPTIONS say, and answers nobody yet. Files are read and sockets made with the rights of whoever called us (caller.h).
 * *ENDPOINT is to be freed by lc_endpoint_free; it is NULL, with 0 returned, where OPTIONS say "none". 0, or a negative errno with *MESSAGE (caller frees), one line: -EINVAL for
 * what may not be (an address beyond this host without certificate and token, no address at all, a file that has not what it should), -EADDRINUSE, or what
 * open and bind said. *ENDPOINT is unchanged then.
 */
int lc_endpoint_open(struct lc_endpoint **endpoint, const struct lc_endpoint_options *options, char **message);

/*
 * Begins to answer, in a thread that blocks every signal and has no capabilities. 0 or -errno.
 */
int lc_endpoint_run(struct lc_endpoint *endpoint);

/* Where ENDPOINT listens, for a message: "http://127.0.0.1:9779, http://[::1]:9779". ENDPOINT's own. */
const char *lc_endpoint_where(const struct lc_endpoint *endpoint);

/*
 * These three hand something over, at once: they wait for no client, and for nothing that is made for one. One thread calls them. ENDPOINT may be
 * NULL: nothing is done then.
 *
 * What was seen since the last call: a judged profile, whose counts (evidence, refused calls, losses, LOST) are added to the counters, which never
 * shrink. Nothing of INCREMENT is kept. 0, or -ENOMEM: nothing was added.
 */
int lc_endpoint_add(struct lc_endpoint *endpoint, const struct lc_profile *increment);

/*
 * All that is to be shown from now on: a judged profile, of which the gauges, /profiles and / are made. Takes over what WHOLE owns (it is empty afterwards),
 * also when that fails. 0 or -ENOMEM.
 */
int lc_endpoint_publish(struct lc_endpoint *endpoint, struct lc_profile *whole);

/* How the service is now. Copied. */
void lc_endpoint_tell(struct lc_endpoint *endpoint, const struct lc_endpoint_state *state);

/* Ends the thread, whatever clients do, closes every connection, removes UNIX sockets and frees ENDPOINT, which may be NULL. */
void lc_endpoint_free(struct lc_endpoint *endpoint);

static inline void lc_endpoint_release(struct lc_endpoint **endpoint)
{
	lc_endpoint_free(*endpoint);
}

#endif
