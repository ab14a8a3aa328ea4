/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The size of a profile's JSON: how much a part of it makes, and how refused calls are left out. */
#ifndef LEASTCAP_PROFILE_CUT_H
#define LEASTCAP_PROFILE_CUT_H

#include "fields.h"

#include <leastcap/model.h>

#include <stddef.h>
#include <stdint.h>

/* How much JSON something makes, at most. */
struct lc_extent {
	size_t bytes;
	size_t values;
	size_t pieces; /* of evidence, and refused calls */
};

/* The most that a piece of evidence, or a refused call, takes for keys, words, numbers and punctuation, besides texts and sets. */
#define LC_PIECE_BYTES  1024
#define LC_PIECE_VALUES 40
#define LC_NAME_BYTES   32 /* a capability in a set */

/* The most bytes that the strings in the structure at BASE take that FIELD and what follows it describe. */
size_t lc_cut_strings_bytes(const void *base, const struct lc_string_field *field);

/* Adds to EXTENT what the sets in the structure at BASE take. */
void lc_cut_measure_masks(struct lc_extent *extent, const void *base, const struct lc_mask_field *field);

/* Shortens the texts in the structure at BASE that are longer than any path. Returns how many there were. */
uint64_t lc_cut_shorten(void *base, const struct lc_string_field *field);

/* Adds to EXTENT what TARGET's refused calls take. */
void lc_cut_measure_failures(struct lc_extent *extent, const struct lc_target *target);

/*
 * Leaves at most MOST of TARGET's refused calls: of those that are judged alike the most frequent ones, and one that stands for the others.
 * What is left out counts as LC_LOSS_DETAIL. 0 or -ENOMEM.
 */
int lc_cut_failures(struct lc_target *target, size_t most);

/* Shortens the texts of TARGET's refused calls. Returns how many there were. */
uint64_t lc_cut_shorten_failures(struct lc_target *target);

#endif
