/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of addresses: functions, those inlined into them, source files and lines. */
#ifndef LEASTCAP_WHY_NAMES_H
#define LEASTCAP_WHY_NAMES_H

#include "src/why/images.h"

/* The functions at an address, innermost first: all but the last are inlined into the one that follows. Without modules. */
struct names {
	struct lc_stack functions;
	bool symbol; /* the last one's name is known: its offset is that in the function */
};

/* The names of ADDRESS (of our own space) in IMAGE, which IMAGES keeps. NULL: out of memory. */
const struct names *lc_why_names_find(struct images *images, struct image *image, uint64_t address);

/* Frees a struct names, for the table. */
void lc_why_names_free(void *names);

#endif
