/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The functions that a row of a table names. */
#ifndef LEASTCAP_FACTS_FUNCTIONS_H
#define LEASTCAP_FACTS_FUNCTIONS_H

#include <stdbool.h>

/* Whether FUNCTION (may be NULL) is one of the LC_CALLSITE_FUNCTIONS in FUNCTIONS; where these are none, any is. */
bool lc_functions_name(const char *const *functions, const char *function);

#endif
