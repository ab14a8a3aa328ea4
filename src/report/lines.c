/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options for a container engine's run command: per target a comment with its name, and one line to paste. */
#include "lines.h"
#include "parts.h"

#include <errno.h>

int lc_report_lines(
	const struct lc_profile *profile, const struct lc_style *style, const char *granting, struct lc_strbuf *out)
{
	lc_report_add_notices(out, profile);
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		lc_report_add_heading(out, "", target);
		lc_report_add_comments_on(out, "", target, granting);
		lc_report_add_spelled_options(out, target->cap_add, style->cap_prefix);
		lc_strbuf_adds(out, "\n");
	}
	return out->failed ? -ENOMEM : 0;
}
