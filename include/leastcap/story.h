/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The story of one capability in one target: who asked, how they came to it, and whether a refusal would have mattered. And of refused calls. */
#ifndef LEASTCAP_STORY_H
#define LEASTCAP_STORY_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is to be told. No capability and no system call: all on the list, what was wanted, and what was refused. */
struct lc_story_asked {
	uint64_t caps;
	const char **calls; /* names of libseccomp's, N_CALLS of them; lent */
	size_t n_calls;
};

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

/*
 * Appends the stories that are ASKED for of all targets of PROFILE, which have been judged, with a blank line between two of them; or a sentence
 * where there are none. 0 or -ENOMEM.
 */
int lc_stories_tell(const struct lc_profile *profile, const struct lc_story_asked *asked, const struct lc_style *style,
	struct lc_strbuf *out);

/* Appends them as JSON, schema leastcap-explain/1, with all evidence and every frame. 0 or -ENOMEM. */
int lc_stories_json(const struct lc_profile *profile, const struct lc_story_asked *asked, struct lc_strbuf *out);

#endif
