/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Requests to create a container: what the caller makes of them, and what the engine says. */
#include "src/proxy/connection.h"
#include "src/proxy/rewrite.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <string.h>

/* What events say of REQUEST. NULL when out of memory. */
static json_t *new_event(const struct lc_proxy_create *request)
{
	_cleanup_json_ json_t *event = json_object();

	if (lc_json_set(event, "number", json_integer((json_int_t)request->number)) < 0 ||
		lc_event_set(event, "name", request->name) < 0 || lc_event_set(event, "image", request->image) < 0 ||
		lc_event_set(event, "project", request->project) < 0 ||
		lc_event_set(event, "service", request->service) < 0)
		return NULL;
	return json_incref(event);
}

/* Passes the request on, with BODY for a body. */
static void pass_on(struct lc_connection *connection, const char *body, size_t length)
{
	struct lc_strbuf *out = &connection->up.first;

	lc_strbuf_add(out, connection->request.head.text, connection->request.head.length);
	lc_strbuf_addf(out, "Content-Length: %zu\r\n\r\n", length);
	lc_strbuf_add(out, body, length);
	if (out->failed) {
		lc_strbuf_free(out);
		lc_making_end(connection, 0);
		lc_answer_error(connection, 503, "out of memory");
		return;
	}
	connection->request.was_passed_on = true;
}

/* The caller's word on REQUEST: 0 and a body, or an HTTP status and the message. */
static int ask(struct lc_connection *connection, const struct lc_proxy_create *request, struct lc_strbuf *body)
{
	const struct lc_proxy_calls *calls = connection->server->calls;
	int ret = calls->create(calls->context, request, body);

	if (ret == 0 && body->failed)
		ret = -ENOMEM;
	if (ret >= 0)
		return ret == 0 || (ret >= 400 && ret <= 599) ? ret : 500;
	lc_strbuf_free(body);
	lc_strbuf_adds(body, strerror(-ret));
	return 500;
}

/* Fills REQUEST, and has the caller decide. As ask. */
static int decide(struct lc_connection *connection, struct lc_proxy_create *request, struct lc_strbuf *body)
{
	_cleanup_(lc_document_clear) struct lc_document document = {0};
	int ret = lc_document_read(&document, request->body, request->length, body);

	if (ret == 0)
		ret = lc_create_describe(request, &document, body);
	if (ret == -EBADMSG)
		ret = 400;
	else if (ret == 0)
		ret = ask(connection, request, body);
	else
		ret = 503;
	connection->making.event = new_event(request);
	return connection->making.event ? ret : 503;
}

void lc_making_begin(struct lc_connection *connection)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	struct lc_making *making = &connection->making;
	struct lc_request *asked = &connection->request;
	struct lc_proxy_create request = {
		.api = asked->route.api,
		.number = ++connection->server->creates,
		.method = http_method_str((enum http_method)asked->parser.method),
		.target = asked->target.text,
		.name = asked->route.name,
		.body = asked->body.text ?: "",
		.length = asked->body.length,
	};
	int status = decide(connection, &request, &body);

	making->is_pending = true;
	making->number = request.number;
	if (status == 0) {
		pass_on(connection, body.length ? body.text : request.body, body.length ? body.length : request.length);
		return;
	}
	making->is_pending = false;
	lc_event_write(
		&connection->server->events, LC_PROXY_FAILED, status, body.text ?: "out of memory", making->event);
	json_decref(making->event);
	making->event = NULL;
	lc_answer_error(connection, status, body.text ?: "out of memory");
}

/* Tells both the caller and the events about the end. */
static void tell(struct lc_connection *connection, int status, const json_t *answer)
{
	const struct lc_proxy_calls *calls = connection->server->calls;
	const char *id = status == 201 ? json_string_value(json_object_get(answer, "Id")) : NULL;
	const char *text = json_string_value(json_object_get(answer, "message"));
	json_t *event = connection->making.event;

	if (calls->created)
		calls->created(calls->context, connection->making.number, status, id);
	if (!status)
		text = "the engine did not answer";
	if (id && lc_event_set(event, "id", id) == 0)
		lc_event_write(&connection->server->events, LC_PROXY_CREATED, status, NULL, event);
	else
		lc_event_write(&connection->server->events, LC_PROXY_FAILED, status, text, event);
}

void lc_making_end(struct lc_connection *connection, int status)
{
	struct lc_making *making = &connection->making;
	_cleanup_json_ json_t *answer = NULL;

	if (!making->is_pending)
		return;
	answer = json_loadb(making->answer.text ?: "", making->answer.length, 0, NULL);
	tell(connection, status, answer);
	json_decref(making->event);
	lc_strbuf_free(&making->answer);
	*making = (struct lc_making){0};
}

void lc_making_refused(struct lc_connection *connection, int status, const char *text)
{
	lc_event_write(&connection->server->events, LC_PROXY_FAILED, status, text, NULL);
}

void lc_making_note(struct lc_connection *connection, int status)
{
	const struct lc_route *route = &connection->request.route;
	struct lc_event_writer *events = &connection->server->events;
	_cleanup_json_ json_t *event = json_object();

	/* 304: it runs already. */
	if (status >= 400)
		return;
	if (route->kind == LC_ROUTE_START && lc_event_set(event, "id", route->id) == 0)
		lc_event_write(events, LC_PROXY_STARTED, status, NULL, event);
	else if (route->kind == LC_ROUTE_BESIDE)
		lc_event_write(events, LC_PROXY_BESIDE, status, route->path, NULL);
}
