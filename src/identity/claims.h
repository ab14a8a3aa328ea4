/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which cgroups claim to be which containers, and which of them are. */
#ifndef LEASTCAP_IDENTITY_CLAIMS_H
#define LEASTCAP_IDENTITY_CLAIMS_H

#include "src/identity/claim.h"
#include "src/identity/docker.h"
#include "src/identity/monitor.h"

#include <leastcap/log.h>

#include <stdbool.h>
#include <stdint.h>

/* What the cgroup of a target claims to be, and what is known about the claim. */
struct lc_claim {
	struct lc_claim *next;
	struct lc_target *target;
	enum lc_place place;
	uid_t owner;         /* for LC_PLACE_OTHERS */
	size_t outer_length; /* how many bytes of the cgroup's path are the container in which it lies */
	bool proven;         /* an engine's record names this very cgroup */
	bool refuted;
	char *id;         /* of the container that it claims to be, or the machine's name */
	int64_t begun_ms; /* since when machined's record, or a monitor, is waited for; 0: it is not */
};

struct lc_claims {
	const struct lc_hierarchy *hierarchy;
	const struct lc_log *log;
	struct lc_claim *first; /* the latest */
	size_t n_refuted;
	size_t n_awaited;
	struct lc_monitors monitors;
	struct lc_bundle_home *homes; /* where monitors have shown bundles of root's engines */
	size_t n_homes;
	struct lc_reader reader; /* of users' files */
	int64_t scan_ms;         /* when monitors may be looked for among all processes again */
	int64_t again_ms;        /* when to look again at what is waited for */
};

/*
 * Takes up what the cgroup of TARGET claims by its name: an id and an engine. Decides about the claim as far as files and processes tell, and takes
 * the id from TARGET until it is believed. 1 when the Docker Engine has to be asked about (*CLAIM)->id; 0 when not, or -errno: *CLAIM is then
 * unchanged.
 */
int lc_claims_take(struct lc_claims *claims, struct lc_target *target, struct lc_claim **claim);

/* The Docker Engine knows CONTAINER by CLAIM's id. 1 when CLAIM's target is it, 0 when it is not, or -errno. */
int lc_claims_answered(struct lc_claims *claims, struct lc_claim *claim, const struct lc_docker_container *container);

/* The Docker Engine was asked about CLAIM, with no more success than ERROR (-ESRCH: it has no such container). 0 or -ENOMEM. */
int lc_claims_unanswered(struct lc_claims *claims, struct lc_claim *claim, int error);

/*
 * Looks again for machines that machined did not know, and for monitors that were not looked for. At the end (LAST) machines that it still does not
 * know are refuted. 0 or -ENOMEM.
 */
int lc_claims_again(struct lc_claims *claims, bool last);

/* Milliseconds until lc_claims_again is to be called; -1: nothing is waited for. */
int lc_claims_timeout(const struct lc_claims *claims);

/* Decides about cgroups that claim the same, and names what lies in a container after that. 0 or -ENOMEM. */
int lc_claims_compare(struct lc_claims *claims);

/* The same at the end, after it has looked a last time for what is waited for. 0 or -ENOMEM. */
int lc_claims_settle(struct lc_claims *claims);

/* Whether a record of TARGET is waited for. */
bool lc_claims_await(const struct lc_claims *claims, const struct lc_target *target);

/* Forgets what TARGET claims. */
void lc_claims_forget(struct lc_claims *claims, const struct lc_target *target);

/* Frees what CLAIMS owns. */
void lc_claims_clear(struct lc_claims *claims);

/* Names TARGET, if it has no name, by the first digits of ID, as docker prints it. 0 or -ENOMEM. */
int lc_claims_name_by_id(struct lc_target *target, const char *id);

#endif
