/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a trace: each traced check waits here for its syscall to return, and is then written. Refused calls are written at once. */
#ifndef LEASTCAP_TRACER_H
#define LEASTCAP_TRACER_H

#include <leastcap/recording.h>
#include <leastcap/trace.h>

#include <stdio.h>

struct lc_tracer;

struct lc_tracer_options {
	const struct lc_trace_filter *filter;
	struct lc_trace_style style;
	FILE *stream;
	bool targets;          /* each line tells whose it is */
	bool stacks;           /* -k */
	bool descriptor_paths; /* -y */
};

/* Makes a tracer; OPTIONS and what they refer to are kept. NULL when out of memory. */
struct lc_tracer *lc_tracer_new(const struct lc_tracer_options *options);

/* The recording's listener: TRACER's lines. */
struct lc_recording_listener lc_tracer_listener(struct lc_tracer *tracer);

/*
 * Writes what has come together, and as unfinished what has been waiting for its syscall for long. UNTOLD: lc_recording_untold's. 0
 * or -errno.
 */
int lc_tracer_flush(struct lc_tracer *tracer, struct lc_untold untold);

/* The last flush, also of what still waits for its result. 0 or -errno. */
int lc_tracer_end(struct lc_tracer *tracer, struct lc_untold untold);

/* Frees everything. TRACER may be NULL. */
void lc_tracer_free(struct lc_tracer *tracer);

#endif
