/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a proxy's clients can't do to it, to each other, and to the engine; and what its own end leaves. */
#include "tests/unit/proxy_engine.h"

#include "src/proxy/events.h"

#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* Says COUNT times TEXT, and returns how much went before nobody listened any more. */
static size_t say_again(int fd, const char *text, size_t count)
{
	size_t length = strlen(text), said = 0;

	while (count--) {
		ssize_t went = send(fd, text, length, MSG_NOSIGNAL);

		if (went < 0)
			break;
		said += (size_t)went;
	}
	return said;
}

/* What comes until the end begins with STATUS and has WORDS. */
static void hear_refusal(int fd, const char *status, const char *words)
{
	_cleanup_free_ char *all = hear_all(fd);

	assert_memory_equal(all, status, strlen(status));
	assert_non_null(strstr(all, "Connection: close\r\n"));
	assert_non_null(strstr(all, words));
}

static void refuses_a_head_without_end(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied);

	say(client, "GET / HTTP/1.1\r\n");
	say_again(client, "X-Registry-Auth: 0123456789abcdef0123456789abcdef\r\n", 10000);
	shutdown(client, SHUT_WR);
	hear_refusal(client, "HTTP/1.1 431 ", "\"message\":\"the request's header is too long\"");
	hear_nothing(proxied->listener);
}

static void passes_a_long_head(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;
	_cleanup_free_ char *head = malloc(200001);

	memset(head, 'a', 200000);
	head[200000] = '\0';
	say(client, "POST /build HTTP/1.1\r\nX-Registry-Config: ");
	say(client, head);
	say(client, "\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "POST /build HTTP/1.1\r\nX-Registry-Config: ");
	hear(engine, head);
	hear(engine, "\r\n\r\n");
}

static void refuses_what_is_not_http(void **state)
{
	static const char *const rows[] = {
		"PRI * HTTP/2.1\r\n\r\n",
		"no HTTP\r\n\r\n",
		"POST /containers/create HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
		"POST /containers/create HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
		"POST /containers/create HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n{}",
		"POST /containers/create HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
	};
	const struct proxied *proxied = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_cleanup_fd_ int client = connect_client(proxied);

		say(client, rows[i]);
		shutdown(client, SHUT_WR);
		hear_refusal(client, "HTTP/1.1 400 ", "{\"message\":\"the request can't be read: ");
	}
	hear_nothing(proxied->listener);
}

static void refuses_a_long_body(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int said = connect_client(proxied), chunked = connect_client(proxied);
	_cleanup_free_ char *chunk = malloc((1 << 20) + 1);
	struct lc_proxy_event event;

	say(said, "POST /containers/create HTTP/1.1\r\nContent-Length: 16777217\r\n\r\n");
	shutdown(said, SHUT_WR);
	hear_refusal(said, "HTTP/1.1 413 ", "{\"message\":\"the request to create a container is too long\"}");
	event = next_event(proxied, LC_PROXY_FAILED);
	assert_true(event.status == 413 && event.number == 0);

	memset(chunk, ' ', 1 << 20);
	chunk[1 << 20] = '\0';
	say(chunked, "POST /libpod/containers/create HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 17; i++) {
		say_again(chunked, "100000\r\n", 1);
		say_again(chunked, chunk, 1);
		say_again(chunked, "\r\n", 1);
	}
	shutdown(chunked, SHUT_WR);
	hear_refusal(chunked, "HTTP/1.1 413 ", "\"response\":413");
	assert_int_equal(next_event(proxied, LC_PROXY_FAILED).status, 413);
	hear_nothing(proxied->listener);
}

#define CREATE(length) "POST /containers/create?name=w HTTP/1.1\r\nContent-Length: " length "\r\n\r\n"

/* The connection of a request that the caller refused is as good as before. */
static void answers_for_the_caller(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;
	struct lc_proxy_event event;

	say(client, CREATE("18") "{\"Image\":\"refuse\"}" CREATE("17") "{\"Image\":\"error\"}" CREATE("1") "{");
	hear(client,
		"HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{\"message\":\"not this one\"}\n");
	hear(client,
		"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 33\r\n\r\n{\"message\":\"Input/output error\"}\n");
	hear(client, "HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ");
	event = next_event(proxied, LC_PROXY_FAILED);
	assert_true(event.status == 403 && event.number == 1);
	assert_string_equal(event.text, "not this one");
	assert_string_equal(event.image, "refuse");
	assert_string_equal(event.name, "w");
	assert_int_equal(next_event(proxied, LC_PROXY_FAILED).status, 500);
	assert_int_equal(next_event(proxied, LC_PROXY_FAILED).status, 400);
	hear_nothing(proxied->listener);
	say(client, "GET / HTTP/1.1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "GET / HTTP/1.1\r\n\r\n");
}

static void says_that_the_engine_is_not_there(void **state)
{
	struct proxied *proxied = *state;
	_cleanup_fd_ int first = connect_client(proxied), second = connect_client(proxied), engine = -1;

	close(proxied->listener);
	say(first, "GET / HTTP/1.1\r\n\r\n");
	shutdown(first, SHUT_WR);
	hear_refusal(first, "HTTP/1.1 503 ", "can't reach the engine at ");
	/* And it may come back. */
	unlink(proxied->path);
	proxied->listener = listen_at(proxied->path);
	say(second, "GET / HTTP/1.1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "GET / HTTP/1.1\r\n\r\n");
}

/* The number after NAME in the proxy's process's /proc/PID/status. */
static long status_of_proxy(const char *name)
{
	char line[256], path[64];
	long pid = 0, value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	file = fopen(path, "re");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &pid), 1);
	fclose(file);
	if (strcmp(name, "Pid") == 0)
		return pid;
	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, name, strlen(name)) == 0)
			value = strtol(line + strlen(name) + 1, NULL, 10);
	}
	fclose(file);
	return value;
}

#define BIG (256UL << 20)

/* Writes BIG bytes to TO that tell their place, as fast as they are taken. */
static void say_much(int to)
{
	_cleanup_free_ unsigned *block = malloc(1 << 20);

	for (unsigned i = 0; i < BIG >> 20; i++) {
		for (unsigned j = 0; j < (1 << 20) / sizeof(*block); j++)
			block[j] = i << 18 | j;
		assert_int_equal(send(to, block, 1 << 20, MSG_NOSIGNAL), 1 << 20);
	}
}

/* Reads them. Whether they are the same. */
static void hear_much(int from)
{
	_cleanup_free_ unsigned *block = malloc(1 << 20);

	for (unsigned i = 0; i < BIG >> 20; i++) {
		assert_int_equal(recv(from, block, 1 << 20, MSG_WAITALL), 1 << 20);
		for (unsigned j = 0; j < (1 << 20) / sizeof(*block); j++) {
			if (block[j] != (i << 18 | j))
				fail_msg("block %u has %u at %u", i, block[j], j);
		}
	}
}

/* Has a process of its own say much to TO while FROM is read. What passes is in the proxy's memory for a short while only. */
static void pass_much(int to, int from)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		say_much(to);
		_exit(0);
	}
	/* The proxy has taken what it will take, and waits for the reader. */
	usleep(200000);
	hear_much(from);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void passes_much_with_little_memory(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;
	long before, after;

	say(client, "POST /images/load HTTP/1.1\r\nContent-Length: 268435456\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "POST /images/load HTTP/1.1\r\nContent-Length: 268435456\r\n\r\n");
	before = status_of_proxy("VmHWM");
	pass_much(client, engine);
	say(engine, "HTTP/1.1 200 OK\r\nContent-Length: 268435456\r\n\r\n");
	hear(client, "HTTP/1.1 200 OK\r\nContent-Length: 268435456\r\n\r\n");
	pass_much(engine, client);
	after = status_of_proxy("VmHWM");
	/* KiB. The sanitizers keep what is freed for a while. */
	assert_true(before > 0 && after - before < 65536);
	say(client, "GET /next HTTP/1.1\r\n\r\n");
	hear(engine, "GET /next HTTP/1.1\r\n\r\n");
}

/* Clients that say half of something, or do not listen, are nobody else's trouble; and there is room for many. */
static void lets_nobody_wait_for_another(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int silent = connect_client(proxied), deaf = connect_client(proxied),
			 half = connect_client(proxied);
	_cleanup_fd_ int deafs_engine = -1;
	int clients[300];

	say(half, "POST /containers/create HTTP/1.1\r\nContent-Length: 100\r\n\r\n{");
	say(deaf, "GET /images/get HTTP/1.1\r\n\r\n");
	deafs_engine = accept_at_engine(proxied);
	hear(deafs_engine, "GET /images/get HTTP/1.1\r\n\r\n");
	say(deafs_engine, "HTTP/1.1 200 OK\r\nContent-Length: 268435456\r\n\r\n");
	assert_int_equal(fcntl(deafs_engine, F_SETFL, O_NONBLOCK), 0);
	for (int i = 0; i < 100; i++) {
		say_again(deafs_engine, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 10000);
		usleep(1000);
	}
	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]); i++) {
		clients[i] = connect_client(proxied);
		say(clients[i], "POST /containers/create HTTP/1.1\r\nHost: docker\r\nContent-Length: 2\r\n\r\n{}");
	}
	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]); i++) {
		_cleanup_fd_ int engine = accept_at_engine(proxied);

		hear(engine,
			"POST /containers/create HTTP/1.1\r\nHost: docker\r\nContent-Length: 86\r\n\r\n{\"HostConfig\":{\"CapAdd\":[\"CHOWN\"],\"CapDrop\":[\"ALL\"]},\"Labels\":{\"leastcap.prove\":\"t1\"}}");
		say(engine, "HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{\"Id\":\"i\"}");
	}
	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]); i++) {
		hear(clients[i],
			"HTTP/1.1 201 Created\r\nConnection: close\r\nContent-Length: 10\r\n\r\n{\"Id\":\"i\"}");
		hear_end(clients[i]);
		close(clients[i]);
		assert_int_equal(next_event(proxied, LC_PROXY_CREATED).status, 201);
	}
}

/* A client that never reads has the engine wait, as it would without the proxy. */
static void passes_back_pressure(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), engine = -1;
	size_t said = 0;

	say(client, "GET /images/get HTTP/1.1\r\n\r\n");
	engine = accept_at_engine(proxied);
	hear(engine, "GET /images/get HTTP/1.1\r\n\r\n");
	say(engine, "HTTP/1.1 200 OK\r\nContent-Length: 268435456\r\n\r\n");
	assert_int_equal(fcntl(engine, F_SETFL, O_NONBLOCK), 0);
	for (int i = 0; i < 200; i++) {
		said += say_again(engine, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", 10000);
		usleep(1000);
	}
	assert_true(said > 0 && said < 8 << 20);
}

static void has_the_engines_owner_and_mode(void **state)
{
	struct proxied *proxied = *state;
	const char *path = lc_proxy_address(proxied->proxy) + strlen("unix://");
	_cleanup_free_ char *message = NULL, *directory = strdup(path);
	struct stat socket, place, engine;
	struct lc_proxy *open;

	*strrchr(directory, '/') = '\0';
	assert_int_equal(stat(path, &socket) | stat(directory, &place) | stat(proxied->path, &engine), 0);
	assert_int_equal(socket.st_mode, engine.st_mode);
	assert_true(socket.st_uid == engine.st_uid && socket.st_gid == engine.st_gid);
	assert_true(S_ISSOCK(socket.st_mode));
	/* 0755 for a test's socket: only its owner may connect. */
	assert_int_equal(place.st_mode & 07777, 0700);
	assert_int_equal(chmod(proxied->path, 0660), 0);
	assert_int_equal(lc_proxy_open(&open, proxied->path, NULL, &message), 0);
	free(directory);
	directory = strdup(lc_proxy_address(open) + strlen("unix://"));
	assert_int_equal(stat(directory, &socket), 0);
	assert_int_equal(socket.st_mode & 07777, 0660);
	*strrchr(directory, '/') = '\0';
	assert_int_equal(stat(directory, &place), 0);
	assert_int_equal(place.st_mode & 07777, 0710);
	lc_proxy_close(open);
	assert_int_equal(stat(directory, &place), -1);
	assert_int_equal(errno, ENOENT);
}

static void refuses_an_engine_that_is_none(void **state)
{
	_cleanup_free_ char *message = NULL;
	struct lc_proxy *proxy;

	(void)state;
	assert_int_equal(lc_proxy_open(&proxy, "/nonexistent/docker.sock", NULL, &message), -ENOENT);
	assert_string_equal(
		message, "can't find the engine's socket /nonexistent/docker.sock: No such file or directory");
	assert_int_equal(lc_proxy_open(&proxy, "/dev/null", NULL, &message), -ENOTSOCK);
	assert_null(proxy);
}

static size_t count_places(void)
{
	_cleanup_free_ char *pattern = NULL;
	glob_t found = {0};
	size_t n;

	assert_true(asprintf(&pattern, "%s%s", geteuid() == 0 ? "/run/leastcap" : getenv("XDG_RUNTIME_DIR"),
			    geteuid() == 0 ? "/proxy.*" : "/leastcap-proxy.*") > 0);
	glob(pattern, 0, NULL, &found);
	n = found.gl_pathc;
	globfree(&found);
	return n;
}

static bool is_there(const char *path)
{
	return access(path, F_OK) == 0;
}

static void wait_until_gone(const char *path)
{
	for (int i = 0; i < PATIENCE_S * 100 && is_there(path); i++)
		usleep(10000);
	assert_false(is_there(path));
}

/* Opens a proxy in a process of its own, starts it if STARTS, and kills that process. The socket's path goes to PATH. */
static void kill_one(const struct proxied *proxied, bool starts, char path[256])
{
	int out[2];
	pid_t pid;

	assert_int_equal(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		_cleanup_free_ char *message = NULL;
		struct lc_proxy *proxy = NULL;

		if (lc_proxy_open(&proxy, proxied->path, NULL, &message) ||
			(starts && lc_proxy_start(proxy, &proxy_calls, &message)))
			_exit(1);
		snprintf(path, 256, "%s", lc_proxy_address(proxy) + strlen("unix://"));
		if (write(out[1], path, 256) != 256)
			_exit(1);
		pause();
	}
	assert_int_equal(read(out[0], path, 256), 256);
	close(out[0]);
	close(out[1]);
	assert_true(is_there(path));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Of a caller that was killed the serving process removes the socket. Of both the next start does. */
static void leaves_nothing_behind(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_free_ char *message = NULL;
	char path[256] = "";
	struct lc_proxy *next;
	size_t before = count_places();

	kill_one(proxied, true, path);
	wait_until_gone(path);
	kill_one(proxied, false, path);
	assert_true(is_there(path));
	assert_int_equal(count_places(), before + 1);
	assert_int_equal(lc_proxy_open(&next, proxied->path, NULL, &message), 0);
	assert_false(is_there(path));
	/* Those of living processes stay. */
	assert_true(is_there(lc_proxy_address(proxied->proxy) + strlen("unix://")));
	lc_proxy_close(next);
	assert_int_equal(count_places(), before);
}

static void says_that_its_process_has_ended(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_free_ char *message = NULL;
	_cleanup_fd_ int client = -1, engine = -1;
	struct lc_proxy_event event;
	int ret = 0;

	assert_int_equal(lc_proxy_next(proxied->proxy, &event), 0);
	kill((pid_t)status_of_proxy("Pid"), SIGKILL);
	for (int i = 0; i < PATIENCE_S * 100 && ret == 0; i++) {
		ret = lc_proxy_next(proxied->proxy, &event);
		usleep(10000);
	}
	assert_int_equal(ret, -EPIPE);
	/* Whoever connects meanwhile is served by the next one. */
	client = connect_client(proxied);
	say(client, "GET / HTTP/1.1\r\n\r\n");
	assert_int_equal(lc_proxy_start(proxied->proxy, &proxy_calls, &message), 0);
	engine = accept_at_engine(proxied);
	hear(engine, "GET / HTTP/1.1\r\n\r\n");
	assert_int_equal(lc_proxy_next(proxied->proxy, &event), 0);
}

/* At the end only a container that is being made is waited for. */
static void ends_when_what_it_began_has_ended(void **state)
{
	const struct proxied *proxied = *state;
	_cleanup_fd_ int client = connect_client(proxied), idle = connect_client(proxied), engine = -1,
			 idles_engine = -1;
	struct lc_proxy_event event;
	pid_t pid;

	say(idle, "GET /events HTTP/1.1\r\n\r\n");
	idles_engine = accept_at_engine(proxied);
	hear(idles_engine, "GET /events HTTP/1.1\r\n\r\n");
	say(client, CREATE("2") "{}");
	engine = accept_at_engine(proxied);
	hear(engine,
		"POST /containers/create?name=w HTTP/1.1\r\nContent-Length: 86\r\n\r\n{\"HostConfig\":{\"CapAdd\":[\"CHOWN\"],\"CapDrop\":[\"ALL\"]},\"Labels\":{\"leastcap.prove\":\"t1\"}}");
	/* The engine answers when the other connection has ended. */
	pid = fork();
	if (pid == 0) {
		hear_end(idles_engine);
		say(engine, "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{\"Id\":\"i\"}");
		_exit(0);
	}
	lc_proxy_stop(proxied->proxy);
	hear_end(idle);
	hear(client, "HTTP/1.1 201 Created\r\nContent-Length: 10\r\n\r\n{\"Id\":\"i\"}");
	hear_end(client);
	assert_int_equal(lc_proxy_next(proxied->proxy, &event), 1);
	assert_string_equal(event.id, "i");
	assert_int_equal(lc_proxy_next(proxied->proxy, &event), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void says_that_there_were_too_many_events(void **state)
{
	struct lc_event_writer writer = {.fd = memfd_create("events", MFD_CLOEXEC)};
	struct lc_event_reader reader = {.fd = writer.fd};
	struct lc_proxy_event event;
	_cleanup_free_ char *text = malloc(100001);
	size_t n = 0;
	int ret;

	(void)state;
	memset(text, '\001', 100000);
	text[100000] = '\0';
	while (!writer.full && n < 1000000) {
		lc_event_write(&writer, LC_PROXY_BESIDE, 200, text, NULL);
		n++;
	}
	lc_event_write(&writer, LC_PROXY_BESIDE, 200, "lost", NULL);
	while ((ret = lc_event_read(&reader, &event)) > 0) {
		assert_int_equal(strlen(event.text), 1024);
		n--;
	}
	assert_int_equal(ret, -EOVERFLOW);
	assert_int_equal(n, 1);
	assert_int_equal(lc_event_read(&reader, &event), 0);
	json_decref(reader.current);
	close(writer.fd);
}

static void expect_engine(int ret, const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	_cleanup_free_ char *message = NULL;

	assert_int_equal(lc_proxy_find_engine(&path, &message), ret);
	if (ret == 0)
		assert_string_equal(path.text, expected);
	else
		assert_non_null(strstr(message, expected));
}

static void write_file(const char *directory, const char *name, const char *text)
{
	_cleanup_free_ char *path = NULL;
	FILE *file;

	assert_true(asprintf(&path, "%s/%s", directory, name) > 0);
	for (char *slash = path + strlen(directory) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void finds_the_engine_that_the_client_would(void **state)
{
	static const char docker[] = "/var/run/docker.sock";
	char directory[] = "/tmp/leastcap-test.XXXXXX";
	_cleanup_free_ char *command = NULL, *own = NULL;

	(void)state;
	assert_non_null(mkdtemp(directory));
	setenv("XDG_RUNTIME_DIR", directory, 1);
	assert_true(asprintf(&own, "%s/podman/podman.sock", directory) > 0);
	write_file(directory, "podman/podman.sock", "");
	unsetenv("CONTAINER_HOST");
	setenv("DOCKER_CONFIG", directory, 1);
	unsetenv("DOCKER_CONTEXT");
	unsetenv("DOCKER_HOST");
	expect_engine(0, access(docker, W_OK) == 0 ? docker : own);
	write_file(directory, "config.json", "{\"currentContext\":\"mine\"}");
	expect_engine(-ENOENT, "context mine");
	write_file(directory, "contexts/meta/1/meta.json",
		"{\"Name\":\"other\",\"Endpoints\":{\"docker\":{\"Host\":\"tcp://h\"}}}");
	write_file(directory, "contexts/meta/2/meta.json",
		"{\"Name\":\"mine\",\"Endpoints\":{\"docker\":{\"Host\":\"unix:///m.sock\"}}}");
	expect_engine(0, "/m.sock");
	setenv("DOCKER_CONTEXT", "other", 1);
	expect_engine(-EPROTONOSUPPORT, "tcp://h");
	setenv("DOCKER_CONTEXT", "default", 1);
	expect_engine(0, access(docker, W_OK) == 0 ? docker : own);
	setenv("DOCKER_HOST", "unix:///e.sock", 1);
	expect_engine(0, "/e.sock");
	setenv("DOCKER_HOST", "ssh://h", 1);
	expect_engine(-EPROTONOSUPPORT, "DOCKER_HOST names the engine at ssh://h");
	unsetenv("DOCKER_HOST");
	setenv("CONTAINER_HOST", "unix:///p.sock", 1);
	expect_engine(0, "/p.sock");
	unsetenv("CONTAINER_HOST");
	assert_true(asprintf(&command, "rm -r %s", directory) > 0);
	assert_int_equal(system(command), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start_proxy, stop_proxy)
	const struct CMUnitTest tests[] = {
		TEST(refuses_a_head_without_end),
		TEST(passes_a_long_head),
		TEST(refuses_what_is_not_http),
		TEST(refuses_a_long_body),
		TEST(answers_for_the_caller),
		TEST(says_that_the_engine_is_not_there),
		TEST(passes_much_with_little_memory),
		TEST(lets_nobody_wait_for_another),
		TEST(passes_back_pressure),
		TEST(has_the_engines_owner_and_mode),
		cmocka_unit_test(refuses_an_engine_that_is_none),
		TEST(leaves_nothing_behind),
		TEST(says_that_its_process_has_ended),
		TEST(ends_when_what_it_began_has_ended),
		cmocka_unit_test(says_that_there_were_too_many_events),
		cmocka_unit_test(finds_the_engine_that_the_client_would),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
