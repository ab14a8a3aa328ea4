/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells the kernel side which cgroups and processes are recorded, and what there was before it: homes, and set-up. */
#include "src/probe/probe_private.h"
#include "src/probe/rooms.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <bpf/bpf.h>
#include <errno.h>

/* Puts VALUE at KEY into MAP, where there is none yet. 1, 0 when there is one, or -errno. */
static int put_new(const struct bpf_map *map, const void *key, const void *value)
{
	if (!bpf_map_update_elem(bpf_map__fd(map), key, value, BPF_NOEXIST))
		return 1;
	return errno == EEXIST ? 0 : -errno;
}

bool lc_probe_knows(const struct lc_probe *probe, pid_t pid)
{
	uint32_t tgid = (uint32_t)pid;
	struct lc_home home;

	return !bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.homes), &tgid, &home);
}

int lc_probe_belongs(struct lc_probe *probe, pid_t pid, uint64_t target)
{
	const struct lc_home home = {.target = target, .met = true};
	uint32_t tgid = (uint32_t)pid;

	return put_new(probe->kernel.maps.homes, &tgid, &home);
}

int lc_probe_in_setup(struct lc_probe *probe, pid_t pid, uint64_t target, unsigned int left_ms)
{
	uint32_t tgid = (uint32_t)pid;
	struct lc_setup member = {.met = true};
	struct lc_arrival arrival = {
		.target = target,
		.outside_mntns = probe->host_mntns,
		.members = 1,
		.met = true,
	};
	uint64_t ns;
	int r = lc_probe_belongs(probe, pid, target);

	/* A process that was known already may have left set-up by now. */
	if (r <= 0)
		return r;
	ns = (uint64_t)lc_clock_ns(CLOCK_MONOTONIC);
	arrival.deadline = ns + left_ms * UINT64_C(1000000);
	member.arrival = LC_ARRIVAL(ns, tgid);
	r = put_new(probe->kernel.maps.arrivals, &member.arrival, &arrival);
	if (r > 0)
		r = put_new(probe->kernel.maps.setup, &tgid, &member);
	/* The kernel side looks for processes in set-up only while it counts some. */
	if (r > 0)
		__sync_fetch_and_add(probe->kernel.live.setup_count, 1);
	return r;
}

uint64_t lc_probe_end_setup(struct lc_probe *probe, pid_t pid)
{
	int setup = bpf_map__fd(probe->kernel.maps.setup), arrivals = bpf_map__fd(probe->kernel.maps.arrivals);
	uint32_t tgid = (uint32_t)pid;
	struct lc_setup member;
	struct lc_arrival arrival;

	if (bpf_map_lookup_elem(setup, &tgid, &member) || bpf_map_delete_elem(setup, &tgid))
		return 0;
	__sync_fetch_and_add(probe->kernel.live.setup_count, -1);
	if (bpf_map_lookup_elem(arrivals, &member.arrival, &arrival))
		return 0;
	/* Those that it has forked are in set-up no longer either, without an arrival: bpf/phase.h, prepared_for. */
	bpf_map_delete_elem(arrivals, &member.arrival);
	return lc_marked_caps(arrival.asked);
}

/* As bpf/phase.h, share_of_new. */
uint64_t lc_probe_share(const struct lc_probe *probe, uint64_t id, uint64_t parent, uid_t maker)
{
	struct lc_cgroup entry;

	if (parent && !bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.cgroups), &parent, &entry))
		return entry.share;
	return maker ? LC_SHARE_OF_USERS | (maker & (LC_USER_SHARES - 1)) : id;
}

int lc_probe_record(struct lc_probe *probe, const struct lc_recorded *recorded)
{
	struct lc_cgroup entry = {
		.target = recorded->target,
		.share = recorded->share,
		.outer = recorded->outer,
		.userns = recorded->userns,
		.pidns = recorded->pidns,
		.flags = (recorded->in_host ? LC_CGROUP_HOST : 0) | (recorded->started ? LC_CGROUP_STARTED : 0),
	};
	int r;

	(*probe->kernel.live.recorded_slots)[recorded->id & (LC_RECORDED_SLOTS - 1)] = 1;
	/* The kernel side may have met it in the meantime, and what it keeps there must not be overwritten. */
	r = put_new(probe->kernel.maps.cgroups, &recorded->id, &entry);
	if (r > 0)
		__sync_fetch_and_add(&(*probe->kernel.live.room_used)[LC_ROOM_CGROUPS], 1);
	return r < 0 ? r : 0;
}

int lc_probe_claim(struct lc_probe *probe, uint64_t id, uint64_t target)
{
	int cgroups = bpf_map__fd(probe->kernel.maps.cgroups);
	struct lc_cgroup entry;

	if (bpf_map_lookup_elem(cgroups, &id, &entry))
		return -errno;
	entry.target = target;
	entry.flags |= LC_CGROUP_HOST;
	return bpf_map_update_elem(cgroups, &id, &entry, BPF_EXIST) ? -errno : 0;
}

void lc_probe_rehome(struct lc_probe *probe, pid_t pid, uint64_t target)
{
	int homes = bpf_map__fd(probe->kernel.maps.homes);
	uint32_t tgid = (uint32_t)pid;
	struct lc_home home;

	if (bpf_map_lookup_elem(homes, &tgid, &home) || home.target == target)
		return;
	home.target = target;
	bpf_map_update_elem(homes, &tgid, &home, BPF_EXIST);
}

int lc_probe_ignore(struct lc_probe *probe, uint64_t id)
{
	_cleanup_free_ void *list = NULL;
	struct lc_cgroup entry = {.share = id};
	ssize_t n;
	const struct lc_key *keys;

	if (!bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.cgroups), &id, &entry))
		lc_forget_cgroup(probe, id, entry.share);
	n = lc_map_keys(bpf_map__fd(probe->kernel.maps.checks), sizeof(struct lc_key), &list);
	keys = list;
	for (ssize_t i = 0; i < n; i++) {
		if (keys[i].cgroup == id && !bpf_map_delete_elem(bpf_map__fd(probe->kernel.maps.checks), &keys[i]))
			lc_rooms_give_back(probe, entry.share, LC_ROOM_CHECKS);
	}
	return n < 0 ? (int)n : 0;
}

int lc_probe_follow(struct lc_probe *probe, pid_t pid, pid_t root, uint64_t *stand_in)
{
	uint32_t tgid = (uint32_t)pid;
	uint64_t id = LC_FOLLOWED | (uint64_t)root;
	int r = lc_probe_record(probe, &(struct lc_recorded){.id = id, .target = id, .share = id, .in_host = true});

	if (r)
		return r;
	/* Somebody may have followed it already, when it was forked. */
	r = put_new(probe->kernel.maps.followed, &tgid, &id);
	if (r > 0)
		__sync_fetch_and_add(&(*probe->kernel.live.room_used)[LC_ROOM_FOLLOWED], 1);
	if (r >= 0)
		*stand_in = id;
	return r;
}
