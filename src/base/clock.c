/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What time it is. */
#include <leastcap/clock.h>

int64_t lc_clock_ns(clockid_t clock)
{
	struct timespec now = {0};

	clock_gettime(clock, &now);
	return now.tv_sec * LC_NS_PER_S + now.tv_nsec;
}

int64_t lc_clock_ms(clockid_t clock)
{
	return lc_clock_ns(clock) / LC_NS_PER_MS;
}
