/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernel symbols, read from /proc/kallsyms in one pass when they are needed and not kept. */
#ifndef LEASTCAP_PROBE_KALLSYMS_H
#define LEASTCAP_PROBE_KALLSYMS_H

#include "bpf/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Functions between the call site and cap_capable. */
struct lc_wrappers {
	struct lc_text_range kernel; /* all of the kernel's own text, without modules and BPF programs */
	struct lc_text_range cap_capable;
	struct lc_text_range ranges[LC_WRAPPERS];
	bool noaudit[LC_WRAPPERS]; /* it asks with CAP_OPT_NOAUDIT */
	/* Call sites that ask so without a wrapper: cap_vm_enough_memory, and its caller where it ends in a jump to it. */
	struct lc_text_range overcommit[2];
	struct lc_text_range callers[LC_INLININGS]; /* see inlined.h */
	size_t n;
};

/*
 * Finds the text of cap_capable and of the functions that only pass a capability question on (ns_capable and its kin). 0, -EPERM
 * when addresses are hidden (kptr_restrict), or -errno; WRAPPERS is unchanged on failure.
 */
int lc_kallsyms_wrappers(struct lc_wrappers *wrappers);

/*
 * Calls VISIT for every function with the name that call sites go by and its address. Stops at the first nonzero answer and
 * returns it. 0 or -errno.
 */
int lc_kallsyms_each(int (*visit)(void *context, const char *name, uint64_t address), void *context);

/* A return address and the function that it lies in. */
struct lc_symbol {
	uint64_t address;
	uint64_t start; /* of the function */
	char *name;     /* owned; as the sources have it (src/probe/symbol_name.h); NULL when not found */
};

/* Names each of the N symbols by its address. Sorts SYMBOLS by address. 0 or -errno. */
int lc_kallsyms_resolve(struct lc_symbol *symbols, size_t n);

#endif
