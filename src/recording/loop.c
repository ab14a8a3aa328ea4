/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An event loop on epoll(7). Its timers are timerfd_create(2)'s, which do not notice when the clock on the wall jumps. */
#include "src/recording/loop.h"

#include <leastcap/clock.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

/* How many sources that are ready are served before epoll is asked again. */
#define READY_MAX 16

struct source {
	struct source *next;
	struct lc_loop_source does;
	bool is_timer; /* its descriptor is ours */
	bool served;   /* in this wait */
};

struct lc_loop {
	int epoll;
	struct source *first;
};

int lc_loop_new(struct lc_loop **result)
{
	struct lc_loop *loop = calloc(1, sizeof(*loop));
	int r;

	if (!loop)
		return -ENOMEM;
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll < 0) {
		r = -errno;
		free(loop);
		return r;
	}
	*result = loop;
	return 0;
}

static int add(struct lc_loop *loop, const struct lc_loop_source *does, bool is_timer)
{
	struct source *source = calloc(1, sizeof(*source));
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = source};
	int r;

	if (!source)
		return -ENOMEM;
	if (epoll_ctl(loop->epoll, EPOLL_CTL_ADD, does->fd, &event)) {
		r = -errno;
		free(source);
		return r;
	}
	source->does = *does;
	source->is_timer = is_timer;
	source->next = loop->first;
	loop->first = source;
	return 0;
}

int lc_loop_add(struct lc_loop *loop, const struct lc_loop_source *source)
{
	return add(loop, source, false);
}

int lc_loop_add_timer(struct lc_loop *loop, int64_t ns, bool repeated, int (*due)(void *context), void *context)
{
	const struct timespec time = {ns / LC_NS_PER_S, ns % LC_NS_PER_S};
	const struct itimerspec times = {.it_value = time, .it_interval = repeated ? time : (struct timespec){0}};
	struct lc_loop_source source = {.context = context, .ready = due};
	int r;

	source.fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (source.fd < 0)
		return -errno;
	r = timerfd_settime(source.fd, 0, &times, NULL) ? -errno : add(loop, &source, true);
	if (r)
		close(source.fd);
	return r;
}

static int sooner(int a, int b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

/* Milliseconds until a source is to be called though it is not ready, TIMEOUT_MS at most. */
static int next_timeout(const struct lc_loop *loop, int timeout_ms)
{
	for (struct source *source = loop->first; source; source = source->next) {
		if (source->does.timeout)
			timeout_ms = sooner(timeout_ms, source->does.timeout(source->does.context));
	}
	return timeout_ms;
}

static int serve(struct source *source)
{
	uint64_t times;

	source->served = true;

	if (source->is_timer && read(source->does.fd, &times, sizeof(times)) < 0)
		return errno == EAGAIN ? 0 : -errno;
	return source->does.ready(source->does.context);
}

int lc_loop_wait(struct lc_loop *loop, int timeout_ms)
{
	struct epoll_event ready[READY_MAX];
	int n, r = 0;

	for (struct source *source = loop->first; source; source = source->next)
		source->served = false;
	n = epoll_wait(loop->epoll, ready, READY_MAX, next_timeout(loop, timeout_ms));
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; !r && i < n; i++)
		r = serve(ready[i].data.ptr);
	for (struct source *source = loop->first; !r && source; source = source->next) {
		if (!source->served && source->does.timeout && !source->does.timeout(source->does.context))
			r = serve(source);
	}
	return r;
}

void lc_loop_free(struct lc_loop *loop)
{
	if (!loop)
		return;
	while (loop->first) {
		struct source *source = loop->first;

		loop->first = source->next;
		if (source->is_timer)
			close(source->does.fd);
		free(source);
	}
	close(loop->epoll);
	free(loop);
}
