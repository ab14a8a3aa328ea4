/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The audit: every container and service that runs now, the capabilities that it holds, and how bad that is. */
#ifndef LEASTCAP_AUDIT_H
#define LEASTCAP_AUDIT_H

#include <leastcap/host.h>
#include <leastcap/identity.h>
#include <leastcap/model.h>
#include <leastcap/probe.h>

#include <stdbool.h>
#include <stdint.h>

/* What an audit looks at, and whom it asks. */
struct lc_audit_scope {
	const struct lc_hierarchy *hierarchy;
	struct lc_identity *identity; /* asks the engines about the containers */
	int settle_ms;                /* how long to wait for their answers, at most */
	bool services;                /* systemd's services are looked at too */
};

/*
 * Adds to PROFILE a target for each container in the hierarchy that has a process, and for each service where SCOPE says so, with its name and its
 * first process. Where that can't be read the target's init has the reason. UNWALKED is that of lc_hierarchy_walk. Needs no privilege, but finds
 * more with root's. 0 or -errno: PROFILE may then have some of the targets.
 */
int lc_audit_scan(struct lc_profile *profile, const struct lc_audit_scope *scope, struct lc_unwalked *unwalked);

/*
 * Fills init of TARGET, whose cgroup in HIERARCHY a recording has met: its first process, or why there is none. 0 or -ENOMEM.
 */
int lc_audit_read(struct lc_target *target, const struct lc_hierarchy *hierarchy);

/*
 * Moves into TARGET what the recording of it in RECORDED (the same cgroup) found: evidence, list, advice. RECORDED keeps the rest.
 */
void lc_audit_take_recording(struct lc_target *target, struct lc_target *recorded);

/* What a rating has to know besides the target. */
struct lc_audit_view {
	bool watched;  /* somebody recorded what the targets use */
	uint64_t host; /* what the host's own first process may hold */
};

/* What the host's first process may hold; what this kernel has when that can't be read. */
uint64_t lc_audit_host(void);

/* Whether we may not see what processes of others share with the host, so that scores lack it. */
bool lc_audit_is_blind(void);

/* Rates TARGET. 0 or -ENOMEM. */
int lc_audit_rate(struct lc_target *target, const struct lc_audit_view *view);

#endif
