/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One trial goes on at a time. */
#ifndef LEASTCAP_PROBE_REFUSALS_H
#define LEASTCAP_PROBE_REFUSALS_H

#include "src/probe/probe_private.h"

/*
 * Whether the trial of PROBE, which is loaded, is the only one on this host, or was there first. No file and no socket tells that, but
 * the program that refuses: what has loaded it can leave nothing behind, and nobody else can keep others from it. 0; -EBUSY when
 * another goes on, or another -errno, with *MESSAGE (caller frees).
 */
int lc_refusals_claim(const struct lc_probe *probe, char **message);

#endif
