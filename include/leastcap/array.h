/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays that grow by one element at a time. */
#ifndef LEASTCAP_ARRAY_H
#define LEASTCAP_ARRAY_H

#include <stddef.h>

/*
 * Makes room for one more element of SIZE bytes behind the N that ARRAY (NULL where N is 0) holds. The capacity is not stored: it is
 * taken to be the least power of two that is not below N, so that an array must grow by this function alone. Returns the array,
 * which the caller frees and which may have moved; NULL when out of memory, with ARRAY unchanged.
 */
void *lc_array_grow(void *array, size_t n, size_t size);

#endif
