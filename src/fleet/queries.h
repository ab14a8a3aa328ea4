/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What Prometheus is asked, and what each answer means for a profile. */
#ifndef LEASTCAP_FLEET_QUERIES_H
#define LEASTCAP_FLEET_QUERIES_H

#include <leastcap/strbuf.h>

#include <stdint.h>

/* What a sample of an answer tells of the workload that its labels name. */
enum lc_told {
	LC_TOLD_REQUIRED, /* its capability was on the list at some scrape */
	LC_TOLD_DEFINITE, /* and nobody thought that it could do without */
	LC_TOLD_GRANTED,
	LC_TOLD_USED, /* or asked for, of what it was granted */
	LC_TOLD_WANTED,
	LC_TOLD_WANTED_HELD, /* by one that was granted it: who is not root has to be given it in another way */
	LC_TOLD_CHECKS,
	LC_TOLD_CALLS,
	LC_TOLD_LOST,
	LC_TOLD_FIRST,
	LC_TOLD_LAST,
	LC_TOLD_ALL_LOST, /* from here on of a service, and not of a workload */
	LC_TOLD_DROPPED,
	LC_TOLD_INFO,
	LC_TOLD_N
};

/* Appends the expression that asks for TOLD, of all that was scraped in the last SECONDS before the time that it is asked for. */
void lc_fleet_add_query(struct lc_strbuf *out, enum lc_told told, int64_t seconds);

#endif
