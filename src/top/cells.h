/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text in the cells of a terminal: how many it takes, and what of it fits. */
#ifndef LEASTCAP_TOP_CELLS_H
#define LEASTCAP_TOP_CELLS_H

#include <leastcap/strbuf.h>

#include <stddef.h>

/* How many cells TEXT, which is escaped already, takes: two for each wide character (wcwidth(3)), none for one that joins the character before it. */
size_t lc_cells_width(const char *text);

/* How many bytes of TEXT, from its beginning, have at most *WIDTH cells; *WIDTH becomes how many these have. */
size_t lc_cells_head(const char *text, size_t *width);

/*
 * Appends TEXT, which is escaped already, to OUT: whole where it has at most WIDTH cells (0: any number), else with an ellipsis for its middle. Returns how many
 * cells that takes.
 */
size_t lc_cells_fit(struct lc_strbuf *out, const char *text, size_t width);

/* Appends N spaces. */
void lc_cells_space(struct lc_strbuf *out, size_t n);

#endif
