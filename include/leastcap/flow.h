/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Running text for a terminal: pieces one after another, with a line break before one that would go beyond the width. */
#ifndef LEASTCAP_FLOW_H
#define LEASTCAP_FLOW_H

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>

/* A paragraph being written. No piece is broken; one that is wider than a line has a line of its own. */
struct lc_flow {
	struct lc_strbuf *out;
	size_t columns;       /* 0: no limit */
	size_t indent;        /* of the lines after the first */
	size_t column;        /* where the line ends so far */
	size_t longest;       /* a word that is wider loses its middle; 0: none does */
	const char *line_end; /* what every line but the last ends with, or NULL */
	const char *on;       /* for colour: written before each line's text, and OFF after it; or NULL */
	const char *off;
	bool started; /* the line has a piece */
};

/* How many columns TEXT takes: one for each character of UTF-8. */
size_t lc_flow_width(const char *text);

/* Appends PIECE, which is escaped already, after a space or a line break. */
void lc_flow_piece(struct lc_flow *flow, const char *piece);

/* Appends each word of TEXT, which is escaped already, as a piece, elided to FLOW's longest. */
void lc_flow_words(struct lc_flow *flow, const char *text);

/* Ends the paragraph and its line. */
void lc_flow_end(struct lc_flow *flow);

/* Appends TEXT to OUT, with an ellipsis for its middle where TEXT is wider than WIDTH columns. WIDTH 0: no limit. */
void lc_flow_elide(struct lc_strbuf *out, const char *text, size_t width);

#endif
