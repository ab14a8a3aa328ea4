/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The one way to keep something that a judgement depends on: every place has a limited size, is shared out, and counts what found
 * no room in it.
 */
#ifndef LEASTCAP_BPF_ROOM_H
#define LEASTCAP_BPF_ROOM_H

#include "bpf/maps.h"

/* include/uapi/asm-generic/errno-base.h */
#define ENOSPC 28
#define EEXIST 17

/* Counts N of ENTRY (NULL: of nobody who is known) that found no ROOM. */
static __always_inline void lose(struct lc_cgroup *entry, enum lc_room room, __u64 n)
{
	if (entry)
		__sync_fetch_and_add(&entry->lost[room], n);
	else
		__sync_fetch_and_add(&room_lost[room], n);
}

/* Who takes room for ENTRY; NULL when that is not known. */
static __always_inline struct lc_cgroup *share_of(const struct lc_cgroup *entry)
{
	__u64 id = entry ? entry->share : 0;

	return id ? bpf_map_lookup_elem(&cgroups, &id) : NULL;
}

/*
 * Whether SHARE, whose id is ID, may take one more place of ROOM. It may have as many as are still free. So a share that takes all
 * it can get has half of the places, two have a third each, and after N of that kind one place in N + 1 is still free. A fixed part
 * would leave most of the room empty on a host with few containers.
 */
static __always_inline bool may_take(const struct lc_cgroup *share, __u64 id, enum lc_room room)
{
	/* Signed, because what user space put in is taken out on behalf of a share that never held it. */
	__s64 held, left = room_sizes[room];
	struct lc_given_back *back;

	if (!left || !share)
		return true;
	left -= (__s64)room_used[room];
	held = (__s32)share->held[room];
	if (held < left)
		return true;
	back = bpf_map_lookup_elem(&given_back, &id);
	return back && held - (__s64)back->places[room] < left;
}

/*
 * Puts VALUE into MAP, which is ROOM, at KEY, where there is none yet. ENTRY: the recorded cgroup that it belongs to (NULL: none).
 * 0; -EEXIST when there is one; on any other error VALUE is lost, and counted as such.
 */
static __always_inline long keep(
	void *map, enum lc_room room, struct lc_cgroup *entry, const void *key, const void *value)
{
	struct lc_cgroup *share = share_of(entry);
	long r = may_take(share, entry ? entry->share : 0, room) ? 0 : -ENOSPC;

	if (!r)
		r = bpf_map_update_elem(map, key, value, BPF_NOEXIST);
	if (r && r != -EEXIST) {
		lose(entry, room, 1);
		room_errors[room] = -r;
	}
	if (r)
		return r;
	__sync_fetch_and_add(&room_used[room], 1);
	if (share)
		__sync_fetch_and_add(&share->held[room], 1);
	return 0;
}

/* The id of the share that what belongs to ENTRY (NULL: to nobody who is known) takes; 0: nobody's. It is noted with each value for release. */
static __always_inline __u64 share_id(const struct lc_cgroup *entry)
{
	return entry ? entry->share : 0;
}

/*
 * Takes what is at KEY out of MAP, which is ROOM, again. It was put there as part of the share ID; the cgroup that it belonged to
 * may be gone. 0 or -ENOENT.
 */
static __always_inline long release(void *map, enum lc_room room, __u64 id, const void *key)
{
	struct lc_cgroup *share;
	long r = bpf_map_delete_elem(map, key);

	if (r)
		return r;
	__sync_fetch_and_add(&room_used[room], -1);
	share = id ? bpf_map_lookup_elem(&cgroups, &id) : NULL;
	if (share)
		__sync_fetch_and_add(&share->held[room], -1);
	return 0;
}

/*
 * Whether what belongs to ENTRY may put SIZE bytes more into EVENTS. As with may_take, its share may have as many there as are
 * free. It has there at most what it has sent since user space had read all, or nearly all.
 */
static __always_inline bool may_send(const struct lc_cgroup *entry, __u32 size)
{
	__u64 waiting = bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA);
	__u64 places = bpf_ringbuf_query(&events, BPF_RB_RING_SIZE);
	struct lc_cgroup *share = share_of(entry);

	if (waiting < places / 16)
		__sync_fetch_and_add(&events_round, 1);
	if (!share)
		return true;
	if (share->round != events_round) {
		share->round = events_round;
		share->sent = 0;
	}
	if (waiting + share->sent >= places)
		return false;
	__sync_fetch_and_add(&share->sent, size);
	return true;
}

/*
 * Whether there is room for an event on a cgroup's life. TRUSTED: of a cgroup that root made outside of any target. Others leave
 * half of the buffer to these.
 */
static __always_inline bool may_tell(bool trusted)
{
	return trusted ||
	       bpf_ringbuf_query(&lives, BPF_RB_AVAIL_DATA) < bpf_ringbuf_query(&lives, BPF_RB_RING_SIZE) / 2;
}

#endif
