/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The progress line on standard error: one that updates on a terminal, one every ten seconds otherwise. */
#ifndef LEASTCAP_CLI_PROGRESS_H
#define LEASTCAP_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_progress {
	bool shared;        /* nothing is updated in its place */
	bool on_line;       /* the terminal's cursor is behind an unfinished progress line */
	int64_t started_ns; /* CLOCK_MONOTONIC */
};

/* How often it is to be shown (milliseconds). SHARED is as for lc_progress_begin. */
unsigned int lc_progress_interval(bool shared);

/* The time that it shows begins now. SHARED: a command writes to the same terminal, so that each time it is a line of its own. */
void lc_progress_begin(struct lc_progress *progress, bool shared);

/* Shows how long it has been, CHECKS and TARGETS (each called WHAT); and that AWAITED (hostile; NULL: nobody) is still starting. */
void lc_progress_update(
	struct lc_progress *progress, uint64_t checks, size_t targets, const char *what, const char *awaited);

/* Clears the terminal's line. */
void lc_progress_end(struct lc_progress *progress);

#endif
