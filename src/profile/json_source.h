/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON text that is read once, from its start to its end: whole in memory, or a piece of a file at a time. */
#ifndef LEASTCAP_PROFILE_JSON_SOURCE_H
#define LEASTCAP_PROFILE_JSON_SOURCE_H

#include "json_value.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Reads up to SIZE bytes of SOURCE to BUFFER. How many; 0 at the end, or a negative errno, with which reading ends.
 */
typedef long lc_json_fill(void *source, char *buffer, size_t size);

/* What of the text is in memory, and where in it reading stands. */
struct lc_json_source {
	const char *text; /* from before AT on: what lies behind is no longer needed */
	size_t length;
	size_t at;
	const struct lc_json_place *root; /* where messages go */
	size_t line;                      /* how many lines, and characters of the last one, lie before TEXT */
	size_t column;
	size_t n_values;    /* how many were read */
	lc_json_fill *fill; /* NULL: TEXT is all there is */
	void *from;
	char *window; /* what TEXT is, where FILL is given */
	size_t room;
	int error; /* of FILL, or -ENOMEM */
};

/* Makes SOURCE (zeroed before, but for ROOT) stand at the start of LENGTH bytes of TEXT. */
void lc_json_source_text(struct lc_json_source *source, const char *text, size_t length);

/* The same for what FILL reads from FROM. */
void lc_json_source_fill(struct lc_json_source *source, lc_json_fill *fill, void *from);

/* Frees what SOURCE owns. */
void lc_json_source_clear(struct lc_json_source *source);

/* Takes in more of the text; what lies before AT goes. False at its end, or when that failed. */
bool lc_json_source_more(struct lc_json_source *source);

/* Whether there is a byte AHEAD of AT: TEXT[AT + AHEAD] then is it. */
static inline bool lc_json_source_has(struct lc_json_source *source, size_t ahead)
{
	while (source->length - source->at <= ahead) {
		if (!lc_json_source_more(source))
			return false;
	}
	return true;
}

/* Says, with line and column, what is wrong AHEAD of AT. Returns -EINVAL. */
int lc_json_source_complain(struct lc_json_source *source, size_t ahead, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Says that the text ends too early, or returns why there is no more of it. */
int lc_json_source_ends(struct lc_json_source *source);

#endif
