/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The outcome of denied checks: what the syscall returned, or which check was granted in their stead. */
#ifndef LEASTCAP_BPF_OUTCOME_H
#define LEASTCAP_BPF_OUTCOME_H

#include "bpf/callsite.h"
#include "bpf/room.h"
#include "bpf/search.h"
#include "bpf/site.h"
#include "bpf/task.h"

static __always_inline bool same_key(const struct lc_key *a, const struct lc_key *b)
{
	const __u64 *left = (const void *)a, *right = (const void *)b;

	_Static_assert(sizeof(*a) == 3 * sizeof(*left), "a key is three words");
	return left[0] == right[0] && left[1] == right[1] && left[2] == right[2];
}

/* Whether KEY's check is one of a search for a file. */
static __always_inline bool is_search(const struct lc_key *key)
{
	return lc_is_search(call_of(key->syscall), key->cap);
}

/*
 * Awaits the result of the syscall in which KEY was denied, or granted during a search. There is room for eight distinct keys a
 * syscall (a fork asks about memory once for each mapping, with one key). The outcome of more stays unknown.
 */
static __noinline void await_outcome(const struct lc_key *key)
{
	__u32 pid = bpf_get_current_pid_tgid();
	struct lc_pending *entry;
	bool denied;

	if (!key || !lc_is_syscall(key->syscall))
		return;
	denied = key->facts & LC_FACT_DENIED;
	entry = bpf_map_lookup_elem(&pending, &pid);
	if (!entry) {
		struct lc_cgroup *recorded = bpf_map_lookup_elem(&cgroups, &key->cgroup);
		struct lc_pending first = {.share = share_id(recorded)};

		first.keys[0] = *key;
		first.counts[0] = 1;
		first.last = denied;
		if (!keep(&pending, LC_ROOM_PENDING, recorded, &pid, &first))
			__sync_fetch_and_add(&pending_slots[pid & (PENDING_SLOTS - 1)], 1);
		return;
	}
	for (__u32 i = 0; i < LC_PENDING; i++) {
		if (!entry->counts[i])
			entry->keys[i] = *key;
		else if (!same_key(&entry->keys[i], key))
			continue;
		entry->counts[i]++;
		if (denied)
			entry->last = i + 1;
		return;
	}
	/* Of a granted check no more is lost than that it made no difference. */
	if (denied)
		lose(bpf_map_lookup_elem(&cgroups, &key->cgroup), LC_ROOM_PENDING, 1);
}

/*
 * LC_FACT_CHAINED if the last check of task PID was denied and asked, in the same function and of the same credentials, for another
 * capability than CAP, else 0. If this check, at SITE with FACTS, is granted, it answers the denied ones. overlayfs asks the same of its own
 * credentials once more. Not static: see bpf/maps.h.
 */
__noinline int follows_denied(__u32 pid, __u32 cap, __u32 site, __u32 facts)
{
	struct lc_pending *entry;
	struct lc_key *last;

	if (!pending_slots[pid & (PENDING_SLOTS - 1)])
		return 0;
	entry = bpf_map_lookup_elem(&pending, &pid);
	if (!entry || !entry->last)
		return 0;
	last = &entry->keys[(entry->last - 1) & (LC_PENDING - 1)];
	if (last->cap == cap || !lc_in_one_function(last->site, site) || !is_site(site) || !is_site(last->site))
		return 0;
	if ((last->facts ^ facts) & LC_FACT_OVERRIDDEN)
		return 0;
	if (facts & LC_FACT_DENIED)
		return LC_FACT_CHAINED;
	for (__u32 i = 0; i < LC_PENDING; i++) {
		if ((entry->keys[i].facts ^ facts) & LC_FACT_OVERRIDDEN)
			continue;
		if (entry->keys[i].facts & LC_FACT_DENIED && lc_in_one_function(entry->keys[i].site, site))
			entry->answered[i] = entry->counts[i];
	}
	return LC_FACT_CHAINED;
}

/* A check of task PID was granted, so that its next check does not follow a denied one. */
__noinline int forget_denied(__u32 pid)
{
	struct lc_pending *entry;

	if (!pending_slots[pid & (PENDING_SLOTS - 1)])
		return 0;
	entry = bpf_map_lookup_elem(&pending, &pid);
	if (entry)
		entry->last = 0;
	return 0;
}

static __noinline void add_outcome(const struct lc_outcome *outcome, __u64 n)
{
	__u64 *count;

	if (!outcome)
		return;
	count = bpf_map_lookup_elem(&outcomes, outcome);
	if (count)
		__sync_fetch_and_add(count, n);
	else
		keep(&outcomes, LC_ROOM_OUTCOMES, bpf_map_lookup_elem(&cgroups, &outcome->key.cgroup), outcome, &n);
}

/*
 * Counts the outcome of the checks at PLACE among those that task PID has pending, whose syscall returned RESULT. Returns
 * LC_CALL_DENIED if one of its own was denied, and nothing accepted in its stead. Not static: see bpf/maps.h.
 */
__noinline int settle_place(__u32 pid, __u32 place, __u64 result)
{
	struct lc_pending *entry = bpf_map_lookup_elem(&pending, &pid);
	__u32 i = place & (LC_PENDING - 1);
	struct lc_outcome outcome = {};
	__s64 returned = result;
	__u64 n, answered;
	bool nothing;

	if (!entry)
		return 0;
	n = entry->counts[i];
	answered = entry->answered[i];
	outcome.key = entry->keys[i];
	nothing = lc_found_nothing(returned) && is_search(&outcome.key);
	if (!(outcome.key.facts & LC_FACT_DENIED)) {
		outcome.result = returned;
		if (nothing)
			add_outcome(&outcome, n);
		return 0;
	}
	outcome.result = LC_RESULT_ANSWERED - (nothing ? returned : 0);
	if (answered)
		add_outcome(&outcome, answered);
	outcome.result = returned < 0 && returned >= -4095 ? returned : 0;
	if (n > answered)
		add_outcome(&outcome, n - answered);
	return n > answered && !(outcome.key.facts & LC_FACT_OVERRIDDEN) ? LC_CALL_DENIED : 0;
}

/*
 * Counts the outcome of the checks that task PID, the current one, has pending, and forgets them. KNOWN: its syscall returned
 * RESULT. That says nothing of checks of an earlier syscall, if the kernel skipped us when that returned (bpf/copies.h). Returns
 * what these checks are for the call: LC_CALL_DENIED, LC_CALL_ASKED.
 */
static __noinline __u32 settle_outcome(__u32 pid, __s64 result, bool known)
{
	struct lc_pending *entry = bpf_map_lookup_elem(&pending, &pid);
	__u32 facts = 0;
	__u64 share;

	if (!entry)
		return 0;
	if (known && entry->keys[0].syscall != syscall_number(false, false, (void *)bpf_get_current_task()))
		known = false;
	for (__u32 i = 0; known && i < LC_PENDING && entry->counts[i]; i++)
		facts |= settle_place(pid, i, result) | LC_CALL_ASKED;
	share = entry->share;
	if (!release(&pending, LC_ROOM_PENDING, share, &pid))
		__sync_fetch_and_sub(&pending_slots[pid & (PENDING_SLOTS - 1)], 1);
	return facts;
}

#endif
