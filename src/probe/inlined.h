/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of cap_capable's callers have a copy of it in them, so that a hook on it does not see what they ask. */
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
 * Finds by calling each of them, in ways that change nothing, whether the kernel enters cap_capable: INLINED says where it
 * does not. LIKELY is put there where that can't be found out, because there are no kprobes or they are forbidden.
 */
void lc_inlined_find(bool inlined[LC_INLININGS], bool likely);

#endif
