/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the Docker Engine for its version. */
#include "src/identity/http.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/identity.h>
#include <leastcap/json.h>

#include <errno.h>
#include <stdio.h>

/* How long the engine may take to answer. */
#define ANSWER_MS 2000

/* Asks, and leaves the answer in HTTP's body. 0, or -errno as of lc_http_result. */
static int ask(const char *socket, struct lc_http *http)
{
	/* The socket is the caller's choice. */
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	int r = lc_as_caller_begin(&caller) ?: lc_http_begin(http, socket, "version", ANSWER_MS, NULL);

	return r ? r : lc_http_result(http, curl_easy_perform(http->easy));
}

static int read_version(const struct lc_http *http, char version[LC_ENGINE_VERSION_SIZE])
{
	_cleanup_json_ json_t *answer = json_loadb(http->body.text ? http->body.text : "", http->body.length, 0, NULL);
	const char *text = json_string_value(json_object_get(answer, "Version"));

	if (!text)
		return -EPROTO;
	snprintf(version, LC_ENGINE_VERSION_SIZE, "%s", text);
	return 0;
}

int lc_identity_engine_version(const char *socket, char version[LC_ENGINE_VERSION_SIZE])
{
	struct lc_http http = {0};
	int r;

	if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
		return -ENOMEM;
	r = ask(socket, &http);
	if (!r)
		r = read_version(&http, version);
	lc_http_clear(&http);
	curl_global_cleanup();
	return r;
}
