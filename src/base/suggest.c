/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nearest known word: Damerau-Levenshtein distance (optimal string alignment), regardless of case. */
#include <leastcap/suggest.h>

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#define LC_SUGGEST_MAX_LENGTH 63

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static size_t min(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* How many letters must be added, removed, changed or swapped with their neighbour to get from A to B. */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][LC_SUGGEST_MAX_LENGTH + 1];

	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		const size_t *before_above = rows[(i + 1) % 3];
		const size_t *above = rows[(i + 2) % 3];
		size_t *row = rows[i % 3];

		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			row[j] = above[j - 1] + (same_letter(a[i - 1], b[j - 1]) ? 0 : 1);
			row[j] = min(row[j], min(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && same_letter(a[i - 1], b[j - 2]) && same_letter(a[i - 2], b[j - 1]))
				row[j] = min(row[j], before_above[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

const char *lc_suggest(const char *word, const char *const *words, size_t n)
{
	size_t length = strlen(word);
	size_t best_distance = 0;
	const char *best = NULL;

	if (length > LC_SUGGEST_MAX_LENGTH)
		return NULL;
	for (size_t i = 0; i < n; i++) {
		size_t candidate_length = strlen(words[i]);
		size_t longer = length > candidate_length ? length : candidate_length;
		size_t distance;

		if (candidate_length > LC_SUGGEST_MAX_LENGTH)
			continue;
		distance = edit_distance(word, length, words[i], candidate_length);
		/* A third of the letters wrong is a typing mistake; more is another word. */
		if (distance > (longer + 1) / 3 || distance >= longer)
			continue;
		if (!best || distance < best_distance) {
			best = words[i];
			best_distance = distance;
		}
	}
	return best;
}
