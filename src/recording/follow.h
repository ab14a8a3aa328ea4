/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The processes that descend from one, which are followed from now on. */
#ifndef LEASTCAP_RECORDING_FOLLOW_H
#define LEASTCAP_RECORDING_FOLLOW_H

#include <leastcap/probe.h>

/*
 * Follows process ROOT and all that descend from it now, whichever thread forked them, until there is nobody new. PROBE, which is
 * attached, follows what they fork from then on. Calls EACH for every one. *STAND_IN becomes the cgroup id that their checks carry.
 * 0 or -errno (*STAND_IN is unchanged).
 */
int lc_follow_tree(
	struct lc_probe *probe, pid_t root, void (*each)(void *context, pid_t pid), void *context, uint64_t *stand_in);

#endif
