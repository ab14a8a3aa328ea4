/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Arrays that grow by one element at a time. */
#include <leastcap/array.h>

#include <stdint.h>
#include <stdlib.h>

void *lc_array_grow(void *array, size_t n, size_t size)
{
	size_t room = n ? n * 2 : 1;

	if (n & (n - 1))
		return array;
	/* An allocator may end the program that asks for more than any object can have (PTRDIFF_MAX): AddressSanitizer does. */
	return size > PTRDIFF_MAX / room ? NULL : realloc(array, room * size);
}
