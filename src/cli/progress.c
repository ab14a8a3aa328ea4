/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress line on standard error: one that updates on a terminal, one every ten seconds otherwise. */
#include "src/cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000LL

int64_t lc_progress_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static int64_t interval(const struct progress *progress)
{
	return progress->terminal ? SECOND : 10 * SECOND;
}

void lc_progress_begin(struct progress *progress, bool quiet)
{
	*progress =
		(struct progress){.shown = !quiet, .terminal = isatty(STDERR_FILENO), .started_ns = lc_progress_now()};
	progress->due_ns = progress->started_ns + interval(progress);
}

int lc_progress_timeout(const struct progress *progress)
{
	int64_t left = progress->due_ns - lc_progress_now();

	if (!progress->shown)
		return -1;
	return left > 0 ? (int)(left / 1000000) + 1 : 0;
}

bool lc_progress_is_due(const struct progress *progress)
{
	return progress->shown && lc_progress_now() >= progress->due_ns;
}

void lc_progress_update(struct progress *progress, uint64_t checks, size_t targets, const char *what)
{
	long long seconds;

	seconds = (lc_progress_now() - progress->started_ns) / SECOND;
	progress->due_ns = lc_progress_now() + interval(progress);
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
