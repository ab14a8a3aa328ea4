/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All metrics of a service as one text. */
#ifndef LEASTCAP_ENDPOINT_METRICS_H
#define LEASTCAP_ENDPOINT_METRICS_H

#include "counters.h"

#include <leastcap/endpoint.h>

/* What the text is made of. */
struct lc_metrics {
	const struct lc_counters *counters;
	const char *gauges;      /* as lc_gauges_add has them; NULL: nothing was published */
	uint64_t gauges_dropped; /* since the service's start */
	struct lc_endpoint_state state;
	const char *version, *commit; /* leastcap's */
	double started;               /* when the service was, Unix time */
};

/*
 * Appends the metrics in Prometheus' text format 0.0.4, or as OpenMetrics 1.0, where the end says that it is whole. Failed allocations are remembered in OUT.
 */
void lc_metrics_add(struct lc_strbuf *out, const struct lc_metrics *metrics, bool openmetrics);

#endif
