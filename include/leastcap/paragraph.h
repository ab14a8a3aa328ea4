/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Paragraphs of the text report. */
#ifndef LEASTCAP_PARAGRAPH_H
#define LEASTCAP_PARAGRAPH_H

#include <leastcap/flow.h>

#include <leastcap/strbuf.h>
#include <leastcap/style.h>

#include <stddef.h>

/* The narrowest column that names are still shortened to. */
#define LC_LEAST_WIDTH 20

/* The width to keep under; 0 for no limit. */
size_t lc_paragraph_columns(const struct lc_style *style);

/* Escapes TEXT and appends it to PIECE, shortened to WIDTH (0: not). */
void lc_paragraph_escape(struct lc_strbuf *piece, const char *text, size_t width);

/* Sets PIECE and frees it. */
void lc_paragraph_set(struct lc_flow *flow, struct lc_strbuf *piece);

/*
 * Starts a paragraph with LEAD, indented by two, its further lines by four. Words that fill more than a line lose their
 * middle, unless the style is verbose.
 */
struct lc_flow lc_paragraph_start(struct lc_strbuf *out, const struct lc_style *style, const char *lead);

/* Sets TEXT, which is escaped already, as a paragraph. */
void lc_paragraph_add(struct lc_strbuf *out, const struct lc_style *style, const char *text);

#endif
