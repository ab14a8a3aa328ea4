/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that stand under one name in a report: replicas of one container. */
#ifndef LEASTCAP_REPORT_UNITED_H
#define LEASTCAP_REPORT_UNITED_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One name, and what its targets need together. */
struct lc_report_united {
	char *group; /* the name is unique in it; "" where there are no groups */
	char *name;
	const struct lc_target **targets; /* in the profile's order */
	size_t n_targets;
	uint64_t cap_add;
	bool privileged; /* one of them ran with --privileged */
};

/* How a report calls a target. Both return what is allocated; NULL when out of memory. */
struct lc_report_naming {
	char *(*group)(const struct lc_target *target); /* NULL: all are in one group */
	char *(*name)(const struct lc_target *target);
};

/*
 * Unites PROFILE's targets of one group and name, and sorts them by these. Those that have no list (lc_report_add_sandbox) are left out. 0 with *UNITED, which lc_report_free_united frees, or -ENOMEM
 * with *UNITED and *N unchanged.
 */
int lc_report_unite(const struct lc_profile *profile, const struct lc_report_naming *naming,
	struct lc_report_united **united, size_t *n);

/* Frees the N of UNITED, which may be NULL. */
void lc_report_free_united(struct lc_report_united *united, size_t n);

#endif
