/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes the events out of the kernel side's buffers and hands each to whom it concerns. */
#include "src/probe/probe_private.h"
#include "src/probe/stacks.h"
#include "src/probe/traces.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>

/* How far (nanoseconds) CLOCK_REALTIME may drift from CLOCK_MONOTONIC before we follow it. */
#define CLOCKS_AGREE 1000000

int64_t lc_since_1970(struct lc_probe *probe, uint64_t monotonic)
{
	int64_t offset = lc_clock_ns(CLOCK_REALTIME) - lc_clock_ns(CLOCK_MONOTONIC);

	/* The time between the two readings must not give one moment two times. */
	if (llabs(offset - probe->clock_offset) > CLOCKS_AGREE)
		probe->clock_offset = offset;
	return (int64_t)monotonic + probe->clock_offset;
}

/* The moment of ACTOR's deed is known in both clocks. */
static void set_anchor(struct lc_probe *probe, const struct lc_actor *actor)
{
	probe->anchor_jiffies = actor->jiffies;
	probe->anchor_ns = lc_since_1970(probe, actor->time);
}

static void on_sample(struct lc_probe *probe, const void *bytes)
{
	const struct lc_event_sample *sample = bytes;

	set_anchor(probe, &sample->actor);
	lc_probe_take_sample(probe, sample);
}

static void on_request(struct lc_probe *probe, const void *bytes)
{
	const struct lc_event_request *event = bytes;

	set_anchor(probe, &event->actor);
	lc_probe_take_request(probe, event);
}

static void on_call(struct lc_probe *probe, const void *bytes)
{
	const struct lc_event_call *event = bytes;

	set_anchor(probe, &event->actor);
	lc_probe_take_call(probe, event);
}

static void on_filter(struct lc_probe *probe, const void *bytes)
{
	lc_filters_take(probe, bytes);
}

static void on_cgroup(struct lc_probe *probe, const void *bytes)
{
	const struct lc_probe_events *events = probe->events;
	const struct lc_event_cgroup *event = bytes;

	/* bpf_probe_read_kernel_str ends what it reads with a NUL. */
	if (events && events->cgroup_made && event->path_length < sizeof(event->path))
		events->cgroup_made(events->context,
			&(struct lc_made_cgroup){event->cgroup, event->outer, event->share, event->path});
}

static void on_cgroup_gone(struct lc_probe *probe, const void *bytes)
{
	const struct lc_probe_events *events = probe->events;

	if (events && events->cgroup_gone)
		events->cgroup_gone(events->context, ((const struct lc_event_cgroup_gone *)bytes)->cgroup);
}

static void on_started(struct lc_probe *probe, const void *bytes)
{
	const struct lc_probe_events *events = probe->events;
	const struct lc_event_started *event = bytes;
	struct lc_started started = {
		.cgroup = event->cgroup,
		.pid = (pid_t)event->tgid,
		.bounding = event->bounding,
		.userns = event->userns,
		.userns_depth = (int)event->userns_level,
		.uid = event->uid,
		.gid = event->gid,
		.seccomp = event->seccomp == SECCOMP_MODE_FILTER,
		.in_host = event->in_host,
	};

	if (events && events->started)
		events->started(events->context, &started);
}

static void on_return(struct lc_probe *probe, const void *bytes)
{
	lc_traces_take_return(probe, bytes);
}

static void on_left(struct lc_probe *probe, const void *bytes)
{
	const struct lc_probe_events *events = probe->events;
	const struct lc_event_left *event = bytes;
	const struct lc_left left = {
		.target = event->target,
		.count = event->count,
		.pid = (pid_t)event->tgid,
		.comm = event->comm,
		.path = event->path,
	};

	/* bpf_probe_read_kernel_str ends what it reads with a NUL. If it can't read, PATH is empty. */
	if (events && events->left && event->path_length && event->path_length < sizeof(event->path))
		events->left(events->context, &left);
}

static void on_stayed(struct lc_probe *probe, const void *bytes)
{
	const struct lc_probe_events *events = probe->events;
	const struct lc_event_stayed *event = bytes;
	const struct lc_stayed stayed = {
		.target = event->target,
		.asked = lc_marked_caps(event->asked),
		.expired = event->expired,
		.pid = (pid_t)event->tgid,
		.comm = event->comm,
	};

	if (events && events->stayed)
		events->stayed(events->context, &stayed);
}

static void on_signal(struct lc_probe *probe, const void *bytes)
{
	const struct lc_probe_events *events = probe->events;
	const struct lc_event_signal *event = bytes;
	struct lc_signalled signalled = {
		.target = event->target,
		.signal = (int)event->signal,
		.outside = event->outside,
		.handled = event->handled,
	};

	probe->anchor_jiffies = event->jiffies;
	probe->anchor_ns = lc_since_1970(probe, event->time);
	/* The times of checks are ticks, and the same tick may become another moment by another anchor, less than one tick away. */
	signalled.time_ns = probe->anchor_ns - probe->tick_ns;
	if (events && events->signalled)
		events->signalled(events->context, &signalled);
}

/* Who takes an event of each type, and how large it is at least. Events of user stacks and traced checks come in many sizes. */
static const struct {
	void (*take)(struct lc_probe *probe, const void *bytes);
	size_t size;
} takers[] = {
	[LC_EVENT_SAMPLE] = {on_sample, sizeof(struct lc_event_sample)},
	[LC_EVENT_REQUEST] = {on_request, sizeof(struct lc_event_request)},
	[LC_EVENT_CGROUP] = {on_cgroup, LC_EVENT_CGROUP_SHORT},
	[LC_EVENT_CGROUP_GONE] = {on_cgroup_gone, sizeof(struct lc_event_cgroup_gone)},
	[LC_EVENT_STARTED] = {on_started, sizeof(struct lc_event_started)},
	[LC_EVENT_LEFT] = {on_left, sizeof(struct lc_event_left)},
	[LC_EVENT_STAYED] = {on_stayed, sizeof(struct lc_event_stayed)},
	[LC_EVENT_CALL] = {on_call, sizeof(struct lc_event_call)},
	[LC_EVENT_FILTER] = {on_filter, sizeof(struct lc_event_filter)},
	[LC_EVENT_SIGNAL] = {on_signal, sizeof(struct lc_event_signal)},
	[LC_EVENT_RETURN] = {on_return, sizeof(struct lc_event_return)},
};

/* Hands on an event. The ring buffer is mapped read-only. */
static int on_event(void *context, void *bytes, size_t size)
{
	struct lc_probe *probe = context;
	uint32_t type = size >= sizeof(type) ? *(const uint32_t *)bytes : UINT32_MAX;

	/* The cgroup of a sample, a request or a call has to be known first. Its event may have come since that buffer was read. */
	if (type == LC_EVENT_SAMPLE || type == LC_EVENT_REQUEST || type == LC_EVENT_CALL)
		ring_buffer__consume(probe->lives);
	if (type == LC_EVENT_CHECK)
		lc_traces_take_check(probe, bytes, size);
	else if (type == LC_EVENT_REFUSED)
		lc_traces_take_refused(probe, bytes, size);
	else if (type >= LC_EVENT_STACK && type <= LC_EVENT_EXIT && probe->mapped)
		lc_stacks_take(probe, type, bytes, size);
	else if (type < sizeof(takers) / sizeof(takers[0]) && takers[type].take && size >= takers[type].size)
		takers[type].take(probe, bytes);
	return 0;
}

int lc_events_open(struct lc_probe *probe, const struct lc_probe_options *options)
{
	const struct lc_maps *maps = &probe->kernel.maps;
	struct epoll_event event = {.events = EPOLLIN};

	probe->lives = ring_buffer__new(bpf_map__fd(maps->lives), on_event, probe, NULL);
	probe->ring = ring_buffer__new(bpf_map__fd(maps->events), on_event, probe, NULL);
	if (!probe->lives || !probe->ring ||
		epoll_ctl(
			ring_buffer__epoll_fd(probe->ring), EPOLL_CTL_ADD, ring_buffer__epoll_fd(probe->lives), &event))
		return -errno;
	if (probe->mapped && ring_buffer__add(probe->ring, bpf_map__fd(maps->stacks), on_event, probe))
		return -errno;
	if (options->trace)
		probe->trace_ring = ring_buffer__new(bpf_map__fd(maps->traces), on_event, probe, NULL);
	if (options->trace && !probe->trace_ring)
		return -errno;
	return 0;
}

int lc_probe_fd(const struct lc_probe *probe)
{
	return ring_buffer__epoll_fd(probe->ring);
}

/* Tells of the cgroups that are gone and only marked, because there was no room for their events. */
static void find_gone(struct lc_probe *probe)
{
	const uint64_t marked = *probe->kernel.live.gone_untold;
	_cleanup_free_ void *list = NULL;
	const uint64_t *ids;
	ssize_t n;

	if (marked == probe->gone_told || !probe->events || !probe->events->cgroup_gone)
		return;
	probe->gone_told = marked;
	n = lc_map_keys(bpf_map__fd(probe->kernel.maps.cgroups), sizeof(uint64_t), &list);
	ids = list;
	for (ssize_t i = 0; i < n; i++) {
		struct lc_cgroup entry;

		if (!bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.cgroups), &ids[i], &entry) &&
			entry.flags & LC_CGROUP_GONE)
			probe->events->cgroup_gone(probe->events->context, ids[i]);
	}
}

int lc_events_consume(struct lc_probe *probe)
{
	/* In this order, because a cgroup has to be known before what happens in it. */
	int n = ring_buffer__consume(probe->lives);

	return n < 0 ? n : ring_buffer__consume(probe->ring);
}

int lc_probe_consume(struct lc_probe *probe)
{
	int n = lc_events_consume(probe);

	find_gone(probe);
	if (n >= 0)
		n = lc_gone_collect(probe, false);
	if (n >= 0 && probe->trace_ring) {
		lc_traces_release(probe, false);
		n = ring_buffer__consume(probe->trace_ring);
	}
	return n < 0 ? n : 0;
}
