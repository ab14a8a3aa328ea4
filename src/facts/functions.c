/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tells whether a row of a table is for a function. */
#include "src/facts/functions.h"

#include <leastcap/facts.h>

#include <string.h>

bool lc_functions_name(const char *const *functions, const char *function)
{
	if (!functions[0])
		return true;
	for (size_t i = 0; function && i < LC_CALLSITE_FUNCTIONS && functions[i]; i++) {
		if (!strcmp(functions[i], function))
			return true;
	}
	return false;
}
