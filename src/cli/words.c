/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The words that options take one of, for who reads them and who completes them. */
#include "src/cli/words.h"

#include <leastcap/failure.h>
#include <leastcap/top.h>

#define WORDS(...)                                                                                                     \
	{                                                                                                              \
		.list = (const char *const[]){__VA_ARGS__},                                                            \
		.n = sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)                                 \
	}

const struct lc_words lc_color_words =
	WORDS([LC_COLOR_AUTO] = "auto", [LC_COLOR_ALWAYS] = "always", [LC_COLOR_NEVER] = "never");
const struct lc_words lc_by_words = WORDS([LC_BY_IMAGE] = "image", [LC_BY_WORKLOAD] = "workload");
const struct lc_words lc_json_words = WORDS("text", "json");
const struct lc_words lc_hook_words = WORDS("fexit", "tp_btf", "kprobe");
const struct lc_words lc_refusals_words = WORDS([LC_REFUSALS_ALL] = "all", [LC_REFUSALS_CHECKED] = "checked");
const struct lc_words lc_sort_words = {.list = lc_top_orders, .n = LC_TOP_ORDERS};
const struct lc_words lc_method_words =
	WORDS([LC_METHOD_ENGINE] = "engine", [LC_METHOD_KERNEL] = "kernel", [LC_METHOD_AUTO] = "auto");
