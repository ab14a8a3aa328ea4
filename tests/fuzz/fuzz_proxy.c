/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Feeds the proxy with what clients and engines send, and rewriting with bodies. The first byte tells which. A conversation is pieces, each with a
 * byte that tells who speaks and one with the length.
 */
#include "served.h"

#include "src/proxy/connection.h"
#include "src/proxy/document.h"

#include <leastcap/cleanup.h>

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define LABEL "fuzzed"

/* Whatever is left to be moved has to be after so many times. */
#define MOVES_MAX 100000

static int create(void *context, const struct lc_proxy_create *request, struct lc_strbuf *body)
{
	const struct lc_proxy_rewrite how = {.add = 1, .label = LABEL};

	(void)context;
	return lc_proxy_rewrite(request, &how, body);
}

/* What is written can be read, and stays the same when it is written once more. */
static void try_rewriting(const uint8_t *input, size_t size)
{
	const struct lc_proxy_rewrite how = {.add = 1, .label = LABEL, .unprivileged = true};
	struct lc_proxy_create request = {.api = LC_PROXY_DOCKER, .body = (const char *)input, .length = size};

	for (int api = LC_PROXY_DOCKER; api <= LC_PROXY_LIBPOD; api++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf once = {0}, twice = {0};
		struct lc_proxy_create again = {.api = (enum lc_proxy_api)api};

		request.api = (enum lc_proxy_api)api;
		if (lc_proxy_rewrite(&request, &how, &once) != 0)
			continue;
		again.body = once.text;
		again.length = once.length;
		if (lc_proxy_rewrite(&again, &how, &twice) != 0 || strcmp(once.text, twice.text) != 0)
			abort();
	}
}

/* What the engine was sent, as it reads it. */
struct heard {
	http_parser parser;
	struct lc_strbuf target, body;
};

static int hear_target(http_parser *parser, const char *text, size_t length)
{
	lc_strbuf_add(&((struct heard *)parser->data)->target, text, length);
	return 0;
}

static int hear_body(http_parser *parser, const char *text, size_t length)
{
	lc_strbuf_add(&((struct heard *)parser->data)->body, text, length);
	return 0;
}

/* No request to create a container comes through without the label. */
static int hear_end(http_parser *parser)
{
	struct heard *heard = parser->data;
	struct lc_route route;

	lc_route_read(&route, http_method_str((enum http_method)parser->method), heard->target.text ?: "");
	if (route.kind == LC_ROUTE_CREATE && !strstr(heard->body.text ?: "", LABEL))
		abort();
	lc_route_clear(&route);
	lc_strbuf_free(&heard->target);
	lc_strbuf_free(&heard->body);
	return 0;
}

static const http_parser_settings hears = {
	.on_url = hear_target, .on_body = hear_body, .on_message_complete = hear_end};

struct conversation {
	struct lc_server server;
	struct lc_connection *connection;
	struct heard heard;
	int client, engine; /* our ends */
};

/* Takes what has come to our ends. */
static void drain(struct conversation *conversation)
{
	char bytes[65536];
	ssize_t length;

	while (recv(conversation->client, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
	while ((length = recv(conversation->engine, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		/* Another protocol is not followed. */
		if (conversation->connection->answer.is_raw)
			continue;
		http_parser_execute(&conversation->heard.parser, &hears, bytes, (size_t)length);
	}
}

/* Whether the connection is over. */
static bool move(struct conversation *conversation)
{
	struct lc_connection *connection = conversation->connection;
	enum lc_progress progress = LC_PROGRESS_MORE;

	for (int i = 0; progress == LC_PROGRESS_MORE && i < MOVES_MAX; i++) {
		connection->client.readable = connection->client.writable = true;
		connection->engine.readable = connection->engine.writable = true;
		progress = lc_connection_move(connection);
		drain(conversation);
	}
	if (progress == LC_PROGRESS_MORE)
		abort();
	return progress == LC_PROGRESS_OVER;
}

static bool talk(struct conversation *conversation, const uint8_t *input, size_t size)
{
	while (size > 2) {
		size_t length = input[1] < size - 2 ? input[1] : size - 2;

		send(input[0] & 1 ? conversation->engine : conversation->client, input + 2, length,
			MSG_DONTWAIT | MSG_NOSIGNAL);
		if (move(conversation))
			return true;
		input += 2 + length;
		size -= 2 + length;
	}
	return false;
}

static void try_conversation(const uint8_t *input, size_t size)
{
	static const struct lc_proxy_calls calls = {.create = create};
	struct conversation conversation = {.server = {.engine = "/nonexistent", .calls = &calls}};
	int client[2], engine[2];

	conversation.server.epoll = epoll_create1(EPOLL_CLOEXEC);
	conversation.server.events.fd = memfd_create("events", MFD_CLOEXEC);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, client) ||
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, engine))
		abort();
	conversation.client = client[0];
	conversation.engine = engine[0];
	conversation.connection = lc_connection_new(&conversation.server, client[1]);
	if (!conversation.connection)
		abort();
	conversation.connection->engine.fd = engine[1];
	http_parser_init(&conversation.heard.parser, HTTP_REQUEST);
	conversation.heard.parser.data = &conversation.heard;
	if (!talk(&conversation, input, size)) {
		/* When both have gone nothing keeps it. */
		shutdown(client[0], SHUT_RDWR);
		shutdown(engine[0], SHUT_RDWR);
		conversation.connection->client.gone = conversation.connection->engine.gone = true;
		if (!move(&conversation))
			abort();
	}
	lc_connection_free(conversation.connection);
	if (conversation.server.held)
		abort();
	lc_strbuf_free(&conversation.heard.target);
	lc_strbuf_free(&conversation.heard.body);
	close(client[0]);
	close(engine[0]);
	close(conversation.server.epoll);
	close(conversation.server.events.fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	if (size && input[0] & 1)
		try_conversation(input + 1, size - 1);
	else if (size)
		try_rewriting(input + 1, size - 1);
	return 0;
}
