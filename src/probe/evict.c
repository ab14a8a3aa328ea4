/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Forgets what is known of cgroups that are gone, here and in the kernel's maps, once all of it has been delivered. */
#include "src/probe/losses.h"
#include "src/probe/rooms.h"

#include <leastcap/cleanup.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

/* The cgroup whose id VALUE, or a key, begins with, if that is to be forgotten; else NULL. */
static const struct lc_left_cgroup *left_of(const struct lc_probe *probe, const void *value)
{
	const struct lc_left_cgroup *left;
	uint64_t id;

	memcpy(&id, value, sizeof(id));
	left = lc_table_get(probe->left, &id);
	return left && !left->waits ? left : NULL;
}

static bool is_left(void *probe, const void *value)
{
	return left_of(probe, value);
}

/* The cgroup that VALUE is of has to be kept for its sake. */
static void keep_for(const struct lc_probe *probe, const void *value)
{
	struct lc_left_cgroup *left = lc_table_get(probe->left, value);

	if (left)
		left->waits = true;
}

/* Marks those cgroups of which something that was asked for has not been told, or not been delivered. */
static void mark_waiting(const struct lc_probe *probe)
{
	const struct lc_record *record;
	const void *value;
	size_t cursor = 0;

	while ((record = lc_table_next(probe->records, &cursor))) {
		if (lc_record_waits(record) || record->traced || lc_record_total(record) > record->told ||
			record->missed > record->missed_told)
			keep_for(probe, &record->key);
	}
	cursor = 0;
	while ((value = lc_table_next(probe->named, &cursor))) {
		if (lc_request_waits(value))
			keep_for(probe, lc_request_key(value));
	}
	cursor = 0;
	while ((value = lc_table_next(probe->returned, &cursor))) {
		if (lc_returned_is_undelivered(probe, value))
			keep_for(probe, value);
	}
}

/* The share of the cgroup that VALUE is of, if anything is kept for it; else NULL. */
static struct lc_share *share_of(const struct lc_probe *probe, const void *value)
{
	const struct lc_left_cgroup *left = left_of(probe, value);

	return left ? lc_table_get(probe->shares, &left->share) : NULL;
}

/* Gives back what the records, the calls and the losses that are to go take of their shares. */
static void give_back(struct lc_probe *probe)
{
	const struct lc_gone_cgroup *losing;
	struct lc_record *record;
	struct lc_share *share;
	const void *value;
	size_t cursor = 0;

	while ((record = lc_table_next(probe->records, &cursor))) {
		share = share_of(probe, &record->key);
		if (share && record->kept && share->records)
			share->records--;
		if (left_of(probe, &record->key))
			lc_record_leave_stack(probe, record);
	}
	cursor = 0;
	while ((value = lc_table_next(probe->returned, &cursor))) {
		share = share_of(probe, value);
		if (share && lc_returned_is_kept(value) && share->returned)
			share->returned--;
	}
	cursor = 0;
	while ((losing = lc_table_next(probe->losing, &cursor))) {
		share = share_of(probe, losing);
		if (share && share->losing)
			share->losing--;
	}
}

/* Takes out of MAP, whose places are ROOM's, the keys of cgroups that are to be forgotten. They have SIZE bytes. 0 or -errno. */
static int empty_map(struct lc_probe *probe, int map, size_t size, enum lc_room room)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(map, size, &list);

	for (ssize_t i = 0; i < n; i++) {
		const void *key = (const char *)list + (size_t)i * size;
		const struct lc_left_cgroup *left = left_of(probe, key);

		if (left && !bpf_map_delete_elem(map, key))
			lc_rooms_give_back(probe, left->share, room);
	}
	return n < 0 ? (int)n : 0;
}

static int empty_maps(struct lc_probe *probe)
{
	const struct lc_maps *maps = &probe->kernel.maps;
	const size_t request = sizeof(struct lc_request_key);

	return empty_map(probe, bpf_map__fd(maps->requests), request, LC_ROOM_REQUESTS)
		       ?: empty_map(probe, bpf_map__fd(maps->names), request, LC_ROOM_NAMES)
		       ?: empty_map(probe, bpf_map__fd(maps->missed_keys), sizeof(struct lc_key), LC_ROOM_COARSE)
		       ?: empty_map(probe, bpf_map__fd(maps->outcomes), sizeof(struct lc_outcome), LC_ROOM_OUTCOMES);
}

/* Takes what belongs to cgroups that are to be forgotten out of the tables here. 0 or -ENOMEM. */
static int empty_tables(struct lc_probe *probe)
{
	give_back(probe);
	return lc_table_sweep(probe->records, is_left, probe, lc_record_free)
		       ?: lc_table_sweep(probe->named, is_left, probe, lc_request_free)
		       ?: lc_table_sweep(probe->returned, is_left, probe, lc_returned_free)
		       ?: lc_table_sweep(probe->outcomes, is_left, probe, free)
		       ?: lc_table_sweep(probe->losing, is_left, probe, free)
		       ?: lc_table_sweep(probe->losses, is_left, probe, free);
}

/* Marks the shares of cgroups in TABLE (share ids at PLACE of its values) as in use. */
static void mark_shares(const struct lc_probe *probe, const struct lc_table *table, size_t place)
{
	const char *value;
	size_t cursor = 0;

	while ((value = lc_table_next(table, &cursor))) {
		struct lc_share *share = lc_table_get(probe->shares, value + place);

		if (share)
			share->used = true;
	}
}

/* Whether the share VALUE is nobody's any more: users' are for ever. */
static bool is_unused(void *context, const void *value)
{
	const struct lc_probe *probe = context;
	const struct lc_share *share = value;
	struct lc_cgroup entry;

	return !share->used && share->id && !(share->id & LC_SHARE_OF_USERS) &&
	       bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.cgroups), &share->id, &entry);
}

/* Forgets the shares that are nobody's any more. 0 or -errno. */
static int drop_shares(struct lc_probe *probe)
{
	int given_back = bpf_map__fd(probe->kernel.maps.given_back);
	_cleanup_free_ void *list = NULL;
	struct lc_share *share;
	const uint64_t *ids;
	size_t cursor = 0;
	ssize_t n;
	int r;

	while ((share = lc_table_next(probe->shares, &cursor)))
		share->used = false;
	mark_shares(probe, probe->gone, offsetof(struct lc_gone_cgroup, share));
	mark_shares(probe, probe->left, offsetof(struct lc_left_cgroup, share));
	r = lc_table_sweep(probe->shares, is_unused, probe, free);
	n = r ? 0 : lc_map_keys(given_back, sizeof(uint64_t), &list);
	ids = list;
	for (ssize_t i = 0; i < n; i++) {
		const struct lc_share unused = {.id = ids[i]};

		if (!lc_table_get(probe->shares, &ids[i]) && is_unused(probe, &unused))
			bpf_map_delete_elem(given_back, &ids[i]);
	}
	return n < 0 ? (int)n : r;
}

static bool goes(void *context, const void *value)
{
	(void)context;
	return !((const struct lc_left_cgroup *)value)->waits;
}

/* Tells of all cgroups that are forgotten. */
static void tell_forgotten(const struct lc_probe *probe)
{
	const struct lc_probe_events *events = probe->events;
	const struct lc_left_cgroup *left;
	size_t cursor = 0;

	while (events && events->cgroup_forgotten && (left = lc_table_next(probe->left, &cursor))) {
		if (!left->waits)
			events->cgroup_forgotten(events->context, left->id);
	}
}

int lc_probe_forget_gone(struct lc_probe *probe)
{
	struct lc_left_cgroup *left;
	size_t cursor = 0;
	int r;

	if (!lc_table_size(probe->left))
		return 0;
	while ((left = lc_table_next(probe->left, &cursor)))
		left->waits = false;
	mark_waiting(probe);
	r = empty_maps(probe) ?: empty_tables(probe);
	if (r)
		return r;
	tell_forgotten(probe);
	return lc_table_sweep(probe->left, goes, NULL, free) ?: drop_shares(probe);
}
