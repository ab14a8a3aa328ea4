/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The nerdctl report: options of nerdctl run, which are docker's. */
#include "lines.h"
#include "parts.h"

int lc_report_nerdctl(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return lc_report_lines(profile, style, "--cap-add", out);
}
