/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of growing arrays. */
#include <leastcap/array.h>

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void each_new_element_has_room_and_the_old_ones_are_kept(void **state)
{
	uint32_t *array = NULL;

	(void)state;
	for (size_t n = 0; n < 1000; n++) {
		array = lc_array_grow(array, n, sizeof(*array));
		assert_non_null(array);
		assert_true(malloc_usable_size(array) >= (n + 1) * sizeof(*array));
		array[n] = (uint32_t)n;
	}
	for (size_t n = 0; n < 1000; n++)
		assert_int_equal(array[n], n);
	free(array);
}

static void an_array_that_lost_elements_grows_again(void **state)
{
	uint32_t *array = NULL;

	(void)state;
	for (size_t n = 0; n < 9; n++)
		array = lc_array_grow(array, n, sizeof(*array));
	for (size_t n = 3; n < 40; n++) {
		array = lc_array_grow(array, n, sizeof(*array));
		assert_true(malloc_usable_size(array) >= (n + 1) * sizeof(*array));
	}
	free(array);
}

static void what_no_memory_can_hold_is_refused(void **state)
{
	char *array = lc_array_grow(NULL, 0, 1);

	(void)state;
	assert_non_null(array);
	array[0] = 'a';
	assert_null(lc_array_grow(array, 1, SIZE_MAX / 2 + 1));
	assert_int_equal(array[0], 'a');
	free(array);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_new_element_has_room_and_the_old_ones_are_kept),
		cmocka_unit_test(an_array_that_lost_elements_grows_again),
		cmocka_unit_test(what_no_memory_can_hold_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
