/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The expressions of PromQL. Each is about every sample of a span of time, so that nothing is missed between the steps of a graph: what was so at any scrape counts. Prometheus adds the nodes up, so that an answer has
 * a series for a workload, and not for each of its replicas.
 */
#include "queries.h"

#include <inttypes.h>
#include <string.h>

/*
 * The labels of a workload. Where those that the scraping itself gives are called the same, and honor_labels is not set, Prometheus calls a service's own exported_….
 */
#define WORKLOAD "kind,namespace,exported_namespace,workload,container,exported_container,image,exported_image,image_id"

/* Of a counter M, what it grew by in the span: since the span before where it is the same service, and from 0 where that was started anew. In an expression @ is the span. */
#define GROWTH(m)                                                                                                      \
	"((last_over_time(" m "[@])-last_over_time(" m "[@] offset @)>=0)unless(resets(" m "[@])>0)or(increase(" m     \
	"[@])and resets(" m "[@])>0)or last_over_time(" m "[@]))"

/* At some scrape of a series of A there was none of B. */
#define AT_TIMES_WITHOUT(a, b)                                                                                         \
	"(count_over_time(" a "[@])>count_over_time(" b "[@])or count_over_time(" a "[@])unless count_over_time(" b    \
	"[@]))"

#define BY_CAPABILITY "by(" WORKLOAD ",capability)"

static const char *const queries[LC_TOLD_N] = {
	[LC_TOLD_REQUIRED] = "max " BY_CAPABILITY "(max_over_time(leastcap_capability_required[@])>0)",
	[LC_TOLD_DEFINITE] =
		"max " BY_CAPABILITY AT_TIMES_WITHOUT("leastcap_capability_required", "leastcap_capability_unproven"),
	[LC_TOLD_GRANTED] = "max " BY_CAPABILITY "(max_over_time(leastcap_capability_granted[@])>0)",
	[LC_TOLD_USED] =
		"max " BY_CAPABILITY AT_TIMES_WITHOUT("leastcap_capability_granted", "leastcap_capability_unused"),
	[LC_TOLD_WANTED] = "max " BY_CAPABILITY "(max_over_time(leastcap_capability_wanted[@])>0)",
	[LC_TOLD_WANTED_HELD] =
		"max " BY_CAPABILITY
		"(count_over_time(leastcap_capability_wanted[@])and count_over_time(leastcap_capability_granted[@]))",
	[LC_TOLD_CHECKS] =
		"sum by(" WORKLOAD ",capability,class,verdict)" GROWTH("leastcap_capability_checks_total") ">0",
	[LC_TOLD_CALLS] = "sum by(" WORKLOAD ",cause,call)" GROWTH("leastcap_refused_calls_total") ">0",
	[LC_TOLD_LOST] = "sum by(" WORKLOAD ")" GROWTH("leastcap_workload_lost_checks_total") ">0",
	[LC_TOLD_FIRST] = "min by(" WORKLOAD ")(min_over_time(leastcap_workload_first_seen_seconds[@])>0)",
	[LC_TOLD_LAST] = "max by(" WORKLOAD ")(max_over_time(leastcap_workload_last_seen_seconds[@])>0)",
	[LC_TOLD_ALL_LOST] = "sum" GROWTH("leastcap_lost_checks_total") ">0",
	[LC_TOLD_DROPPED] = "sum" GROWTH("leastcap_series_dropped_total") ">0",
	[LC_TOLD_INFO] = "count by(version,kernel,hook)(count_over_time(leastcap_info[@]))",
};

void lc_fleet_add_query(struct lc_strbuf *out, enum lc_told told, int64_t seconds)
{
	for (const char *at = queries[told]; *at;) {
		size_t plain = strcspn(at, "@");

		lc_strbuf_add(out, at, plain);
		at += plain;
		if (!*at)
			break;
		lc_strbuf_addf(out, "%" PRId64 "s", seconds);
		at++;
	}
}
