/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The recorder's side: starts the processes that look, asks them, and hands their answers on. */
#include "src/lookup/lane.h"
#include "src/lookup/named.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define DEADLINE_MS            500
#define STACK_DEADLINE_MS      3000
#define DEBUGINFOD_DEADLINE_MS 60000

/* How many look-ups are on their way at once, so that the process that looks always has a next one. */
#define DEPTH 4

/* How many look-ups may wait, and how many bytes: in all, and of one group. */
#define FILES_WAITING  ((struct lc_lookup_lane_room){4096, 16 << 20, 256, 1 << 20})
#define STACKS_WAITING ((struct lc_lookup_lane_room){4096, 24 << 20, 2048, 8 << 20})

struct lc_lookups {
	struct lc_lookup_looker files_looker, stacks_looker; /* what the processes were given */
	struct lc_lookup_lane *files;
	struct lc_lookup_lane *stacks; /* NULL: none are unwound */
	int watch;                     /* epoll: the sockets of both */
	const struct lc_lookup_events *events;
	const struct lc_log *log;
	uint32_t last_id;
	bool said_no_debuginfod;
};

static void on_answer(void *context, const void *key, struct lc_lookup_answer *answer)
{
	struct lc_lookups *lookups = context;
	const struct lc_lookup_events *events = lookups->events;

	if (answer->no_debuginfod && !lookups->said_no_debuginfod) {
		lookups->said_no_debuginfod = true;
		lc_log(lookups->log, LC_LOG_WARN,
			"debug information is not fetched any more: debuginfod-find does not answer; is it installed?");
	}
	if (answer->kind == LOOKUP_CARRIED && events->carried)
		events->carried(events->context, key, answer->result, &answer->carried);
	else if (answer->kind == LOOKUP_OBJECT && events->object)
		events->object(events->context, key, answer->result, &answer->object);
	else if (answer->kind == LOOKUP_STACK && events->stack)
		events->stack(events->context, key, answer->result, &answer->stack);
	else if (answer->kind == LOOKUP_NAMED && events->named)
		events->named(events->context, (uint64_t)(uintptr_t)key, answer->result, &answer->named);
}

static void on_given_up(void *context, uint64_t group)
{
	const struct lc_lookup_events *events = ((struct lc_lookups *)context)->events;

	if (events->given_up)
		events->given_up(events->context, group);
}

int lc_lookups_new(struct lc_lookups **result, const struct lc_lookup_options *options,
	const struct lc_lookup_events *events, const struct lc_log *log)
{
	struct lc_lookups *lookups = calloc(1, sizeof(*lookups));
	unsigned stack_ms = options->stack_deadline_ms;
	struct lc_lookup_lane_options lane = {
		.deadline_ms = options->deadline_ms ? options->deadline_ms : DEADLINE_MS,
		.depth = DEPTH,
		.room = FILES_WAITING,
		.context = lookups,
		.answered = on_answer,
		.given_up = on_given_up,
	};
	int fds[2], r;

	if (!lookups)
		return -ENOMEM;
	lookups->watch = lane.watch = epoll_create1(EPOLL_CLOEXEC);
	if (lane.watch < 0) {
		r = -errno;
		free(lookups);
		return r;
	}
	lookups->events = events;
	lookups->log = log;
	lookups->files_looker.hierarchy = lookups->stacks_looker.hierarchy = options->hierarchy;
	lookups->stacks_looker.unwinder = options->unwinder;
	r = lc_lookup_lane_new(&lookups->files, &lc_lookup_looker_of_files, &lookups->files_looker, &lane);
	if (!r && options->unwinder) {
		bool fetches = lc_why_fds(options->unwinder, fds) > 1;

		lane.deadline_ms = stack_ms ? stack_ms : fetches ? DEBUGINFOD_DEADLINE_MS : STACK_DEADLINE_MS;
		lane.room = STACKS_WAITING;
		r = lc_lookup_lane_new(&lookups->stacks, &lc_lookup_looker_of_stacks, &lookups->stacks_looker, &lane);
	}
	if (r) {
		lc_lookups_free(lookups);
		return r;
	}
	*result = lookups;
	return 0;
}

/* Asks REQUEST, which is about KEY, for PLACE's group on LANE. */
static void ask(struct lc_lookups *lookups, struct lc_lookup_lane *lane, const struct lc_lookup_place *place,
	const void *key, struct lc_lookup_request *request)
{
	request->id = ++lookups->last_id;
	request->cgroup = place->cgroup;
	lc_lookup_lane_ask(lane, place->group, key, request);
}

void lc_lookups_ask_carried(
	struct lc_lookups *lookups, const struct lc_lookup_place *place, const struct lc_executed *executed)
{
	struct lc_lookup_request request = {.kind = LOOKUP_CARRIED, .executed = *executed};

	ask(lookups, lookups->files, place, executed->key, &request);
}

void lc_lookups_ask_object(
	struct lc_lookups *lookups, const struct lc_lookup_place *place, const struct lc_touched *touched)
{
	struct lc_lookup_request request = {.kind = LOOKUP_OBJECT, .touched = *touched};

	ask(lookups, lookups->files, place, touched->key, &request);
}

void lc_lookups_ask_stack(struct lc_lookups *lookups, const struct lc_lookup_place *place, const void *key,
	const struct lc_snapshot *snapshot)
{
	struct lc_lookup_request request = {.kind = LOOKUP_STACK, .snapshot = *snapshot};

	ask(lookups, lookups->stacks, place, key, &request);
}

void lc_lookups_ask_named(
	struct lc_lookups *lookups, const struct lc_lookup_place *place, const struct lc_executed *executed)
{
	int daemon = executed->refused ? -1 : lc_named_daemon(executed);
	struct lc_lookup_request request = {.kind = LOOKUP_NAMED, .executed = *executed, .daemon = (uint32_t)daemon};

	/* The key comes back with the answer, and nobody takes it for an address. */
	if (daemon >= 0)
		// NOLINTNEXTLINE(performance-no-int-to-ptr)
		ask(lookups, lookups->files, place, (const void *)(uintptr_t)executed->cgroup, &request);
}

int lc_lookups_fd(const struct lc_lookups *lookups)
{
	return lookups->watch;
}

int lc_lookups_timeout(const struct lc_lookups *lookups)
{
	int files = lc_lookup_lane_timeout(lookups->files);
	int stacks = lookups->stacks ? lc_lookup_lane_timeout(lookups->stacks) : -1;

	if (files < 0)
		return stacks;
	return stacks < 0 || files < stacks ? files : stacks;
}

void lc_lookups_proceed(struct lc_lookups *lookups)
{
	lc_lookup_lane_proceed(lookups->files);
	if (lookups->stacks)
		lc_lookup_lane_proceed(lookups->stacks);
}

size_t lc_lookups_pending(const struct lc_lookups *lookups, bool stacks)
{
	if (!stacks)
		return lc_lookup_lane_pending(lookups->files);
	return lookups->stacks ? lc_lookup_lane_pending(lookups->stacks) : 0;
}

uint64_t lc_lookups_dropped(const struct lc_lookups *lookups)
{
	return lc_lookup_lane_dropped(lookups->files) + (lookups->stacks ? lc_lookup_lane_dropped(lookups->stacks) : 0);
}

void lc_lookups_cancel(struct lc_lookups *lookups)
{
	lc_lookup_lane_cancel(lookups->files);
	if (lookups->stacks)
		lc_lookup_lane_cancel(lookups->stacks);
}

bool lc_lookups_forget(struct lc_lookups *lookups, uint64_t group)
{
	bool files = lc_lookup_lane_forget(lookups->files, group);

	return files && (!lookups->stacks || lc_lookup_lane_forget(lookups->stacks, group));
}

void lc_lookups_free(struct lc_lookups *lookups)
{
	if (!lookups)
		return;
	lc_lookup_lane_free(lookups->files);
	lc_lookup_lane_free(lookups->stacks);
	close(lookups->watch);
	free(lookups);
}
