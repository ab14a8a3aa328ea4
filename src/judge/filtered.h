/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which capabilities an engine's filter of system calls accepts for a call, and which of them a list rather has. */
#ifndef LEASTCAP_JUDGE_FILTERED_H
#define LEASTCAP_JUDGE_FILTERED_H

#include <leastcap/model.h>

#include <stdint.h>

/* Of CAPS the one that reaches least far beyond a container; -1 where there are none. */
int lc_narrowest(uint64_t caps);

/*
 * The capabilities of which any one lets SYSCALL (may be NULL), called with ARGUMENT (as lc_filter_selector says), through the filter that TARGET
 * has, or would have if it were not privileged. 0: it is let through without, or with none; or nothing is known of TARGET's filter.
 */
uint64_t lc_opened_by(const struct lc_target *target, const char *syscall, uint64_t argument);

/* The capabilities of which any one lets the call of CHECK (LC_SOURCE_FILTER), its own capability among them, through TARGET's filter. */
uint64_t lc_filter_accepts(const struct lc_target *target, const struct lc_check *check);

#endif
