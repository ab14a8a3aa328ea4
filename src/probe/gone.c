/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Cgroups that are gone. Their counters are taken out of the kernel. What is kept of them is limited per share, as the kernel side
 * limits what it keeps of those that are there.
 */
#include "src/probe/rooms.h"

#include <leastcap/cleanup.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

/*
 * How many cgroups have to be gone before they are collected, all in one pass, because walking through the keys is dear. An id is
 * not used again.
 */
#define COLLECT_AT_ONCE 32

/* How many cgroups of each share that are gone and lost something are told apart. */
#define LOSING_OF_SHARE 1024

struct lc_share *lc_share_at(struct lc_probe *probe, uint64_t id)
{
	return lc_table_get_or_add(probe->shares, &id, sizeof(struct lc_share));
}

void lc_forget_cgroup(struct lc_probe *probe, uint64_t id, uint64_t share)
{
	if (!bpf_map_delete_elem(bpf_map__fd(probe->kernel.maps.cgroups), &id))
		lc_rooms_give_back(probe, share, LC_ROOM_CGROUPS);
	/* Nobody else takes this cgroup's own share. */
	if (share == id)
		bpf_map_delete_elem(bpf_map__fd(probe->kernel.maps.given_back), &id);
}

int lc_probe_collect(struct lc_probe *probe, uint64_t id)
{
	struct lc_gone_cgroup *gone;
	struct lc_cgroup entry;
	int r;

	if (lc_table_get(probe->gone, &id) || bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.cgroups), &id, &entry))
		return 0;
	gone = calloc(1, sizeof(*gone));
	if (!gone)
		return -ENOMEM;
	gone->id = id;
	gone->share = entry.share;
	gone->userns = entry.userns;
	lc_take_missed_of(&entry, &gone->missed);
	r = lc_table_put(probe->gone, &gone->id, gone);
	if (r) {
		free(gone);
		return r;
	}
	lc_forget_cgroup(probe, id, entry.share);
	return 0;
}

/* Keeps of the N checks of KEY, asked in GONE, only their number, and the capability that they put on a list. */
static void keep_number(struct lc_gone_cgroup *gone, const struct lc_key *key, uint64_t n)
{
	const uint8_t not_own = LC_FACT_DENIED | LC_FACT_SETUP | LC_FACT_OVERRIDDEN | LC_FACT_OWNER;

	gone->missed.losses.of[LC_LOSS_CHECKS] += n;
	if (!(key->facts & not_own) && (!gone->userns || gone->userns == key->userns))
		gone->missed.granted |= UINT64_C(1) << (key->cap & (LC_CAPS - 1));
}

int lc_gone_keep(struct lc_probe *probe, struct lc_gone_cgroup *gone, const struct lc_key *key, uint64_t n)
{
	struct lc_share *share = lc_share_at(probe, gone->share);
	const struct lc_record *record = lc_table_get(probe->records, key);

	if (!share)
		return -ENOMEM;
	/* What has been delivered in part is not lost any more. */
	if (share->records < LC_RECORDS_OF_SHARE || (record && record->told)) {
		share->records++;
		gone->told = true;
		return 1;
	}
	keep_number(gone, key, n);
	lc_record_forget(probe, key);
	return 0;
}

/* Marks those cgroups as told that are gone and have keys in MAP. Keys have SIZE bytes and begin with a cgroup's id. 0 or -errno. */
static int mark_told(struct lc_probe *probe, int map, size_t size)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(map, size, &list);

	for (ssize_t i = 0; i < n; i++) {
		struct lc_gone_cgroup *gone;
		uint64_t id;

		memcpy(&id, (const char *)list + (size_t)i * size, sizeof(id));
		gone = lc_table_get(probe->gone, &id);
		if (gone)
			gone->told = true;
	}
	return n < 0 ? (int)n : 0;
}

/* Keeps what GONE lost, for itself or, if its share has too many of these, in one sum for the share. 0 or -ENOMEM. */
static int keep_losses(struct lc_probe *probe, struct lc_gone_cgroup *gone)
{
	struct lc_share *share = lc_share_at(probe, gone->share);
	struct lc_gone_cgroup *copy;

	if (!share)
		return -ENOMEM;
	if (share->losing >= LOSING_OF_SHARE) {
		lc_losses_add(&share->missed.losses, &gone->missed.losses);
		share->missed.granted |= gone->missed.granted;
		return 0;
	}
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = *gone;
	if (lc_table_put(probe->losing, &copy->id, copy)) {
		free(copy);
		return -ENOMEM;
	}
	share->losing++;
	gone->told = true;
	return 0;
}

/* Notes that something of GONE is here, until it is forgotten. 0 or -ENOMEM. */
static int note_left(struct lc_probe *probe, const struct lc_gone_cgroup *gone)
{
	struct lc_left_cgroup *left = lc_table_get_or_add(probe->left, &gone->id, sizeof(*left));

	if (!left)
		return -ENOMEM;
	left->share = gone->share;
	return 0;
}

/* Forgets GONE, whose counters have been taken. 0 or -ENOMEM. */
static int let_go(struct lc_probe *probe, struct lc_gone_cgroup *gone)
{
	const struct lc_probe_events *events = probe->events;
	bool lost = gone->missed.granted;
	int r;

	for (int i = 0; i < LC_LOSS_N; i++)
		lost = lost || gone->missed.losses.of[i];
	r = lost ? keep_losses(probe, gone) : 0;
	if (!gone->told && events && events->cgroup_was_quiet)
		events->cgroup_was_quiet(events->context, gone->id);
	return r || !probe->forgets ? r : note_left(probe, gone);
}

int lc_gone_collect(struct lc_probe *probe, bool at_once)
{
	struct lc_table *collected = probe->gone, *empty;
	struct lc_gone_cgroup *gone;
	size_t cursor = 0;
	int r;

	if (lc_table_size(collected) < (at_once ? 1 : COLLECT_AT_ONCE))
		return 0;
	empty = lc_table_new(sizeof(uint64_t));
	if (!empty)
		return -ENOMEM;
	r = lc_counters_take(probe, false) ?: lc_returned_take(probe, false);
	r = r ?: mark_told(probe, bpf_map__fd(probe->kernel.maps.requests), sizeof(struct lc_request_key));
	r = r ?: mark_told(probe, bpf_map__fd(probe->kernel.maps.names), sizeof(struct lc_request_key));
	r = r ?: mark_told(probe, bpf_map__fd(probe->kernel.maps.missed_keys), sizeof(struct lc_key));
	if (r) {
		lc_table_free(empty, NULL);
		return r;
	}
	r = lc_filters_forget(probe);
	while ((gone = lc_table_next(collected, &cursor)))
		r = r ?: let_go(probe, gone);
	lc_table_free(collected, free);
	probe->gone = empty;
	return r;
}

int lc_gone_each_missed(
	struct lc_probe *probe, int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context)
{
	const struct lc_gone_cgroup *gone;
	struct lc_share *share;
	size_t cursor = 0;
	int r = 0;

	while (!r && (gone = lc_table_next(probe->gone, &cursor)))
		r = visit(context, gone->id, &gone->missed);
	cursor = 0;
	while (!r && (gone = lc_table_next(probe->losing, &cursor)))
		r = visit(context, gone->id, &gone->missed);
	cursor = 0;
	while (!r && (share = lc_table_next(probe->shares, &cursor))) {
		share->missed.users = share->id & LC_SHARE_OF_USERS;
		r = visit(context, share->missed.users ? 0 : share->id, &share->missed);
	}
	return r;
}
