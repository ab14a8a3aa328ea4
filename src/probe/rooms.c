/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See rooms.h. */
#include "src/probe/rooms.h"

#include "src/probe/globals.h"

#include <bpf/bpf.h>
#include <errno.h>

/* The map that each place is in, and what is lost where there is no room. Buffers for events are not shared out by number. */
static const struct {
	const char *map;
	enum lc_loss loss;
} rooms[LC_ROOMS] = {
	[LC_ROOM_CHECKS] = {"checks", LC_LOSS_CHECKS},
	[LC_ROOM_COARSE] = {"missed_keys", LC_LOSS_COARSE},
	[LC_ROOM_OUTCOMES] = {"outcomes", LC_LOSS_OUTCOMES},
	[LC_ROOM_PENDING] = {"pending", LC_LOSS_PENDING},
	[LC_ROOM_REQUESTS] = {"requests", LC_LOSS_REQUESTS},
	[LC_ROOM_NAMES] = {"names", LC_LOSS_NAMES},
	[LC_ROOM_READERS] = {"readers", LC_LOSS_READERS},
	[LC_ROOM_CGROUPS] = {"cgroups", LC_LOSS_CGROUPS},
	[LC_ROOM_SETUP] = {"setup", LC_LOSS_SETUP},
	[LC_ROOM_ARRIVALS] = {"arrivals", LC_LOSS_SETUP},
	[LC_ROOM_HOMES] = {"homes", LC_LOSS_HOMES},
	[LC_ROOM_FOLLOWED] = {"followed", LC_LOSS_FOLLOWED},
	[LC_ROOM_LIVES] = {NULL, LC_LOSS_LIVES},
	[LC_ROOM_EVENTS] = {NULL, LC_LOSS_EVENTS},
};

void lc_rooms_measure(struct bpf_object *object)
{
	uint32_t *sizes = lc_global_initial(object, "room_sizes");

	for (int i = 0; i < LC_ROOMS; i++) {
		const struct bpf_map *map = rooms[i].map ? bpf_object__find_map_by_name(object, rooms[i].map) : NULL;

		/* All followed processes are one target's. */
		sizes[i] = map && i != LC_ROOM_FOLLOWED ? bpf_map__max_entries(map) : 0;
	}
}

int lc_rooms_share(struct lc_probe *probe)
{
	for (uint64_t i = 0; i < LC_USER_SHARES; i++) {
		const uint64_t id = LC_SHARE_OF_USERS | i;
		const struct lc_cgroup entry = {.target = id, .share = id};

		if (bpf_map_update_elem(probe->cgroups, &id, &entry, BPF_NOEXIST))
			return -errno;
	}
	return 0;
}

void lc_rooms_give_back(struct lc_probe *probe, uint64_t share, enum lc_room room)
{
	uint32_t places[LC_ROOMS] = {0};

	__sync_fetch_and_sub(&probe->room_used[room], 1);
	/* One that has none yet begins with none. */
	bpf_map_lookup_elem(probe->given_back, &share, places);
	places[room]++;
	bpf_map_update_elem(probe->given_back, &share, places, BPF_ANY);
}

void lc_rooms_add_lost(const struct lc_cgroup *entry, struct lc_losses *losses)
{
	for (int i = 0; i < LC_ROOMS; i++)
		losses->of[rooms[i].loss] += entry->lost[i];
}

void lc_rooms_add_unattributed(const struct lc_probe *probe, struct lc_losses *losses)
{
	const uint64_t *lost = lc_global(probe, "room_lost");

	for (int i = 0; i < LC_ROOMS; i++)
		losses->of[rooms[i].loss] += lost[i];
}

void lc_rooms_add_users(const struct lc_probe *probe, struct lc_losses *losses)
{
	for (uint64_t i = 0; i < LC_USER_SHARES; i++) {
		const uint64_t id = LC_SHARE_OF_USERS | i;
		struct lc_cgroup entry;

		if (!bpf_map_lookup_elem(probe->cgroups, &id, &entry))
			lc_rooms_add_lost(&entry, losses);
	}
}
