/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nearest known word to a mistyped one. */
#ifndef LEASTCAP_SUGGEST_H
#define LEASTCAP_SUGGEST_H

#include <stddef.h>

/* The one of the N WORDS with the smallest edit distance to WORD, or NULL when none is near enough. */
const char *lc_suggest(const char *word, const char *const *words, size_t n);

#endif
