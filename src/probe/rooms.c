/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* See rooms.h. */
#include "src/probe/rooms.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

#define ROOM(map, loss)                                                                                                \
	{                                                                                                              \
		offsetof(struct lc_maps, map), true, loss                                                              \
	}

/* The map that each place is in, and what is lost where there is no room. Buffers for events are not shared out by number. */
static const struct {
	size_t map; /* its place in struct lc_maps */
	bool has_map;
	enum lc_loss loss;
} rooms[LC_ROOMS] = {
	[LC_ROOM_CHECKS] = ROOM(checks, LC_LOSS_CHECKS),
	[LC_ROOM_COARSE] = ROOM(missed_keys, LC_LOSS_COARSE),
	[LC_ROOM_OUTCOMES] = ROOM(outcomes, LC_LOSS_OUTCOMES),
	[LC_ROOM_PENDING] = ROOM(pending, LC_LOSS_PENDING),
	[LC_ROOM_REQUESTS] = ROOM(requests, LC_LOSS_REQUESTS),
	[LC_ROOM_NAMES] = ROOM(names, LC_LOSS_NAMES),
	[LC_ROOM_READERS] = ROOM(readers, LC_LOSS_READERS),
	[LC_ROOM_CGROUPS] = ROOM(cgroups, LC_LOSS_CGROUPS),
	[LC_ROOM_SETUP] = ROOM(setup, LC_LOSS_SETUP),
	[LC_ROOM_ARRIVALS] = ROOM(arrivals, LC_LOSS_SETUP),
	[LC_ROOM_HOMES] = ROOM(homes, LC_LOSS_HOMES),
	[LC_ROOM_FOLLOWED] = ROOM(followed, LC_LOSS_FOLLOWED),
	[LC_ROOM_LIVES] = {0, false, LC_LOSS_LIVES},
	[LC_ROOM_EVENTS] = {0, false, LC_LOSS_EVENTS},
	[LC_ROOM_CALLS] = ROOM(call_counts, LC_LOSS_CALLS),
	[LC_ROOM_KINDS] = ROOM(coarse_calls, LC_LOSS_UNCOUNTED),
	[LC_ROOM_FILTERS] = ROOM(filters_sent, LC_LOSS_FILTERS),
};

void lc_rooms_measure(struct lc_kernel_side *kernel)
{
	for (int i = 0; i < LC_ROOMS; i++) {
		const char *place = (const char *)&kernel->maps + rooms[i].map;

		/* All followed processes are one target's. */
		if (rooms[i].has_map && i != LC_ROOM_FOLLOWED)
			(*kernel->settings.room_sizes)[i] = bpf_map__max_entries(*(struct bpf_map *const *)place);
	}
}

int lc_rooms_share(struct lc_probe *probe)
{
	for (uint64_t i = 0; i < LC_USER_SHARES; i++) {
		const uint64_t id = LC_SHARE_OF_USERS | i;
		const struct lc_cgroup entry = {.target = id, .share = id};

		if (bpf_map_update_elem(bpf_map__fd(probe->kernel.maps.cgroups), &id, &entry, BPF_NOEXIST))
			return -errno;
	}
	return 0;
}

void lc_rooms_give_back(struct lc_probe *probe, uint64_t share, enum lc_room room)
{
	uint32_t places[LC_ROOMS] = {0};

	__sync_fetch_and_sub(&(*probe->kernel.live.room_used)[room], 1);
	/* A share without an entry begins with zeros. */
	bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.given_back), &share, places);
	places[room]++;
	bpf_map_update_elem(bpf_map__fd(probe->kernel.maps.given_back), &share, places, BPF_ANY);
}

void lc_rooms_add_lost(const struct lc_cgroup *entry, struct lc_losses *losses)
{
	for (int i = 0; i < LC_ROOMS; i++)
		losses->of[rooms[i].loss] += entry->lost[i];
}

void lc_rooms_add_unattributed(const struct lc_probe *probe, struct lc_losses *losses)
{
	const uint64_t *lost = *probe->kernel.live.room_lost;

	for (int i = 0; i < LC_ROOMS; i++)
		losses->of[rooms[i].loss] += lost[i];
}

void lc_rooms_add_users(const struct lc_probe *probe, struct lc_losses *losses)
{
	for (uint64_t i = 0; i < LC_USER_SHARES; i++) {
		const uint64_t id = LC_SHARE_OF_USERS | i;
		struct lc_cgroup entry;

		if (!bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.cgroups), &id, &entry))
			lc_rooms_add_lost(&entry, losses);
	}
}

void lc_rooms_log_errors(const struct lc_probe *probe)
{
	const uint32_t *errors = *probe->kernel.live.room_errors;

	for (int i = 0; i < LC_ROOMS; i++) {
		bool is_full = errors[i] == ENOSPC || errors[i] == E2BIG;

		if (errors[i])
			lc_log(probe->log, is_full ? LC_LOG_DEBUG : LC_LOG_WARN, "no room for %s: %s",
				lc_loss_name(rooms[i].loss), is_full ? "the table is full" : strerror((int)errors[i]));
	}
}
