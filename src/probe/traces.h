/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks told one by one, as they happen. */
#ifndef LEASTCAP_PROBE_TRACES_H
#define LEASTCAP_PROBE_TRACES_H

#include "src/probe/probe_private.h"

/* Sizes the maps for WANTED (NULL: as small as can be) and writes it into the opened, not yet loaded KERNEL. 0 or -errno. */
int lc_traces_configure(struct lc_kernel_side *kernel, const struct lc_trace_wanted *wanted);

/* Tells the loaded kernel side what to take along of each call, and reads the kernel's symbols. 0 or -errno. */
int lc_traces_begin(struct lc_probe *probe, const struct lc_trace_wanted *wanted);

/* Delivers a traced check, a refused call or a return. If its own stack or file, or one before it, is not known yet, it is held back for lc_traces_release. */
void lc_traces_take_check(struct lc_probe *probe, const struct lc_event_check *event, size_t size);
void lc_traces_take_refused(struct lc_probe *probe, const struct lc_event_check *event, size_t size);
void lc_traces_take_return(struct lc_probe *probe, const struct lc_event_return *event);

/* Delivers what was held back and does not wait for a stack or a file any more. ALL: even if it does. */
void lc_traces_release(struct lc_probe *probe, bool all);

/* Forgets what is held back. */
void lc_traces_drop(struct lc_probe *probe);

#endif
