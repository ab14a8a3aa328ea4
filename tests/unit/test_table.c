/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table type. */
#include <leastcap/table.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_MANY 20000

static uint64_t values[N_MANY];

static void *value_of(uint64_t key)
{
	values[key] = key;
	return &values[key];
}

static void an_empty_table_holds_nothing(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint64_t));
	uint64_t key = 1;
	size_t cursor = 0;

	(void)state;
	assert_null(lc_table_get(table, &key));
	assert_null(lc_table_remove(table, &key));
	assert_null(lc_table_next(table, &cursor));
	assert_int_equal(lc_table_size(table), 0);
	lc_table_free(table, NULL);
}

static void every_key_put_is_found_again(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint64_t));

	(void)state;
	for (uint64_t key = 0; key < N_MANY; key++)
		assert_int_equal(lc_table_put(table, &key, value_of(key)), 0);
	assert_int_equal(lc_table_size(table), N_MANY);
	for (uint64_t key = 0; key < N_MANY; key++)
		assert_ptr_equal(lc_table_get(table, &key), &values[key]);
	lc_table_free(table, NULL);
}

static void put_replaces_the_value_of_a_known_key(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint64_t));
	uint64_t key = 7;

	(void)state;
	lc_table_put(table, &key, value_of(1));
	lc_table_put(table, &key, value_of(2));
	assert_ptr_equal(lc_table_get(table, &key), &values[2]);
	assert_int_equal(lc_table_size(table), 1);
	lc_table_free(table, NULL);
}

static void keys_are_copied_and_compared_by_all_their_bytes(void **state)
{
	struct lc_table *table = lc_table_new(13);
	char key[13] = "abcdefghijkl";

	(void)state;
	lc_table_put(table, key, value_of(1));
	key[12] = 'x';
	assert_null(lc_table_get(table, key));
	key[12] = '\0';
	assert_ptr_equal(lc_table_get(table, key), &values[1]);
	lc_table_free(table, NULL);
}

static void removing_a_key_keeps_every_other_one_reachable(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint64_t));

	(void)state;
	for (uint64_t key = 0; key < N_MANY; key++)
		lc_table_put(table, &key, value_of(key));
	for (uint64_t key = 0; key < N_MANY; key += 3)
		assert_ptr_equal(lc_table_remove(table, &key), &values[key]);
	for (uint64_t key = 0; key < N_MANY; key++)
		assert_ptr_equal(lc_table_get(table, &key), key % 3 ? &values[key] : NULL);
	assert_int_equal(lc_table_size(table), N_MANY - (N_MANY + 2) / 3);
	lc_table_free(table, NULL);
}

static void a_removed_key_can_be_put_again(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint64_t));
	uint64_t key = 5;

	(void)state;
	lc_table_put(table, &key, value_of(5));
	lc_table_remove(table, &key);
	assert_null(lc_table_remove(table, &key));
	assert_int_equal(lc_table_put(table, &key, value_of(6)), 0);
	assert_ptr_equal(lc_table_get(table, &key), &values[6]);
	lc_table_free(table, NULL);
}

/* Puts and removes in a small full table make entries wrap around its end. */
static void churn_in_a_small_table_loses_nothing(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint64_t));
	bool present[24] = {false};

	(void)state;
	srandom(1);
	for (int round = 0; round < 20000; round++) {
		uint64_t key = (uint64_t)random() % 24;

		if (present[key])
			assert_ptr_equal(lc_table_remove(table, &key), &values[key]);
		else
			assert_int_equal(lc_table_put(table, &key, value_of(key)), 0);
		present[key] = !present[key];
		for (uint64_t other = 0; other < 24; other++)
			assert_ptr_equal(lc_table_get(table, &other), present[other] ? &values[other] : NULL);
	}
	lc_table_free(table, NULL);
}

static void a_walk_meets_each_value_once(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint64_t));
	unsigned int met[1000] = {0};
	uint64_t *value;
	size_t cursor = 0;

	(void)state;
	for (uint64_t key = 0; key < 1000; key++)
		lc_table_put(table, &key, value_of(key));
	while ((value = lc_table_next(table, &cursor)))
		met[*value]++;
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(met[i], 1);
	lc_table_free(table, NULL);
}

static size_t freed;

static void count_freed(void *value)
{
	freed++;
	free(value);
}

static void freeing_the_table_hands_over_each_value(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint64_t));

	(void)state;
	for (uint64_t key = 0; key < 100; key++)
		lc_table_put(table, &key, malloc(16));
	freed = 0;
	lc_table_free(table, count_freed);
	assert_int_equal(freed, 100);
}

static void a_missing_value_is_made_once_and_begins_with_its_key(void **state)
{
	struct {
		uint32_t key;
		uint32_t more;
	} * made, *again;
	const uint32_t key = 7;
	struct lc_table *table = lc_table_new(sizeof(key));

	(void)state;
	made = lc_table_get_or_add(table, &key, sizeof(*made));
	assert_non_null(made);
	assert_int_equal(made->key, key);
	assert_int_equal(made->more, 0);
	made->more = 1;
	again = lc_table_get_or_add(table, &key, sizeof(*again));
	assert_ptr_equal(again, made);
	assert_int_equal(again->more, 1);
	assert_int_equal(lc_table_size(table), 1);
	lc_table_free(table, free);
}

/* Whether VALUE, which begins with its number, is odd. */
static bool is_odd(void *context, const void *value)
{
	(void)context;
	return *(const uint32_t *)value & 1;
}

static void a_sweep_removes_what_goes_and_nothing_else(void **state)
{
	struct lc_table *table = lc_table_new(sizeof(uint32_t));

	(void)state;
	for (uint32_t key = 0; key < 1000; key++)
		assert_non_null(lc_table_get_or_add(table, &key, sizeof(key)));
	assert_int_equal(lc_table_sweep(table, is_odd, NULL, free), 0);
	assert_int_equal(lc_table_size(table), 500);
	for (uint32_t key = 0; key < 1000; key++)
		assert_int_equal(lc_table_get(table, &key) != NULL, !(key & 1));
	lc_table_free(table, free);
}

static void freeing_no_table_does_nothing(void **state)
{
	(void)state;
	freed = 0;
	lc_table_free(NULL, count_freed);
	assert_int_equal(freed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_table_holds_nothing),
		cmocka_unit_test(every_key_put_is_found_again),
		cmocka_unit_test(put_replaces_the_value_of_a_known_key),
		cmocka_unit_test(keys_are_copied_and_compared_by_all_their_bytes),
		cmocka_unit_test(removing_a_key_keeps_every_other_one_reachable),
		cmocka_unit_test(a_removed_key_can_be_put_again),
		cmocka_unit_test(churn_in_a_small_table_loses_nothing),
		cmocka_unit_test(a_walk_meets_each_value_once),
		cmocka_unit_test(freeing_the_table_hands_over_each_value),
		cmocka_unit_test(a_missing_value_is_made_once_and_begins_with_its_key),
		cmocka_unit_test(a_sweep_removes_what_goes_and_nothing_else),
		cmocka_unit_test(freeing_no_table_does_nothing),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
