/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The endpoint: a thread that waits for clients and for what the service hands over, and does nothing else. */
#include "batch.h"
#include "gauges.h"
#include "inbox.h"
#include "server.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/message.h>

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/epoll.h>

#define NOWHERE "none"
#define EVENTS  16
/* How long nobody is taken in where no descriptor is left for him. */
#define PAUSE_MS 200

struct lc_endpoint {
	struct lc_listeners listeners;
	struct lc_server server;
	struct lc_inbox inbox;
	int epoll;
	bool runs;
	pthread_t thread;
	char *where;
};

/* Shows WHOLE, which it takes over, from now on. Where there is no memory for that, what was shown before stays. */
static void publish(struct lc_server *server, struct lc_profile *whole)
{
	struct lc_strbuf gauges = {0};
	uint64_t dropped = 0;

	if (!lc_gauges_add(&gauges, whole, &dropped)) {
		free(server->gauges);
		server->gauges = lc_strbuf_steal(&gauges);
		server->metrics.gauges = server->gauges;
		server->metrics.gauges_dropped += dropped;
	}
	lc_strbuf_free(&gauges);
	(void)lc_pages_publish(&server->pages, whole);
	/* What it was made of, and what was there before, may have been much more than it is, and is not given back by itself. */
	(void)malloc_trim(0);
}

/* Takes what the service has handed over. Returns whether it goes on. */
static bool take_delivery(struct lc_endpoint *endpoint)
{
	struct lc_server *server = &endpoint->server;
	struct lc_delivery delivery;
	bool goes_on;

	lc_inbox_take(&endpoint->inbox, &delivery);
	goes_on = !delivery.stop;
	for (size_t i = 0; i < delivery.n_batches; i++)
		(void)lc_counters_add(server->counters, delivery.batches[i], lc_clock_ms(CLOCK_MONOTONIC));
	if (delivery.has_state)
		server->metrics.state = delivery.state;
	if (delivery.whole)
		publish(server, delivery.whole);
	delivery.whole = NULL;
	lc_delivery_clear(&delivery);
	return goes_on;
}

/* Takes in whoever waits at LISTENER. */
static void take_in(struct lc_endpoint *endpoint, const struct lc_listener *listener)
{
	int r;

	do
		r = lc_server_accept(&endpoint->server, listener);
	while (!r);
	if (r == -EMFILE || r == -ENFILE || r == -ENOMEM || r == -ENOBUFS)
		usleep(PAUSE_MS * 1000);
}

/* Gives up this thread's capabilities, and so those of the threads that it makes: nothing here takes one. 0 or -errno. */
static int give_up_capabilities(void)
{
	cap_t none = cap_init();
	int r = !none || cap_set_proc(none) ? -errno : 0;

	if (none)
		cap_free(none);
	return r;
}

static void *serve(void *argument)
{
	struct lc_endpoint *endpoint = argument;
	struct epoll_event events[EVENTS];

	/* Less than one has can always be had. */
	if (give_up_capabilities())
		return NULL;
	while (take_delivery(endpoint)) {
		int n;

		lc_server_proceed(&endpoint->server);
		n = epoll_wait(endpoint->epoll, events, EVENTS, lc_server_timeout(&endpoint->server));
		for (int i = 0; i < n; i++) {
			if (events[i].data.u64 < endpoint->listeners.n)
				take_in(endpoint, &endpoint->listeners.list[events[i].data.u64]);
		}
	}
	return NULL;
}

/* Has the thread woken by FD. NUMBER is a listener's, or beyond theirs. */
static int wait_for(struct lc_endpoint *endpoint, int fd, size_t number)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u64 = number};

	if (fd < 0)
		return fd;
	return epoll_ctl(endpoint->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int wait_for_all(struct lc_endpoint *endpoint)
{
	int r;

	endpoint->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (endpoint->epoll < 0)
		return -errno;
	r = wait_for(endpoint, endpoint->inbox.wake, SIZE_MAX);
	for (size_t i = 0; !r && i < endpoint->listeners.n; i++)
		r = wait_for(endpoint, endpoint->listeners.list[i].fd, i);
	if (!r)
		r = wait_for(endpoint, lc_server_fd(endpoint->server.plain), SIZE_MAX);
	if (!r && endpoint->server.tls)
		r = wait_for(endpoint, lc_server_fd(endpoint->server.tls), SIZE_MAX);
	return r;
}

static int listen_all(struct lc_endpoint *endpoint, const struct lc_endpoint_options *options, char **message)
{
	static const char *const usual[] = {LC_ENDPOINT_LISTEN};
	const char *const *places = options->n_listen ? options->listen : usual;
	size_t n = options->n_listen ? options->n_listen : 1;
	bool allow_beyond = endpoint->server.access.certificate && endpoint->server.access.has_token;
	int r = 0;

	for (size_t i = 0; !r && i < n; i++)
		r = lc_listen(&endpoint->listeners, places[i], allow_beyond, message);
	return r;
}

/* "http://127.0.0.1:9779, unix:/run/leastcap.sock" */
static char *where_text(const struct lc_endpoint *endpoint)
{
	struct lc_strbuf text = {0};

	for (size_t i = 0; i < endpoint->listeners.n; i++) {
		const struct lc_listener *listener = &endpoint->listeners.list[i];

		lc_strbuf_separate(&text, ", ");
		if (!listener->is_unix)
			lc_strbuf_adds(&text, endpoint->server.tls ? "https://" : "http://");
		lc_strbuf_adds(&text, listener->where);
	}
	return lc_strbuf_steal(&text);
}

/* Makes everything that ENDPOINT, zeroed but for its descriptors, has. */
static int prepare(struct lc_endpoint *endpoint, const struct lc_endpoint_options *options, char **message)
{
	struct lc_server *server = &endpoint->server;
	int r = lc_inbox_open(&endpoint->inbox);

	if (r)
		return r;
	server->pages.wake = endpoint->inbox.wake;
	server->pages.source = options->source;
	server->pages.began_ms = lc_clock_ms(CLOCK_REALTIME);
	server->metrics.started = (double)server->pages.began_ms / 1000;
	server->metrics.version = options->version;
	server->metrics.commit = options->commit;
	server->counters = lc_counters_new();
	server->metrics.counters = server->counters;
	if (!server->counters)
		return -ENOMEM;
	r = lc_access_read(&server->access, options, message);
	if (!r)
		r = listen_all(endpoint, options, message);
	if (!r)
		r = lc_server_start(server, message);
	if (!r)
		r = wait_for_all(endpoint);
	if (r)
		return r;
	endpoint->where = where_text(endpoint);
	return endpoint->where ? 0 : -ENOMEM;
}

static bool is_nowhere(const struct lc_endpoint_options *options)
{
	return options->n_listen == 1 && strcmp(options->listen[0], NOWHERE) == 0;
}

int lc_endpoint_open(struct lc_endpoint **endpoint, const struct lc_endpoint_options *options, char **message)
{
	struct lc_as_caller caller = {0};
	struct lc_endpoint *made;
	int r;

	if (is_nowhere(options)) {
		*endpoint = NULL;
		return 0;
	}
	made = calloc(1, sizeof(*made));
	if (!made)
		return -ENOMEM;
	made->epoll = made->inbox.wake = -1;
	r = lc_as_caller_begin(&caller);
	if (!r)
		r = prepare(made, options, message);
	lc_as_caller_end(&caller);
	if (r) {
		lc_endpoint_free(made);
		return r;
	}
	*endpoint = made;
	return 0;
}

int lc_endpoint_run(struct lc_endpoint *endpoint)
{
	sigset_t all, before;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = -pthread_create(&endpoint->thread, NULL, serve, endpoint);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	endpoint->runs = !r;
	return r;
}

const char *lc_endpoint_where(const struct lc_endpoint *endpoint)
{
	return endpoint->where;
}

int lc_endpoint_add(struct lc_endpoint *endpoint, const struct lc_profile *increment)
{
	struct lc_batch *batch = NULL;
	int r;

	if (!endpoint)
		return 0;
	r = lc_batch_make(&batch, increment);
	return r ? r : lc_inbox_put_batch(&endpoint->inbox, batch);
}

int lc_endpoint_publish(struct lc_endpoint *endpoint, struct lc_profile *whole)
{
	struct lc_profile *kept = endpoint ? malloc(sizeof(*kept)) : NULL;

	if (!kept) {
		lc_profile_clear(whole);
		return endpoint ? -ENOMEM : 0;
	}
	*kept = *whole;
	*whole = (struct lc_profile){0};
	lc_inbox_put_whole(&endpoint->inbox, kept);
	return 0;
}

void lc_endpoint_tell(struct lc_endpoint *endpoint, const struct lc_endpoint_state *state)
{
	if (endpoint)
		lc_inbox_put_state(&endpoint->inbox, state);
}

void lc_endpoint_free(struct lc_endpoint *endpoint)
{
	if (!endpoint)
		return;
	if (endpoint->runs) {
		lc_inbox_put_stop(&endpoint->inbox);
		pthread_join(endpoint->thread, NULL);
	}
	lc_server_stop(&endpoint->server);
	lc_listeners_clear(&endpoint->listeners);
	if (endpoint->inbox.wake >= 0)
		lc_inbox_close(&endpoint->inbox);
	if (endpoint->epoll >= 0)
		close(endpoint->epoll);
	free(endpoint->where);
	free(endpoint);
}
