/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the stories of capabilities and of refused calls are made of. */
#ifndef LEASTCAP_REPORT_STORY_PARTS_H
#define LEASTCAP_REPORT_STORY_PARTS_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/story.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many pieces of evidence are told unless the style is verbose. */
#define LC_PIECES_TOLD 5

/* Appends TEXT, which is escaped already, without an indent, and frees it. BOLD counts only where the style has colours. */
void lc_story_add_line(struct lc_strbuf *out, const struct lc_style *style, struct lc_strbuf *text, bool bold);

/* How often, since when, by which program, as whom and about which file. */
struct lc_story_circumstances {
	uint64_t count;
	int64_t first_ns;
	int64_t last_ns;
	const char *exe;
	const char *user;
	const struct lc_object *object;
	const struct lc_check *check; /* in which times of life it was made; NULL: not known */
};

void lc_story_add_circumstances(
	struct lc_strbuf *out, const struct lc_style *style, const struct lc_story_circumstances *about);

/* Which refused calls are told. */
struct lc_story_chosen {
	const char *syscall; /* those of this system call; NULL: of all */
	int cap; /* SYSCALL being NULL, those that this capability opens; -1: those that nothing wanted opens */
};

/* Whether FAILURE of TARGET is one of those. */
bool lc_story_is_chosen(
	const struct lc_target *target, const struct lc_failure *failure, const struct lc_story_chosen *chosen);

/* What a refusal of a check of CLASS would have meant, in a clause. */
const char *lc_story_consequence(enum lc_class class);

/* The capabilities of TARGET that are told where ASKED is asked for. */
uint64_t lc_story_caps(const struct lc_story_asked *asked, const struct lc_target *target);

/* Whether the refusals of the call number I of ASKED are told of TARGET. Its name may be meant for the capability's. */
bool lc_story_tells_call(const struct lc_story_asked *asked, const struct lc_target *target, size_t i);

/* Whether what was refused to TARGET and nothing wanted opens is told. */
bool lc_story_tells_rest(const struct lc_story_asked *asked, const struct lc_target *target);

/* Tells the refused calls of TARGET that are CHOSEN, the most frequent first. Returns how many there are. */
size_t lc_story_add_refusals(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target,
	const struct lc_story_chosen *chosen);

#endif
