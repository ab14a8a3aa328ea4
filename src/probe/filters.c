/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The filters of system calls (seccomp) that processes of the targets have, as the kernel side told their instructions. */
#include "src/probe/rooms.h"

#include <leastcap/cleanup.h>
#include <leastcap/filter.h>

#include <bpf/bpf.h>
#include <linux/filter.h>
#include <stdlib.h>
#include <string.h>

/* How many instructions are kept of each share's filters. An engine's default filter has some hundred. */
#define INSTRUCTIONS_OF_SHARE 65536

/* All filters of a process, the newest first, as far as they have come. */
struct lc_filters {
	struct lc_filters_key key;
	struct lc_filter filters[LC_FILTERS]; /* their programs are owned */
	uint32_t n;                           /* of those that are whole */
	uint32_t received;                    /* of the next one's instructions */
	bool whole;                           /* all are here */
};

/* Forgets FILTERS' instructions. */
static void drop_programs(struct lc_filters *filters)
{
	for (uint32_t i = 0; i < LC_FILTERS; i++)
		free((void *)filters->filters[i].program);
	*filters = (struct lc_filters){.key = filters->key};
}

void lc_filters_free(void *value)
{
	drop_programs(value);
	free(value);
}

/* Makes room for LENGTH instructions of FILTERS' next filter. False when their share has too many already, or when out of memory. */
static bool make_room(struct lc_probe *probe, struct lc_filters *filters, uint32_t length)
{
	struct lc_share *share = lc_share_of_cgroup(probe, filters->key.cgroup);
	struct lc_filter *next = &filters->filters[filters->n];

	if (!share)
		return false;
	if (share->instructions + length > INSTRUCTIONS_OF_SHARE) {
		share->missed.losses.of[LC_LOSS_FILTERS]++;
		return false;
	}
	next->program = calloc(length, sizeof(*next->program));
	if (!next->program)
		return false;
	next->n = length;
	share->instructions += length;
	return true;
}

/* Whether EVENT brings what is missing next of FILTERS, and it can be kept. */
static bool fits(struct lc_probe *probe, struct lc_filters *filters, const struct lc_event_filter *event)
{
	const struct lc_filter *next = &filters->filters[filters->n];

	if (event->place != filters->n || event->offset != filters->received || event->offset >= event->length)
		return false;
	if (event->offset)
		return next->n == event->length;
	return event->length <= BPF_MAXINSNS && make_room(probe, filters, event->length);
}

void lc_filters_take(struct lc_probe *probe, const struct lc_event_filter *event)
{
	const struct lc_filters_key key = {.cgroup = event->cgroup, .filters = event->filters};
	struct lc_filters *filters = lc_table_get_or_add(probe->filters, &key, sizeof(*filters));
	uint32_t left = event->length - event->offset;

	if (!filters || filters->whole)
		return;
	/* They are sent again from the beginning when there was no room for all. */
	if (!event->place && !event->offset)
		drop_programs(filters);
	if (filters->n >= LC_FILTERS || !fits(probe, filters, event))
		return;
	left = left < LC_FILTER_CHUNK ? left : LC_FILTER_CHUNK;
	memcpy((struct sock_filter *)filters->filters[filters->n].program + event->offset, event->instructions,
		left * sizeof(struct sock_filter));
	filters->received += left;
	if (filters->received < event->length)
		return;
	filters->n++;
	filters->received = 0;
	filters->whole = event->last;
}

enum lc_filter_answer lc_filters_ask(
	struct lc_probe *probe, uint64_t cgroup, uint32_t mark, const struct seccomp_data *call, int error)
{
	const struct lc_filters_key key = {.cgroup = cgroup, .filters = mark};
	const struct lc_filters *filters = lc_table_get(probe->filters, &key);

	if (!filters || !filters->whole)
		return LC_FILTER_UNKNOWN;
	return lc_filter_answers(filters->filters, filters->n, call, error);
}

/* How many instructions FILTERS take of their share. */
static size_t instructions_of(const struct lc_filters *filters)
{
	size_t n = 0;

	for (uint32_t i = 0; i < LC_FILTERS; i++)
		n += filters->filters[i].program ? filters->filters[i].n : 0;
	return n;
}

int lc_filters_forget(struct lc_probe *probe)
{
	int map = bpf_map__fd(probe->kernel.maps.filters_sent);
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(map, sizeof(struct lc_filters_key), &list);
	const struct lc_filters_key *keys = list;

	for (ssize_t i = 0; i < n; i++) {
		const struct lc_gone_cgroup *gone = lc_table_get(probe->gone, &keys[i].cgroup);
		struct lc_filters *filters;
		struct lc_share *share;

		if (!gone)
			continue;
		if (!bpf_map_delete_elem(map, &keys[i]))
			lc_rooms_give_back(probe, gone->share, LC_ROOM_FILTERS);
		share = lc_share_at(probe, gone->share);
		filters = lc_table_remove(probe->filters, &keys[i]);
		if (!filters)
			continue;
		if (share)
			share->instructions -= instructions_of(filters);
		lc_filters_free(filters);
	}
	return n < 0 ? (int)n : 0;
}
