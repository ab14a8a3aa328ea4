/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What time it is, and how one is written. */
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

void lc_clock_add_utc(struct lc_strbuf *out, const char *format, int64_t ns)
{
	time_t seconds = (time_t)(ns / LC_NS_PER_S);
	char text[32];
	struct tm utc;

	if (gmtime_r(&seconds, &utc) && strftime(text, sizeof(text), format, &utc))
		lc_strbuf_adds(out, text);
}
