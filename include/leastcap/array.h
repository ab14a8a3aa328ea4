/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays that grow by one element at a time. */
#ifndef LEASTCAP_ARRAY_H
#define LEASTCAP_ARRAY_H

#include <stddef.h>

/*
 * Makes room for one more element of SIZE bytes behind the N that ARRAY (NULL where N is 0) holds. The capacity is not kept: it is
 * the least power of two that is not below N, so an array that grew in any other way must not be given here. Returns the array,
 * which the caller frees and which may have moved; NULL when out of memory, and ARRAY is then as it was.
 */
void *lc_array_grow(void *array, size_t n, size_t size);

#endif
