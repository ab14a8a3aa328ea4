/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which stories of a profile are told, and all of them as text. */
#include <leastcap/story.h>

#include "story_parts.h"
#include <leastcap/capset.h>

#include <errno.h>

uint64_t lc_story_caps(const struct lc_story_asked *asked, const struct lc_target *target)
{
	return asked->caps || asked->n_calls ? asked->caps : target->cap_add | target->wanted;
}

bool lc_story_tells_call(const struct lc_story_asked *asked, const struct lc_target *target, size_t i)
{
	return lc_cap_from_name(asked->calls[i]) < 0 || lc_story_has_refusal(target, asked->calls[i]);
}

bool lc_story_tells_rest(const struct lc_story_asked *asked, const struct lc_target *target)
{
	return !asked->caps && !asked->n_calls && lc_story_has_refusal(target, NULL);
}

/* Appends a blank line between two stories. */
static void separate(struct lc_strbuf *out)
{
	lc_strbuf_adds(out, out->length ? "\n\n" : "");
}

static int tell_target(const struct lc_target *target, const struct lc_story_asked *asked, const struct lc_style *style,
	struct lc_strbuf *out)
{
	uint64_t caps = lc_story_caps(asked, target);
	int r = 0;

	for (int cap; !r && (cap = lc_cap_take(&caps)) >= 0;) {
		separate(out);
		r = lc_story_tell(target, cap, style, out);
	}
	for (size_t i = 0; !r && i < asked->n_calls; i++) {
		if (!lc_story_tells_call(asked, target, i))
			continue;
		separate(out);
		r = lc_story_tell_refusals(target, asked->calls[i], style, out);
	}
	if (!r && lc_story_tells_rest(asked, target)) {
		separate(out);
		r = lc_story_tell_refusals(target, NULL, style, out);
	}
	return r;
}

int lc_stories_tell(const struct lc_profile *profile, const struct lc_story_asked *asked, const struct lc_style *style,
	struct lc_strbuf *out)
{
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = tell_target(&profile->targets[i], asked, style, out);
	if (!out->length)
		lc_strbuf_adds(out,
			"No capability is on a list, none was wanted, and nothing was refused that programs do not get over.\n");
	return r ? r : out->failed ? -ENOMEM : 0;
}
