/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is so now of each workload of a profile, as samples of gauges. */
#ifndef LEASTCAP_ENDPOINT_GAUGES_H
#define LEASTCAP_ENDPOINT_GAUGES_H

#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <stdint.h>

/* How many series there may be: all of a thousand workloads that were granted what engines grant. */
#define LC_GAUGES_MOST 40000

/*
 * Appends the gauges of PROFILE's workloads, each metric with its help and type; that is the same in both formats. Where there are too many series, those come first
 * that matter most; *DROPPED grows by the number of the others. 0 or -ENOMEM.
 */
int lc_gauges_add(struct lc_strbuf *out, const struct lc_profile *profile, uint64_t *dropped);

#endif
