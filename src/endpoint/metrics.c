/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All metrics of a service as one text: a table of what is not by workload, and between its rows what is. */
#include "metrics.h"
#include "labels.h"
#include "metric.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/utsname.h>

/* Each appends the samples of one metric. */
typedef void (*add_samples)(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric);

static void add_number(struct lc_strbuf *out, const char *metric, uint64_t number)
{
	lc_strbuf_addf(out, "%s %" PRIu64 "\n", metric, number);
}

static void add_checks(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	lc_counters_add_checks(out, metrics->counters, metric);
}

static void add_refused(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	lc_counters_add_refused(out, metrics->counters, metric);
}

static void add_workload_lost(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	lc_counters_add_lost(out, metrics->counters, metric);
}

static void add_lost(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	add_number(out, metric, lc_counters_lost(metrics->counters));
}

static void add_dropped(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	add_number(out, metric, lc_counters_dropped(metrics->counters) + metrics->gauges_dropped);
}

static void add_targets(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	add_number(out, metric, metrics->state.targets);
}

static void add_storing(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	add_number(out, metric, metrics->state.has_store && metrics->state.storing);
}

static void add_store_size(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	add_number(out, metric, metrics->state.store_bytes);
}

static void add_store_writes(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	add_number(out, metric, metrics->state.store_writes);
}

static void add_store_errors(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	add_number(out, metric, metrics->state.store_errors);
}

static void add_stored(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	if (metrics->state.stored_ns > 0)
		add_number(out, metric, (uint64_t)(metrics->state.stored_ns / LC_NS_PER_S));
}

static void add_info(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	struct utsname name = {0};
	const struct {
		const char *name, *value;
	} labels[] = {
		{"{version=", metrics->version},
		{",commit=", metrics->commit},
		{",hook=", metrics->state.hook},
		{",kernel=", name.release},
	};

	(void)uname(&name);
	lc_strbuf_adds(out, metric);
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		lc_strbuf_adds(out, labels[i].name);
		lc_labels_add_value(out, labels[i].value);
	}
	lc_strbuf_adds(out, "} 1\n");
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void add_cpu(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	struct rusage usage = {0};

	(void)metrics;
	(void)getrusage(RUSAGE_SELF, &usage);
	lc_strbuf_addf(out, "%s %.3f\n", metric, seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

/* The second number of /proc/self/statm, in pages: proc(5). */
static void add_memory(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	_cleanup_file_ FILE *file = fopen("/proc/self/statm", "re");
	uint64_t size = 0, resident = 0;

	(void)metrics;
	if (file && fscanf(file, "%" SCNu64 " %" SCNu64, &size, &resident) == 2)
		add_number(out, metric, resident * (uint64_t)sysconf(_SC_PAGESIZE));
}

static void add_started(struct lc_strbuf *out, const struct lc_metrics *metrics, const char *metric)
{
	lc_strbuf_addf(out, "%s %.3f\n", metric, metrics->started);
}

static const struct {
	struct lc_metric metric;
	add_samples add;
} rows[] = {
	{{"leastcap_capability_checks_total", LC_METRIC_COUNTER,
		 "Capability checks of the workload, by what they mean for its list and what the kernel answered."},
		add_checks},
	{{"leastcap_refused_calls_total", LC_METRIC_COUNTER,
		 "System calls of the workload that were refused, by cause."},
		add_refused},
	{{"leastcap_workload_lost_checks_total", LC_METRIC_COUNTER,
		 "Checks of the workload that are not in its evidence, so that its list may lack something."},
		add_workload_lost},
	{{"leastcap_lost_checks_total", LC_METRIC_COUNTER, "Checks that are in no evidence, of any workload."},
		add_lost},
	{{"leastcap_series_dropped_total", LC_METRIC_COUNTER, "Series that had no room here, or lost it."},
		add_dropped},
	{{"leastcap_targets", LC_METRIC_GAUGE, "Containers, services and commands that are recorded now."},
		add_targets},
	{{"leastcap_storing", LC_METRIC_GAUGE, "1: what is recorded is stored."}, add_storing},
	{{"leastcap_store_size_bytes", LC_METRIC_GAUGE, "The size of the store."}, add_store_size},
	{{"leastcap_store_writes_total", LC_METRIC_COUNTER, "Transactions that were written to the store."},
		add_store_writes},
	{{"leastcap_store_errors_total", LC_METRIC_COUNTER, "Transactions that could not be written to the store."},
		add_store_errors},
	{{"leastcap_last_store_timestamp_seconds", LC_METRIC_GAUGE, "When the store was last written to, Unix time."},
		add_stored},
	{{"leastcap_info", LC_METRIC_INFO, "The program, its hook and the kernel."}, add_info},
	{{"process_cpu_seconds_total", LC_METRIC_COUNTER,
		 "Processor time of the service, user and system, in seconds."},
		add_cpu},
	{{"process_resident_memory_bytes", LC_METRIC_GAUGE, "Resident memory of the service in bytes."}, add_memory},
	{{"process_start_time_seconds", LC_METRIC_GAUGE, "When the service was started, Unix time."}, add_started},
};

void lc_metrics_add(struct lc_strbuf *out, const struct lc_metrics *metrics, bool openmetrics)
{
	lc_strbuf_adds(out, metrics->gauges);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		lc_metric_add_head(out, &rows[i].metric, openmetrics);
		rows[i].add(out, metrics, rows[i].metric.name);
	}
	if (openmetrics)
		lc_strbuf_adds(out, "# EOF\n");
}
