/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells the kernel side of processes that were there before it: where they belong, and which are still in set-up. */
#include "src/probe/probe_private.h"

#include <leastcap/clock.h>

#include <bpf/bpf.h>
#include <errno.h>

/* Puts VALUE at KEY into the map NAME, where there is none yet. 1, 0 when there is one, or -errno. */
static int put_new(struct lc_probe *probe, const char *name, const void *key, const void *value)
{
	if (!bpf_map_update_elem(bpf_object__find_map_fd_by_name(probe->object, name), key, value, BPF_NOEXIST))
		return 1;
	return errno == EEXIST ? 0 : -errno;
}

bool lc_probe_knows(const struct lc_probe *probe, pid_t pid)
{
	uint32_t tgid = (uint32_t)pid;
	struct lc_home home;

	return !bpf_map_lookup_elem(bpf_object__find_map_fd_by_name(probe->object, "homes"), &tgid, &home);
}

int lc_probe_belongs(struct lc_probe *probe, pid_t pid, uint64_t target)
{
	const struct lc_home home = {.target = target, .met = true};
	uint32_t tgid = (uint32_t)pid;

	return put_new(probe, "homes", &tgid, &home);
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

	/* It is known, also if its set-up has ended by now. */
	if (r <= 0)
		return r;
	ns = (uint64_t)lc_clock_ns(CLOCK_MONOTONIC);
	arrival.deadline = ns + left_ms * UINT64_C(1000000);
	member.arrival = LC_ARRIVAL(ns, tgid);
	r = put_new(probe, "arrivals", &member.arrival, &arrival);
	if (r > 0)
		r = put_new(probe, "setup", &tgid, &member);
	/* The kernel side looks for processes in set-up only while it counts some. */
	if (r > 0)
		__sync_fetch_and_add(probe->setup_count, 1);
	return r;
}
