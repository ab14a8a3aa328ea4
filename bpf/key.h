/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The key of a check: what the kernel asked, of whom, in which syscall. */
#ifndef LEASTCAP_BPF_KEY_H
#define LEASTCAP_BPF_KEY_H

#include "bpf/ordinary.h"
#include "bpf/override.h"
#include "bpf/phase.h"
#include "bpf/task.h"

/* Facts of checks that were not granted by a capability of the process's own. */
#define NOT_OWN_GRANTED (LC_FACT_DENIED | LC_FACT_OVERRIDDEN | LC_FACT_OWNER)

/* What the kernel asked, as one of the hooks saw it. */
struct lc_question {
	struct cred *cred;
	struct user_namespace *target_ns;
	__u64 position; /* where on the kernel stack the call site is looked for */
	__u64 link; /* the return address of cap_capable while it is in a register, or 0; without a position: the call site */
	int cap;
	__u8 audit;   /* LC_FACT_NOAUDIT or 0, also where the hook cannot see it */
	__u8 scratch; /* the hook's place in trace_scratch */
};

/*
 * Fills KEY, except for the call site. A process in set-up works for its runtime, with one exception. What execve asks inside the
 * target's own mount namespace is the workload's, because it is asked with the workload's credentials and decides whether its
 * program may start.
 */
static __always_inline void fill_key(
	bool direct, bool cast, const struct lc_question *q, struct task_struct *task, struct lc_key *key)
{
	/*
	 * These loads come before any branch, because for each pointer that is followed the verifier of 6.18 searches all types, on
	 * every path again.
	 */
	struct user_namespace *own = LOAD(direct, q->cred, user_ns);
	const struct cred *real = LOAD(direct, task, real_cred);

	key->userns = LOAD(direct, own, ns.inum);
	key->exe = executable_inode(direct, task);
	key->syscall = syscall_number(direct, cast, task);
	key->cap = q->cap;
	key->facts = q->audit | authority(direct, q->cred, own, q->target_ns, q->cap);
	key->facts |= override_facts(cast, real, q->cred, key->cgroup);
	if (1ULL << (q->cap & 63) & ASKED_FIRST)
		key->facts |= is_ordinary(key->syscall, key->cap);
	if (setup_count > 0) {
		__u64 instead = prepared_for(key->syscall, key->facts & NOT_OWN_GRANTED ? LC_CAPS : key->cap);

		if (instead == LC_NOBODY)
			key->facts |= LC_FACT_SETUP;
		else if (instead)
			key->cgroup = instead;
	}
}

#endif
