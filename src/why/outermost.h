/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a stack ends for its reader: at main, or at a thread's first function. */
#ifndef LEASTCAP_WHY_OUTERMOST_H
#define LEASTCAP_WHY_OUTERMOST_H

#include <leastcap/why.h>

/* Whether the outermost frame of STACK so far is main. */
bool lc_why_outermost_is_reached(const struct lc_stack *stack);

/* Takes off the frames of the C library and of Go that only call main or a thread's first function. MAPPINGS has each frame's mapping. */
void lc_why_outermost_trim(struct lc_stack *stack, const int *mappings);

#endif
