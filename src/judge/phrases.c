/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Phrases gathered from many checks, to be listed in one sentence. */
#include "phrases.h"

#include <leastcap/array.h>

#include <stdlib.h>
#include <string.h>

void lc_phrases_add(struct lc_phrases *phrases, struct lc_strbuf *phrase, uint64_t count)
{
	struct lc_phrase *list = lc_array_grow(phrases->list, phrases->n, sizeof(*list));

	if (!list) {
		phrases->failed = true;
		lc_strbuf_free(phrase);
		return;
	}
	phrases->list = list;
	phrases->list[phrases->n] = (struct lc_phrase){.text = lc_strbuf_steal(phrase), .count = count};
	if (phrases->list[phrases->n].text)
		phrases->n++;
	else
		phrases->failed = true;
}

static int compare_texts(const void *left, const void *right)
{
	const struct lc_phrase *a = left;
	const struct lc_phrase *b = right;

	return strcmp(a->text, b->text);
}

static int compare_counts(const void *left, const void *right)
{
	const struct lc_phrase *a = left;
	const struct lc_phrase *b = right;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->text, b->text);
}

void lc_phrases_settle(struct lc_phrases *phrases)
{
	size_t n = 0;

	if (!phrases->n)
		return;
	qsort(phrases->list, phrases->n, sizeof(*phrases->list), compare_texts);
	for (size_t i = 1; i < phrases->n; i++) {
		struct lc_phrase *last = &phrases->list[n];

		if (strcmp(last->text, phrases->list[i].text) != 0) {
			phrases->list[++n] = phrases->list[i];
			continue;
		}
		last->count = last->count > UINT64_MAX - phrases->list[i].count ? UINT64_MAX
										: last->count + phrases->list[i].count;
		free(phrases->list[i].text);
	}
	phrases->n = n + 1;
	qsort(phrases->list, phrases->n, sizeof(*phrases->list), compare_counts);
}

void lc_phrases_list(struct lc_strbuf *out, const struct lc_phrases *phrases, const char *separator, size_t at_most)
{
	for (size_t i = 0; i < phrases->n && i < at_most; i++) {
		lc_strbuf_adds(out, i ? separator : "");
		lc_strbuf_adds(out, phrases->list[i].text);
	}
	if (phrases->n > at_most)
		lc_strbuf_addf(out, "%sand %zu more", separator, phrases->n - at_most);
	out->failed |= phrases->failed;
}

void lc_phrases_free(struct lc_phrases *phrases)
{
	for (size_t i = 0; i < phrases->n; i++)
		free(phrases->list[i].text);
	free(phrases->list);
	*phrases = (struct lc_phrases){0};
}
