/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The story of one capability in one target: who asked, how they came to it, and whether a refusal would have mattered. And of refused calls. */
#ifndef LEASTCAP_STORY_H
#define LEASTCAP_STORY_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>

/*
 * Appends the story of CAP in TARGET, which has been judged, to OUT: in a few paragraphs, or with all evidence and every frame where
 * STYLE is verbose. 0 or -ENOMEM.
 */
int lc_story_tell(const struct lc_target *target, int cap, const struct lc_style *style, struct lc_strbuf *out);

/* Whether a call of SYSCALL was refused in TARGET; SYSCALL NULL: any call, which programs do not get over and nothing that it wanted opens. */
bool lc_story_has_refusal(const struct lc_target *target, const char *syscall);

/* Appends the story of these calls, as lc_story_tell does. SYSCALL is a name of libseccomp's, or NULL. 0 or -ENOMEM. */
int lc_story_tell_refusals(
	const struct lc_target *target, const char *syscall, const struct lc_style *style, struct lc_strbuf *out);

#endif
