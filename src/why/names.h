/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of addresses: functions, those inlined into them, source files and lines. */
#ifndef LEASTCAP_WHY_NAMES_H
#define LEASTCAP_WHY_NAMES_H

#include "src/why/images.h"

/* The functions at an address, innermost first. All but the last are inlined into the one that follows. Their modules are not set. */
struct lc_why_names {
	struct lc_stack functions;
	bool symbol; /* the last one has a symbol, and its offset counts from there */
};

/* The names of ADDRESS (of our own space) in IMAGE. They are IMAGES'. NULL when out of memory. */
const struct lc_why_names *lc_why_names_find(
	struct lc_why_images *images, struct lc_why_image *image, uint64_t address);

/* Frees a struct lc_why_names, for the table. */
void lc_why_names_free(void *names);

#endif
