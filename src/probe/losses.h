/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What has been told of losses, so that each is told once. */
#ifndef LEASTCAP_PROBE_LOSSES_H
#define LEASTCAP_PROBE_LOSSES_H

#include "src/probe/probe_private.h"

/* An empty table of what has been told; free(3) frees its values. NULL when out of memory. */
struct lc_table *lc_losses_table(void);

#endif
