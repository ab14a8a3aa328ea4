/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processes that are still in set-up when the recording ends: the workload, once they have been there for longer than runtimes take. */
#include "src/probe/probe_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <bpf/bpf.h>

/* ARRIVAL's processes are still in set-up: TGID is the first of them. */
static void tell_staying(const struct lc_probe *probe, const struct lc_arrival *arrival, pid_t tgid)
{
	char comm[LC_COMM_SIZE] = "";
	const struct lc_stayed stayed = {
		.target = arrival->target,
		.asked = lc_marked_caps(arrival->asked),
		.expired = true,
		.pid = tgid,
		.comm = comm,
	};

	lc_process_comm(tgid, comm, sizeof(comm));
	probe->events->stayed(probe->events->context, &stayed);
}

int lc_tell_staying(struct lc_probe *probe)
{
	const uint64_t latest = (uint64_t)lc_clock_ns(CLOCK_MONOTONIC) - LC_SETUP_USUAL + LC_SETUP_LIMIT;
	int map = bpf_map__fd(probe->kernel.maps.arrivals);
	_cleanup_free_ void *list = NULL;
	struct lc_arrival arrival;
	const uint64_t *ids;
	ssize_t n;

	if (!probe->events || !probe->events->stayed)
		return 0;
	n = lc_map_keys(map, sizeof(*ids), &list);
	ids = list;
	for (ssize_t i = 0; i < n; i++) {
		if (bpf_map_lookup_elem(map, &ids[i], &arrival))
			continue;
		if (arrival.deadline < latest && !arrival.proven && !arrival.told)
			tell_staying(probe, &arrival, (pid_t)LC_ARRIVAL_TGID(ids[i]));
	}
	return n < 0 ? (int)n : 0;
}
