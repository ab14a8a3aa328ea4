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

/* How many columns a line may have; 0: no limit. */
size_t lc_paragraph_columns(const struct lc_style *style);

/* Escapes TEXT and appends it to PIECE, shortened to WIDTH columns. WIDTH 0: whole. */
void lc_paragraph_escape(struct lc_strbuf *piece, const char *text, size_t width);

/* Appends PIECE to FLOW and frees it. */
void lc_paragraph_set(struct lc_flow *flow, struct lc_strbuf *piece);

/*
 * Starts a paragraph with LEAD, indented by two, its further lines by four. Words that fill more than a line lose their
 * middle, unless the style is verbose.
 */
struct lc_flow lc_paragraph_start(struct lc_strbuf *out, const struct lc_style *style, const char *lead);

/* Sets TEXT, which is escaped already, as a paragraph. */
void lc_paragraph_add(struct lc_strbuf *out, const struct lc_style *style, const char *text);

/* Sets LEAD and TEXT, both escaped already, as a paragraph, and frees TEXT. Appends nothing where TEXT is empty. */
void lc_paragraph_take(struct lc_strbuf *out, const struct lc_style *style, const char *lead, struct lc_strbuf *text);

/* Escapes TEXT and sets it in lines of their own below FLOW's, from its indent on. */
void lc_paragraph_below(struct lc_flow *flow, const char *text);

#endif
