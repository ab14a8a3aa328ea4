/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One HTTP GET over a UNIX socket: bounded in time and size, no redirects, no proxy, no other protocol. */
#include "src/identity/http.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static size_t take_body(const char *bytes, size_t size, size_t count, void *owner)
{
	struct lc_http *http = owner;
	size_t length = size * count; /* libcurl: SIZE is always 1 */

	if (length > LC_HTTP_BODY_MAX - http->body.length) {
		http->too_big = true;
		return 0;
	}
	lc_strbuf_add(&http->body, bytes, length);
	return http->body.failed ? 0 : length;
}

/* libcurl's callback for one line of the header, which no NUL ends. */
static size_t take_header(const char *line, size_t size, size_t count, void *owner)
{
	static const char name[] = "Server:";
	struct lc_http *http = owner;
	size_t length = size * count, from = sizeof(name) - 1;

	if (length < from || strncasecmp(line, name, from) != 0)
		return length;
	while (from < length && line[from] == ' ')
		from++;
	snprintf(http->server, sizeof(http->server), "%.*s", (int)(length - from), line + from);
	return length;
}

static bool set_options(struct lc_http *http, const char *socket, const char *url, unsigned int limit_ms, void *owner)
{
	CURL *easy = http->easy;

	return curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, socket) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
	       /* $http_proxy is not meant for the engine's socket. */
	       curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)limit_ms) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_WRITEDATA, http) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_HEADERDATA, http) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_PRIVATE, owner) == CURLE_OK;
}

int lc_http_begin(struct lc_http *http, const char *socket, const char *path, unsigned int limit_ms, void *owner)
{
	struct lc_strbuf url = {0};
	bool ready;

	lc_strbuf_addf(&url, "http://localhost/%s", path);
	http->easy = curl_easy_init();
	ready = !url.failed && http->easy && set_options(http, socket, url.text, limit_ms, owner);
	lc_strbuf_free(&url);
	if (!ready)
		lc_http_clear(http);
	return ready ? 0 : -ENOMEM;
}

static int connect_error(const struct lc_http *http)
{
	long error = 0;

	curl_easy_getinfo(http->easy, CURLINFO_OS_ERRNO, &error);
	return error > 0 ? (int)-error : -ECONNREFUSED;
}

static int status_error(const struct lc_http *http)
{
	long status = 0;

	curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
	if (status == 200)
		return 0;
	return status == 404 ? -ESRCH : -EPROTO;
}

int lc_http_result(const struct lc_http *http, CURLcode code)
{
	if (http->body.failed || code == CURLE_OUT_OF_MEMORY)
		return -ENOMEM;
	if (http->too_big)
		return -EMSGSIZE;
	switch (code) {
	case CURLE_OK:
		return status_error(http);
	case CURLE_OPERATION_TIMEDOUT:
		return -ETIMEDOUT;
	case CURLE_COULDNT_CONNECT:
		return connect_error(http);
	default:
		return -EPROTO;
	}
}

void lc_http_clear(struct lc_http *http)
{
	curl_easy_cleanup(http->easy);
	lc_strbuf_free(&http->body);
	*http = (struct lc_http){0};
}
