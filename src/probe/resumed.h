/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether a syscall's return can be looked at by task work here, and what has to be hooked for that: bpf/resumed.h. */
#ifndef LEASTCAP_PROBE_RESUMED_H
#define LEASTCAP_PROBE_RESUMED_H

#include <bpf/btf.h>
#include <stdbool.h>
#include <stddef.h>

/* How the kernel is asked for it: bpf/resumed.h, RESUMED. */
enum lc_resumption { LC_RESUMPTION_NONE, LC_RESUMPTION_PLAIN, LC_RESUMPTION_EXPLICIT };

/* What the kernel's types tell of it. */
struct lc_resumed {
	enum lc_resumption resumption; /* LC_RESUMPTION_NONE: it is not possible, or was not asked for */
	bool filter_answers_int;       /* what runs a task's filters answers with a number */
	char **functions;              /* of the calls that are watched or guarded; owned */
	size_t n;
};

/* Fills RESUMED from the kernel's TYPES. 0 or -ENOMEM (RESUMED is unchanged then). */
int lc_resumed_find(struct lc_resumed *resumed, const struct btf *types);

/* The name of the syscall that the kernel's FUNCTION serves, as users know it; NULL when it serves none. */
const char *lc_resumed_syscall(const char *function);

void lc_resumed_clear(struct lc_resumed *resumed);

#endif
