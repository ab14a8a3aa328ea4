/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The service from its start to its end: a recording, whose increments go to the store and to whoever listens. */
#include <leastcap/serve.h>

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <malloc.h>
#include <string.h>

/* A service that runs. */
struct serving {
	struct lc_service *service;
	struct lc_storing *storing;
	int64_t began_ns;
	bool is_unpublished; /* the store has something new that nobody was told */
};

/* Tells how the service stands. */
static void tell(struct serving *serving, const struct lc_recording *recording)
{
	const struct lc_service_listener *listener = &serving->service->listener;
	const struct lc_service_state state = {
		.hook = lc_recording_hook(recording),
		.targets = lc_recording_targets(recording),
		.session_ns = serving->began_ns,
		.storing = lc_storing_state(serving->storing),
	};

	if (listener->stands)
		listener->stands(listener->context, &state);
}

/* Tells all that the store has. What fails is said, and tried again the next time. */
static void publish(struct serving *serving)
{
	const struct lc_service *service = serving->service;
	struct lc_profile whole = {0};
	_cleanup_free_ char *message = NULL;
	int r;

	if (!service->listener.published || !serving->is_unpublished)
		return;
	r = lc_store_read(lc_storing_store(serving->storing), 0, &whole, &message);
	if (r) {
		lc_log(service->storing.log, LC_LOG_WARN, "%s", message ? message : strerror(-r));
		return;
	}
	serving->is_unpublished = false;
	service->listener.published(service->listener.context, &whole);
}

/* Has INCREMENT stored, and tells of it. It is empty afterwards. */
static void add(struct serving *serving, const struct lc_recording *recording, struct lc_profile *increment)
{
	const struct lc_service_listener *listener = &serving->service->listener;
	bool is_new = false;

	if (listener->added)
		listener->added(listener->context, increment);
	lc_storing_add(serving->storing, increment, &is_new);
	serving->is_unpublished |= is_new;
	publish(serving);
	tell(serving, recording);
}

/* With so many targets an increment takes so much memory on its way to the store that the rest of us is small beside it. */
#define MANY_TARGETS 100

static void on_take(void *context, struct lc_recording *recording)
{
	struct lc_profile increment = {0};
	bool is_large;

	if (lc_recording_take(recording, &increment))
		return;
	is_large = increment.n_targets >= MANY_TARGETS;
	add(context, recording, &increment);
	if (is_large)
		malloc_trim(0);
}

/* RECORDING, which is open, from its start to its end. 0 or a negative errno, which has been said. */
static int record(struct serving *serving, struct lc_recording *recording)
{
	const struct lc_service *service = serving->service;
	struct lc_profile rest = {0};
	int r = lc_recording_start(recording);

	if (r)
		return r;
	serving->began_ns = lc_clock_ns(CLOCK_REALTIME);
	serving->is_unpublished = true;
	publish(serving);
	tell(serving, recording);
	r = service->listener.began ? service->listener.began(service->listener.context) : 0;
	if (r)
		return r;
	lc_serve_notify("READY=1");
	lc_log(service->storing.log, LC_LOG_NOTICE, "recording every container into %s; Ctrl-C ends it",
		service->storing.directory);
	lc_recording_run(recording);
	lc_serve_notify("STOPPING=1");
	r = lc_recording_finish(recording, &rest);
	if (r)
		return r;
	lc_recording_saving(recording, true);
	add(serving, recording, &rest);
	r = lc_storing_end(serving->storing);
	lc_recording_saving(recording, false);
	return r;
}

int lc_service_run(struct lc_service *service)
{
	struct serving serving = {.service = service};
	struct lc_recording *recording = NULL;
	int r = lc_storing_open(&serving.storing, &service->storing);

	if (r)
		return r;
	service->recording->watcher.context = &serving;
	service->recording->watcher.take = on_take;
	service->recording->watcher.take_ns = service->every_ns;
	r = lc_recording_open(&recording, service->recording);
	if (!r)
		r = record(&serving, recording);
	lc_recording_free(recording);
	lc_storing_free(serving.storing);
	return r;
}
