/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress line on standard error: one that updates on a terminal, one every ten seconds otherwise. */
#ifndef LEASTCAP_CLI_PROGRESS_H
#define LEASTCAP_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool shown; /* false with -q */
	bool terminal;
	bool on_line;       /* the terminal's cursor is behind an unfinished progress line */
	int64_t started_ns; /* CLOCK_MONOTONIC */
	int64_t due_ns;
};

/* Begins; nothing is shown when QUIET. */
void lc_progress_begin(struct progress *progress, bool quiet);

/* Milliseconds until the next update is due; negative: never. */
int lc_progress_timeout(const struct progress *progress);

/* Shows how long it has been, CHECKS and TARGETS (each called WHAT). To be called when it is due. */
void lc_progress_update(struct progress *progress, uint64_t checks, size_t targets, const char *what);

/* Whether it is time for progress_update. */
bool lc_progress_is_due(const struct progress *progress);

/* Clears the terminal's line. */
void lc_progress_end(struct progress *progress);

#endif
