/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparisons, for code that puts things in order. */
#ifndef LEASTCAP_ORDER_H
#define LEASTCAP_ORDER_H

#include <string.h>

#define LC_COMPARE_NUMBERS(a, b) (((a) > (b)) - ((a) < (b)))

/* Compares strings that may be NULL; NULL comes first. */
static inline int lc_compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

#endif
