/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The podman report: options of podman run. What they add is ambient for a user other than root (security.go of specgen). */
#include "lines.h"
#include "parts.h"

int lc_report_podman(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return lc_report_lines(profile, style, NULL, out);
}
