/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By which way a workload came to the capabilities on its list: what a consumer has to leave open, or to give by itself. */
#ifndef LEASTCAP_REPORT_SOURCES_H
#define LEASTCAP_REPORT_SOURCES_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stdint.h>

/* Those of the list that came by something else than what the first program held. They do not overlap. */
struct lc_report_sources {
	uint64_t file;    /* by an executable's file capabilities */
	uint64_t ambient; /* raised to ambient by the workload itself */
	uint64_t root;    /* used by root, in a workload that does not run as root: a set-user-ID program's */
	uint64_t filter;  /* only the engine's filter of system calls wants them, in the bounding set */
};

struct lc_report_sources lc_report_sources(const struct lc_target *target);

/* Those of the list that have to be ambient for TARGET to hold them: it is not root, and no executable brings them. */
uint64_t lc_report_ambient(const struct lc_target *target);

/* Whether nothing that was recorded gained rights by execve, which no_new_privs would keep it from. */
bool lc_report_needs_no_new_privileges(const struct lc_target *target);

/* Whether TARGET starts as root and goes on as other users, whose set-user-ID programs cannot be told from root's. */
bool lc_report_changes_users(const struct lc_target *target);

#endif
