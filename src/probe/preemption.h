/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether this kernel may preempt our programs. Then it skips them for other tasks, so that they need copies (bpf/copies.h). */
#ifndef LEASTCAP_PROBE_PREEMPTION_H
#define LEASTCAP_PROBE_PREEMPTION_H

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

#endif
