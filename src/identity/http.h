/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One HTTP GET over a UNIX socket, by libcurl. */
#ifndef LEASTCAP_IDENTITY_HTTP_H
#define LEASTCAP_IDENTITY_HTTP_H

#include <leastcap/strbuf.h>

#include <curl/curl.h>

#define LC_HTTP_BODY_MAX    ((size_t)4 << 20)
#define LC_HTTP_SERVER_SIZE 128

/* A request. Zero-initialise, then call lc_http_begin. EASY is for curl_multi_add_handle. */
struct lc_http {
	CURL *easy;
	struct lc_strbuf body;
	bool too_big;
	char server
		[LC_HTTP_SERVER_SIZE]; /* what the answer's header says of who answers; cut to what fits; "": nothing */
};

/*
 * Prepares GET http://localhost/PATH over SOCKET, which fails after LIMIT_MS. CURLINFO_PRIVATE gives OWNER back. 0, or -ENOMEM: HTTP is then
 * empty.
 */
int lc_http_begin(struct lc_http *http, const char *socket, const char *path, unsigned int limit_ms, void *owner);

/*
 * What became of the request, for which libcurl said CODE. 0 when the body is complete; -ENOENT, -EACCES, -ECONNREFUSED, … when nobody could be
 * asked, -ETIMEDOUT, -EMSGSIZE when the body is larger than LC_HTTP_BODY_MAX, -ESRCH for a 404, -EPROTO for everything else that is not a
 * complete HTTP 200, or -ENOMEM.
 */
int lc_http_result(const struct lc_http *http, CURLcode code);

/* Frees what HTTP holds and zeroes it. EASY must not be in a multi handle any more. */
void lc_http_clear(struct lc_http *http);

#endif
