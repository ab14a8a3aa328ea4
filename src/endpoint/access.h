/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may ask: the certificate that a server shows, the token that a client shows, and the name by which it is asked. */
#ifndef LEASTCAP_ENDPOINT_ACCESS_H
#define LEASTCAP_ENDPOINT_ACCESS_H

#include <leastcap/endpoint.h>
#include <leastcap/sha256.h>

#include <stdbool.h>

/* Zeroed: neither is wanted. */
struct lc_access {
	char *certificate; /* PEM; owned, NULL without TLS */
	char *key;         /* the same */
	bool has_token;
	char token[LC_SHA256_SIZE]; /* its hash */
};

/* Reads the files that OPTIONS name. 0, or a negative errno with *MESSAGE (see lc_endpoint_open), and ACCESS is to be cleared all the same. */
int lc_access_read(struct lc_access *access, const struct lc_endpoint_options *options, char **message);

/* Whether AUTHORIZATION, a request's header (NULL: it has none), shows the token. It takes as long for a wrong one as for the right one. */
bool lc_access_shows_token(const struct lc_access *access, const char *authorization);

/*
 * Whether HOST, a request's header (NULL: it has none), is localhost or an address. A browser that was led here by a name of a stranger's, which he has
 * pointed at 127.0.0.1, says that name.
 */
bool lc_access_is_local_name(const char *host);

/* Frees what ACCESS owns, and zeroes it, secrets included. */
void lc_access_clear(struct lc_access *access);

#endif
