/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines of the screen, put together from pieces. What is given a line that is NULL, because there was no memory for it, goes nowhere. */
#ifndef LEASTCAP_TOP_LINES_H
#define LEASTCAP_TOP_LINES_H

#include <leastcap/top.h>

/* Appends an empty line that looks as LOOK says. NULL when out of memory: LINES has failed. */
struct lc_top_line *lc_lines_add(struct lc_top_lines *lines, enum lc_top_look look);

/* Appends TEXT, which is escaped already, in LOOK. */
void lc_line_add(struct lc_top_lines *lines, struct lc_top_line *line, const char *text, enum lc_top_look look);

/*
 * Appends TEXT, which is escaped already, in LOOK and WIDTH cells (0: as many as it has), to the left of these or to their RIGHT, with an ellipsis where it has
 * more.
 */
void lc_line_cell(struct lc_top_lines *lines, struct lc_top_line *line, const char *text, size_t width, bool right,
	enum lc_top_look look);

/* Shortens LINE to WIDTH cells (0: any number), with an ellipsis at its end, or fills it with spaces up to there. */
void lc_line_end(struct lc_top_lines *lines, struct lc_top_line *line, size_t width);

/* How many cells LINE has. */
size_t lc_line_width(const struct lc_top_line *line);

/* Appends N, short: "9999", "12k", "3.4M". */
void lc_number_add(struct lc_strbuf *out, uint64_t n);

/* Appends N thousandths, short: "0", "0.4", "3.2", "120", "12k". */
void lc_number_add_rate(struct lc_strbuf *out, uint64_t n);

#endif
