/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the panes of the screen have in common. */
#ifndef LEASTCAP_TOP_PANES_H
#define LEASTCAP_TOP_PANES_H

#include "src/top/cells.h"
#include "src/top/lines.h"

#include <leastcap/top.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* How many lines stand above what scrolls, and below it. */
#define LC_TOP_ABOVE 4
#define LC_TOP_BELOW 1

/* How many lines scroll on VIEW's screen. */
size_t lc_top_room(const struct lc_top_view *view);

/* The first of N lines that are seen in ROOM, so that line CHOSEN is among them and as little as can be moves from where it was FIRST. */
size_t lc_top_scroll(size_t first, size_t chosen, size_t n, size_t room);

/* Appends what TARGET is called: "default/web-0/nginx". Escaped for terminals. */
void lc_top_add_name(struct lc_strbuf *out, const struct lc_target *target);

/* The target that VIEW has chosen; NULL: there is none. */
const struct lc_top_row *lc_top_chosen(const struct lc_top *top, const struct lc_top_view *view);

/* Each draws a pane: LC_TOP_ABOVE lines and, at most, lc_top_room lines. */
void lc_top_draw_list(struct lc_top_lines *lines, const struct lc_top *top, struct lc_top_view *view);
void lc_top_draw_evidence(struct lc_top_lines *lines, const struct lc_top *top, struct lc_top_view *view);
void lc_top_draw_text(struct lc_top_lines *lines, const struct lc_top *top, struct lc_top_view *view);

#endif
