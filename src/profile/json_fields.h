/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What single fields of a profile are in JSON. Each function returns 0, or -EINVAL with a message where that does not stand there. */
#ifndef LEASTCAP_PROFILE_JSON_FIELDS_H
#define LEASTCAP_PROFILE_JSON_FIELDS_H

#include "json_value.h"

/* Reads one of VOCABULARY's words. Without a value the number is MISSING; it is an error where that is -1. */
int lc_json_read_word(const struct lc_json_place *place, const struct lc_parsed *value,
	const struct lc_vocabulary *vocabulary, int missing, int *number);

/* The same for the words in the structure at BASE that FIELD and what follows it describe. */
int lc_json_read_words(const struct lc_json_place *place, const struct lc_parsed *object, void *base,
	const struct lc_word_field *field);

/* Reads the name of a capability. */
int lc_json_read_cap(const struct lc_json_place *place, const struct lc_parsed *value, int *cap);

/* Adds the capabilities in the lists that FIELD and what follows it describe to the masks in the structure at BASE. */
int lc_json_read_masks(const struct lc_json_place *place, const struct lc_parsed *object, void *base,
	const struct lc_mask_field *field);

/* Reads the flags in the structure at BASE that FIELD and what follows it describe. */
int lc_json_read_flags(const struct lc_json_place *place, const struct lc_parsed *object, void *base,
	const struct lc_flag_field *field);

/* Reads a time. Where it is missing, *NS is unchanged. */
int lc_json_read_time(const struct lc_json_place *parent, const struct lc_parsed *object, const char *key, int64_t *ns);

/* Adds the permission bits, in octal ("0755"), to *MODE. They may be missing. */
int lc_json_read_mode(const struct lc_json_place *parent, const struct lc_parsed *object, uint32_t *mode);

/* Adds the kind of file to *MODE. It may be missing, or one that only later versions have a word for. */
int lc_json_read_type(const struct lc_json_place *parent, const struct lc_parsed *object, uint32_t *mode);

#endif
