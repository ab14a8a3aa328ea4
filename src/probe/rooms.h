/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel side's places of limited size (bpf/room.h): how many there are, which of them user space has emptied, what found none. */
#ifndef LEASTCAP_PROBE_ROOMS_H
#define LEASTCAP_PROBE_ROOMS_H

#include "src/probe/probe_private.h"

/* Tells KERNEL, which is not loaded yet, how many places there are. */
void lc_rooms_measure(struct lc_kernel_side *kernel);

/* Gives each group of the host's users a share of the loaded PROBE's places. 0 or -errno. */
int lc_rooms_share(struct lc_probe *probe);

/* SHARE takes one place of ROOM less than before, because user space has emptied it. */
void lc_rooms_give_back(struct lc_probe *probe, uint64_t share, enum lc_room room);

/* Adds what ENTRY lost to LOSSES. */
void lc_rooms_add_lost(const struct lc_cgroup *entry, struct lc_losses *losses);

/* Adds to LOSSES what was lost for no cgroup that is known. */
void lc_rooms_add_unattributed(const struct lc_probe *probe, struct lc_losses *losses);

/* Adds to LOSSES what was lost for cgroups that ordinary users have made. */
void lc_rooms_add_users(const struct lc_probe *probe, struct lc_losses *losses);

/* Logs why something found no room, where that was not because a table, or a share of it, was full. */
void lc_rooms_log_errors(const struct lc_probe *probe);

#endif
