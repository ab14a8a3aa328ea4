/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Phrases gathered from many checks, to be listed in one sentence: the commonest few, each once. */
#ifndef LEASTCAP_JUDGE_PHRASES_H
#define LEASTCAP_JUDGE_PHRASES_H

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lc_phrase {
	char *text;
	uint64_t count;
};

struct lc_phrases {
	struct lc_phrase *list;
	size_t n;
	bool failed; /* an allocation failed */
};

/* Adds what PHRASE holds, which happened COUNT times, and empties PHRASE. */
void lc_phrases_add(struct lc_phrases *phrases, struct lc_strbuf *phrase, uint64_t count);

/* Unites those that are the same, and puts the commonest first. */
void lc_phrases_settle(struct lc_phrases *phrases);

/* Appends the settled PHRASES: "A", "A; B" with SEPARATOR "; ", or of more than AT_MOST "A; B; and 3 more". */
void lc_phrases_list(struct lc_strbuf *out, const struct lc_phrases *phrases, const char *separator, size_t at_most);

/* Frees what PHRASES owns and empties it. */
void lc_phrases_free(struct lc_phrases *phrases);

#endif
