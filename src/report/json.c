/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The json report: the profile itself. */
#include "parts.h"

#include <leastcap/cleanup.h>
#include <leastcap/profile.h>

#include <errno.h>

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	_cleanup_free_ char *text = lc_profile_to_json(profile);

	if (!text)
		return -ENOMEM;
	lc_strbuf_adds(out, text);
	return out->failed ? -ENOMEM : 0;
}

const struct lc_report_format lc_report_json = {
	.name = "json",
	.description = "the whole profile, for programs",
	.render = render,
};
