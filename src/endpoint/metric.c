/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines that tell what a metric is. */
#include "metric.h"

#include <string.h>

/* What stands in the table of types by enum lc_metric_type. */
static const struct {
	const char *name;    /* in OpenMetrics */
	const char *in_text; /* in Prometheus' text format, which knows no infos */
	const char *suffix;  /* of the samples, which OpenMetrics' metric does not have in its own name */
} types[] = {
	[LC_METRIC_COUNTER] = {"counter", "counter", "_total"},
	[LC_METRIC_GAUGE] = {"gauge", "gauge", ""},
	[LC_METRIC_INFO] = {"info", "gauge", "_info"},
};

void lc_metric_add_head(struct lc_strbuf *out, const struct lc_metric *metric, bool openmetrics)
{
	int length = (int)(strlen(metric->name) - (openmetrics ? strlen(types[metric->type].suffix) : 0));

	lc_strbuf_addf(out, "# HELP %.*s %s\n# TYPE %.*s %s\n", length, metric->name, metric->help, length,
		metric->name, openmetrics ? types[metric->type].name : types[metric->type].in_text);
}
