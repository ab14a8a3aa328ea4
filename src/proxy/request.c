/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Follows the client's requests. What is no request to create a container passes byte for byte. */
#include "src/proxy/connection.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

/* All bodies together that are in memory: a client that never finishes may keep that much of it busy. */
#define HELD_MAX (256U << 20)

/* What returns from a callback of the parser to end the parsing. */
#define STOP 3

/* Lines that a request whose body is written anew does not keep. */
static const char *const replaced[] = {"Content-Length", "Transfer-Encoding", "Trailer", "Expect"};

static struct lc_connection *owner_of(const http_parser *parser)
{
	return parser->data;
}

/* Has the parsing end with an answer. */
static int refuse(struct lc_request *request, int status, const char *why)
{
	request->status = status;
	request->why = why;
	return STOP;
}

static int take_target(http_parser *parser, const char *text, size_t length)
{
	struct lc_request *request = &owner_of(parser)->request;

	lc_strbuf_add(&request->target, text, length);
	return request->target.failed ? refuse(request, 503, "out of memory") : 0;
}

static bool is_create(const struct lc_request *request)
{
	return request->route.kind == LC_ROUTE_CREATE;
}

/* Reads the target, once it is complete. */
static int need_route(struct lc_request *request)
{
	const char *method = http_method_str((enum http_method)request->parser.method);

	if (request->is_routed)
		return 0;
	request->is_routed = true;
	if (lc_route_read(&request->route, method, request->target.text ?: "") < 0)
		return refuse(request, 503, "out of memory");
	if (is_create(request))
		lc_strbuf_addf(&request->head, "%s %s HTTP/%d.%d\r\n", method, request->target.text,
			request->parser.http_major, request->parser.http_minor);
	return 0;
}

static void end_line(struct lc_request *request)
{
	if (request->in_value && !request->skips_line)
		lc_strbuf_adds(&request->head, "\r\n");
	if (request->in_value)
		lc_strbuf_free(&request->name);
	request->in_value = false;
}

static int take_name(http_parser *parser, const char *text, size_t length)
{
	struct lc_request *request = &owner_of(parser)->request;

	if (need_route(request))
		return STOP;
	/* Lines after a chunked body are not asked for by any engine. */
	if (!is_create(request) || request->has_head)
		return 0;
	end_line(request);
	lc_strbuf_add(&request->name, text, length);
	return 0;
}

static void begin_value(struct lc_request *request)
{
	const char *name = request->name.text ?: "";

	request->in_value = true;
	request->skips_line = false;
	for (size_t i = 0; i < sizeof(replaced) / sizeof(replaced[0]); i++)
		request->skips_line |= strcasecmp(name, replaced[i]) == 0;
	request->expects |= strcasecmp(name, "Expect") == 0;
	if (!request->skips_line)
		lc_strbuf_addf(&request->head, "%s: ", name);
}

static int take_value(http_parser *parser, const char *text, size_t length)
{
	struct lc_request *request = &owner_of(parser)->request;

	if (!is_create(request) || request->has_head)
		return 0;
	if (!request->in_value)
		begin_value(request);
	if (!request->skips_line)
		lc_strbuf_add(&request->head, text, length);
	return 0;
}

/* Tells the caller, and has the parsing wait at the end of the head. */
static void hold(struct lc_connection *connection)
{
	struct lc_request *request = &connection->request;
	struct lc_server *server = connection->server;
	_cleanup_json_ json_t *event = json_object();

	if (lc_event_set(event, "id", request->route.id) < 0 ||
		lc_json_set(event, "number", json_integer((json_int_t)server->holds + 1)) < 0)
		return;
	request->hold = ++server->holds;
	request->phase = LC_PHASE_HELD;
	http_parser_pause(&request->parser, 1);
	lc_event_write(&server->events, LC_PROXY_ENDING, 0, request->route.signal, event);
	/* Nobody would ever let it go on. */
	if (server->events.full)
		lc_request_go_on(connection);
}

static int end_head(http_parser *parser)
{
	struct lc_connection *connection = owner_of(parser);
	struct lc_request *request = &connection->request;

	if (need_route(request))
		return STOP;
	end_line(request);
	request->has_head = true;
	request->keeps_alive = http_should_keep_alive(parser);
	if (!is_create(request)) {
		request->phase = LC_PHASE_BODY;
		request->was_passed_on = true;
		if (request->route.kind == LC_ROUTE_END && connection->server->calls->holds_ends)
			hold(connection);
		return 0;
	}
	if (request->head.failed || request->name.failed)
		return refuse(request, 503, "out of memory");
	/* ULLONG_MAX: the length is not said. */
	if (parser->content_length != ULLONG_MAX && parser->content_length > LC_PROXY_BODY_MAX)
		return refuse(request, 413, "the request to create a container is too long");
	request->phase = LC_PHASE_CREATE;
	/* HTTP/1.0 has no such thing. */
	if (request->expects && parser->http_minor > 0)
		lc_strbuf_adds(&connection->down.first, "HTTP/1.1 100 Continue\r\n\r\n");
	return 0;
}

static int take_body(http_parser *parser, const char *bytes, size_t length)
{
	struct lc_connection *connection = owner_of(parser);
	struct lc_request *request = &connection->request;

	if (request->phase != LC_PHASE_CREATE)
		return 0;
	if (request->body.length + length > LC_PROXY_BODY_MAX)
		return refuse(request, 413, "the request to create a container is too long");
	if (connection->server->held + length > HELD_MAX)
		return refuse(request, 503, "too many long requests to create containers at once");
	lc_strbuf_add(&request->body, bytes, length);
	if (request->body.failed)
		return refuse(request, 503, "out of memory");
	connection->server->held += length;
	return 0;
}

static int end_message(http_parser *parser)
{
	owner_of(parser)->request.complete = true;
	http_parser_pause(parser, 1);
	return 0;
}

static const http_parser_settings settings = {
	.on_url = take_target,
	.on_header_field = take_name,
	.on_header_value = take_value,
	.on_headers_complete = end_head,
	.on_body = take_body,
	.on_message_complete = end_message,
};

void lc_request_begin(struct lc_connection *connection)
{
	lc_request_clear(connection);
	http_parser_init(&connection->request.parser, HTTP_REQUEST);
	connection->request.parser.data = connection;
}

void lc_request_clear(struct lc_connection *connection)
{
	struct lc_request *request = &connection->request;

	connection->server->held -= request->body.length;
	lc_strbuf_free(&request->target);
	lc_strbuf_free(&request->head);
	lc_strbuf_free(&request->name);
	lc_strbuf_free(&request->body);
	lc_route_clear(&request->route);
	*request = (struct lc_request){0};
}

void lc_request_go_on(struct lc_connection *connection)
{
	struct lc_request *request = &connection->request;

	http_parser_pause(&request->parser, 0);
	request->phase = LC_PHASE_BODY;
	request->hold = 0;
}

/* The parser has stopped. */
static void refuse_unparsed(struct lc_connection *connection)
{
	struct lc_request *request = &connection->request;
	enum http_errno error = HTTP_PARSER_ERRNO(&request->parser);
	bool too_long = error == HPE_HEADER_OVERFLOW;
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_strbuf_addf(&text, "%s",
		request->why
			?: too_long ? "the request's header is too long"
				    : "the request can't be read: ");
	if (!request->status && !too_long)
		lc_strbuf_adds(&text, http_errno_description(error));
	lc_answer_refuse(connection, request->status ?: too_long ? 431 : 400, text.text ?: "");
}

/*
 * A client may speak HTTP/2 from the first byte on, as to BuildKit in newer engines. That passes unseen, and is told. *WAITS: there are too few bytes
 * to tell.
 */
static bool is_http2(const struct lc_stream *up, bool *waits)
{
	static const char preface[] = "PRI * HTTP/2.0\r\n";
	size_t length = up->end - up->start, whole = sizeof(preface) - 1;
	bool begins = memcmp(up->bytes + up->start, preface, length < whole ? length : whole) == 0;

	*waits = begins && length < whole;
	return begins && length >= whole;
}

static void pass_http2(struct lc_connection *connection)
{
	lc_event_write(&connection->server->events, LC_PROXY_BESIDE, 0, "HTTP/2", NULL);
	connection->request.phase = LC_PHASE_RAW;
	connection->answer.is_raw = true;
}

/* Marks what was parsed as what may pass, or as done with. */
static void release(struct lc_connection *connection)
{
	struct lc_stream *up = &connection->up;

	if (connection->request.phase == LC_PHASE_BODY)
		up->ready = up->seen;
	else if (connection->request.phase == LC_PHASE_CREATE)
		up->start = up->ready = up->seen;
}

static void end_request(struct lc_connection *connection)
{
	struct lc_request *request = &connection->request;
	bool create = request->phase == LC_PHASE_CREATE;

	request->phase = LC_PHASE_WAIT;
	if (create)
		lc_making_begin(connection);
}

/* Parses what has come. Whether anything was left to do. */
static bool parse(struct lc_connection *connection)
{
	struct lc_request *request = &connection->request;
	struct lc_stream *up = &connection->up;
	bool waits = false;

	if (up->seen == up->end)
		return false;
	if (request->phase == LC_PHASE_HEAD && up->seen == up->start && is_http2(up, &waits)) {
		pass_http2(connection);
		return true;
	}
	if (waits)
		return false;
	up->seen += http_parser_execute(&request->parser, &settings, up->bytes + up->seen, up->end - up->seen);
	release(connection);
	if (request->phase == LC_PHASE_HELD)
		return false;
	if (request->complete) {
		end_request(connection);
	} else if (HTTP_PARSER_ERRNO(&request->parser) != HPE_OK) {
		refuse_unparsed(connection);
	} else if (up->end - up->ready >= LC_HEAD_MAX) {
		request->status = 431;
		request->why = "the request's header is too long";
		refuse_unparsed(connection);
	}
	return true;
}

/* Begins the next request once the last one is done with on both sides. Whether that is so. */
static bool next_request(struct lc_connection *connection)
{
	if (connection->answer.is_raw && connection->request.was_passed_on) {
		connection->request.phase = LC_PHASE_RAW;
		return true;
	}
	if (!connection->answer.is_complete || !lc_stream_is_written(&connection->up) ||
		!lc_stream_is_empty(&connection->down))
		return false;
	lc_request_begin(connection);
	lc_answer_begin(connection);
	return true;
}

void lc_request_take(struct lc_connection *connection)
{
	struct lc_stream *up = &connection->up;
	bool more = true;

	while (more) {
		switch (connection->request.phase) {
		case LC_PHASE_HELD:
			more = false;
			break;
		case LC_PHASE_WAIT:
			more = next_request(connection);
			break;
		case LC_PHASE_RAW:
			up->ready = up->seen = up->end;
			more = false;
			break;
		case LC_PHASE_REFUSED:
			lc_stream_drop(up);
			more = false;
			break;
		default:
			more = parse(connection);
		}
	}
}
