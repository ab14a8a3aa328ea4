/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a workload came to the capabilities on its list. It decides what an engine has to give, and what it must not lock. */
#ifndef LEASTCAP_REPORT_SOURCES_H
#define LEASTCAP_REPORT_SOURCES_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stdint.h>

/* The capabilities of the list that came in another way than from the first program. No two of the sets overlap. */
struct lc_report_sources {
	uint64_t file;    /* by an executable's file capabilities */
	uint64_t ambient; /* raised to ambient by the workload itself */
	uint64_t root;    /* used by root in a workload that does not run as root: by a set-user-ID program */
	uint64_t filter;  /* only the engine's filter of system calls wants them, in the bounding set */
	uint64_t
		in_vain; /* an executable carries them, so that execve demands them, but its process did not get them */
};

/* How TARGET came to the capabilities on its list. */
struct lc_report_sources lc_report_sources(const struct lc_target *target);

/* The capabilities of the list that have to be ambient, because TARGET is not root and no executable brings them. */
uint64_t lc_report_ambient(const struct lc_target *target);

/* Whether nothing that was recorded gained rights by execve, so that no_new_privs would not be in its way. */
bool lc_report_needs_no_new_privileges(const struct lc_target *target);

/* Whether TARGET starts as root and goes on as other users. Their set-user-ID programs cannot be told from root's own programs. */
bool lc_report_changes_users(const struct lc_target *target);

#endif
