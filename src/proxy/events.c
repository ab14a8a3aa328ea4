/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writes and reads events. */
#include "src/proxy/events.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* All events together, and the longest one. */
#define EVENTS_MAX (64U << 20)
#define EVENT_MAX  (64U << 10)

/* A longer string is cut. Six of them, with each byte written as \u0001, have room in an event. */
#define TEXT_MAX 1024

/* The last line of a file that has no room for more. */
static const char full_line[] = "{}\n";

static void add(struct lc_event_writer *writer, const char *line, size_t length)
{
	if (writer->full)
		return;
	if (length > EVENT_MAX || writer->length + length > EVENTS_MAX) {
		line = full_line;
		length = sizeof(full_line) - 1;
		writer->full = true;
	}
	if (pwrite(writer->fd, line, length, (off_t)writer->length) == (ssize_t)length)
		writer->length += length;
	else
		writer->full = true;
}

int lc_event_set(json_t *event, const char *key, const char *text)
{
	char cut[TEXT_MAX + 1];

	if (text && strlen(text) > TEXT_MAX) {
		memcpy(cut, text, TEXT_MAX);
		cut[TEXT_MAX] = '\0';
		text = cut;
	}
	return lc_json_set_text(event, key, text);
}

void lc_event_write(
	struct lc_event_writer *writer, enum lc_proxy_kind kind, int status, const char *text, json_t *details)
{
	_cleanup_json_ json_t *event = details ? json_incref(details) : json_object();
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};
	_cleanup_free_ char *dumped = NULL;

	if (lc_json_set(event, "kind", json_integer(kind)) == 0 &&
		lc_json_set(event, "status", json_integer(status)) == 0 && lc_event_set(event, "text", text) == 0)
		dumped = json_dumps(event, JSON_COMPACT);
	lc_strbuf_adds(&line, dumped);
	lc_strbuf_adds(&line, "\n");
	if (!dumped || line.failed)
		add(writer, full_line, SIZE_MAX);
	else
		add(writer, line.text, line.length);
}

/* The next line as JSON, or NULL: none is complete. */
static json_t *next_line(struct lc_event_reader *reader)
{
	_cleanup_free_ char *line = malloc(EVENT_MAX);
	ssize_t length = line ? pread(reader->fd, line, EVENT_MAX, (off_t)reader->length) : -1;
	const char *end = length > 0 ? memchr(line, '\n', (size_t)length) : NULL;

	if (!end)
		return NULL;
	reader->length += (size_t)(end - line) + 1;
	return json_loadb(line, (size_t)(end - line), 0, NULL);
}

int lc_event_read(struct lc_event_reader *reader, struct lc_proxy_event *event)
{
	json_t *line = next_line(reader);
	const json_t *kind = json_object_get(line, "kind");

	if (!line)
		return 0;
	json_decref(reader->current);
	reader->current = line;
	if (!kind)
		return -EOVERFLOW;
	*event = (struct lc_proxy_event){
		.kind = (enum lc_proxy_kind)json_integer_value(kind),
		.number = (uint64_t)json_integer_value(json_object_get(line, "number")),
		.status = (int)json_integer_value(json_object_get(line, "status")),
		.id = json_string_value(json_object_get(line, "id")),
		.name = json_string_value(json_object_get(line, "name")),
		.image = json_string_value(json_object_get(line, "image")),
		.project = json_string_value(json_object_get(line, "project")),
		.service = json_string_value(json_object_get(line, "service")),
		.text = json_string_value(json_object_get(line, "text")),
	};
	return 1;
}
