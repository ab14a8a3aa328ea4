/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The fields of schema leastcap-profile/1 as tables, which the reader and the writer share. */
#ifndef LEASTCAP_PROFILE_FIELDS_H
#define LEASTCAP_PROFILE_FIELDS_H

#include <leastcap/words.h>

#include <leastcap/model.h>

#include <stddef.h>
#include <stdint.h>

/* Larger files are not read, nor those with more values: of those that are in no long list each takes 50 bytes while it is read. */
#define LC_PROFILE_MAX_SIZE   ((size_t)256 << 20)
#define LC_PROFILE_MAX_VALUES 8000000

/* A string in a structure (char * at OFFSET). */
struct lc_string_field {
	const char *key;
	size_t offset;
	bool required; /* reading fails without it */
	bool nullable; /* NULL is written as null; otherwise it is left out */
};

/* An enumeration in a structure (int-sized at OFFSET). */
struct lc_word_field {
	const char *key;
	size_t offset;
	const struct lc_vocabulary *vocabulary;
	int missing;   /* the value when the field is not there; -1: reading fails without it */
	bool left_out; /* not written where it has that value */
};

/* A capability mask in a structure (uint64_t at OFFSET). */
struct lc_mask_field {
	const char *key;
	size_t offset;
	bool optional; /* where it is missing, the set is empty; else reading fails */
};

/* A bool in a structure, written only when it is true. */
struct lc_flag_field {
	const char *key;
	size_t offset;
};

/* A time in a structure (int64_t nanoseconds at OFFSET), written where it is known. */
struct lc_time_field {
	const char *key;
	size_t offset;
};

/* A kind of file, by the bits of st_mode that say so. */
struct lc_file_type {
	const char *word;
	uint32_t bits;
};

/* Each table ends with an entry whose key is NULL. */
extern const struct lc_string_field lc_host_strings[];
extern const struct lc_string_field lc_target_strings[];
extern const struct lc_mask_field lc_target_masks[];
extern const struct lc_mask_field lc_configured_masks[];
extern const struct lc_word_field lc_evidence_words[];
extern const struct lc_flag_field lc_evidence_flags[];
extern const struct lc_string_field lc_evidence_strings[];
extern const struct lc_string_field lc_object_strings[];
extern const struct lc_word_field lc_failure_words[];
extern const struct lc_flag_field lc_failure_flags[];
extern const struct lc_mask_field lc_failure_masks[];
extern const struct lc_string_field lc_failure_strings[];

extern const struct lc_flag_field lc_init_flags[];
extern const struct lc_word_field lc_init_words[];
extern const struct lc_string_field lc_init_strings[];
extern const struct lc_flag_field lc_members_flags[];
extern const struct lc_string_field lc_members_strings[];
extern const struct lc_mask_field lc_sets_masks[];
extern const struct lc_word_field lc_hazard_words[];
extern const struct lc_flag_field lc_hazard_flags[];
extern const struct lc_string_field lc_hazard_strings[];
extern const struct lc_word_field lc_rating_words[];
extern const struct lc_string_field lc_rating_strings[];

extern const struct lc_word_field lc_seen_words[];
extern const struct lc_time_field lc_seen_times[];
extern const struct lc_time_field lc_life_times[];
extern const struct lc_word_field lc_life_words[];

extern const struct lc_string_field lc_proof_strings[];
extern const struct lc_mask_field lc_proof_masks[];
extern const struct lc_flag_field lc_proof_flags[];
extern const struct lc_word_field lc_run_words[];
extern const struct lc_flag_field lc_run_flags[];
extern const struct lc_mask_field lc_run_masks[];
extern const struct lc_string_field lc_run_strings[];

extern const struct lc_string_field lc_frame_strings[];

/* Ended by an entry without a word. */
extern const struct lc_file_type lc_file_types[];

#endif
