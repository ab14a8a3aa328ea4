/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What counts when pieces of evidence of different recordings are compared. */
#ifndef LEASTCAP_COMPARE_IDENTITY_H
#define LEASTCAP_COMPARE_IDENTITY_H

#include <leastcap/check.h>

#include <stdbool.h>

/* Whether CHECK is the target's own doing: only then does it matter what it was about. */
bool lc_check_is_own(const struct lc_check *check);

/* What a call was ABOUT; NULL for a process, whose number is another one in every run. ABOUT may be NULL. */
const char *lc_lasting_about(const char *about);

#endif
