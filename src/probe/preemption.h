/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether this kernel may preempt our programs, which it then skips for other tasks, so that they need copies (bpf/copies.h); and
 * what helps where copies do not.
 */
#ifndef LEASTCAP_PROBE_PREEMPTION_H
#define LEASTCAP_PROBE_PREEMPTION_H

#include <sched.h>
#include <stdbool.h>

struct lc_preemption {
	bool functions;   /* programs on a function's entry or exit */
	bool tracepoints; /* programs on tracepoints */
};

/*
 * What a kernel with VERSION and RELEASE, as uname(2) tells them, may preempt. MODES: the content of
 * /sys/kernel/debug/sched/preempt, where parentheses mark the mode in force; NULL where it can't be read, and then the worst is
 * assumed.
 */
struct lc_preemption lc_preemption_of(const char *version, const char *release, const char *modes);

/* The same for the kernel that runs. */
struct lc_preemption lc_preemption_here(void);

/* How the calling thread was scheduled before lc_preemption_prevent. */
struct lc_scheduling {
	bool changed;
	int policy;
	struct sched_param parameters;
};

/*
 * From here on no ordinary task preempts the calling thread, nor are its children scheduled as it is (sched(7), SCHED_FIFO and
 * SCHED_RESET_ON_FORK). While a thread is in a system call on a map, its processor skips every program on a kprobe
 * (include/linux/bpf.h, bpf_disable_instrumentation), and all copies alike. A thread that was preempted there had other tasks'
 * checks skipped. BEFORE takes what is to be restored. 0 or -errno.
 */
int lc_preemption_prevent(struct lc_scheduling *before);

/* Schedules the calling thread again as BEFORE says, where that was changed. 0 or -errno. */
int lc_preemption_allow(struct lc_scheduling *before);

#endif
