/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How what is written for people looks: colour, width, how much of it. */
#ifndef LEASTCAP_STYLE_H
#define LEASTCAP_STYLE_H

#include <stdbool.h>

struct lc_style {
	bool color;      /* ANSI colours */
	int columns;     /* width of a line where that can be kept; 0: no limit */
	bool cap_prefix; /* "CAP_CHOWN" and not "CHOWN", in formats that take both */
	bool details;    /* of an audit: each target at length, and not a table */
	const char *const *
		helm_paths; /* where a chart has its containers' securityContext: --helm-path; ended by NULL, or NULL */
	const char *
		live; /* html: the page's version where it came from (an ETag), which it asks for, to show itself anew; NULL: it asks nobody */
	bool verbose; /* also setup-phase and overridden evidence, one row per executable and call site */
};

#endif
