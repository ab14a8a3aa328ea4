/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fleet: a profile of what `leastcap serve` has told a Prometheus on many nodes. */
#ifndef LEASTCAP_FLEET_H
#define LEASTCAP_FLEET_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stdint.h>

/* How far back is looked where nobody says it. */
#define LC_FLEET_DAYS 30

struct lc_fleet_options {
	const char *url; /* Prometheus' address, or that of another service with its API: "https://prometheus:9090" */
	const char *config; /* a file that says how to reach it: lc_fleet_config_read; NULL: without anything */
	int64_t since_ns;   /* nanoseconds since 1970; 0: LC_FLEET_DAYS ago */
	bool by_workload;   /* one target for a workload, whatever its image */
};

/*
 * Makes PROFILE (zeroed before) of all series of leastcap's that the Prometheus of OPTIONS has from SINCE on until now: a target for each workload and image, in which all nodes' are united, as
 * lc_merge unites profiles. Each has lists, counts by class and verdict, refused calls by cause, what was lost; which programs asked, and in which calls, no series says: its
 * ORIGIN tells that. What was on a list at any scrape is on it.
 *
 * 0, or -errno with PROFILE still empty and *MESSAGE (caller frees), one line: -EINVAL for an address or a file that is none, -ENODATA where there is no series of leastcap's, -EPROTO for an answer that is none of
 * Prometheus', -EACCES where it wants to know who asks, -EMSGSIZE for too large an answer, -ETIMEDOUT, -ECONNREFUSED where it can't be reached, -ENOTSUP for series of a newer leastcap. *WARNING (caller frees, NULL: none) is what
 * Prometheus warns of.
 */
int lc_fleet_read(const struct lc_fleet_options *options, struct lc_profile *profile, char **warning, char **message);

#endif
