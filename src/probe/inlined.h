/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which callers of cap_capable have a copy of it inlined, so that a hook on it does not see what they ask. */
#ifndef LEASTCAP_PROBE_INLINED_H
#define LEASTCAP_PROBE_INLINED_H

#include "bpf/record.h"

#include <stdbool.h>

/* A function of the kernel that calls cap_capable itself, as the sources have it. */
struct lc_inlined_program {
	const char *function;
	const char *program; /* of the BPF object, which asks again what the function asks (bpf/inlined.h) */
};

/* By enum lc_inlining. */
extern const struct lc_inlined_program lc_inlined_programs[LC_INLININGS];

/*
 * Calls each of them in a way that changes nothing. INLINED says for which the kernel then did not enter cap_capable. It is LIKELY
 * where that can't be found out, because there are no kprobes or they are forbidden.
 */
void lc_inlined_find(bool inlined[LC_INLININGS], bool likely);

#endif
