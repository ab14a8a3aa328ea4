/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words that options take one of, for who reads them and who completes them. */
#ifndef LEASTCAP_CLI_WORDS_H
#define LEASTCAP_CLI_WORDS_H

#include <stddef.h>

struct lc_words {
	const char *const *list;
	size_t n;
};

/* What --color says. */
enum lc_color { LC_COLOR_AUTO, LC_COLOR_ALWAYS, LC_COLOR_NEVER };

/* How a proof has capabilities refused. */
enum lc_method { LC_METHOD_ENGINE, LC_METHOD_KERNEL, LC_METHOD_AUTO };

/* What has a list of its own: --by. */
enum lc_by { LC_BY_IMAGE, LC_BY_WORKLOAD };

extern const struct lc_words lc_by_words;       /* enum lc_by */
extern const struct lc_words lc_color_words;    /* enum lc_color */
extern const struct lc_words lc_json_words;     /* of what prints text or JSON */
extern const struct lc_words lc_hook_words;     /* --hook */
extern const struct lc_words lc_refusals_words; /* enum lc_refusals */
extern const struct lc_words lc_method_words;   /* enum lc_method */
extern const struct lc_words lc_sort_words;     /* enum lc_top_order */

#endif
