/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads the engine's events of health checks, one JSON object a line. */
#include "src/identity/health.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/json.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* {"type":["container"],"event":["health_status"]} */
#define FILTERS "%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22health_status%22%5D%7D"

/* EVENT says that a container is healthy from now on. Newer engines call it an action. */
static bool is_healthy(const json_t *event)
{
	const char *action = json_string_value(json_object_get(event, "Action"));
	const char *status = json_string_value(json_object_get(event, "status"));

	action = action ?: status;
	return action && strcmp(action, "health_status: healthy") == 0;
}

/* The container that EVENT is about; NULL when that makes no sense. */
static const char *subject_of(const json_t *event)
{
	const char *id = json_string_value(json_object_get(json_object_get(event, "Actor"), "ID"));

	return id ? id : json_string_value(json_object_get(event, "id"));
}

static void take_event(struct lc_health *health, const char *text, size_t length)
{
	_cleanup_json_ json_t *event = json_loadb(text, length, 0, NULL);
	const json_t *time = json_object_get(event, "timeNano");
	const char *id = subject_of(event);

	if (!id || !is_healthy(event) || !json_is_integer(time) || json_integer_value(time) <= 0)
		return;
	for (size_t i = 0; i < health->n; i++) {
		struct lc_life *life = &health->containers[i].target->life;

		if (strcmp(health->containers[i].id, id) == 0 && !life->healthy_ns)
			life->healthy_ns = json_integer_value(time);
	}
}

/* Takes LENGTH bytes of one line, to its END or not. 0 or -ENOMEM. */
static int take_piece(struct lc_health *health, const char *bytes, size_t length, bool end)
{
	if (length > LC_HEALTH_EVENT_MAX - health->line.length)
		health->too_long = true;
	if (!health->too_long)
		lc_strbuf_add(&health->line, bytes, length);
	if (health->line.failed)
		return -ENOMEM;
	if (!end)
		return 0;
	if (!health->too_long && health->line.length)
		take_event(health, health->line.text, health->line.length);
	health->too_long = false;
	lc_strbuf_free(&health->line);
	return 0;
}

int lc_health_take(struct lc_health *health, const char *bytes, size_t length)
{
	const char *end;
	int r = 0;

	while (!r && length) {
		end = memchr(bytes, '\n', length);
		r = take_piece(health, bytes, end ? (size_t)(end - bytes) : length, end);
		length -= end ? (size_t)(end - bytes) + 1 : length;
		bytes = end ? end + 1 : bytes;
	}
	return r;
}

/* libcurl's callback for a part of the stream. */
static size_t take(const char *bytes, size_t size, size_t count, void *health)
{
	return lc_health_take(health, bytes, size * count) ? 0 : size * count;
}

/* Begins to listen to the engine at SOCKET. 0 or -ENOMEM. */
static int begin(struct lc_health *health, CURLM *multi, const char *socket)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	int r;

	lc_strbuf_addf(&path, "events?since=%" PRId64 "&filters=%s", health->since_s, FILTERS);
	r = path.failed ? -ENOMEM : lc_http_begin(&health->http, socket, path.text, 0, NULL);
	if (r)
		return r;
	if (curl_easy_setopt(health->http.easy, CURLOPT_WRITEFUNCTION, take) == CURLE_OK &&
		curl_easy_setopt(health->http.easy, CURLOPT_WRITEDATA, health) == CURLE_OK &&
		curl_multi_add_handle(multi, health->http.easy) == CURLM_OK)
		return 0;
	lc_http_clear(&health->http);
	return -ENOMEM;
}

int lc_health_follow(
	struct lc_health *health, CURLM *multi, const char *socket, const char *id, struct lc_target *target)
{
	struct lc_healthy *containers = lc_array_grow(health->containers, health->n, sizeof(*containers));
	char *copy = strdup(id);

	health->containers = containers ? containers : health->containers;
	if (!containers || !copy) {
		free(copy);
		return -ENOMEM;
	}
	containers[health->n++] = (struct lc_healthy){.id = copy, .target = target};
	return health->http.easy ? 0 : begin(health, multi, socket);
}

void lc_health_forget(struct lc_health *health, const struct lc_target *target)
{
	size_t n = 0;

	for (size_t i = 0; i < health->n; i++) {
		if (health->containers[i].target == target)
			free(health->containers[i].id);
		else
			health->containers[n++] = health->containers[i];
	}
	health->n = n;
}

void lc_health_clear(struct lc_health *health, CURLM *multi)
{
	if (health->http.easy)
		curl_multi_remove_handle(multi, health->http.easy);
	lc_http_clear(&health->http);
	lc_strbuf_free(&health->line);
	for (size_t i = 0; i < health->n; i++)
		free(health->containers[i].id);
	free(health->containers);
	*health = (struct lc_health){0};
}
