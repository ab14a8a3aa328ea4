/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Asks the Docker Engine for its version. */
#include <leastcap/cleanup.h>
#include <leastcap/engine_ask.h>
#include <leastcap/identity.h>
#include <leastcap/json.h>

#include <errno.h>
#include <stdio.h>

int lc_identity_engine_version(const char *socket, char version[LC_ENGINE_VERSION_SIZE])
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	_cleanup_json_ json_t *answer = NULL;
	const char *text;
	int r = lc_engine_get(socket, "version", &body);

	if (r)
		return r;
	answer = json_loadb(body.text ? body.text : "", body.length, 0, NULL);
	text = json_string_value(json_object_get(answer, "Version"));
	if (!text)
		return -EPROTO;
	snprintf(version, LC_ENGINE_VERSION_SIZE, "%s", text);
	return 0;
}
