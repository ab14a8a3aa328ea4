/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A proxy between a client and an engine that are both the test itself, so that it decides which byte comes when. */
#ifndef PROXY_ENGINE_H
#define PROXY_ENGINE_H

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/proxy.h>

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>
/* After the ones above, which it does not include. */
#include <cmocka.h>

/* Longer than anything takes; how long a thing that must not happen is waited for. */
#define PATIENCE_S 20
#define NEVER_MS   150

struct proxied {
	char directory[64];
	char path[96]; /* of the engine's socket */
	int listener;  /* the engine's */
	struct lc_proxy *proxy;
};

static inline void fill_address(struct sockaddr_un *address, const char *path)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	assert_true(strlen(path) < sizeof(address->sun_path));
	memcpy(address->sun_path, path, strlen(path) + 1);
}

static inline int listen_at(const char *path)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	fill_address(&address, path);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 512), 0);
	return fd;
}

/* What the trial's caller does with the images "refuse", "error", "unprivileged" and "same", and with all others. */
static inline int create_container(void *context, const struct lc_proxy_create *request, struct lc_strbuf *body)
{
	const char *image = request->image ?: "";
	struct lc_proxy_rewrite how = {.add = LC_CAP_BIT(CAP_CHOWN), .label = context};

	if (strcmp(image, "refuse") == 0) {
		lc_strbuf_adds(body, "not this one");
		return 403;
	}
	if (strcmp(image, "error") == 0)
		return -EIO;
	if (strcmp(image, "same") == 0)
		return 0;
	how.unprivileged = strcmp(image, "unprivileged") == 0;
	return lc_proxy_rewrite(request, &how, body);
}

static char trial[] = "t1";
static const struct lc_proxy_calls proxy_calls = {.create = create_container, .context = trial};

static inline int start_proxy(void **state)
{
	static const struct lc_log log = {LC_LOG_ERROR, NULL};
	struct proxied *proxied = calloc(1, sizeof(*proxied));
	_cleanup_free_ char *message = NULL;

	snprintf(proxied->directory, sizeof(proxied->directory), "/tmp/leastcap-test.XXXXXX");
	assert_non_null(mkdtemp(proxied->directory));
	setenv("XDG_RUNTIME_DIR", proxied->directory, 1);
	snprintf(proxied->path, sizeof(proxied->path), "%s/engine.sock", proxied->directory);
	proxied->listener = listen_at(proxied->path);
	assert_int_equal(lc_proxy_open(&proxied->proxy, proxied->path, &log, &message), 0);
	assert_int_equal(lc_proxy_start(proxied->proxy, &proxy_calls, &message), 0);
	*state = proxied;
	return 0;
}

static inline int stop_proxy(void **state)
{
	struct proxied *proxied = *state;

	lc_proxy_close(proxied->proxy);
	close(proxied->listener);
	unlink(proxied->path);
	rmdir(proxied->directory);
	free(proxied);
	return 0;
}

static inline void limit_patience(int fd)
{
	const struct timeval patience = {.tv_sec = PATIENCE_S};

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

static inline int connect_client(const struct proxied *proxied)
{
	struct sockaddr_un address;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	fill_address(&address, lc_proxy_address(proxied->proxy) + strlen("unix://"));
	limit_patience(fd);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static inline int accept_at_engine(const struct proxied *proxied)
{
	struct pollfd waiting = {.fd = proxied->listener, .events = POLLIN};
	int fd;

	assert_int_equal(poll(&waiting, 1, PATIENCE_S * 1000), 1);
	fd = accept4(proxied->listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(fd >= 0);
	limit_patience(fd);
	return fd;
}

static inline void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* What comes from FD next has to be TEXT, and comes in as many pieces as it likes. */
static inline void hear(int fd, const char *text)
{
	size_t length = strlen(text), got = 0;
	_cleanup_free_ char *bytes = calloc(1, length + 1);

	while (got < length) {
		ssize_t part = read(fd, bytes + got, length - got);

		if (part <= 0)
			fail_msg("after \"%s\" instead of \"%s\": %s", bytes, text + got,
				part ? strerror(errno) : "end");
		got += (size_t)part;
	}
	assert_string_equal(bytes, text);
}

static inline void hear_end(int fd)
{
	char byte;

	assert_int_equal(read(fd, &byte, 1), 0);
}

/* Nothing comes from FD, neither a byte nor an end. For a listening socket: nobody connects. */
static inline void hear_nothing(int fd)
{
	struct pollfd waiting = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&waiting, 1, NEVER_MS), 0);
}

/* Reads what comes until the end, for the caller to free. */
static inline char *hear_all(int fd)
{
	struct lc_strbuf all = {0};
	char bytes[4096];
	ssize_t length;

	while ((length = read(fd, bytes, sizeof(bytes))) > 0)
		lc_strbuf_add(&all, bytes, (size_t)length);
	assert_int_equal(length, 0);
	return lc_strbuf_steal(&all);
}

/* The next event, which has to come. */
static inline struct lc_proxy_event next_event(const struct proxied *proxied, enum lc_proxy_kind kind)
{
	struct lc_proxy_event event = {0};
	int ret = 0;

	for (int i = 0; i < PATIENCE_S * 100 && ret == 0; i++) {
		ret = lc_proxy_next(proxied->proxy, &event);
		if (ret == 0)
			usleep(10000);
	}
	assert_int_equal(ret, 1);
	assert_int_equal(event.kind, kind);
	return event;
}

#endif
