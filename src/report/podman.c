/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The podman report: options of podman run. What they add is ambient for a user other than root (security.go of specgen). */
#include "lines.h"

static int render(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return lc_report_lines(profile, style, NULL, out);
}

const struct lc_report_format lc_report_podman = {
	.name = "podman",
	.description = "options for podman run, one line per container",
	.either_spelling = true,
	.render = render,
};
