/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One question to a container engine's API at a time. */
#include <leastcap/engine_ask.h>

#include "src/identity/http.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <poll.h>

/* How long the engine may take to answer, and to stop and remove a container. */
#define ANSWER_MS 2000
#define DELETE_MS 30000

/* The same for who has to have the answer, on a machine that is busy: the first time, the second, … */
static const unsigned int patience_ms[] = {2000, 8000, 20000};

/* How long is waited before it is asked again (milliseconds). */
#define PAUSE_MS 200

/* What became of a request to change something. */
static int change_result(const struct lc_http *http, CURLcode code)
{
	long status = 0;

	curl_easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
	return code == CURLE_OK && status == 204 ? 0 : lc_http_result(http, code);
}

/* A request. METHOD is NULL for a question. */
struct request {
	const char *socket, *method, *path;
	unsigned int limit_ms;
};

/* Makes the request, and leaves the answer in HTTP's body. 0 or -errno. */
static int ask(struct lc_http *http, const struct request *request)
{
	/* The socket is the caller's choice. */
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	int r = lc_as_caller_begin(&caller);
	CURLcode code;

	if (!r)
		r = lc_http_begin(http, request->socket, request->path, request->limit_ms, NULL);
	if (r)
		return r;
	if (request->method && curl_easy_setopt(http->easy, CURLOPT_CUSTOMREQUEST, request->method) != CURLE_OK)
		return -ENOMEM;
	code = curl_easy_perform(http->easy);
	return request->method ? change_result(http, code) : lc_http_result(http, code);
}

/* The whole of it, with the answer's body appended to BODY (NULL: nobody wants it), which of a change is why it failed. 0 or -errno. */
static int make(const struct request *request, struct lc_strbuf *body)
{
	struct lc_http http = {0};
	int r;

	if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
		return -ENOMEM;
	r = ask(&http, request);
	if ((!r || request->method) && body && http.body.length)
		lc_strbuf_add(body, http.body.text, http.body.length);
	if (!r && body && body->failed)
		r = -ENOMEM;
	lc_http_clear(&http);
	curl_global_cleanup();
	return r;
}

int lc_engine_get(const char *socket, const char *path, struct lc_strbuf *body)
{
	const struct request request = {.socket = socket, .path = path, .limit_ms = ANSWER_MS};

	return make(&request, body);
}

bool lc_engine_has_answered(int r)
{
	return !r || r == -ESRCH || r == -EPROTO || r == -EMSGSIZE;
}

int lc_engine_get_patiently(const char *socket, const char *path, struct lc_strbuf *body)
{
	const size_t n = sizeof(patience_ms) / sizeof(patience_ms[0]);
	struct request request = {.socket = socket, .path = path};
	int r = -ETIMEDOUT;

	for (size_t i = 0; i < n; i++) {
		request.limit_ms = patience_ms[i];
		r = make(&request, body);
		/* An answer that was cut looks like one that makes no sense. */
		if (r == -ENOMEM || (r != -EPROTO && lc_engine_has_answered(r)))
			break;
		if (i + 1 < n)
			poll(NULL, 0, PAUSE_MS);
	}
	return r;
}

int lc_engine_delete(const char *socket, const char *path)
{
	const struct request request = {.socket = socket, .method = "DELETE", .path = path, .limit_ms = DELETE_MS};

	return make(&request, NULL);
}

int lc_engine_post(const char *socket, const char *path, unsigned int limit_ms, struct lc_strbuf *body)
{
	const struct request request = {.socket = socket, .method = "POST", .path = path, .limit_ms = limit_ms};

	return make(&request, body);
}
