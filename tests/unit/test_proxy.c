/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What passes through the proxy, and what does not: bytes, requests to create containers, streams in both directions. */
#include "tests/unit/proxy_engine.h"

#define CAPS   "\"HostConfig\":{\"CapAdd\":[\"CHOWN\"],\"CapDrop\":[\"ALL\"]}"
#define LABEL  "\"Labels\":{\"leastcap.prove\":\"t1\"}"
#define BODY   "{\"Image\":\"web\"}"
#define MADE   "{\"Image\":\"web\"," CAPS "," LABEL "}"
#define ANSWER "{\"Id\":\"0123abc\",\"Warnings\":[]}"

static void passes_bytes_as_they_are(void **state)
{
	static const char request[] =
		"GET  /v1.41/containers/json?all=1&x=%20 HTTP/1.1\r\nhost:docker\r\nX-Odd:   \tyes \r\n\r\n";
	static const char answer[] = "HTTP/1.1 200 Fine  indeed\r\nX-A:b\r\nContent-Length:   2\r\n\r\n[]";
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, request);
	engine = accept_at_engine(proxied);
	hear(engine, request);
	say(engine, answer);
	hear(client, answer);
	/* The connection stays. */
	say(client, "HEAD /_ping HTTP/1.1\r\n\r\n");
	hear(engine, "HEAD /_ping HTTP/1.1\r\n\r\n");
	say(engine, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
	hear(client, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
	say(client, "GET /info HTTP/1.1\r\n\r\n");
	hear(engine, "GET /info HTTP/1.1\r\n\r\n");
	say(engine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
	hear(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
	say(engine, "0\r\nX-Trailer: t\r\n\r\n");
	hear(client, "0\r\nX-Trailer: t\r\n\r\n");
	say(client, "GET /version HTTP/1.1\r\n\r\n");
	hear(engine, "GET /version HTTP/1.1\r\n\r\n");
}

/* Says a request to create with BODY, and that its Content-Length is right. */
static void say_create(int fd, const char *target, const char *headers, const char *body)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_strbuf_addf(&text, "POST %s HTTP/1.1\r\nHost: docker\r\n%sContent-Length: %zu\r\n\r\n%s", target, headers,
		strlen(body), body);
	say(fd, text.text);
}

/* What the engine has to be told then: the Content-Length comes last. */
static void hear_create(int fd, const char *target, const char *headers, const char *body)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_strbuf_addf(&text, "POST %s HTTP/1.1\r\nHost: docker\r\n%sContent-Length: %zu\r\n\r\n%s", target, headers,
		strlen(body), body);
	hear(fd, text.text);
}

static void say_answer(int fd, int status, const char *body)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_strbuf_addf(&text, "HTTP/1.1 %d Some\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body);
	say(fd, text.text);
}

static void hear_answer(int fd, int status, const char *body)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_strbuf_addf(&text, "HTTP/1.1 %d Some\r\nContent-Length: %zu\r\n\r\n%s", status, strlen(body), body);
	hear(fd, text.text);
}

static void writes_a_container_anew(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;
	struct lc_proxy_event event;

	say_create(client, "/v1.41/containers/create?name=w", "X-Kept: a, b\r\n", BODY);
	engine = accept_at_engine(proxied);
	hear_create(engine, "/v1.41/containers/create?name=w", "X-Kept: a, b\r\n", MADE);
	say_answer(engine, 201, ANSWER);
	hear_answer(client, 201, ANSWER);
	event = next_event(proxied, LC_PROXY_CREATED);
	assert_string_equal(event.id, "0123abc");
	assert_string_equal(event.name, "w");
	assert_string_equal(event.image, "web");
	assert_true(event.number == 1 && event.status == 201);
	/* And the next one on the same connection, in libpod's words. */
	say_create(client, "/v4.3.1/libpod/containers/create", "", "{\"name\":\"n\",\"r\":18446744073709551615}");
	hear_create(engine, "/v4.3.1/libpod/containers/create", "",
		"{\"name\":\"n\",\"r\":18446744073709551615,\"cap_add\":[\"CAP_CHOWN\"],\"cap_drop\":[\"ALL\"],\"labels\":{\"leastcap.prove\":\"t1\"}}");
	say_answer(engine, 500, "{\"message\":\"no room\"}");
	hear_answer(client, 500, "{\"message\":\"no room\"}");
	event = next_event(proxied, LC_PROXY_FAILED);
	assert_string_equal(event.text, "no room");
	assert_string_equal(event.name, "n");
	assert_true(event.number == 2 && event.status == 500);
}

static void takes_a_body_in_chunks(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client,
		"POST /containers/create HTTP/1.1\r\nHost: docker\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n");
	say(client, "5\r\n{\"Ima\r\n");
	hear_nothing(proxied->listener);
	say(client, "a;ext=1\r\nge\":\"web\"}\r\n0\r\nX-T: 1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear_create(engine, "/containers/create", "", MADE);
	say(engine, "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n");
	say(engine, "e\r\n{\"Id\":\"0123abc\r\n2\r\n\"}\r\n0\r\n\r\n");
	hear(client,
		"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\ne\r\n{\"Id\":\"0123abc\r\n2\r\n\"}\r\n0\r\n\r\n");
	assert_string_equal(next_event(proxied, LC_PROXY_CREATED).id, "0123abc");
}

static void keeps_a_body_that_the_caller_leaves(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say_create(client, "/containers/create", "", " { \"Image\" : \"same\" , \"n\" : 1.0 } ");
	engine = accept_at_engine(proxied);
	hear_create(engine, "/containers/create", "", " { \"Image\" : \"same\" , \"n\" : 1.0 } ");
}

/* Requests that come at once are answered in order, and one to create is found among them. */
static void takes_requests_that_come_at_once(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client,
		"POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\n\r\nPOST /containers/create HTTP/1.1\r\nHost: docker\r\nContent-Length: 15\r\n\r\n" BODY
		"GET /c HTTP/1.1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "POST /a HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc");
	say_answer(engine, 200, "a");
	hear_answer(client, 200, "a");
	hear(engine, "GET /b HTTP/1.1\r\n\r\n");
	say_answer(engine, 204, "");
	hear_answer(client, 204, "");
	hear_create(engine, "/containers/create", "", MADE);
	say_answer(engine, 201, ANSWER);
	hear_answer(client, 201, ANSWER);
	hear(engine, "GET /c HTTP/1.1\r\n\r\n");
	say_answer(engine, 200, "c");
	hear_answer(client, 200, "c");
}

/* Who asks whether to go on is told so by the engine; by the proxy, where that needs the whole body first. */
static void says_that_a_body_may_come(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, "POST /images/load HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "POST /images/load HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
	hear_nothing(client);
	say(engine, "HTTP/1.1 100 Continue\r\n\r\n");
	hear(client, "HTTP/1.1 100 Continue\r\n\r\n");
	say(client, "abc");
	hear(engine, "abc");
	say_answer(engine, 200, "x");
	hear_answer(client, 200, "x");
	say(client,
		"POST /containers/create HTTP/1.1\r\nHost: docker\r\nExpect: 100-continue\r\nContent-Length: 15\r\n\r\n");
	hear(client, "HTTP/1.1 100 Continue\r\n\r\n");
	say(client, BODY);
	hear_create(engine, "/containers/create", "", MADE);
	say_answer(engine, 201, ANSWER);
	hear_answer(client, 201, ANSWER);
}

#define UPGRADE                                                                                                        \
	"POST /v1.41/exec/1/start HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 14\r\n\r\n{\"Tty\":false }"
#define UPGRADED "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"

/* Each direction ends by itself, as docker exec -i has it. */
static void passes_a_hijacked_connection(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, UPGRADE);
	engine = accept_at_engine(proxied);
	hear(engine, UPGRADE);
	say(engine, UPGRADED "early");
	hear(client, UPGRADED "early");
	/* Nothing is read in this, not even what looks like a request to create. */
	say(client, "POST /containers/create HTTP/1.1\r\n\r\n\r\n\r\n");
	hear(engine, "POST /containers/create HTTP/1.1\r\n\r\n\r\n\r\n");
	shutdown(client, SHUT_WR);
	hear_end(engine);
	hear_nothing(client);
	say(engine, "late");
	hear(client, "late");
	shutdown(engine, SHUT_WR);
	hear_end(client);
}

static void passes_the_other_half_too(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, UPGRADE);
	engine = accept_at_engine(proxied);
	hear(engine, UPGRADE);
	say(engine, UPGRADED);
	shutdown(engine, SHUT_WR);
	hear(client, UPGRADED);
	hear_end(client);
	say(client, "still");
	hear(engine, "still");
	hear_nothing(engine);
	shutdown(client, SHUT_WR);
	hear_end(engine);
}

/* Before "Upgrade" an answer without a length was all that told that a connection is hijacked. */
static void passes_a_hijacked_connection_of_old(void **state)
{
#define RAW "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n"
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, "POST /containers/w/attach?stdin=1&stream=1 HTTP/1.1\r\n\r\nno HTTP");
	engine = accept_at_engine(proxied);
	hear(engine, "POST /containers/w/attach?stdin=1&stream=1 HTTP/1.1\r\n\r\n");
	hear_nothing(engine);
	say(engine, RAW);
	hear(client, RAW);
	hear(engine, "no HTTP");
	shutdown(client, SHUT_WR);
	hear_end(engine);
	say(engine, "out");
	hear(client, "out");
	close(engine);
	engine = -1;
	hear_end(client);
}

static void goes_on_after_a_refused_upgrade(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, UPGRADE);
	engine = accept_at_engine(proxied);
	hear(engine, UPGRADE);
	say_answer(engine, 404, "none");
	hear_answer(client, 404, "none");
	say_create(client, "/containers/create", "", BODY);
	hear_create(engine, "/containers/create", "", MADE);
}

/* The engine's answer goes through at once, also when it comes before the request's end. */
static void passes_an_answer_before_the_requests_end(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, "POST /build HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "POST /build HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
	say(engine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
	hear(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n");
	say(client, "0\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
	hear(engine, "0\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
}

static void tells_the_engine_that_a_client_has_gone(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, "GET /containers/w/logs?follow=1 HTTP/1.1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "GET /containers/w/logs?follow=1 HTTP/1.1\r\n\r\n");
	say(engine, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
	hear(client, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
	hear_nothing(engine);
	close(client);
	client = -1;
	hear_end(engine);
}

/* What was sent before is delivered all the same. */
static void delivers_the_last_words_of_a_client(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int engine = -1;
	int client = connect_client(proxied);

	say(client, "POST /containers/w/stop HTTP/1.1\r\n\r\n");
	close(client);
	engine = accept_at_engine(proxied);
	hear(engine, "POST /containers/w/stop HTTP/1.1\r\n\r\n");
	hear_end(engine);
}

/* A container that is being made is waited for, because its id would be lost. */
static void waits_for_a_container_whose_client_has_gone(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say_create(client, "/containers/create", "", BODY);
	engine = accept_at_engine(proxied);
	hear_create(engine, "/containers/create", "", MADE);
	close(client);
	client = -1;
	hear_nothing(engine);
	say_answer(engine, 201, ANSWER);
	assert_string_equal(next_event(proxied, LC_PROXY_CREATED).id, "0123abc");
	hear_end(engine);
}

static void tells_of_a_container_that_the_engine_never_answered_for(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;
	struct lc_proxy_event event;

	say_create(client, "/containers/create?name=w", "", BODY);
	engine = accept_at_engine(proxied);
	hear_create(engine, "/containers/create?name=w", "", MADE);
	close(engine);
	engine = -1;
	hear_end(client);
	event = next_event(proxied, LC_PROXY_FAILED);
	assert_string_equal(event.text, "the engine did not answer");
	assert_string_equal(event.name, "w");
	assert_int_equal(event.status, 0);
}

static void passes_the_engines_end_to_an_idle_client(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, "GET /a HTTP/1.1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "GET /a HTTP/1.1\r\n\r\n");
	say_answer(engine, 200, "a");
	hear_answer(client, 200, "a");
	hear_nothing(client);
	close(engine);
	engine = -1;
	hear_end(client);
}

/* From its first byte on, in pieces too. A request that only begins alike is one. */
static void passes_http2_and_tells_of_it(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), other = connect_client(proxied), engine = -1,
			 others_engine = -1;

	say(client, "PRI * HT");
	hear_nothing(proxied->listener);
	say(client, "TP/2.0\r\n\r\nSM\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
	say(engine, "any");
	hear(client, "any");
	assert_string_equal(next_event(proxied, LC_PROXY_BESIDE).text, "HTTP/2");
	say(other, "P");
	hear_nothing(proxied->listener);
	say(other, "OST /a HTTP/1.1\r\n\r\n");
	others_engine = accept_at_engine(proxied);
	hear(others_engine, "POST /a HTTP/1.1\r\n\r\n");
}

static void tells_of_starts_and_of_what_it_can_not_see(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;
	struct lc_proxy_event event;

	say(client, "POST /v1.41/containers/we%62/start HTTP/1.1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "POST /v1.41/containers/we%62/start HTTP/1.1\r\n\r\n");
	say_answer(engine, 204, "");
	hear_answer(client, 204, "");
	event = next_event(proxied, LC_PROXY_STARTED);
	assert_string_equal(event.id, "web");
	say(client, "POST /v1.41/containers/none/start HTTP/1.1\r\n\r\n");
	hear(engine, "POST /v1.41/containers/none/start HTTP/1.1\r\n\r\n");
	say_answer(engine, 404, "");
	hear_answer(client, 404, "");
	say(client, "POST /v1.41/services/create HTTP/1.1\r\n\r\n");
	hear(engine, "POST /v1.41/services/create HTTP/1.1\r\n\r\n");
	say_answer(engine, 201, "{}");
	hear_answer(client, 201, "{}");
	assert_string_equal(next_event(proxied, LC_PROXY_BESIDE).text, "services/create");
}

/* A proxy whose caller looks at containers before they end. */
static int hold_ends(void **state)
{
	static const struct lc_proxy_calls calls = {.create = create_container, .context = trial, .holds_ends = true};
	_cleanup_free_ char *message = NULL;
	int r = start_proxy(state);

	return r ? r : lc_proxy_start(((struct proxied *)*state)->proxy, &calls, &message);
}

static void holds_what_ends_a_container(void **state)
{
	static const struct {
		const char *request, *id, *signal;
	} ends[] = {
		{"POST /v1.41/containers/web/stop?t=3 HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "web", NULL},
		{"POST /containers/0123abc/kill?signal=INT HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "0123abc", "INT"},
		{"DELETE /v1.41/libpod/containers/we%62?force=1 HTTP/1.1\r\n\r\n", "web", NULL},
	};
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;

	say(client, "GET /_ping HTTP/1.1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "GET /_ping HTTP/1.1\r\n\r\n");
	say_answer(engine, 200, "OK");
	hear_answer(client, 200, "OK");
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct lc_proxy_event event;

		say(client, ends[i].request);
		event = next_event(proxied, LC_PROXY_ENDING);
		assert_string_equal(event.id, ends[i].id);
		assert_string_equal(event.text ?: "none", ends[i].signal ?: "none");
		assert_int_equal(event.number, i + 1);
		hear_nothing(engine);
		lc_proxy_go_on(proxied->proxy, event.number);
		hear(engine, ends[i].request);
		say_answer(engine, 204, "");
		hear_answer(client, 204, "");
	}
}

static void what_is_held_is_not_lost_with_its_client(void **state)
{
	static const char request[] = "DELETE /containers/web HTTP/1.1\r\n\r\n";
	const struct proxied *proxied = *state;
	int client = connect_client(proxied);
	_cleanup_fd_ int engine = -1;
	struct lc_proxy_event event;

	say(client, request);
	event = next_event(proxied, LC_PROXY_ENDING);
	close(client);
	/* Others go on meanwhile, and a number that nobody has changes nothing. */
	lc_proxy_go_on(proxied->proxy, event.number + 1);
	hear_nothing(proxied->listener);
	lc_proxy_go_on(proxied->proxy, event.number);
	engine = accept_at_engine(proxied);
	hear(engine, request);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start_proxy, stop_proxy)
	const struct CMUnitTest tests[] = {
		TEST(passes_bytes_as_they_are),
		TEST(writes_a_container_anew),
		TEST(takes_a_body_in_chunks),
		TEST(keeps_a_body_that_the_caller_leaves),
		TEST(takes_requests_that_come_at_once),
		TEST(says_that_a_body_may_come),
		TEST(passes_a_hijacked_connection),
		TEST(passes_the_other_half_too),
		TEST(passes_a_hijacked_connection_of_old),
		TEST(goes_on_after_a_refused_upgrade),
		TEST(passes_an_answer_before_the_requests_end),
		TEST(tells_the_engine_that_a_client_has_gone),
		TEST(delivers_the_last_words_of_a_client),
		TEST(waits_for_a_container_whose_client_has_gone),
		TEST(tells_of_a_container_that_the_engine_never_answered_for),
		TEST(passes_the_engines_end_to_an_idle_client),
		TEST(passes_http2_and_tells_of_it),
		TEST(tells_of_starts_and_of_what_it_can_not_see),
		cmocka_unit_test_setup_teardown(holds_what_ends_a_container, hold_ends, stop_proxy),
		cmocka_unit_test_setup_teardown(what_is_held_is_not_lost_with_its_client, hold_ends, stop_proxy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
