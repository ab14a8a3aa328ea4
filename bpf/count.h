/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Counting a check: its counter, and what happens when it is met for the first time. */
#ifndef LEASTCAP_BPF_COUNT_H
#define LEASTCAP_BPF_COUNT_H

#include "bpf/key.h"
#include "bpf/outcome.h"
#include "bpf/request.h"
#include "bpf/resumed.h"
#include "bpf/sample.h"
#include "bpf/stack.h"
#include "bpf/trace.h"
#include "bpf/trial.h"

/*
 * KEY found no room and was counted as lost. A key with less detail is kept instead, so that no list lacks a capability or has one
 * too many. If that finds no room either, the capability alone is kept.
 */
static __noinline void keep_missed(struct lc_cgroup *entry, const struct lc_key *key)
{
	struct lc_key coarse = {};
	__u8 yes = 1;
	long r;

	if (!entry || !key)
		return;
	coarse.cgroup = key->cgroup;
	coarse.site = key->site;
	/* All user namespaces but the target's own are one here, so that making namespaces does not use up the room. */
	coarse.userns = entry->userns && entry->userns != key->userns ? LC_USERNS_ANY_OTHER : key->userns;
	coarse.syscall = key->syscall;
	coarse.cap = key->cap;
	coarse.facts = key->facts;
	if (bpf_map_lookup_elem(&missed_keys, &coarse))
		return;
	r = keep(&missed_keys, LC_ROOM_COARSE, entry, &coarse, &yes);
	if (!r || r == -EEXIST)
		return;
	if (coarse.userns != LC_USERNS_ANY_OTHER &&
		!(key->facts & (LC_FACT_DENIED | LC_FACT_SETUP | LC_FACT_OVERRIDDEN | LC_FACT_OWNER)))
		entry->granted[key->cap & (LC_CAPS - 1)] = 1;
}

/*
 * Adds one to COUNTER, which only this processor writes. A BPF program never runs inside itself, but a copy of it may run while it
 * is preempted.
 */
static __always_inline void add_one(struct lc_counter *counter)
{
	__u64 now = bpf_jiffies64();

	if (!counter->count)
		counter->first = now;
	if (config_copies)
		__sync_fetch_and_add(&counter->count, 1);
	else
		counter->count++;
	counter->last = now;
}

/*
 * Counts KEY, whose cgroup is ENTRY. Returns its counter, NULL when there was no room for one. Not inlined, because functions that
 * call each other share a stack of 512 bytes.
 */
static __noinline struct lc_counter *count_key(struct lc_cgroup *entry, const struct lc_key *key)
{
	struct lc_counter *counter;

	if (!entry || !key)
		return NULL;
	counter = bpf_map_lookup_elem(&checks, key);
	if (!counter) {
		struct lc_counter none = {};

		keep(&checks, LC_ROOM_CHECKS, entry, key, &none);
		counter = bpf_map_lookup_elem(&checks, key);
	}
	if (counter)
		add_one(counter);
	else
		keep_missed(entry, key);
	return counter;
}

/* Counts KEY, whose cgroup is ENTRY, without a sample, for which there was no room. Returns true, as count_slowly does for a recorded check. */
static __always_inline bool count_unsampled(struct lc_cgroup *entry, const struct lc_key *key)
{
	__sync_fetch_and_add(&samples_dropped, 1);
	count_key(entry, key);
	return true;
}

/*
 * Counts KEY and takes a sample, because this processor has not seen KEY or another sample is due. Returns whether the check is
 * recorded at all. SAMPLE is tested only once, because the verifier of 5.10 forgets the answer.
 */
static __noinline bool count_slowly(void *context, struct lc_key *key, __u64 position, __u64 link)
{
	struct lc_event_sample *sample;
	struct lc_counter *counter;
	struct lc_cgroup *entry;

	if (!key)
		return false;
	entry = bpf_map_lookup_elem(&cgroups, &key->cgroup);
	if (!entry)
		return false;
	if (!(key->facts & LC_FACT_SETUP) && meet_arriving())
		key->facts |= LC_FACT_SETUP;

	learn_registers();
	if (!may_send(entry, sizeof(*sample)))
		return count_unsampled(entry, key);
	sample = bpf_ringbuf_reserve(&events, sizeof(*sample), 0);
	if (!sample)
		return count_unsampled(entry, key);
	key->site = sample_site(context, sample, position, link);
	/* The sample may have taught how to find the site. */
	key->facts |= follows_denied(bpf_get_current_pid_tgid(), key->cap, key->site, key->facts);
	counter = count_key(entry, key);
	/* A key without a counter is not told, because user space keeps all that it is told. */
	if (counter) {
		sample->key = *key;
		take_sample(sample);
		bpf_ringbuf_submit(sample, 0);
		counter->sampled = 1;
	} else {
		bpf_ringbuf_discard(sample, 0);
	}
	if (!(key->facts & LC_FACT_SETUP))
		note_root_map(key->cgroup);
	if (config_stacks && counter)
		take_stack(key);
	return true;
}

/*
 * Counts KEY, filled in but for the call site, which is the check Q of TASK, the current one. Compile-time constants as for
 * count_check. Returns whether the check is recorded at all.
 */
static __always_inline bool count_filled(void *context, bool direct, bool cast, struct task_struct *task,
	const struct lc_question *q, struct lc_key *key)
{
	struct lc_counter *counter;
	__u32 pid;

	key->site = lc_find_site(&distances, cast, q->position, q->link);
	pid = LOAD(direct, task, pid);
	key->facts |= follows_denied(pid, key->cap, key->site, key->facts);

	counter = bpf_map_lookup_elem(&checks, key);
	if (counter && counter->sampled && (key->site || counter->count & (counter->count - 1)))
		add_one(counter);
	else if (!count_slowly(context, key, q->position, q->link))
		return false;
	if (config_trace)
		trace_check(key, q->scratch);
	if (!(key->facts & LC_FACT_DENIED))
		forget_denied(pid);
	if (key->facts & LC_FACT_DENIED || is_search(key)) {
		await_outcome(key);
		await_resumption(key->cgroup);
	}
	return true;
}

/* Counts the check Q of TASK, the current one. Compile-time constants: DIRECT as for LOAD, CAST as for word_at. */
static __always_inline int count_check(
	void *context, bool direct, bool cast, struct task_struct *task, const struct lc_question *q)
{
	struct lc_key key = {};

	key.cgroup = counted_under(direct, task);
	if (!key.cgroup)
		return 0;
	fill_key(direct, cast, q, task, &key);
	if (config_trial && is_refused(&key))
		key.facts |= LC_FACT_TRIED;
	count_filled(context, direct, cast, task, q, &key);
	return 0;
}

#endif
