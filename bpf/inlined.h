/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The checks of functions into which the compiler has inlined cap_capable, so that no hook on it sees them: security/commoncap.c up
 * to 6.13. A program on the entry of such a function asks again what the function asks.
 */
#ifndef LEASTCAP_BPF_INLINED_H
#define LEASTCAP_BPF_INLINED_H

#include "bpf/copies.h"
#include "bpf/count.h"

#include <linux/prctl.h>
#include <linux/securebits.h>

/* A place in trace_scratch behind SCRATCH_INLINED, for each copy of each program. */
#define INLINED(caller, copy) ((caller)*LC_COPIES + (copy))

/* Whether COPY has to do the work of the program on CALLER. All runs are counted, because the kernel counts all that it skips. */
#define IS_DUE(caller, copy) is_due(copy, (enum lc_copied)(LC_COPIED_INLINED + (caller)))

/*
 * Counts that the function of program PLACE, by INLINED, asks whether CRED, the current task's, has CAP in TARGET_NS. CONTEXT is that of the
 * program.
 */
static __noinline int asked_in_place(
	void *context, __u32 place, struct cred *cred, struct user_namespace *target_ns, int cap)
{
	__u32 caller = place / LC_COPIES;
	struct lc_question question = {
		.cred = cred,
		.target_ns = target_ns,
		.link = caller < LC_INLININGS ? inlining_callers[caller] : 0,
		.cap = cap,
		.scratch = SCRATCH_INLINED + place,
	};

	return count_check(context, false, false, current_task(false), &question);
}

static __always_inline struct cred *current_cred(void)
{
	return (struct cred *)BPF_CORE_READ(current_task(false), cred);
}

/* cap_task_prctl, which first refuses BITS that nobody may set. */
static __always_inline int asked_by_prctl(void *context, enum lc_program_copy copy, int option, __u64 bits)
{
	struct cred *cred;
	__u64 old, locks;

	if (!IS_DUE(LC_INLINING_PRCTL, copy))
		return 0;
	cred = current_cred();
	old = BPF_CORE_READ(cred, securebits);
	locks = old & SECURE_ALL_LOCKS;
	if (option != PR_SET_SECUREBITS || locks >> 1 & (old ^ bits) || locks & ~bits ||
		bits & ~(SECURE_ALL_LOCKS | SECURE_ALL_BITS))
		return 0;
	return asked_in_place(
		context, INLINED(LC_INLINING_PRCTL, copy), cred, BPF_CORE_READ(cred, user_ns), CAP_SETPCAP);
}

/* cap_capset asks before anything else. */
static __always_inline int asked_by_capset(void *context, enum lc_program_copy copy)
{
	struct cred *cred;

	if (!IS_DUE(LC_INLINING_CAPSET, copy))
		return 0;
	cred = current_cred();
	return asked_in_place(
		context, INLINED(LC_INLINING_CAPSET, copy), cred, BPF_CORE_READ(cred, user_ns), CAP_SETPCAP);
}

/* cap_mmap_addr, which asks in the initial user namespace. User namespaces nest 32 deep: kernel/user_namespace.c, create_user_ns. */
static __always_inline int asked_by_mmap(void *context, enum lc_program_copy copy, unsigned long address)
{
	struct cred *cred;
	struct user_namespace *ns;

	if (!IS_DUE(LC_INLINING_MMAP, copy) || address >= config_lowest_mapping)
		return 0;
	cred = current_cred();
	ns = BPF_CORE_READ(cred, user_ns);
	for (int depth = 0; depth < 33 && BPF_CORE_READ(ns, level); depth++)
		ns = BPF_CORE_READ(ns, parent);
	return asked_in_place(context, INLINED(LC_INLINING_MMAP, copy), cred, ns, CAP_SYS_RAWIO);
}

#endif
