/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the model say to each other. */
#ifndef LEASTCAP_TOP_MODEL_H
#define LEASTCAP_TOP_MODEL_H

#include <leastcap/model.h>
#include <leastcap/sha256.h>
#include <leastcap/table.h>
#include <leastcap/top.h>

#include <stdbool.h>

/* Whether CHECK, which has been judged, is of its target's own work, and not of the runtime's, overlayfs's, or of namespaces that it made itself. */
bool lc_top_is_workloads(const struct lc_check *check);

/* Writes what TARGET is known again by to KEY: it, and not others of its workload, which may run beside it. 0 or -ENOMEM. */
int lc_top_key(const struct lc_target *target, char key[LC_SHA256_SIZE]);

/* Notes that TOP's profile is of NOW_NS (CLOCK_MONOTONIC), and how long that is after the one before. */
void lc_top_note_time(struct lc_top *top, int64_t now_ns);

/* Fills TARGETS (keys → targets) with those of PROFILE. 0 or -ENOMEM. */
int lc_top_index(const struct lc_profile *profile, struct lc_table *targets);

#endif
