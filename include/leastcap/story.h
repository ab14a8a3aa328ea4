/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The story of one capability in one target: who asked, how they came to it, and whether a refusal would have mattered. */
#ifndef LEASTCAP_STORY_H
#define LEASTCAP_STORY_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

/*
 * Appends the story of CAP in TARGET, which has been judged, to OUT: in a few paragraphs, or with all evidence and every frame where
 * STYLE is verbose. 0 or -ENOMEM.
 */
int lc_story_tell(const struct lc_target *target, int cap, const struct lc_style *style, struct lc_strbuf *out);

#endif
