/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress line on standard error: one that updates on a terminal, one every ten seconds otherwise. */
#include "src/cli/progress.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/escape.h>

#include <stdio.h>
#include <unistd.h>

unsigned int lc_progress_interval(bool shared)
{
	return isatty(STDERR_FILENO) && !shared ? 1000 : 10000;
}

void lc_progress_begin(struct lc_progress *progress, bool shared)
{
	*progress = (struct lc_progress){.started_ns = lc_clock_ns(CLOCK_MONOTONIC), .shared = shared};
}

void lc_progress_update(
	struct lc_progress *progress, uint64_t checks, size_t targets, const char *what, const char *awaited)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf waits = {0};
	long long seconds = (lc_clock_ns(CLOCK_MONOTONIC) - progress->started_ns) / LC_NS_PER_S;
	bool terminal = isatty(STDERR_FILENO) && !progress->shared;

	if (awaited) {
		lc_strbuf_adds(&waits, "  waiting while ");
		lc_escape_terminal(&waits, awaited);
		lc_strbuf_adds(&waits, " is starting");
	}
	/* On a terminal: back to the start of the line, and clear what was longer. */
	fprintf(stderr, "%s%lld:%02lld  %llu checks  %zu %s%s%s%s", terminal ? "\r\033[K" : "leastcap: ", seconds / 60,
		seconds % 60, (unsigned long long)checks, targets, what, targets == 1 ? "" : "s",
		waits.text ? waits.text : "", terminal ? "" : "\n");
	progress->on_line = terminal;
	fflush(stderr);
}

void lc_progress_end(struct lc_progress *progress)
{
	if (progress->on_line)
		fputs("\r\033[K", stderr);
	progress->on_line = false;
	fflush(stderr);
}
