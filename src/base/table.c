/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table type: open addressing with linear probing. Removal moves later entries back, so that there are no tombstones. */
#include <leastcap/clock.h>
#include <leastcap/table.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define LC_TABLE_FIRST_SLOTS 16

struct slot {
	uint64_t hash;
	void *value; /* NULL: the slot is free */
};

struct lc_table {
	size_t key_size;
	size_t size;
	size_t n_slots; /* a power of two, or 0 before the first put */
	uint64_t seed;
	struct slot *slots;
	unsigned char *keys; /* n_slots keys, each at its slot's index */
};

/* FNV-1a over a secret start, so that a container that chooses parts of keys cannot choose their slots. */
static uint64_t hash_key(const struct lc_table *table, const void *key)
{
	const unsigned char *byte = key;
	uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ table->seed;

	for (size_t i = 0; i < table->key_size; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	/* The low bits choose the slot, so that the high ones are brought down (MurmurHash3's finalizer). */
	hash ^= hash >> 33;
	hash *= UINT64_C(0xff51afd7ed558ccd);
	hash ^= hash >> 33;
	return hash;
}

static void *key_at(const struct lc_table *table, size_t slot)
{
	return table->keys + slot * table->key_size;
}

/* The slot that holds KEY, or else the free one where it belongs. The table has slots, and a free one among them. */
static size_t find_slot(const struct lc_table *table, const void *key, uint64_t hash)
{
	size_t mask = table->n_slots - 1;
	size_t slot = hash & mask;

	while (table->slots[slot].value) {
		if (table->slots[slot].hash == hash && memcmp(key_at(table, slot), key, table->key_size) == 0)
			break;
		slot = (slot + 1) & mask;
	}
	return slot;
}

struct lc_table *lc_table_new(size_t key_size)
{
	struct lc_table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->key_size = key_size;
	/* Early in boot there may be no randomness yet. The clock has to do then. */
	if (getrandom(&table->seed, sizeof(table->seed), GRND_NONBLOCK) != (ssize_t)sizeof(table->seed))
		table->seed = (uint64_t)lc_clock_ns(CLOCK_MONOTONIC);
	return table;
}

void *lc_table_get(const struct lc_table *table, const void *key)
{
	if (!table->n_slots)
		return NULL;
	return table->slots[find_slot(table, key, hash_key(table, key))].value;
}

/* Gives the table twice as many slots. */
static int grow(struct lc_table *table)
{
	const struct lc_table old = *table;
	size_t n_slots = old.n_slots ? old.n_slots * 2 : LC_TABLE_FIRST_SLOTS;
	struct slot *slots = calloc(n_slots, sizeof(*slots));
	unsigned char *keys = calloc(n_slots, old.key_size);

	if (!slots || !keys) {
		free(slots);
		free(keys);
		return -ENOMEM;
	}
	table->n_slots = n_slots;
	table->slots = slots;
	table->keys = keys;
	for (size_t i = 0; i < old.n_slots; i++) {
		size_t slot;

		if (!old.slots[i].value)
			continue;
		slot = find_slot(table, key_at(&old, i), old.slots[i].hash);
		slots[slot] = old.slots[i];
		memcpy(key_at(table, slot), key_at(&old, i), old.key_size);
	}
	free(old.slots);
	free(old.keys);
	return 0;
}

int lc_table_put(struct lc_table *table, const void *key, void *value)
{
	uint64_t hash = hash_key(table, key);
	size_t slot;

	/* At most three quarters full. */
	if (table->size >= table->n_slots / 4 * 3) {
		int err = grow(table);

		if (err)
			return err;
	}
	slot = find_slot(table, key, hash);
	if (!table->slots[slot].value) {
		memcpy(key_at(table, slot), key, table->key_size);
		table->slots[slot].hash = hash;
		table->size++;
	}
	table->slots[slot].value = value;
	return 0;
}

/* Whether the entry at SLOT may move to the free slot HOLE: probing from its home comes by HOLE. */
static bool may_fill(const struct lc_table *table, size_t slot, size_t hole)
{
	size_t mask = table->n_slots - 1;
	size_t home = table->slots[slot].hash & mask;

	return ((slot - home) & mask) >= ((slot - hole) & mask);
}

void *lc_table_get_or_add(struct lc_table *table, const void *key, size_t size)
{
	void *value = lc_table_get(table, key);

	if (value)
		return value;
	value = calloc(1, size);
	if (!value)
		return NULL;
	memcpy(value, key, table->key_size);
	if (lc_table_put(table, key, value)) {
		free(value);
		return NULL;
	}
	return value;
}

void *lc_table_remove(struct lc_table *table, const void *key)
{
	size_t mask = table->n_slots - 1;
	size_t hole;
	void *value;

	if (!table->n_slots)
		return NULL;
	hole = find_slot(table, key, hash_key(table, key));
	value = table->slots[hole].value;
	if (!value)
		return NULL;
	for (size_t slot = (hole + 1) & mask; table->slots[slot].value; slot = (slot + 1) & mask) {
		if (!may_fill(table, slot, hole))
			continue;
		table->slots[hole] = table->slots[slot];
		memcpy(key_at(table, hole), key_at(table, slot), table->key_size);
		hole = slot;
	}
	table->slots[hole].value = NULL;
	table->size--;
	return value;
}

size_t lc_table_size(const struct lc_table *table)
{
	return table->size;
}

void *lc_table_next(const struct lc_table *table, size_t *cursor)
{
	while (*cursor < table->n_slots) {
		void *value = table->slots[(*cursor)++].value;

		if (value)
			return value;
	}
	return NULL;
}

int lc_table_sweep(struct lc_table *table, bool (*goes)(void *context, const void *value), void *context,
	void (*free_value)(void *))
{
	size_t n = 0, i = 0;
	unsigned char *keys;

	for (size_t slot = 0; slot < table->n_slots; slot++)
		n += table->slots[slot].value && goes(context, table->slots[slot].value);
	if (!n)
		return 0;
	/* Removing one moves others, so that the keys are listed before. */
	keys = malloc(n * table->key_size);
	if (!keys)
		return -ENOMEM;
	for (size_t slot = 0; slot < table->n_slots && i < n; slot++) {
		if (table->slots[slot].value && goes(context, table->slots[slot].value))
			memcpy(keys + i++ * table->key_size, key_at(table, slot), table->key_size);
	}
	while (i--)
		free_value(lc_table_remove(table, keys + i * table->key_size));
	free(keys);
	return 0;
}

void lc_table_free(struct lc_table *table, void (*free_value)(void *))
{
	if (!table)
		return;
	for (size_t i = 0; free_value && i < table->n_slots; i++) {
		if (table->slots[i].value)
			free_value(table->slots[i].value);
	}
	free(table->slots);
	free(table->keys);
	free(table);
}
