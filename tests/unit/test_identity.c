/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the resolver against a small engine of our own on a UNIX socket: good answers, bad ones, late ones and none. */
#include "src/identity/identity.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define ID              "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SHORT_ID        "0123456789ab"
#define CONNECTIONS_MAX 64

#define OK        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
#define NOT_FOUND "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n{\"message\":\"No such container\"}"
#define WEB       OK "{\"Id\":\"@\",\"Name\":\"/web\",\"Config\":{\"Image\":\"nginx:1.22\"}}"

/* An engine that gives the same answer to everybody. */
struct engine {
	char directory[32];
	char path[64];
	const char *answer; /* '@' becomes the id that was asked for */
	int delay_ms;
	bool hangs;   /* never answers */
	bool endless; /* goes on after the answer until the client hangs up */
	int listener;
	pthread_t thread;
	bool runs;
	int connections[CONNECTIONS_MAX];
	size_t n_connections;
	char asked[256]; /* the first line of the last request */
	int n_asked;
};

struct fixture {
	struct engine engine;
	struct lc_identity *identity;
	struct lc_target target;
	struct lc_log log;
	char *messages;
	size_t messages_length;
};

static bool read_request(struct engine *engine, int connection)
{
	char text[2048];
	size_t length = 0;
	ssize_t n;

	do {
		n = recv(connection, text + length, sizeof(text) - 1 - length, 0);
		if (n <= 0)
			return false;
		length += (size_t)n;
		text[length] = '\0';
	} while (!strstr(text, "\r\n\r\n"));
	snprintf(engine->asked, sizeof(engine->asked), "%.*s", (int)strcspn(text, "\r"), text);
	engine->n_asked++;
	return true;
}

static void send_answer(const struct engine *engine, int connection)
{
	const char *id = strstr(engine->asked, "/containers/") + strlen("/containers/");
	const char *rest = engine->answer;
	size_t length;

	for (;;) {
		length = strcspn(rest, "@");
		send(connection, rest, length, MSG_NOSIGNAL);
		if (!rest[length])
			break;
		send(connection, id, strcspn(id, "/"), MSG_NOSIGNAL);
		rest += length + 1;
	}
	while (engine->endless && send(connection, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 32, MSG_NOSIGNAL) > 0)
		;
}

static void *serve(void *owner)
{
	struct engine *engine = owner;
	int connection;

	while ((connection = accept(engine->listener, NULL, NULL)) >= 0) {
		if (engine->hangs && engine->n_connections < CONNECTIONS_MAX) {
			engine->connections[engine->n_connections++] = connection;
			continue;
		}
		if (read_request(engine, connection)) {
			poll(NULL, 0, engine->delay_ms);
			send_answer(engine, connection);
		}
		close(connection);
	}
	return NULL;
}

static void start_engine(struct fixture *f, const char *answer)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct engine *engine = &f->engine;

	engine->answer = answer;
	engine->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(engine->listener >= 0);
	strcpy(address.sun_path, engine->path);
	assert_int_equal(bind(engine->listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(engine->listener, CONNECTIONS_MAX), 0);
	assert_int_equal(pthread_create(&engine->thread, NULL, serve, engine), 0);
	engine->runs = true;
}

static void stop_engine(struct engine *engine)
{
	if (!engine->runs)
		return;
	shutdown(engine->listener, SHUT_RDWR);
	pthread_join(engine->thread, NULL);
	close(engine->listener);
	while (engine->n_connections > 0)
		close(engine->connections[--engine->n_connections]);
	engine->runs = false;
}

static struct lc_target container(const char *engine)
{
	return (struct lc_target){
		.kind = LC_TARGET_CONTAINER, .id = strdup(ID), .engine = engine ? strdup(engine) : NULL};
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	strcpy(f->engine.directory, "/tmp/test-identity-XXXXXX");
	if (!mkdtemp(f->engine.directory))
		return -1;
	snprintf(f->engine.path, sizeof(f->engine.path), "%s/docker.sock", f->engine.directory);
	f->log.threshold = LC_LOG_WARN;
	f->log.stream = open_memstream(&f->messages, &f->messages_length);
	f->target = container("docker");
	*state = f;
	return lc_identity_new(&f->identity, f->engine.path, &f->log);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	lc_identity_free(f->identity);
	stop_engine(&f->engine);
	unlink(f->engine.path);
	rmdir(f->engine.directory);
	lc_target_clear(&f->target);
	fclose(f->log.stream);
	free(f->messages);
	free(f);
	return 0;
}

static void assert_warnings(struct fixture *f, size_t expected)
{
	size_t n = 0;
	const char *at;

	fflush(f->log.stream);
	for (at = strchr(f->messages, '\n'); at; at = strchr(at + 1, '\n'))
		n++;
	assert_int_equal(n, expected);
}

/* The engine's answer must leave nothing but the name by id, and one warning that says REASON. */
static void assert_no_facts(struct fixture *f, const char *reason)
{
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_int_equal(lc_identity_settle(f->identity, 10000), 0);
	assert_string_equal(f->target.name, SHORT_ID);
	assert_null(f->target.image);
	assert_null(f->target.project);
	assert_true(f->target.configured_add == 0 && f->target.configured_drop == 0 && !f->target.privileged);
	assert_warnings(f, 1);
	assert_non_null(strstr(f->messages, reason));
}

static void assert_nonsense(void **state, const char *answer)
{
	start_engine(*state, answer);
	assert_no_facts(*state, "makes no sense");
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void resolve_web(struct fixture *f)
{
	start_engine(f, WEB);
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_int_equal(lc_identity_settle(f->identity, 5000), 0);
}

static void the_answer_names_the_container_and_its_image(void **state)
{
	struct fixture *f = *state;

	resolve_web(f);
	assert_string_equal(f->target.name, "web");
	assert_string_equal(f->target.image, "nginx:1.22");
	assert_warnings(f, 0);
}

static void the_answers_header_says_the_engines_version(void **state)
{
	static const char answer[] =
		"HTTP/1.1 200 OK\r\nServer: Docker/20.10.24+dfsg1 (linux)\r\nConnection: close\r\n\r\n"
		"{\"Id\":\"@\",\"Name\":\"/web\"}";
	struct fixture *f = *state;

	start_engine(f, answer);
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_int_equal(lc_identity_settle(f->identity, 5000), 0);
	assert_string_equal(f->target.engine_version, "20.10.24+dfsg1");
	assert_int_equal(f->engine.n_asked, 1);
}

static void without_it_the_engines_version_is_not_known(void **state)
{
	struct fixture *f = *state;

	resolve_web(f);
	assert_null(f->target.engine_version);
}

static void the_request_is_for_the_containers_id(void **state)
{
	struct fixture *f = *state;

	resolve_web(f);
	assert_string_equal(f->engine.asked, "GET /containers/" ID "/json HTTP/1.1");
}

static void an_engine_that_answers_for_an_unknown_container_is_docker(void **state)
{
	struct fixture *f = *state;

	free(f->target.engine);
	f->target.engine = NULL;
	resolve_web(f);
	assert_string_equal(f->target.engine, "docker");
}

static void an_empty_name_becomes_the_id(void **state)
{
	struct fixture *f = *state;

	start_engine(f, OK "{\"Id\":\"@\",\"Name\":\"/\"}");
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_int_equal(lc_identity_settle(f->identity, 5000), 0);
	assert_string_equal(f->target.name, SHORT_ID);
}

static void an_unknown_container_is_named_by_its_id(void **state)
{
	start_engine(*state, NOT_FOUND);
	assert_no_facts(*state, "does not know the container");
}

static void an_error_of_the_engine_is_no_answer(void **state)
{
	assert_nonsense(state, "HTTP/1.1 500 Oops\r\nConnection: close\r\n\r\n{\"Id\":\"@\",\"Name\":\"/web\"}");
}

static void a_redirect_is_not_followed(void **state)
{
	struct fixture *f = *state;

	assert_nonsense(state, "HTTP/1.1 301 Moved\r\nLocation: /containers/@/json\r\nConnection: close\r\n\r\n");
	assert_int_equal(f->engine.n_asked, 1);
}

static void an_answer_that_is_not_http_makes_no_sense(void **state)
{
	assert_nonsense(state, "\x16\x03\x01 hello \xff\n");
}

static void an_answer_that_is_not_json_makes_no_sense(void **state)
{
	assert_nonsense(state, OK "<html>404</html>");
}

static void an_answer_that_breaks_off_makes_no_sense(void **state)
{
	assert_nonsense(state, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"Id\":\"@\",\"Name\":\"/web\"}");
}

static void an_engine_that_hangs_up_at_once_makes_no_sense(void **state)
{
	assert_nonsense(state, "");
}

static void an_endless_answer_is_cut(void **state)
{
	struct fixture *f = *state;

	f->engine.endless = true;
	start_engine(f, OK);
	assert_no_facts(f, "larger than 4 MiB");
}

static void a_missing_socket_is_warned_of(void **state)
{
	assert_no_facts(*state, "no such socket");
}

static void a_refused_connection_is_warned_of(void **state)
{
	struct fixture *f = *state;

	start_engine(f, WEB);
	stop_engine(&f->engine); /* the socket's file stays */
	assert_no_facts(f, "nothing listens there");
}

static void a_container_that_may_not_be_dockers_needs_no_socket(void **state)
{
	struct fixture *f = *state;

	free(f->target.engine);
	f->target.engine = NULL;
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_int_equal(lc_identity_settle(f->identity, 5000), 0);
	assert_string_equal(f->target.name, SHORT_ID);
	assert_warnings(f, 0);
}

static void another_engines_container_is_not_asked_about(void **state)
{
	struct fixture *f = *state;

	start_engine(f, WEB);
	free(f->target.engine);
	f->target.engine = strdup("podman");
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_string_equal(f->target.name, SHORT_ID);
	assert_string_equal(f->engine.asked, "");
}

static void a_machine_is_called_by_its_name(void **state)
{
	struct fixture *f = *state;

	free(f->target.id);
	f->target.id = strdup("../../mail");
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_string_equal(f->target.name, "../../mail");
}

static void what_is_no_container_is_refused(void **state)
{
	struct fixture *f = *state;

	f->target.kind = LC_TARGET_SERVICE;
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), -EINVAL);
}

static void one_kind_of_failure_is_warned_of_once(void **state)
{
	struct lc_target other = container("docker");
	struct fixture *f = *state;

	start_engine(f, NOT_FOUND);
	assert_int_equal(lc_identity_resolve(f->identity, &other), 0);
	assert_no_facts(f, "does not know the container");
	assert_string_equal(other.name, SHORT_ID);
	lc_target_clear(&other);
}

static void two_kinds_of_failure_are_both_warned_of(void **state)
{
	struct fixture *f = *state;

	start_engine(f, NOT_FOUND);
	assert_no_facts(f, "does not know the container");
	f->engine.answer = OK "?";
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_int_equal(lc_identity_settle(f->identity, 5000), 0);
	assert_warnings(f, 2);
}

static void a_late_answer_still_counts(void **state)
{
	struct fixture *f = *state;

	f->engine.delay_ms = 600;
	resolve_web(f);
	assert_string_equal(f->target.name, "web");
}

static void more_containers_than_are_asked_about_at_once_all_get_their_name(void **state)
{
	struct lc_target targets[40];
	struct fixture *f = *state;
	size_t i;

	start_engine(f, WEB);
	for (i = 0; i < 40; i++) {
		targets[i] = container("docker");
		snprintf(targets[i].id, sizeof(ID), "%064zx", i);
		assert_int_equal(lc_identity_resolve(f->identity, &targets[i]), 0);
	}
	assert_int_equal(lc_identity_settle(f->identity, 10000), 0);
	for (i = 0; i < 40; i++) {
		assert_string_equal(targets[i].name, "web");
		lc_target_clear(&targets[i]);
	}
}

static void a_hanging_engine_does_not_delay_resolve(void **state)
{
	struct fixture *f = *state;
	int64_t begun = now_ms();

	f->engine.hangs = true;
	start_engine(f, WEB);
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_true(now_ms() - begun < 1000);
}

static void settle_gives_up_after_its_time_and_names_by_id(void **state)
{
	struct fixture *f = *state;
	int64_t begun = now_ms();

	f->engine.hangs = true;
	start_engine(f, WEB);
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	assert_int_equal(lc_identity_settle(f->identity, 200), 1);
	assert_true(now_ms() - begun >= 200 && now_ms() - begun < 2000);
	assert_string_equal(f->target.name, SHORT_ID);
	assert_int_equal(lc_identity_settle(f->identity, 200), 0);
}

static void settle_does_not_wait_once_everything_is_answered(void **state)
{
	struct fixture *f = *state;
	int64_t begun;

	start_engine(f, WEB);
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	lc_identity_proceed(f->identity);
	poll(NULL, 0, 200); /* the answer has arrived, and nobody has read it yet */
	begun = now_ms();
	assert_int_equal(lc_identity_settle(f->identity, 4000), 0);
	assert_true(now_ms() - begun < 1000);
	assert_string_equal(f->target.name, "web");
}

static void a_hanging_engine_is_given_up_after_the_limit(void **state)
{
	struct fixture *f = *state;
	int64_t begun = now_ms();

	f->engine.hangs = true;
	lc_identity_limit(f->identity, 500);
	start_engine(f, WEB);
	assert_no_facts(f, "did not answer in time");
	assert_true(now_ms() - begun >= 490 && now_ms() - begun < 3000);
}

static void an_engine_that_never_accepts_does_not_block(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	struct fixture *f = *state;
	int64_t begun = now_ms();
	int listener, i;

	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	strcpy(address.sun_path, f->engine.path);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 0), 0);
	for (i = 0; i < 4; i++) {
		struct lc_target target = container("docker");

		assert_int_equal(lc_identity_resolve(f->identity, &target), 0);
		lc_identity_settle(f->identity, 10);
		assert_string_equal(target.name, SHORT_ID);
		lc_target_clear(&target);
	}
	assert_true(now_ms() - begun < 2000);
	close(listener);
}

static void free_drops_what_is_unanswered(void **state)
{
	struct fixture *f = *state;

	f->engine.hangs = true;
	start_engine(f, WEB);
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	lc_identity_free(f->identity);
	f->identity = NULL;
	assert_null(f->target.name);
}

static void an_answer_makes_the_descriptor_readable(void **state)
{
	struct fixture *f = *state;
	struct pollfd answers = {.fd = lc_identity_fd(f->identity), .events = POLLIN};
	int64_t ends = now_ms() + 5000;

	assert_int_equal(poll(&answers, 1, 0), 0);
	start_engine(f, WEB);
	f->engine.delay_ms = 200;
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	while (lc_identity_pending(f->identity) && now_ms() < ends) {
		assert_true(poll(&answers, 1, lc_identity_timeout(f->identity)) >= 0);
		assert_int_equal(lc_identity_proceed(f->identity), 0);
	}
	assert_string_equal(f->target.name, "web");
	assert_int_equal(poll(&answers, 1, 0), 0);
}

static void without_requests_there_is_no_hurry(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(lc_identity_timeout(f->identity), -1);
	assert_int_equal(lc_identity_proceed(f->identity), 0);
}

static void a_request_is_due_by_its_limit_at_the_latest(void **state)
{
	struct fixture *f = *state;

	f->engine.hangs = true;
	lc_identity_limit(f->identity, 500);
	start_engine(f, WEB);
	assert_int_equal(lc_identity_resolve(f->identity, &f->target), 0);
	for (int i = 0; i < 5; i++)
		assert_int_equal(lc_identity_proceed(f->identity), 0);
	assert_true(lc_identity_timeout(f->identity) >= 0 && lc_identity_timeout(f->identity) <= 501);
}

static void a_proxy_in_the_environment_is_not_used(void **state)
{
	struct fixture *f = *state;

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("all_proxy", "http://127.0.0.1:1", 1);
	resolve_web(f);
	unsetenv("http_proxy");
	unsetenv("all_proxy");
	assert_string_equal(f->target.name, "web");
}

static void docker_host_names_the_socket(void **state)
{
	struct fixture *f = *state;
	char host[80];

	lc_identity_free(f->identity);
	snprintf(host, sizeof(host), "unix://%s", f->engine.path);
	setenv("DOCKER_HOST", host, 1);
	assert_int_equal(lc_identity_new(&f->identity, NULL, &f->log), 0);
	unsetenv("DOCKER_HOST");
	resolve_web(f);
	assert_string_equal(f->target.name, "web");
}

static void a_socket_path_that_is_too_long_is_refused(void **state)
{
	struct lc_identity *identity = NULL;
	char path[200] = "/";

	(void)state;
	memset(path + 1, 'x', sizeof(path) - 2);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(lc_identity_new(&identity, path, NULL), -ENAMETOOLONG);
	assert_null(identity);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_answer_names_the_container_and_its_image),
		TEST(the_request_is_for_the_containers_id),
		TEST(the_answers_header_says_the_engines_version),
		TEST(without_it_the_engines_version_is_not_known),
		TEST(an_engine_that_answers_for_an_unknown_container_is_docker),
		TEST(an_empty_name_becomes_the_id),
		TEST(an_unknown_container_is_named_by_its_id),
		TEST(an_error_of_the_engine_is_no_answer),
		TEST(a_redirect_is_not_followed),
		TEST(an_answer_that_is_not_http_makes_no_sense),
		TEST(an_answer_that_is_not_json_makes_no_sense),
		TEST(an_answer_that_breaks_off_makes_no_sense),
		TEST(an_engine_that_hangs_up_at_once_makes_no_sense),
		TEST(an_endless_answer_is_cut),
		TEST(a_missing_socket_is_warned_of),
		TEST(a_refused_connection_is_warned_of),
		TEST(a_container_that_may_not_be_dockers_needs_no_socket),
		TEST(another_engines_container_is_not_asked_about),
		TEST(a_machine_is_called_by_its_name),
		TEST(what_is_no_container_is_refused),
		TEST(one_kind_of_failure_is_warned_of_once),
		TEST(two_kinds_of_failure_are_both_warned_of),
		TEST(a_late_answer_still_counts),
		TEST(more_containers_than_are_asked_about_at_once_all_get_their_name),
		TEST(a_hanging_engine_does_not_delay_resolve),
		TEST(settle_gives_up_after_its_time_and_names_by_id),
		TEST(settle_does_not_wait_once_everything_is_answered),
		TEST(a_hanging_engine_is_given_up_after_the_limit),
		TEST(an_engine_that_never_accepts_does_not_block),
		TEST(free_drops_what_is_unanswered),
		TEST(an_answer_makes_the_descriptor_readable),
		TEST(without_requests_there_is_no_hurry),
		TEST(a_request_is_due_by_its_limit_at_the_latest),
		TEST(a_proxy_in_the_environment_is_not_used),
		TEST(docker_host_names_the_socket),
		TEST(a_socket_path_that_is_too_long_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
