/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The checks of functions into which the compiler has inlined cap_capable, so that no hook on it sees them: security/commoncap.c up
 * to 6.13. A program on the entry of such a function asks again what the function asks.
 */
#ifndef LEASTCAP_BPF_INLINED_H
#define LEASTCAP_BPF_INLINED_H

#include "bpf/count.h"

#include <linux/prctl.h>
#include <linux/securebits.h>

/* Counts that CALLER asks whether CRED, the current task's, has CAP in TARGET_NS. CONTEXT is that of the program on CALLER's entry. */
static __noinline int asked_in_place(
	void *context, enum lc_inlining caller, struct cred *cred, struct user_namespace *target_ns, int cap)
{
	struct lc_question question = {
		.cred = cred,
		.target_ns = target_ns,
		.link = caller < LC_INLININGS ? inlining_callers[caller] : 0,
		.cap = cap,
		.scratch = SCRATCH_INLINED + caller,
	};

	return count_check(context, false, false, current_task(false), &question);
}

static __always_inline struct cred *current_cred(void)
{
	return (struct cred *)BPF_CORE_READ(current_task(false), cred);
}

/* cap_task_prctl, which first refuses BITS that nobody may set. */
static __always_inline int asked_by_prctl(void *context, int option, __u64 bits)
{
	struct cred *cred = current_cred();
	__u64 old = BPF_CORE_READ(cred, securebits), locks = old & SECURE_ALL_LOCKS;

	if (option != PR_SET_SECUREBITS || locks >> 1 & (old ^ bits) || locks & ~bits ||
		bits & ~(SECURE_ALL_LOCKS | SECURE_ALL_BITS))
		return 0;
	return asked_in_place(context, LC_INLINING_PRCTL, cred, BPF_CORE_READ(cred, user_ns), CAP_SETPCAP);
}

/* cap_capset asks before anything else. */
static __always_inline int asked_by_capset(void *context)
{
	struct cred *cred = current_cred();

	return asked_in_place(context, LC_INLINING_CAPSET, cred, BPF_CORE_READ(cred, user_ns), CAP_SETPCAP);
}

/* cap_mmap_addr, which asks in the initial user namespace. User namespaces nest 32 deep: kernel/user_namespace.c, create_user_ns. */
static __always_inline int asked_by_mmap(void *context, unsigned long address)
{
	struct cred *cred;
	struct user_namespace *ns;

	if (address >= config_lowest_mapping)
		return 0;
	cred = current_cred();
	ns = BPF_CORE_READ(cred, user_ns);
	for (int depth = 0; depth < 33 && BPF_CORE_READ(ns, level); depth++)
		ns = BPF_CORE_READ(ns, parent);
	return asked_in_place(context, LC_INLINING_MMAP, cred, ns, CAP_SYS_RAWIO);
}

#endif
