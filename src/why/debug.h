/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Separate debug files: asked for by build id and name, and taken only if they belong to the file. */
#ifndef LEASTCAP_WHY_DEBUG_H
#define LEASTCAP_WHY_DEBUG_H

#include <elfutils/libdwfl.h>

/* libdwfl's callback find_debuginfo, whose parameters libdwfl prescribes. */
int lc_why_debug_find(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, const char *file,
	const char *link, GElf_Word crc, char **debug_file);

#endif
