/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The docker report: per target a comment with its name, and one line of options to paste. */
#include "parts.h"

#include <errno.h>

int lc_report_docker(const struct lc_profile *profile, const struct lc_report_style *style __attribute__((unused)),
	struct lc_strbuf *out)
{
	if (profile->lost) {
		lc_strbuf_adds(out, "# ");
		lc_report_add_lost(out, profile);
		lc_strbuf_adds(out, "\n");
	}
	if (!profile->n_targets)
		lc_strbuf_addf(out, "# %s\n", lc_report_nothing);
	for (size_t i = 0; i < profile->n_targets; i++) {
		lc_strbuf_adds(out, "# ");
		lc_report_add_label(out, &profile->targets[i]);
		lc_strbuf_adds(out, "\n");
		lc_report_add_comments(out, "", &profile->targets[i]);
		lc_report_add_options(out, profile->targets[i].cap_add);
		lc_strbuf_adds(out, "\n");
	}
	return out->failed ? -ENOMEM : 0;
}
