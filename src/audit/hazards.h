/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of the host is open to a target besides what its capabilities say, and what the score makes of all that. */
#ifndef LEASTCAP_AUDIT_HAZARDS_H
#define LEASTCAP_AUDIT_HAZARDS_H

#include "src/audit/host.h"

#include <leastcap/model.h>

/* What a score has to know besides the hazards that were found. */
struct lc_audit_held {
	uint64_t held; /* by the target's processes */
	uint64_t host; /* by the host's first process */
	bool confined; /* each process is in a user namespace of the target's own */
};

/* Adds to TARGET what process PROCESS shows: namespaces, mounts, devices, programs. 0 or -ENOMEM. */
int lc_audit_find_hazards(struct lc_target *target, struct lc_host_view *host, const struct lc_process *process);

/* Gives each of TARGET's hazards its points, adds those that follow from what is HELD, and sums them up. 0 or -ENOMEM. */
int lc_audit_score(struct lc_target *target, const struct lc_audit_held *held);

#endif
