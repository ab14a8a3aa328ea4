/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A search under way, and what its parts do for each other. */
#ifndef LEASTCAP_PROVE_PRIVATE_H
#define LEASTCAP_PROVE_PRIVATE_H

#include <leastcap/prove.h>

#include <stdlib.h>

/* An entry of the list of one subject. */
struct lc_prove_item {
	size_t subject;
	int cap;
};

/* Lists of entries that can be filled at once; no kernel has more capabilities than a mask has bits. */
struct lc_prove_items {
	struct lc_prove_item *list;
	size_t n;
};

struct lc_prove_search {
	const struct lc_prove_trials *trials;
	struct lc_prove_result *result;
	const struct lc_prove_subject *subjects;
	size_t n;
	uint64_t *wanted; /* by the last trial that did not pass; all zero where nothing was told */
	size_t planned;   /* the last run that was announced; 0: none is, or it is not counted any more */
	size_t fresh;     /* the first run that is comparable with those to come, where it was worse */
};

/* Whether A and B, masked lines of one log, are alike but for who speaks: one word, which in both is a name with a colon behind it. */
bool lc_prove_same_message(const char *a, const char *b);

/* Room for a mask for each subject, zeroed, or filled from MASKS where that is not NULL. NULL when out of memory. */
uint64_t *lc_prove_masks(const struct lc_prove_search *search, const uint64_t *masks);

/* Makes the trial of LISTS, without WITHOUT of what has passed (both NULL: a baseline), and keeps a record of it. 0 or -errno. */
int lc_prove_make(struct lc_prove_search *search, enum lc_trial_purpose purpose, const uint64_t *lists,
	const uint64_t *without, bool *passed);

/* Adds copies of the N trials in RUNS, of an earlier search. 0 or -ENOMEM. */
int lc_prove_add_earlier(struct lc_prove_search *search, const struct lc_prove_run *runs, size_t n);

/* What is known of LISTS by trials that were made. */
struct lc_prove_known {
	unsigned int passed; /* with exactly them */
	unsigned int failed; /* with exactly them */
	unsigned int larger; /* failed, with more on them but still without WITHOUT */
};
struct lc_prove_known lc_prove_known(
	const struct lc_prove_search *search, const uint64_t *lists, const uint64_t *without);

/* Finds lists that pass, of what the recording or else the baseline had: RESULT's lists and added. 0 or -errno. */
int lc_prove_begin(struct lc_prove_search *search);

/* Takes away of RESULT's lists the ITEMS that nothing needs: all together where that passes, else by halves. 0 or -errno. */
int lc_prove_reduce(struct lc_prove_search *search, struct lc_prove_item *items, size_t n);

/* Tries each of ITEMS that is still on the lists, until what is left there was refused alone, and twice. 0 or -errno. */
int lc_prove_confirm(struct lc_prove_search *search, const struct lc_prove_items *items);

/* Adds the capabilities in MASKS (one for each subject). 0 or -ENOMEM. */
int lc_prove_items_add(struct lc_prove_items *items, const uint64_t *masks, size_t n);

static inline void lc_prove_items_clear(const struct lc_prove_items *items)
{
	free(items->list);
}

#endif
