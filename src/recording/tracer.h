/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a trace: each traced check waits here for its syscall to return, and is then written. */
#ifndef LEASTCAP_RECORDING_TRACER_H
#define LEASTCAP_RECORDING_TRACER_H

#include "src/recording/session.h"

#include <leastcap/trace.h>

#include <stdio.h>

struct tracer;

struct tracer_options {
	const struct lc_trace_filter *filter;
	struct lc_trace_style style;
	FILE *stream;
	bool targets;          /* each line tells whose it is */
	bool stacks;           /* -k */
	bool descriptor_paths; /* -y */
};

/* Makes a tracer; OPTIONS and what they refer to are kept. NULL when out of memory. */
struct tracer *lc_tracer_new(const struct tracer_options *options);

/* The session's listener: TRACER's lines. */
struct session_listener lc_tracer_listener(struct tracer *tracer);

/* Writes what has been put together, and says what has been waiting for its syscall for long. UNTOLD: see session_untold. 0 or -errno. */
int lc_tracer_flush(struct tracer *tracer, uint64_t untold);

/* The last flush: nothing that still waits will get its result. 0 or -errno. */
int lc_tracer_end(struct tracer *tracer, uint64_t untold);

/* Frees everything. TRACER may be NULL. */
void lc_tracer_free(struct tracer *tracer);

#endif
