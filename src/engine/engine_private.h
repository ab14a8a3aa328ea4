/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the engine model share: the rules of each engine, and a request that has been read. */
#ifndef LEASTCAP_ENGINE_PRIVATE_H
#define LEASTCAP_ENGINE_PRIVATE_H

#include <leastcap/engine.h>
#include <leastcap/version.h>

/* The default list of the versions before BEFORE. */
struct lc_default_list {
	uint64_t before;
	uint64_t caps;
};

#define LC_ENGINE_LISTS 2
#define LC_ENGINE_SPANS 2

/* How one engine differs from the others. */
struct lc_engine_rules {
	const char *name;
	struct lc_default_list defaults[LC_ENGINE_LISTS];          /* the first that fits counts */
	struct lc_version_span fills_inheritable[LC_ENGINE_SPANS]; /* with all of the bounding set (CVE-2022-24769) */
	struct lc_version_span knows_to_audit_read; /* ALL ends with AUDIT_READ, and what came later is no capability */
	struct lc_version_span drop_all_wins;       /* over ALL on the other side */
	struct lc_version_span refuses_prefix;      /* takes names only without "CAP_" */
	bool doubles_prefix;         /* puts "CAP_" before every name: with it, a name means nothing to the runtime */
	bool drops_last;             /* what is added and dropped is dropped; else it is added */
	bool refuses_contradiction;  /* of names, where neither side has ALL, and of ALL on both sides */
	bool adds_are_ambient;       /* to a user who is not root */
	bool privileged_is_ambient;  /* privileged fills all five sets, whoever the user is */
	bool leaves_out_unavailable; /* what the engine does not have itself; else the container does not start */
};

/* The rules of ENGINE; NULL when out of range. */
const struct lc_engine_rules *lc_engine_rules(enum lc_engine engine);

/* What one engine grants by default in VERSION. */
uint64_t lc_engine_default_list(const struct lc_engine_rules *rules, uint64_t version);

/* Adds to GRANT's notes what there is to say about it. */
void lc_engine_add_notes(struct lc_engine_grant *grant, const struct lc_engine_request *request,
	const struct lc_engine_lists *lists, uint64_t version);

#endif
