/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whether a trial refuses what is asked: the same answer for the program that refuses and for the one that sees what got past it. */
#ifndef LEASTCAP_BPF_TRIAL_H
#define LEASTCAP_BPF_TRIAL_H

#include "bpf/key.h"
#include "bpf/maps.h"

/* Facts of checks that no trial refuses: denied anyway, not by a capability of the process's own, or the runtime's. */
#define NOT_TRIED (LC_FACT_DENIED | LC_FACT_OWNER | LC_FACT_OVERRIDDEN | LC_FACT_OUTER | LC_FACT_SETUP)

/* include/linux/proc_ns.h, PROC_USER_INIT_INO */
#define INITIAL_USERNS 0xEFFFFFFDU

/* Whether a process of ENTRY's target may be a runtime's without our knowledge, because what would tell found no room. */
static __always_inline bool is_phase_unsure(const struct lc_cgroup *entry)
{
	return entry->lost[LC_ROOM_HOMES] || entry->lost[LC_ROOM_SETUP] || entry->lost[LC_ROOM_ARRIVALS];
}

/*
 * Whether CAP is refused to the workload that is recorded under CGROUP and whose credentials are of the user namespace USERNS: by the
 * target that it belongs to, or by one around that, whose bounding set is the limit of both. What a target does in user namespaces that
 * it made itself is not refused, because no list of its own is a limit there. Not static: see bpf/maps.h.
 */
__noinline int is_refused_to(__u64 cgroup, __u32 userns, __u32 cap)
{
	struct lc_cgroup *entry = bpf_map_lookup_elem(&cgroups, &cgroup);
	__u64 target = entry ? entry->target : 0;
	__u32 given = entry ? entry->userns : 0;

	for (int i = 0; i < LC_NESTING && target; i++) {
		struct lc_refusal *refusal = bpf_map_lookup_elem(&refusals, &target);

		entry = bpf_map_lookup_elem(&cgroups, &target);
		if (!entry || is_phase_unsure(entry))
			return false;
		if (refusal && refusal->caps >> (cap & 63) & 1) {
			__u32 own = given ?: entry->userns ?: refusal->userns ?: INITIAL_USERNS;

			if (userns == own)
				return true;
		}
		target = entry->outer;
		given = 0;
	}
	return false;
}

/* Whether the trial refuses what KEY asks, which is filled in but for the call site and was granted. Most capabilities are in no trial. */
static __always_inline bool is_refused(const struct lc_key *key)
{
	if (!(refused_caps >> (key->cap & 63) & 1) || key->facts & NOT_TRIED || bpf_ktime_get_ns() >= refused_until)
		return false;
	return is_refused_to(key->cgroup, key->userns, key->cap);
}

#endif
