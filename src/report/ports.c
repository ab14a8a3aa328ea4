/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ports below 1024 for which the engine that was recorded asked nobody, and others do. */
#include "parts.h"

#include <leastcap/capset.h>

#include <linux/capability.h>

#include <inttypes.h>

/* The port below LC_UNPRIVILEGED_PORT that TARGET has though nobody asked for NET_BIND_SERVICE; 0: there is none. */
static uint16_t unasked_port(const struct lc_target *target)
{
	uint16_t first = lc_coverage_lowest_port(&target->coverage);

	if (target->kind != LC_TARGET_CONTAINER || target->sandbox)
		return 0;
	for (size_t i = 0; first && i < target->n_evidence; i++) {
		if (target->evidence[i].cap == CAP_NET_BIND_SERVICE && target->evidence[i].phase == LC_PHASE_WORKLOAD)
			return 0;
	}
	return first;
}

void lc_report_grant_ports(struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_target *target = &profile->targets[i];

		target->port = target->cap_add & LC_CAP_BIT(CAP_NET_BIND_SERVICE) ? 0 : unasked_port(target);
		if (target->port)
			target->cap_add |= LC_CAP_BIT(CAP_NET_BIND_SERVICE);
	}
}

void lc_report_add_port(struct lc_strbuf *out, const struct lc_target *target)
{
	if (!target->port)
		return;
	lc_strbuf_addf(out,
		"NET_BIND_SERVICE is here for port %" PRIu16
		": where it was recorded nobody asked, because Docker, and containerd for Kubernetes since 2.0, set net.ipv4.ip_unprivileged_port_start to 0; where that is not so, it is needed",
		target->port);
}
