/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words that the profile spells enumerations with, for the code that reads and writes them by table. */
#ifndef LEASTCAP_WORDS_H
#define LEASTCAP_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* The spelling of one enumeration: the word of value N is at words[N]. */
struct lc_vocabulary {
	const char *const *words;
	int n;
};

extern const struct lc_vocabulary lc_vocabulary_verdict;
extern const struct lc_vocabulary lc_vocabulary_authority;
extern const struct lc_vocabulary lc_vocabulary_credential;
extern const struct lc_vocabulary lc_vocabulary_phase;
extern const struct lc_vocabulary lc_vocabulary_userns;
extern const struct lc_vocabulary lc_vocabulary_audited;
extern const struct lc_vocabulary lc_vocabulary_source;
extern const struct lc_vocabulary lc_vocabulary_class;
extern const struct lc_vocabulary lc_vocabulary_cause;
extern const struct lc_vocabulary lc_vocabulary_filter_answer;
extern const struct lc_vocabulary lc_vocabulary_target_kind;
extern const struct lc_vocabulary lc_vocabulary_seccomp;
extern const struct lc_vocabulary lc_vocabulary_rating;
extern const struct lc_vocabulary lc_vocabulary_hazard;
extern const struct lc_vocabulary lc_vocabulary_sign;
extern const struct lc_vocabulary lc_vocabulary_seen_from;
extern const struct lc_vocabulary lc_vocabulary_seen_until;
extern const struct lc_vocabulary lc_vocabulary_loss;
extern const struct lc_vocabulary lc_vocabulary_trial_purpose;
extern const struct lc_vocabulary lc_vocabulary_trial_verdict;

/* The word for VALUE, or NULL when it is out of range. */
const char *lc_vocabulary_word(const struct lc_vocabulary *vocabulary, int value);

/* The value that WORD spells, or -EINVAL. */
int lc_vocabulary_value(const struct lc_vocabulary *vocabulary, const char *word);

#endif
