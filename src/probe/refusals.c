/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a trial refuses, told to the kernel side. */
#include "src/probe/probe_private.h"

#include <bpf/bpf.h>
#include <errno.h>

int lc_probe_refuse(struct lc_probe *probe, const struct lc_refused *refused)
{
	const struct lc_refusal refusal = {.caps = refused->caps, .userns = refused->userns};

	if (bpf_map_update_elem(bpf_map__fd(probe->kernel.maps.refusals), &refused->target, &refusal, BPF_ANY))
		return -errno;
	/* The kernel side looks for a target only where some target is refused the capability. */
	__sync_fetch_and_or(probe->kernel.live.refused_caps, refused->caps);
	return 0;
}

void lc_probe_refuse_until(struct lc_probe *probe, int64_t moment)
{
	*probe->kernel.live.refused_until = (uint64_t)moment;
}
