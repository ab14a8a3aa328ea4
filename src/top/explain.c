/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is said of a target or a capability that is chosen: the story that `leastcap explain` tells. */
#include <leastcap/capset.h>
#include <leastcap/story.h>
#include <leastcap/top.h>

#include <errno.h>

int lc_top_explain(const struct lc_target *target, int cap, size_t columns, struct lc_strbuf *out)
{
	const struct lc_style style = {.columns = (int)columns};
	uint64_t caps = cap >= 0 ? LC_CAP_BIT(cap) : target->cap_add | target->wanted;
	int r = 0;

	for (int next; !r && (next = lc_cap_take(&caps)) >= 0;) {
		lc_strbuf_adds(out, out->length ? "\n\n" : "");
		r = lc_story_tell(target, next, &style, out);
	}
	if (!r && cap < 0 && lc_story_has_refusal(target, NULL)) {
		lc_strbuf_adds(out, out->length ? "\n\n" : "");
		r = lc_story_tell_refusals(target, NULL, &style, out);
	}
	if (!r && !out->length)
		lc_strbuf_adds(out,
			"No capability is on its list, none was wanted, and nothing was refused that programs do not get over.\n");
	return r ? r : out->failed ? -ENOMEM : 0;
}
