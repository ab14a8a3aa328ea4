/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The docker report: options of docker run. */
#include "lines.h"
#include "parts.h"

int lc_report_docker(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return lc_report_lines(profile, style, "--cap-add", out);
}
