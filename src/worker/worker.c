/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The side that asks: makes a worker where there is none, sends, receives until a deadline, and ends the worker. */
#include "src/worker/keeper.h"

#include <leastcap/clock.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

int lc_worker_start(struct lc_worker *worker, const struct lc_worker_life *life, void *context)
{
	return lc_keeper_start(life, context, &worker->keeper, &worker->control);
}

/* Has SOCKET, our end of a pair, watched, and makes it nonblocking. The worker's end stays as it is, because the worker waits for requests. 0 or -errno. */
static int watch(const struct lc_worker *worker, int socket)
{
	struct epoll_event event = {.events = EPOLLIN};

	if (fcntl(socket, F_SETFL, O_NONBLOCK))
		return -errno;
	return worker->watch >= 0 && epoll_ctl(worker->watch, EPOLL_CTL_ADD, socket, &event) ? -errno : 0;
}

int lc_worker_need(struct lc_worker *worker)
{
	int sockets[2], ret;

	if (worker->socket >= 0)
		return 0;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets))
		return -errno;
	ret = watch(worker, sockets[0]);
	if (ret == 0)
		ret = lc_keeper_replace(worker->control, sockets[1]);
	close(sockets[1]);
	if (ret < 0)
		close(sockets[0]);
	else
		worker->socket = sockets[0];
	return ret;
}

/* Closes our end of the pair. epoll has to be told, because a process forked meanwhile may keep that end open. */
static void close_socket(struct lc_worker *worker)
{
	if (worker->watch >= 0)
		epoll_ctl(worker->watch, EPOLL_CTL_DEL, worker->socket, NULL);
	close(worker->socket);
	worker->socket = -1;
}

void lc_worker_drop(struct lc_worker *worker)
{
	if (worker->socket < 0)
		return;
	close_socket(worker);
	lc_keeper_replace(worker->control, -1);
}

int lc_worker_send(const struct lc_worker *worker, struct iovec *parts, size_t n, int fd)
{
	return lc_message_send(worker->socket, parts, n, fd);
}

ssize_t lc_worker_receive(const struct lc_worker *worker, void *buffer, size_t size, int64_t deadline)
{
	struct pollfd waiting = {.fd = worker->socket, .events = POLLIN};
	ssize_t length;
	int64_t left;

	/* As a rule the answer is there already. */
	while ((length = lc_message_receive(worker->socket, buffer, size, NULL)) == -EAGAIN) {
		left = deadline ? deadline - lc_clock_ms(CLOCK_MONOTONIC) : 0;
		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&waiting, 1, (int)left) < 0 && errno != EINTR)
			return -errno;
	}
	return length == 0 || length == -ECONNRESET ? -EPIPE : length;
}

void lc_worker_end(struct lc_worker *worker)
{
	if (worker->socket >= 0)
		close_socket(worker);
	if (worker->control >= 0)
		lc_keeper_end(worker->keeper, worker->control);
	*worker = LC_WORKER_NONE;
}
