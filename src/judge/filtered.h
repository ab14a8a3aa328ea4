/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which capabilities an engine's filter of system calls accepts for a call, and which of them a list rather has. */
#ifndef LEASTCAP_JUDGE_FILTERED_H
#define LEASTCAP_JUDGE_FILTERED_H

#include <leastcap/model.h>

#include <stdint.h>

/* Of CAPS the one that reaches least far beyond a container; -1 where there are none. */
int lc_narrowest(uint64_t caps);

/* The capabilities of which any one lets the call of CHECK (LC_SOURCE_FILTER), its own capability among them, through TARGET's filter. */
uint64_t lc_filter_accepts(const struct lc_target *target, const struct lc_check *check);

#endif
