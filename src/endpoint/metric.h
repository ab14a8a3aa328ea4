/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A metric's name, what it is, and the lines that say so in either format. */
#ifndef LEASTCAP_ENDPOINT_METRIC_H
#define LEASTCAP_ENDPOINT_METRIC_H

#include <leastcap/strbuf.h>

#include <stdbool.h>

enum lc_metric_type { LC_METRIC_COUNTER, LC_METRIC_GAUGE, LC_METRIC_INFO };

struct lc_metric {
	const char *name; /* as its samples have it: a counter's ends in "_total", an info's in "_info" */
	enum lc_metric_type type;
	const char *help; /* without what would have to be escaped */
};

/* Appends METRIC's # HELP and # TYPE. */
void lc_metric_add_head(struct lc_strbuf *out, const struct lc_metric *metric, bool openmetrics);

#endif
