/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The quadlet report: drop-ins for Podman's .container files. */
#include "parts.h"

#include <leastcap/capset.h>

#include <errno.h>

static int render(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	lc_report_add_notices(out, profile);
	if (profile->n_targets)
		lc_strbuf_adds(out,
			"# each part is a file of its own: NAME.container.d/50-leastcap.conf (Podman 5.0 or later)\n");
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		if (target->sandbox)
			continue;
		lc_strbuf_adds(out, "\n");
		lc_report_add_heading(out, "", target);
		lc_report_add_comments_on(out, "", target, NULL);
		/* An empty assignment clears what the .container file itself lists. */
		lc_strbuf_adds(out, "[Container]\nDropCapability=\nDropCapability=all\nAddCapability=\n");
		lc_cap_add_list(out, target->cap_add, "AddCapability=", " ", style->cap_prefix);
		lc_strbuf_adds(out, target->cap_add ? "\n" : "");
	}
	return out->failed ? -ENOMEM : 0;
}

const struct lc_report_format lc_report_quadlet = {
	.name = "quadlet",
	.description = "drop-ins for Podman's .container files",
	.either_spelling = true,
	.other_engine = true,
	.only_list = true,
	.render = render,
};
