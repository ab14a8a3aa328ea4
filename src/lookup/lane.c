/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Queues of look-ups, their deadlines, and the process that looks, which is replaced where it does not answer. */
#include "src/lookup/lane.h"

#include <leastcap/clock.h>
#include <leastcap/table.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A group whose slow look-ups have taken so many deadlines together is given up. */
#define PATIENCE 3

/* A look-up is slow from this part of a deadline on. */
#define SLOW_PART 4

/* A look-up that waits to be sent, or to be answered. */
struct waiting {
	struct waiting *next;
	struct group *group;
	const void *key;
	uint32_t id;
	enum lc_lookup_kind kind;
	size_t length;
	unsigned char *message;
};

/* Look-ups that share room and patience. */
struct group {
	uint64_t id;
	struct waiting *first, **last; /* not sent yet */
	size_t n, bytes;               /* of these and of the group's sent ones */
	int64_t slow_ms;               /* how long its slow look-ups have taken */
	bool given_up;
	bool in_turn; /* it is in the ring */
	struct group *next_in_turn;
};

struct lc_lookup_lane {
	struct lc_lookup_lane_options options;
	struct lc_worker looker; /* the process that looks */
	bool dead;               /* none can be made any more */
	struct waiting *sent, **last_sent;
	size_t n_sent;
	int64_t since;                    /* when the process began with the first of the sent ones, ms */
	struct group *turns, **last_turn; /* the groups that have something to send, the next one first */
	struct lc_table *groups;          /* id → group */
	size_t n, bytes;                  /* of everything that waits */
	uint64_t dropped;
	unsigned char *message; /* LC_MESSAGE_MAX */
};

/* Answers KEY's look-up of KIND with RESULT and nothing else. */
static void answer_nothing(const struct lc_lookup_lane *lane, const void *key, enum lc_lookup_kind kind, int result)
{
	struct lc_lookup_answer answer = {.kind = kind, .result = result};

	lane->options.answered(lane->options.context, key, &answer);
	lc_lookup_answer_clear(&answer);
}

static void free_waiting(struct waiting *waiting)
{
	free(waiting->message);
	free(waiting);
}

/* WAITING waits no more. */
static void forget(struct lc_lookup_lane *lane, struct waiting *waiting)
{
	waiting->group->n--;
	waiting->group->bytes -= waiting->length;
	lane->n--;
	lane->bytes -= waiting->length;
	free_waiting(waiting);
}

static void fail(struct lc_lookup_lane *lane, struct waiting *waiting, int result)
{
	answer_nothing(lane, waiting->key, waiting->kind, result);
	forget(lane, waiting);
}

/* Puts GROUP at the end of the turns, if it has something to send and is not there. */
static void take_turn(struct lc_lookup_lane *lane, struct group *group)
{
	if (group->in_turn || !group->first)
		return;
	group->in_turn = true;
	group->next_in_turn = NULL;
	if (!lane->turns)
		lane->last_turn = &lane->turns;
	*lane->last_turn = group;
	lane->last_turn = &group->next_in_turn;
}

/* Takes the next group off the turns; NULL when there is none. */
static struct group *next_group(struct lc_lookup_lane *lane)
{
	struct group *group = lane->turns;

	if (!group)
		return NULL;
	lane->turns = group->next_in_turn;
	group->in_turn = false;
	return group;
}

/* Takes the first of the sent ones off their list; NULL when there is none. */
static struct waiting *take_sent(struct lc_lookup_lane *lane)
{
	struct waiting *waiting = lane->sent;

	if (!waiting)
		return NULL;
	lane->sent = waiting->next;
	lane->n_sent--;
	lane->since = lc_clock_ms(CLOCK_MONOTONIC);
	return waiting;
}

/* Fails everything of GROUP that has not been sent. */
static void fail_group(struct lc_lookup_lane *lane, struct group *group)
{
	while (group->first) {
		struct waiting *waiting = group->first;

		group->first = waiting->next;
		fail(lane, waiting, -ETIMEDOUT);
	}
}

/* A look-up of GROUP took MS. */
static void charge(struct lc_lookup_lane *lane, struct group *group, int64_t ms)
{
	if (ms < lane->options.deadline_ms / SLOW_PART)
		return;
	group->slow_ms += ms;
	if (group->given_up || group->slow_ms < (int64_t)PATIENCE * lane->options.deadline_ms)
		return;
	group->given_up = true;
	lane->options.given_up(lane->options.context, group->id);
	fail_group(lane, group);
}

/* Puts the sent ones back into their groups' queues, at the front and in their order. */
static void take_back(struct lc_lookup_lane *lane)
{
	struct waiting *reversed = NULL, *waiting;

	while ((waiting = take_sent(lane))) {
		waiting->next = reversed;
		reversed = waiting;
	}
	while ((waiting = reversed)) {
		struct group *group = waiting->group;

		reversed = waiting->next;
		if (group->given_up) {
			fail(lane, waiting, -ETIMEDOUT);
			continue;
		}
		waiting->next = group->first;
		if (!group->first)
			group->last = &waiting->next;
		group->first = waiting;
		take_turn(lane, group);
	}
}

/* The process that looks does not answer the first of the sent ones, or has died of it. That one is failed; a new process gets the others. */
static void replace_looker(struct lc_lookup_lane *lane)
{
	int64_t since = lane->since;
	struct waiting *first = take_sent(lane);
	struct group *group = first ? first->group : NULL;

	lc_worker_drop(&lane->looker);
	if (first) {
		int64_t took = lc_clock_ms(CLOCK_MONOTONIC) - since;

		fail(lane, first, -ETIMEDOUT);
		/* A look-up that kills the process is as bad as one that hangs. */
		charge(lane, group, took > lane->options.deadline_ms ? took : lane->options.deadline_ms);
	}
	take_back(lane);
}

/* There can be no process that looks any more. */
static void die(struct lc_lookup_lane *lane)
{
	lane->dead = true;
	lc_worker_drop(&lane->looker);
	lc_lookup_lane_cancel(lane);
}

/* Takes the answer of LENGTH bytes in the message. 0 or -EPROTO. */
static int take_answer(struct lc_lookup_lane *lane, size_t length)
{
	const struct waiting *first = lane->sent;
	int64_t took = lc_clock_ms(CLOCK_MONOTONIC) - lane->since;
	struct lc_lookup_answer answer;
	struct waiting *waiting;
	struct group *group;

	if (!first || lc_lookup_unpack_answer(lane->message, length, &answer))
		return -EPROTO;
	if (answer.id != first->id || answer.kind != first->kind) {
		lc_lookup_answer_clear(&answer);
		return -EPROTO;
	}
	waiting = take_sent(lane);
	group = waiting->group;
	lane->options.answered(lane->options.context, waiting->key, &answer);
	lc_lookup_answer_clear(&answer);
	forget(lane, waiting);
	charge(lane, group, took);
	return 0;
}

/* Takes the answers that have come. */
static void receive(struct lc_lookup_lane *lane)
{
	while (lane->looker.socket >= 0) {
		ssize_t length = lc_worker_receive(&lane->looker, lane->message, LC_MESSAGE_MAX, 0);

		if (length == -ETIMEDOUT)
			return;
		if (length <= 0 || take_answer(lane, (size_t)length))
			replace_looker(lane);
	}
}

/* Sends the first of GROUP. 0, -EAGAIN when there is no room just now, or -errno. */
static int send_first(struct lc_lookup_lane *lane, struct group *group)
{
	struct waiting *waiting = group->first;
	struct iovec part = {waiting->message, waiting->length};
	int ret = lc_worker_send(&lane->looker, &part, 1, -1);

	/* With nothing else on its way, only a message that is larger than the socket's own limit finds no room: it never will. */
	if ((ret == -EAGAIN && !lane->n_sent) || ret == -EMSGSIZE) {
		group->first = waiting->next;
		lane->dropped++;
		fail(lane, waiting, -ETIMEDOUT);
		return 0;
	}
	if (ret)
		return ret;
	group->first = waiting->next;
	waiting->next = NULL;
	if (!lane->sent) {
		lane->last_sent = &lane->sent;
		lane->since = lc_clock_ms(CLOCK_MONOTONIC);
	}
	*lane->last_sent = waiting;
	lane->last_sent = &waiting->next;
	lane->n_sent++;
	return 0;
}

/* Sends as much as is to be on its way, each group in its turn. */
static void send_next(struct lc_lookup_lane *lane)
{
	struct group *group;
	int ret;

	while (!lane->dead && lane->n_sent < lane->options.depth && (group = next_group(lane))) {
		ret = group->first ? lc_worker_need(&lane->looker) : 0;
		if (!ret && group->first)
			ret = send_first(lane, group);
		take_turn(lane, group);
		if (ret == -EAGAIN)
			return;
		if (ret == -EPIPE && lane->looker.socket >= 0)
			replace_looker(lane);
		else if (ret)
			die(lane);
	}
}

void lc_lookup_lane_proceed(struct lc_lookup_lane *lane)
{
	receive(lane);
	if (lane->sent && lc_clock_ms(CLOCK_MONOTONIC) - lane->since >= lane->options.deadline_ms)
		replace_looker(lane);
	send_next(lane);
}

static struct group *group_of(struct lc_lookup_lane *lane, uint64_t id)
{
	struct group *group = lc_table_get(lane->groups, &id);

	if (group)
		return group;
	group = calloc(1, sizeof(*group));
	if (!group)
		return NULL;
	group->id = id;
	if (lc_table_put(lane->groups, &group->id, group)) {
		free(group);
		return NULL;
	}
	return group;
}

/* Whether LENGTH bytes more of GROUP may wait. */
static bool has_room(const struct lc_lookup_lane *lane, const struct group *group, size_t length)
{
	const struct lc_lookup_lane_room *room = &lane->options.room;

	return lane->n < room->requests && lane->bytes + length <= room->bytes && group->n < room->group_requests &&
	       group->bytes + length <= room->group_bytes;
}

/* A copy of REQUEST that waits in GROUP. NULL when there is no room. */
static struct waiting *make_waiting(
	struct lc_lookup_lane *lane, struct group *group, const struct lc_lookup_request *request)
{
	struct waiting *waiting = calloc(1, sizeof(*waiting));

	if (!waiting || lc_lookup_pack_request(request, &waiting->message, &waiting->length)) {
		free(waiting);
		return NULL;
	}
	if (!has_room(lane, group, waiting->length)) {
		free_waiting(waiting);
		return NULL;
	}
	waiting->group = group;
	waiting->id = request->id;
	waiting->kind = request->kind;
	group->n++;
	group->bytes += waiting->length;
	lane->n++;
	lane->bytes += waiting->length;
	return waiting;
}

void lc_lookup_lane_ask(
	struct lc_lookup_lane *lane, uint64_t id, const void *key, const struct lc_lookup_request *request)
{
	struct group *group = lane->dead ? NULL : group_of(lane, id);
	struct waiting *waiting = group && !group->given_up ? make_waiting(lane, group, request) : NULL;

	if (!waiting) {
		lane->dropped += !group || !group->given_up;
		answer_nothing(lane, key, request->kind, -ETIMEDOUT);
		return;
	}
	waiting->key = key;
	if (!group->first)
		group->last = &group->first;
	*group->last = waiting;
	group->last = &waiting->next;
	take_turn(lane, group);
	send_next(lane);
}

int lc_lookup_lane_timeout(const struct lc_lookup_lane *lane)
{
	int64_t left = lane->since + lane->options.deadline_ms - lc_clock_ms(CLOCK_MONOTONIC);

	if (!lane->sent)
		return lane->turns ? 0 : -1;
	return left > 0 ? (int)left : 0;
}

size_t lc_lookup_lane_pending(const struct lc_lookup_lane *lane)
{
	return lane->n;
}

uint64_t lc_lookup_lane_dropped(const struct lc_lookup_lane *lane)
{
	return lane->dropped;
}

void lc_lookup_lane_cancel(struct lc_lookup_lane *lane)
{
	struct waiting *waiting;
	struct group *group;
	size_t cursor = 0;

	/* An answer that is on its way must not be taken for another request's. */
	if (lane->sent)
		lc_worker_drop(&lane->looker);
	while ((waiting = take_sent(lane)))
		fail(lane, waiting, -ETIMEDOUT);
	while ((group = lc_table_next(lane->groups, &cursor)))
		fail_group(lane, group);
}

int lc_lookup_lane_new(struct lc_lookup_lane **result, const struct lc_worker_life *life,
	struct lc_lookup_looker *looker, const struct lc_lookup_lane_options *options)
{
	struct lc_lookup_lane *lane = calloc(1, sizeof(*lane));
	int ret = 0;

	if (!lane)
		return -ENOMEM;
	lane->options = *options;
	lane->looker = LC_WORKER_NONE;
	lane->looker.watch = options->watch;
	lane->groups = lc_table_new(sizeof(uint64_t));
	lane->message = malloc(LC_MESSAGE_MAX);
	if (!lane->groups || !lane->message)
		ret = -ENOMEM;
	if (!ret)
		ret = lc_worker_start(&lane->looker, life, looker);
	/* Makes the worker now, so that the first look-up need not wait for it. */
	if (!ret)
		ret = lc_worker_need(&lane->looker);
	if (ret) {
		lc_lookup_lane_free(lane);
		return ret;
	}
	*result = lane;
	return 0;
}

/* Frees GROUP and what waits in it. */
static void free_group(void *value)
{
	struct group *group = value;

	while (group->first) {
		struct waiting *waiting = group->first;

		group->first = waiting->next;
		free_waiting(waiting);
	}
	free(group);
}

bool lc_lookup_lane_forget(struct lc_lookup_lane *lane, uint64_t id)
{
	const struct group *group = lc_table_get(lane->groups, &id);

	if (!group)
		return true;
	if (group->n || group->in_turn)
		return false;
	free_group(lc_table_remove(lane->groups, &id));
	return true;
}

void lc_lookup_lane_free(struct lc_lookup_lane *lane)
{
	struct waiting *waiting;

	if (!lane)
		return;
	lc_worker_end(&lane->looker);
	while ((waiting = lane->sent)) {
		lane->sent = waiting->next;
		free_waiting(waiting);
	}
	lc_table_free(lane->groups, free_group);
	free(lane->message);
	free(lane);
}
