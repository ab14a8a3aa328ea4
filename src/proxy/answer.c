/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Follows the engine's answers, which pass byte for byte, and makes answers of the proxy's own. */
#include "src/proxy/connection.h"

#include <leastcap/cleanup.h>
#include <leastcap/json.h>

#include <limits.h>
#include <string.h>

/* The engine's answer to a request to create a container has an id and some warnings. */
#define ANSWER_MAX (256U << 10)

/* What http_parser takes from the callback at a head's end. */
enum body {
	BODY_AS_SAID = 0,
	BODY_NONE = 1,
	BODY_OTHER_PROTOCOL = 2,
};

static int end_head(http_parser *parser)
{
	struct lc_connection *connection = parser->data;
	int status = parser->status_code;

	if (status == 101)
		return BODY_OTHER_PROTOCOL;
	if (status / 100 == 1 || status == 204 || status == 304 ||
		(connection->request.was_passed_on && connection->request.parser.method == HTTP_HEAD))
		return BODY_NONE;
	connection->answer.until_end = !(parser->flags & F_CHUNKED) && parser->content_length == ULLONG_MAX;
	return BODY_AS_SAID;
}

static int take_body(http_parser *parser, const char *bytes, size_t length)
{
	struct lc_connection *connection = parser->data;
	struct lc_making *making = &connection->making;

	/* A longer one has no id that could be read. */
	if (making->is_pending && making->answer.length + length <= ANSWER_MAX)
		lc_strbuf_add(&making->answer, bytes, length);
	return 0;
}

static int end_message(http_parser *parser)
{
	struct lc_connection *connection = parser->data;

	connection->answer.has_end = true;
	http_parser_pause(parser, 1);
	return 0;
}

static const http_parser_settings settings = {
	.on_headers_complete = end_head,
	.on_body = take_body,
	.on_message_complete = end_message,
};

static void reset_parser(struct lc_connection *connection)
{
	http_parser_init(&connection->answer.parser, HTTP_RESPONSE);
	connection->answer.parser.data = connection;
	connection->answer.has_end = connection->answer.until_end = false;
}

void lc_answer_begin(struct lc_connection *connection)
{
	bool is_raw = connection->answer.is_raw;

	connection->answer = (struct lc_answer){.is_raw = is_raw};
	reset_parser(connection);
}

/* A message is complete. "100 Continue" and the like are followed by the answer itself. */
static void end_answer(struct lc_connection *connection)
{
	int status = connection->answer.parser.status_code;

	if (connection->request.was_passed_on && (status / 100 != 1 || status == 101)) {
		connection->answer.is_complete = true;
		connection->answer.is_raw |= status == 101;
		lc_making_end(connection, status);
		lc_making_note(connection, status);
	}
	reset_parser(connection);
}

/* What has no known length may be a stream in both directions, as attach was before it could be asked for by "Upgrade". */
static void follow(struct lc_connection *connection)
{
	struct lc_answer *answer = &connection->answer;

	if (answer->has_end)
		end_answer(connection);
	else if (answer->until_end && !connection->making.is_pending)
		answer->is_raw = true;
	else if (HTTP_PARSER_ERRNO(&answer->parser) != HPE_OK)
		answer->is_broken = true;
}

void lc_answer_take(struct lc_connection *connection)
{
	struct lc_stream *down = &connection->down;
	struct lc_answer *answer = &connection->answer;

	while (down->seen < down->end && !answer->is_raw && !answer->is_broken) {
		down->seen += http_parser_execute(
			&answer->parser, &settings, down->bytes + down->seen, down->end - down->seen);
		follow(connection);
		if (answer->is_broken)
			lc_log(connection->server->log, LC_LOG_WARN, "the engine's answer to a request is not HTTP: %s",
				http_errno_description(HTTP_PARSER_ERRNO(&answer->parser)));
	}
	down->ready = down->seen = down->end;
	/* The end of the connection is the end of an answer whose length was not said. */
	if (down->ended && answer->until_end && !answer->is_raw) {
		http_parser_execute(&answer->parser, &settings, NULL, 0);
		follow(connection);
	}
	if (down->ended)
		lc_making_end(connection, 0);
}

/* The two ways in which the engines put an error. */
static char *error_body(const struct lc_connection *connection, int status, const char *text)
{
	_cleanup_json_ json_t *error = json_object();

	if (lc_json_set_text(error, "message", text) < 0)
		return NULL;
	if (connection->request.route.api == LC_PROXY_LIBPOD &&
		(lc_json_set_text(error, "cause", text) < 0 ||
			lc_json_set(error, "response", json_integer(status)) < 0))
		return NULL;
	return json_dumps(error, JSON_COMPACT);
}

static const char *reason_of(int status)
{
	switch (status) {
#define REASON(number, name, text)                                                                                     \
	case number:                                                                                                   \
		return #text;
		HTTP_STATUS_MAP(REASON)
#undef REASON
	default:
		return "Error";
	}
}

static void write_error(struct lc_connection *connection, int status, const char *text, bool closes)
{
	_cleanup_free_ char *body = error_body(connection, status, text);
	struct lc_strbuf *out = &connection->down.first;

	lc_strbuf_addf(out, "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n", status,
		reason_of(status), body ? strlen(body) + 1 : 0, closes ? "Connection: close\r\n" : "");
	if (body && connection->request.parser.method != HTTP_HEAD)
		lc_strbuf_addf(out, "%s\n", body);
}

void lc_answer_error(struct lc_connection *connection, int status, const char *text)
{
	if (!connection->request.keeps_alive) {
		lc_answer_refuse(connection, status, text);
		return;
	}
	write_error(connection, status, text, false);
	connection->answer.is_complete = true;
}

void lc_answer_refuse(struct lc_connection *connection, int status, const char *text)
{
	if (connection->request.route.kind == LC_ROUTE_CREATE && connection->request.phase != LC_PHASE_WAIT)
		lc_making_refused(connection, status, text);
	write_error(connection, status, text, true);
	lc_log(connection->server->log, LC_LOG_DEBUG, "a request was refused with %d: %s", status, text);
	connection->request.phase = LC_PHASE_REFUSED;
	connection->down.ended = true;
}
