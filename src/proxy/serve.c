/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One process with one loop serves all connections: none waits for another one's. */
#include "src/proxy/serve.h"
#include "src/proxy/connection.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections at once. More wait in the socket's queue. */
#define CONNECTIONS_MAX 4096

/* Descriptors of a connection, and those that are not of connections. */
#define PER_CONNECTION 2
#define OTHERS         16

#define EVENTS 64

/* How long (milliseconds) until an engine that has no room for a connection is asked again. */
#define ASK_AGAIN_MS 10

/* How long containers that are being made are waited for at the end. */
#define END_MS 5000

TAILQ_HEAD(connections, lc_connection);

struct loop {
	struct lc_server server;
	const struct lc_serve *serve;
	struct connections all, queue;
	size_t n, most;
	int listener, signals;
	bool is_full;
	int64_t end; /* CLOCK_MONOTONIC, ms; 0: not yet */
};

static void enqueue(struct loop *loop, struct lc_connection *connection)
{
	if (connection->is_queued)
		return;
	connection->is_queued = true;
	TAILQ_INSERT_TAIL(&loop->queue, connection, queue);
}

/* Watches what is no connection: DATA tells which. */
static int watch(const struct loop *loop, int fd, const void *data)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = (void *)data};

	return epoll_ctl(loop->server.epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static void stop_listening(struct loop *loop)
{
	epoll_ctl(loop->server.epoll, EPOLL_CTL_DEL, loop->listener, NULL);
}

static void set_full(struct loop *loop)
{
	loop->is_full = true;
	stop_listening(loop);
	lc_log(loop->server.log, LC_LOG_WARN, "%zu clients are connected to the engine's proxy; more have to wait",
		loop->n);
}

static void drop(struct loop *loop, struct lc_connection *connection)
{
	TAILQ_REMOVE(&loop->all, connection, all);
	if (connection->is_queued)
		TAILQ_REMOVE(&loop->queue, connection, queue);
	lc_connection_free(connection);
	loop->n--;
	if (loop->is_full && !loop->end)
		loop->is_full = watch(loop, loop->listener, &loop->listener) < 0;
}

static void accept_all(struct loop *loop)
{
	while (!loop->is_full) {
		int fd = accept4(loop->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		struct lc_connection *connection;

		if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (fd < 0 && errno == EAGAIN)
			return;
		connection = fd >= 0 ? lc_connection_new(&loop->server, fd) : NULL;
		if (!connection) {
			if (fd >= 0)
				close(fd);
			/* Without any connection none could end and make room. */
			if (loop->n)
				set_full(loop);
			return;
		}
		TAILQ_INSERT_TAIL(&loop->all, connection, all);
		enqueue(loop, connection);
		if (++loop->n == loop->most)
			set_full(loop);
	}
}

static void begin_end(struct loop *loop)
{
	struct signalfd_siginfo signal;
	struct lc_connection *connection, *next;

	if (read(loop->signals, &signal, sizeof(signal)) != sizeof(signal) || loop->end)
		return;
	loop->end = lc_clock_ms(CLOCK_MONOTONIC) + END_MS;
	if (!loop->is_full)
		stop_listening(loop);
	if (getppid() != loop->serve->parent)
		lc_place_remove(loop->serve->place);
	for (connection = TAILQ_FIRST(&loop->all); connection; connection = next) {
		next = TAILQ_NEXT(connection, all);
		if (!connection->making.is_pending)
			drop(loop, connection);
	}
}

/* Lets the requests go on that the caller has named. */
static void go_on(struct loop *loop)
{
	struct lc_connection *connection;
	uint64_t number;

	while (recv(loop->serve->go_on, &number, sizeof(number), MSG_DONTWAIT) == sizeof(number)) {
		TAILQ_FOREACH(connection, &loop->all, all)
		{
			if (connection->request.hold != number)
				continue;
			lc_request_go_on(connection);
			enqueue(loop, connection);
		}
	}
}

static void note(struct loop *loop, struct lc_end *end, unsigned events)
{
	end->readable |= events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR);
	end->writable |= events & (EPOLLOUT | EPOLLHUP | EPOLLERR);
	end->gone |= events & (EPOLLHUP | EPOLLERR);
	enqueue(loop, end->owner);
}

/* Moves the connections that have news. Those that are not done with are in the queue again. */
static void move_queued(struct loop *loop)
{
	struct connections queue = TAILQ_HEAD_INITIALIZER(queue);
	struct lc_connection *connection;

	TAILQ_CONCAT(&queue, &loop->queue, queue);
	while ((connection = TAILQ_FIRST(&queue))) {
		enum lc_progress progress;

		TAILQ_REMOVE(&queue, connection, queue);
		connection->is_queued = false;
		progress = lc_connection_move(connection);
		if (progress == LC_PROGRESS_OVER || (loop->end && !connection->making.is_pending))
			drop(loop, connection);
		else if (progress == LC_PROGRESS_MORE || connection->waits_for_engine)
			enqueue(loop, connection);
	}
}

/* How long to wait for news: not at all when there is more to be moved. */
static int find_timeout(const struct loop *loop)
{
	const struct lc_connection *connection;
	int64_t left = loop->end ? loop->end - lc_clock_ms(CLOCK_MONOTONIC) : -1;

	TAILQ_FOREACH(connection, &loop->queue, queue)
	{
		if (!connection->waits_for_engine)
			return 0;
	}
	if (!TAILQ_EMPTY(&loop->queue))
		return ASK_AGAIN_MS;
	return loop->end && left < 0 ? 0 : (int)left;
}

static int run(struct loop *loop)
{
	struct epoll_event events[EVENTS];

	while (!loop->end || (loop->n && lc_clock_ms(CLOCK_MONOTONIC) < loop->end)) {
		int n = epoll_wait(loop->server.epoll, events, EVENTS, find_timeout(loop));
		bool ends = false;

		if (n < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < n; i++) {
			if (events[i].data.ptr == &loop->listener)
				accept_all(loop);
			else if (events[i].data.ptr == &loop->signals)
				ends = true;
			else if (events[i].data.ptr == &loop->serve->go_on)
				go_on(loop);
			else
				note(loop, events[i].data.ptr, events[i].events);
		}
		move_queued(loop);
		/* Last, because it frees connections that events may be of. */
		if (ends)
			begin_end(loop);
	}
	return 0;
}

static int open_loop(struct loop *loop)
{
	sigset_t term;
	int ret;

	loop->server.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->server.epoll < 0)
		return -errno;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	loop->signals = signalfd(-1, &term, SFD_NONBLOCK | SFD_CLOEXEC);
	if (loop->signals < 0)
		return -errno;
	ret = watch(loop, loop->signals, &loop->signals);
	if (ret == 0)
		ret = watch(loop, loop->serve->go_on, &loop->serve->go_on);
	return ret < 0 ? ret : watch(loop, loop->listener, &loop->listener);
}

/* As many descriptors as we may have. How many connections that is. */
static size_t raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 1;
	if (limit.rlim_max > CONNECTIONS_MAX * PER_CONNECTION + OTHERS)
		limit.rlim_cur = CONNECTIONS_MAX * PER_CONNECTION + OTHERS;
	else
		limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur > OTHERS + PER_CONNECTION ? (limit.rlim_cur - OTHERS) / PER_CONNECTION : 1;
}

/*
 * Keeps of our capabilities the one by which root reaches a socket in a directory that belongs to somebody else (a rootless engine's). Where our
 * program's file gives the capabilities they are not the caller's, and none is kept.
 */
static int keep_little(void)
{
	static const cap_value_t kept = CAP_DAC_OVERRIDE;
	cap_t now = cap_get_proc(), then = cap_init();
	cap_flag_value_t has = CAP_CLEAR;
	int ret = now && then ? 0 : -ENOMEM;

	if (ret == 0)
		cap_get_flag(now, kept, CAP_EFFECTIVE, &has);
	if (ret == 0 && has == CAP_SET && geteuid() == 0 && !lc_is_secure() &&
		(cap_set_flag(then, CAP_PERMITTED, 1, &kept, CAP_SET) ||
			cap_set_flag(then, CAP_EFFECTIVE, 1, &kept, CAP_SET)))
		ret = -errno;
	if (ret == 0 && cap_set_proc(then))
		ret = -errno;
	cap_free(now);
	cap_free(then);
	if (ret == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		ret = -errno;
	return ret;
}

int lc_serve(const struct lc_serve *serve)
{
	struct loop loop = {
		.server = {.engine = serve->engine,
			.calls = serve->calls,
			.log = serve->log,
			.events = {.fd = serve->events}},
		.serve = serve,
		.listener = serve->place->listener,
		.most = raise_limit(),
	};
	int ret = keep_little();

	TAILQ_INIT(&loop.all);
	TAILQ_INIT(&loop.queue);
	http_parser_set_max_header_size(LC_HEAD_MAX);
	if (ret == 0)
		ret = open_loop(&loop);
	if (ret == 0)
		ret = run(&loop);
	if (ret < 0)
		lc_log(serve->log, LC_LOG_ERROR, "the engine's proxy has ended: %s", strerror(-ret));
	/* Containers that are still being made are told of as failed. */
	for (struct lc_connection *connection; (connection = TAILQ_FIRST(&loop.all));)
		drop(&loop, connection);
	return ret < 0;
}
