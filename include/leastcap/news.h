/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is new: capabilities that a target had not used, or had not been denied, before. */
#ifndef LEASTCAP_NEWS_H
#define LEASTCAP_NEWS_H

#include <leastcap/model.h>
#include <leastcap/sha256.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One capability of one target's list, or one that it wants. */
struct lc_news {
	int64_t first_ns; /* when it was used, or denied, for the first time; nanoseconds since 1970 */
	const struct lc_target *target;
	int cap;
	bool denied; /* it is on no list: what asked for it failed */
};

/*
 * Makes *NEWS (caller frees) of all that PROFILE's targets need or want, what they had first coming first; *N of them. The targets are PROFILE's.
 * 0, or -ENOMEM with both unchanged.
 */
int lc_news_find(const struct lc_profile *profile, struct lc_news **news, size_t *n);

/* Writes what NEWS is known again by, its workload and its capability, to KEY. 0 or -ENOMEM. */
int lc_news_key(const struct lc_news *news, char key[LC_SHA256_SIZE]);

/* Appends NEWS in one line, with its end: when, which target, which capability, and what asked for it. Escaped for terminals. */
void lc_news_add_line(struct lc_strbuf *out, const struct lc_news *news);

/* The same as a JSON object on one line, schema leastcap-news/1. */
void lc_news_add_json(struct lc_strbuf *out, const struct lc_news *news);

#endif
