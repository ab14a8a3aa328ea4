/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of a plan do for each other. */
#ifndef LEASTCAP_HARDEN_PRIVATE_H
#define LEASTCAP_HARDEN_PRIVATE_H

#include <leastcap/harden.h>

/* The file that CHECK was about; NULL: not known. */
const char *lc_harden_path_of(const struct lc_check *check);

/*
 * Adds to PLAN the path that has to be the user's so that CHECK is not asked in any of STARTS starts. NULL: it is in PLAN now; else why that can't be, which goes
 * behind the path.
 */
const char *lc_harden_take_path(struct lc_harden_plan *plan, const struct lc_check *check, uint64_t starts);

/* Forgets PLAN's paths. */
void lc_harden_forget_paths(struct lc_harden_plan *plan);

/* Fills in which programs change the user now. 0 or -ENOMEM. */
int lc_harden_name_changers(struct lc_harden_plan *plan);

#endif
