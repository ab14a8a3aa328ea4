/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A line of JSON, for lc_trace_line. */
#ifndef LEASTCAP_TRACE_LINE_H
#define LEASTCAP_TRACE_LINE_H

#include <leastcap/trace.h>

/* Appends TRACED as a JSON object and a line break. */
void lc_trace_json(struct lc_strbuf *out, const struct lc_traced *traced);

#endif
