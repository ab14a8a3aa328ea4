/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What time it is, and how one is written. */
#ifndef LEASTCAP_CLOCK_H
#define LEASTCAP_CLOCK_H

#include <leastcap/strbuf.h>

#include <stdint.h>
#include <time.h>

#define LC_NS_PER_S  INT64_C(1000000000)
#define LC_NS_PER_MS INT64_C(1000000)

/* What CLOCK (CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME: each kernel has them) says, in nanoseconds. */
int64_t lc_clock_ns(clockid_t clock);

/* The same in whole milliseconds. */
int64_t lc_clock_ms(clockid_t clock);

/* Appends the time NS, nanoseconds since 1970, in UTC, as strftime's FORMAT (up to 31 bytes of text) has it. */
void lc_clock_add_utc(struct lc_strbuf *out, const char *format, int64_t ns);

#endif
