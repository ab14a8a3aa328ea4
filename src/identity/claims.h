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

/* What the cgroup of a target claims to be, and what is known of that. */
struct lc_claim {
	struct lc_claim *next;
	struct lc_target *target;
	enum lc_place place;
	uid_t owner;         /* for LC_PLACE_OTHERS */
	size_t outer_length; /* how much of the cgroup's path is the container that it lies in */
	bool proven;         /* an engine's record lies in this very cgroup */
	bool refuted;
	char *id;         /* of the container that it claims to be, or the machine's name */
	int64_t begun_ms; /* since when machined's record, or a monitor, is waited for; 0: none is */
};

struct lc_claims {
	const struct lc_hierarchy *hierarchy;
	const struct lc_log *log;
	struct lc_claim *first; /* the latest */
	size_t n_refuted;
	size_t n_awaited;
	struct lc_monitors monitors;
	struct lc_reader reader; /* of what users have */
	int64_t scan_ms;         /* when they may be looked for again */
	int64_t again_ms;        /* when what is waited for is to be looked at again */
};

/*
 * Takes up what the cgroup of TARGET claims (its id and engine, the last only by its name), decides about it as far as files and processes
 * tell, and forgets its id until it is believed. 1 when the Docker Engine has to be asked about (*CLAIM)->id, 0 when that is all, or -errno.
 */
int lc_claims_take(struct lc_claims *claims, struct lc_target *target, struct lc_claim **claim);

/* The Docker Engine knows CONTAINER by CLAIM's id. 1 when CLAIM's target is it, 0 when it is not, or -errno. */
int lc_claims_answered(struct lc_claims *claims, struct lc_claim *claim, const struct lc_docker_container *container);

/* The Docker Engine was asked about CLAIM and said ERROR (-ESRCH: it has no such container). 0 or -ENOMEM. */
int lc_claims_unanswered(struct lc_claims *claims, struct lc_claim *claim, int error);

/*
 * Looks whether machined knows by now those machines that it did not, and for monitors that were not looked for. At the end (LAST)
 * machines that it does not know are refuted. 0 or -ENOMEM.
 */
int lc_claims_again(struct lc_claims *claims, bool last);

/* Milliseconds until lc_claims_again is to be called; -1: nothing is waited for. */
int lc_claims_timeout(const struct lc_claims *claims);

/* Decides about those that claim the same, and calls what lies in a container after it. 0 or -ENOMEM. */
int lc_claims_settle(struct lc_claims *claims);

/* Frees what CLAIMS owns. */
void lc_claims_clear(struct lc_claims *claims);

/* Calls TARGET, of which nothing else is known, by the first digits of ID, as docker prints it. 0 or -ENOMEM. */
int lc_claims_name_by_id(struct lc_target *target, const char *id);

#endif
