/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel side's global variables: their values before loading, and the live ones afterwards. */
#ifndef LEASTCAP_PROBE_GLOBALS_H
#define LEASTCAP_PROBE_GLOBALS_H

#include "src/probe/probe_private.h"

/* The initial value of the global variable NAME, to be set before the object is loaded. NULL when there is none. */
void *lc_global_initial(struct bpf_object *object, const char *name);

/* Maps the variables of PROBE's loaded object. 0 or -errno. */
int lc_globals_map(struct lc_probe *probe);

/* Undoes it; no harm where nothing was mapped. */
void lc_globals_unmap(struct lc_probe *probe);

/* The global variable NAME of the loaded object, shared with the kernel side. NULL when there is none. */
void *lc_global(const struct lc_probe *probe, const char *name);

#endif
