/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is so now of each workload of a profile, as samples of gauges. */
#include "gauges.h"
#include "labels.h"
#include "metric.h"

#include <leastcap/capset.h>
#include <leastcap/clock.h>
#include <leastcap/order.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A workload: all targets that have its labels. */
struct workload {
	char *labels; /* owned */
	uint64_t required;
	uint64_t definite; /* of those: one of its targets can't do without */
	uint64_t granted;
	uint64_t used; /* or asked for: of those granted, one of its targets has */
	uint64_t wanted;
	int64_t first_ns;
	int64_t last_ns;
};

/* What each gauge has of a workload: capabilities, or else a time. In the order in which they get their room. */
struct gauge {
	struct lc_metric metric;
	uint64_t (*caps)(const struct workload *workload);
	int64_t (*time)(const struct workload *workload);
};

static uint64_t required(const struct workload *workload)
{
	return workload->required;
}

static uint64_t unproven(const struct workload *workload)
{
	return workload->required & ~workload->definite;
}

static uint64_t granted(const struct workload *workload)
{
	return workload->granted;
}

static uint64_t unused(const struct workload *workload)
{
	return workload->granted & ~workload->used;
}

static uint64_t wanted(const struct workload *workload)
{
	return workload->wanted;
}

static int64_t first(const struct workload *workload)
{
	return workload->first_ns;
}

static int64_t last(const struct workload *workload)
{
	return workload->last_ns;
}

static const struct gauge gauges[] = {
	{{"leastcap_capability_required", LC_METRIC_GAUGE, "1: the workload needs the capability, it is on its list."},
		required, NULL},
	{{"leastcap_capability_wanted", LC_METRIC_GAUGE, "1: the capability was denied, and a call failed for it."},
		wanted, NULL},
	{{"leastcap_capability_unproven", LC_METRIC_GAUGE,
		 "1: the capability is on the list, but the workload may do without it, which is to be verified."},
		unproven, NULL},
	{{"leastcap_workload_first_seen_seconds", LC_METRIC_GAUGE, "When the workload was first seen, Unix time."},
		NULL, first},
	{{"leastcap_workload_last_seen_seconds", LC_METRIC_GAUGE, "When the workload was last seen, Unix time."}, NULL,
		last},
	{{"leastcap_capability_granted", LC_METRIC_GAUGE, "1: the capability is in the workload's bounding set."},
		granted, NULL},
	{{"leastcap_capability_unused", LC_METRIC_GAUGE, "1: the capability is granted and was never asked for."},
		unused, NULL},
};

/* Takes a time into WORKLOAD's; 0 is not known. */
static void see(struct workload *workload, int64_t ns)
{
	if (ns <= 0)
		return;
	if (!workload->first_ns || ns < workload->first_ns)
		workload->first_ns = ns;
	if (ns > workload->last_ns)
		workload->last_ns = ns;
}

static void take(struct workload *workload, const struct lc_target *target)
{
	workload->required = target->cap_add;
	workload->definite = target->cap_add & ~target->verify;
	workload->granted = target->granted;
	workload->used = target->granted & ~target->unused;
	workload->wanted = target->wanted;
	for (size_t i = 0; i < target->n_evidence; i++) {
		see(workload, target->evidence[i].first_ns);
		see(workload, target->evidence[i].last_ns);
	}
	for (size_t i = 0; i < target->n_failures; i++) {
		see(workload, target->failures[i].first_ns);
		see(workload, target->failures[i].last_ns);
	}
	see(workload, target->life.began_ns);
	see(workload, target->life.ended_ns);
}

static void unite(struct workload *into, struct workload *from)
{
	into->required |= from->required;
	into->definite |= from->definite;
	into->granted |= from->granted;
	into->used |= from->used;
	into->wanted |= from->wanted;
	see(into, from->first_ns);
	see(into, from->last_ns);
	free(from->labels);
	from->labels = NULL;
}

static int compare(const void *left, const void *right)
{
	const struct workload *a = left, *b = right;

	return strcmp(a->labels, b->labels);
}

/* Makes one of those of the N WORKLOADS that have the same labels. Returns how many are left. */
static size_t fold(struct workload *workloads, size_t n)
{
	size_t kept = 0;

	qsort(workloads, n, sizeof(*workloads), compare);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(workloads[kept].labels, workloads[i].labels) == 0)
			unite(&workloads[kept], &workloads[i]);
		else if (++kept != i)
			workloads[kept] = workloads[i];
	}
	return n ? kept + 1 : 0;
}

/* What of MOST series is left, and what had no room. */
struct room {
	size_t left;
	uint64_t dropped;
};

static bool take_room(struct room *room)
{
	if (room->left)
		room->left--;
	else
		room->dropped++;
	return !room->dropped;
}

static void add_gauge(
	struct lc_strbuf *out, const struct gauge *gauge, const struct workload *workload, struct room *room)
{
	uint64_t caps = gauge->caps ? gauge->caps(workload) : 0;
	int64_t time = gauge->time ? gauge->time(workload) : 0;
	char name[LC_CAP_NAME_SIZE];

	for (int cap = lc_cap_take(&caps); cap >= 0; cap = lc_cap_take(&caps)) {
		if (take_room(room))
			lc_strbuf_addf(out, "%s{%s,capability=\"%s\"} 1\n", gauge->metric.name, workload->labels,
				lc_cap_name(cap, name));
	}
	if (time && take_room(room))
		lc_strbuf_addf(out, "%s{%s} %" PRId64 ".%03d\n", gauge->metric.name, workload->labels,
			time / LC_NS_PER_S, (int)(time % LC_NS_PER_S / LC_NS_PER_MS));
}

int lc_gauges_add(struct lc_strbuf *out, const struct lc_profile *profile, uint64_t *dropped)
{
	struct workload *workloads = calloc(profile->n_targets + 1, sizeof(*workloads));
	struct room room = {.left = LC_GAUGES_MOST};
	size_t n = workloads ? profile->n_targets : 0;
	bool failed = !workloads;

	for (size_t i = 0; i < n; i++) {
		struct lc_strbuf labels = {0};

		lc_labels_add(&labels, &profile->targets[i]);
		take(&workloads[i], &profile->targets[i]);
		workloads[i].labels = lc_strbuf_steal(&labels);
		failed |= !workloads[i].labels;
	}
	if (!failed)
		n = fold(workloads, n);
	for (size_t g = 0; !failed && g < sizeof(gauges) / sizeof(gauges[0]); g++) {
		lc_metric_add_head(out, &gauges[g].metric, false);
		for (size_t i = 0; i < n; i++)
			add_gauge(out, &gauges[g], &workloads[i], &room);
	}
	for (size_t i = 0; i < n; i++)
		free(workloads[i].labels);
	free(workloads);
	*dropped += room.dropped;
	return failed || out->failed ? -ENOMEM : 0;
}
