/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds profiles to their reader. What it takes is written in every format, and as JSON has to be read again as the same. */
#include "served.h"

#include <leastcap/cleanup.h>
#include <leastcap/profile.h>
#include <leastcap/report.h>

#include <string.h>

/* What LENGTH bytes of TEXT are once read and written again; NULL when they are refused, with the reason as a message. Caller frees. */
static char *rewrite(const char *text, size_t length)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	int r = lc_profile_from_json(&profile, text, length, &message);

	if (r) {
		if (!message || strchr(message, '\n') || profile.targets)
			abort();
		return NULL;
	}
	lc_profile_sort(&profile);
	return lc_profile_to_json(&profile);
}

/* No format lets through what a terminal obeys. */
static void render(const char *text)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	const struct lc_style style = {.columns = 80, .verbose = true};
	char *message = NULL;

	if (lc_profile_from_json(&profile, text, strlen(text), &message))
		abort();
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

		if ((*format)->render(&profile, &style, &out))
			continue;
		for (size_t i = 0; i < out.length; i++) {
			if ((unsigned char)out.text[i] < ' ' && out.text[i] != '\n' && out.text[i] != '\t')
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	_cleanup_free_ char *first = rewrite((const char *)input, size);
	_cleanup_free_ char *second = first ? rewrite(first, strlen(first)) : NULL;

	if (!first)
		return 0;
	if (!second || strcmp(first, second) != 0)
		abort();
	render(first);
	return 0;
}
