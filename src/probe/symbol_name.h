/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's sources call a function, told from the name that the compiler and the syscall macros left of it. */
#ifndef LEASTCAP_PROBE_SYMBOL_NAME_H
#define LEASTCAP_PROBE_SYMBOL_NAME_H

#include <stdbool.h>

struct lc_symbol_name {
	char text[128];
	bool cold; /* the unlikely part of the function, which the compiler puts elsewhere */
};

/*
 * The name of the function that the symbol at the beginning of TEXT (up to a blank or the end) belongs to. What a compiler appends
 * to copies and parts of functions (.constprop.0, .isra.0, .part.0, .cold, .llvm.123) is cut off. A syscall's body is called
 * __do_sys_NAME or __do_compat_sys_NAME, whichever layer around it (__x64_sys_NAME, __se_sys_NAME, …) it has been inlined into.
 * False (NAME is unchanged) when there is no name, or one that is too long for a function's.
 */
bool lc_symbol_name_parse(struct lc_symbol_name *name, const char *text);

#endif
