/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The docker report: options of docker run. */
#include "lines.h"

static int render(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	return lc_report_lines(profile, style, "--cap-add", out);
}

const struct lc_report_format lc_report_docker = {
	.name = "docker",
	.description = "options for docker run, one line per container",
	.either_spelling = true,
	.render = render,
};
