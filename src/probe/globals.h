/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel side's maps and global variables before loading, and the live variables afterwards. */
#ifndef LEASTCAP_PROBE_GLOBALS_H
#define LEASTCAP_PROBE_GLOBALS_H

#include "src/probe/probe_private.h"

/* The initial value of the global variable NAME, to be set before the object is loaded. NULL when there is none. */
void *lc_global_initial(struct bpf_object *object, const char *name);

/* Gives the map NAME of the opened, not yet loaded OBJECT room for ENTRIES. 0 or -errno. */
int lc_map_set_size(struct bpf_object *object, const char *name, uint32_t entries);

/* Maps the variables of PROBE's loaded object. 0 or -errno. */
int lc_globals_map(struct lc_probe *probe);

/* Undoes it; no harm where nothing was mapped. */
void lc_globals_unmap(struct lc_probe *probe);

/* The global variable NAME of the loaded object, shared with the kernel side. NULL when there is none. */
void *lc_global(const struct lc_probe *probe, const char *name);

#endif
