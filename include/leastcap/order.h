/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Comparisons, for code that puts things in order, or looks for the same. */
#ifndef LEASTCAP_ORDER_H
#define LEASTCAP_ORDER_H

#include <stdbool.h>
#include <string.h>

#define LC_COMPARE_NUMBERS(a, b) (((a) > (b)) - ((a) < (b)))

/* Compares strings that may be NULL; NULL comes first. */
static inline int lc_compare_text(const char *a, const char *b)
{
	if (!a || !b)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* Whether two strings are the same, as two are that are both NULL. */
static inline bool lc_same_text(const char *a, const char *b)
{
	return lc_compare_text(a, b) == 0;
}

#endif
