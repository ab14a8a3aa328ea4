/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of each capability that a target was granted or asked for: each is in one group. */
#ifndef LEASTCAP_REPORT_USES_H
#define LEASTCAP_REPORT_USES_H

#include <leastcap/model.h>

#include <stdint.h>

/* Disjoint sets of capabilities. */
struct lc_report_uses {
	uint64_t listed;
	uint64_t wanted;       /* denied, and a system call failed for it */
	uint64_t alternative;  /* used where the list has another one that does as well */
	uint64_t without_need; /* used, and the answer changed nothing */
	uint64_t in_vain;      /* granted to the container, and asked for only by who had given it up */
	uint64_t never;        /* granted, and nobody asked */
};

/* The groups of TARGET, which has been judged. */
struct lc_report_uses lc_report_uses(const struct lc_target *target);

#endif
