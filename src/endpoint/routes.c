/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be asked for, as a table, and who may ask. */
#include "answer.h"
#include "server.h"

#include <leastcap/clock.h>

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define METRICS_KEPT_MS  1000
#define TYPE_PROMETHEUS  "text/plain; version=0.0.4; charset=utf-8"
#define TYPE_OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"

/* A request, from its first call on. */
struct request {
	struct lc_server *server;
	struct MHD_Connection *connection;
	bool is_again; /* it has waited for its page */
};

static const char *header(const struct request *request, const char *name)
{
	return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

/* The text of all metrics, in the format that is asked for. */
static enum MHD_Result answer_metrics(const struct request *request)
{
	struct lc_server *server = request->server;
	const char *accept = header(request, MHD_HTTP_HEADER_ACCEPT);
	bool openmetrics = accept && strstr(accept, "application/openmetrics-text");
	struct lc_made_metrics *made = &server->made[openmetrics];
	int64_t now = lc_clock_ms(CLOCK_MONOTONIC);

	if (!made->answer || now - made->made_ms >= METRICS_KEPT_MS) {
		struct lc_strbuf body = {0};

		lc_metrics_add(&body, &server->metrics, openmetrics);
		if (made->answer)
			MHD_destroy_response(made->answer);
		made->answer = lc_answer_make(&body, openmetrics ? TYPE_OPENMETRICS : TYPE_PROMETHEUS, NULL);
		made->made_ms = now;
	}
	if (!made->answer)
		return MHD_NO;
	return MHD_queue_response(request->connection, MHD_HTTP_OK, made->answer);
}

static enum MHD_Result answer_healthz(const struct request *request)
{
	return lc_answer_line(request->connection, MHD_HTTP_OK, "alive", NULL, NULL);
}

static enum MHD_Result answer_readyz(const struct request *request)
{
	const char *reason = request->server->metrics.state.not_ready;

	return lc_answer_line(request->connection, *reason ? MHD_HTTP_SERVICE_UNAVAILABLE : MHD_HTTP_OK,
		*reason ? reason : "ready", NULL, NULL);
}

/* Has REQUEST wait until PAGE is made. */
static enum MHD_Result wait_for(const struct request *request, enum lc_page page)
{
	struct lc_waiter *waiter = malloc(sizeof(*waiter));

	if (!waiter)
		return MHD_NO;
	*waiter = (struct lc_waiter){request->server->waiters, request->connection, page};
	request->server->waiters = waiter;
	MHD_suspend_connection(request->connection);
	return MHD_YES;
}

static enum MHD_Result answer_page(const struct request *request, enum lc_page page)
{
	struct lc_pages *pages = &request->server->pages;
	const char *known = header(request, MHD_HTTP_HEADER_IF_NONE_MATCH);
	char etag[LC_ETAG_SIZE];
	struct MHD_Response *answer;

	if (!pages->published)
		return lc_answer_line(request->connection, MHD_HTTP_SERVICE_UNAVAILABLE, "nothing is published yet",
			MHD_HTTP_HEADER_RETRY_AFTER, "1");
	lc_pages_etag(pages, etag);
	if (known && strstr(known, etag))
		return lc_answer_not_modified(request->connection, etag);
	/* Who has waited takes what there is, or waits for ever where much is new. */
	if (request->is_again)
		answer = lc_pages_last(pages, page);
	else
		answer = lc_pages_get(pages, page, lc_clock_ms(CLOCK_MONOTONIC));
	if (answer)
		return MHD_queue_response(request->connection, MHD_HTTP_OK, answer);
	if (!request->is_again)
		return wait_for(request, page);
	return lc_answer_line(
		request->connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "this cannot be made now", NULL, NULL);
}

static enum MHD_Result answer_report(const struct request *request)
{
	return answer_page(request, LC_PAGE_REPORT);
}

static enum MHD_Result answer_profiles(const struct request *request)
{
	return answer_page(request, LC_PAGE_PROFILE);
}

static const struct route {
	const char *path;
	enum MHD_Result (*answer)(const struct request *request);
	bool is_long; /* the answer may be more than a connection takes at once */
	bool is_open; /* nothing is told about anybody, so that no token is wanted: a probe has none */
} routes[] = {
	{"/", answer_report, true, false},
	{"/metrics", answer_metrics, true, false},
	{"/profiles", answer_profiles, true, false},
	{"/healthz", answer_healthz, false, true},
	{"/readyz", answer_readyz, false, true},
};

static const struct route *find_route(const char *path)
{
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++) {
		if (strcmp(routes[i].path, path) == 0)
			return &routes[i];
	}
	return NULL;
}

/* Whoever reaches a UNIX socket may: its mode says so. */
static bool is_by_network(const struct request *request)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	return !info || !info->client_addr || info->client_addr->sa_family != AF_UNIX;
}

/* Answers REQUEST with why it may not, for ROUTE (NULL: there is none such). True where it may, and nothing was answered. */
static bool may(const struct request *request, const struct route *route, const char *method, enum MHD_Result *answer)
{
	const struct lc_access *access = &request->server->access;
	bool by_network = is_by_network(request);

	if (by_network && !access->has_token && !lc_access_is_local_name(header(request, MHD_HTTP_HEADER_HOST)))
		*answer = lc_answer_line(request->connection, MHD_HTTP_MISDIRECTED_REQUEST,
			"this is asked as localhost or by its address, and by no other name", NULL, NULL);
	else if (by_network && access->has_token && !(route && route->is_open) &&
		 !lc_access_shows_token(access, header(request, MHD_HTTP_HEADER_AUTHORIZATION)))
		*answer = lc_answer_line(request->connection, MHD_HTTP_UNAUTHORIZED, "a token is wanted",
			MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Bearer realm=\"leastcap\"");
	else if (!route)
		*answer = lc_answer_line(request->connection, MHD_HTTP_NOT_FOUND,
			"there is nothing here, but at /, /metrics, /profiles, /healthz and /readyz", NULL, NULL);
	else if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		*answer = lc_answer_line(request->connection, MHD_HTTP_METHOD_NOT_ALLOWED, "this can only be read",
			MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	else if (route->is_long && !lc_clients_may_answer(&request->server->clients, lc_clock_ms(CLOCK_MONOTONIC)))
		*answer = lc_answer_line(request->connection, MHD_HTTP_SERVICE_UNAVAILABLE, "too many ask at once",
			MHD_HTTP_HEADER_RETRY_AFTER, "1");
	else
		return true;
	return false;
}

static void note_that_asked(struct MHD_Connection *connection)
{
	struct lc_client *client = lc_server_client(connection);

	if (client) {
		client->is_asking = false;
		client->since_ms = lc_clock_ms(CLOCK_MONOTONIC);
	}
}

enum MHD_Result lc_routes_answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_size, void **state)
{
	static const char waited;
	const struct request request = {.server = cls, .connection = connection, .is_again = *state != NULL};
	const struct route *route = find_route(url);
	enum MHD_Result answer = MHD_NO;

	(void)version;
	(void)upload;
	(void)upload_size;
	if (request.is_again)
		return route ? route->answer(&request) : MHD_NO;
	note_that_asked(connection);
	*state = (void *)&waited;
	return may(&request, route, method, &answer) ? route->answer(&request) : answer;
}
