/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether this kernel may preempt our programs and then skips them for other tasks, so that they need copies (bpf/copies.h). */
#ifndef LEASTCAP_PROBE_PREEMPTION_H
#define LEASTCAP_PROBE_PREEMPTION_H

#include <stdbool.h>

struct lc_preemption {
	bool functions;   /* programs on a function's entry or exit */
	bool tracepoints; /* programs on tracepoints */
};

/*
 * What a kernel with VERSION and RELEASE, as uname(2) tells them, may preempt. MODES: what /sys/kernel/debug/sched/preempt
 * says, the mode that is in force in parentheses; NULL where it can't be read: then the worst is taken for true.
 */
struct lc_preemption lc_preemption_of(const char *version, const char *release, const char *modes);

/* The same for the kernel that runs. */
struct lc_preemption lc_preemption_here(void);

#endif
