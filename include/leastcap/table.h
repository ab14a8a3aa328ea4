/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table type: a hash table from a fixed-size binary key to a caller-owned pointer. */
#ifndef LEASTCAP_TABLE_H
#define LEASTCAP_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct lc_table;

/* Makes an empty table for keys of KEY_SIZE bytes (compared with memcmp: zero the padding). NULL when out of memory. */
struct lc_table *lc_table_new(size_t key_size);

/* The value stored under KEY, or NULL. */
void *lc_table_get(const struct lc_table *table, const void *key);

/*
 * Stores VALUE (not NULL), which the table does not own, under a copy of KEY, and replaces what was there. 0, or -ENOMEM with the
 * same keys and values as before.
 */
int lc_table_put(struct lc_table *table, const void *key, void *value);

/*
 * The value stored under KEY. If there is none, one of SIZE bytes is made with calloc(3), begins with a copy of KEY, and is stored.
 * NULL when out of memory.
 */
void *lc_table_get_or_add(struct lc_table *table, const void *key, size_t size);

/* Removes KEY and returns its value, or NULL when it was not there. */
void *lc_table_remove(struct lc_table *table, const void *key);

/* How many keys the table holds. */
size_t lc_table_size(const struct lc_table *table);

/* The next value in no particular order, or NULL at the end. *CURSOR is 0 at first. The table must not change meanwhile. */
void *lc_table_next(const struct lc_table *table, size_t *cursor);

/*
 * Removes every value for which GOES is true, and calls FREE_VALUE on it. GOES may be asked more than once, and must not change the table. 0, or
 * -ENOMEM with nothing removed.
 */
int lc_table_sweep(struct lc_table *table, bool (*goes)(void *context, const void *value), void *context,
	void (*free_value)(void *));

/* Frees the table; calls FREE_VALUE on each value unless it is NULL. TABLE may be NULL. */
void lc_table_free(struct lc_table *table, void (*free_value)(void *));

#endif
