/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One HTTP GET over a UNIX socket, by libcurl. */
#ifndef LEASTCAP_IDENTITY_HTTP_H
#define LEASTCAP_IDENTITY_HTTP_H

#include <leastcap/strbuf.h>

#include <curl/curl.h>

#define LC_HTTP_BODY_MAX ((size_t)4 << 20)

/* Zero-initialise, then lc_http_begin; EASY is for curl_multi_add_handle. */
struct lc_http {
	CURL *easy;
	struct lc_strbuf body;
	bool too_big;
};

/*
 * Prepares GET http://localhost/PATH over SOCKET, to be over within LIMIT_MS. OWNER is what CURLINFO_PRIVATE gives back.
 * 0 or -ENOMEM.
 */
int lc_http_begin(struct lc_http *http, const char *socket, const char *path, unsigned int limit_ms, void *owner);

/*
 * What became of the request, CODE being libcurl's word for it: 0 and the body is complete; -ENOENT, -EACCES,
 * -ECONNREFUSED, … when nobody could be asked, -ETIMEDOUT, -EMSGSIZE when the body is larger than LC_HTTP_BODY_MAX,
 * -ESRCH for a 404, -EPROTO for everything else that is not a complete HTTP 200, -ENOMEM.
 */
int lc_http_result(const struct lc_http *http, CURLcode code);

/* Frees what HTTP holds and zeroes it. EASY must not be in a multi handle any more. */
void lc_http_clear(struct lc_http *http);

#endif
