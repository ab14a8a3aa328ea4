/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How what is written for people looks: colour, width, how much of it. */
#ifndef LEASTCAP_STYLE_H
#define LEASTCAP_STYLE_H

#include <stdbool.h>

/* How the output is to look. */
struct lc_style {
	bool color;      /* ANSI colours */
	int columns;     /* width to keep under where that can be done; 0 for no limit */
	bool cap_prefix; /* "CAP_CHOWN" for "CHOWN", in formats that take both */
	bool verbose;    /* also setup-phase and overridden evidence, one row per executable and call site */
};

#endif
