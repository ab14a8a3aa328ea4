/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The json report: the profile itself. */
#include "parts.h"

#include <leastcap/cleanup.h>
#include <leastcap/profile.h>

#include <errno.h>

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	return lc_profile_add_json(profile, out);
}

const struct lc_report_format lc_report_json = {
	.name = "json",
	.description = "the whole profile, for programs",
	.render = render,
};
