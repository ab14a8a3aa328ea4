/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress line on standard error: one that updates on a terminal, one every ten seconds otherwise. */
#include "src/cli/progress.h"

#include <leastcap/clock.h>

#include <stdio.h>
#include <unistd.h>

static int64_t interval(const struct progress *progress)
{
	return progress->terminal ? LC_NS_PER_S : 10 * LC_NS_PER_S;
}

void lc_progress_begin(struct progress *progress, bool quiet)
{
	*progress = (struct progress){
		.shown = !quiet, .terminal = isatty(STDERR_FILENO), .started_ns = lc_clock_ns(CLOCK_MONOTONIC)};
	progress->due_ns = progress->started_ns + interval(progress);
}

int lc_progress_timeout(const struct progress *progress)
{
	int64_t left = progress->due_ns - lc_clock_ns(CLOCK_MONOTONIC);

	if (!progress->shown)
		return -1;
	return left > 0 ? (int)(left / LC_NS_PER_MS) + 1 : 0;
}

bool lc_progress_is_due(const struct progress *progress)
{
	return progress->shown && lc_clock_ns(CLOCK_MONOTONIC) >= progress->due_ns;
}

void lc_progress_update(struct progress *progress, uint64_t checks, size_t targets, const char *what)
{
	long long seconds;

	seconds = (lc_clock_ns(CLOCK_MONOTONIC) - progress->started_ns) / LC_NS_PER_S;
	progress->due_ns = lc_clock_ns(CLOCK_MONOTONIC) + interval(progress);
	/* On a terminal: back to the start of the line, and clear what was longer. */
	fprintf(stderr, "%s%lld:%02lld  %llu checks  %zu %s%s%s",
		progress->terminal ? "\r\033[K" : "leastcap: ", seconds / 60, seconds % 60, (unsigned long long)checks,
		targets, what, targets == 1 ? "" : "s", progress->terminal ? "" : "\n");
	progress->on_line = progress->terminal;
	fflush(stderr);
}

void lc_progress_end(struct progress *progress)
{
	if (progress->on_line)
		fputs("\r\033[K", stderr);
	progress->on_line = false;
	fflush(stderr);
}
