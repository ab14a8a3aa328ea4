/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several report formats say in the same words. */
#include "parts.h"

#include <leastcap/capset.h>
#include <leastcap/escape.h>

#include <inttypes.h>

const char lc_report_nothing[] = "nothing was recorded: no container ran";

void lc_report_add_lost(struct lc_strbuf *out, const struct lc_profile *profile)
{
	if (profile->lost)
		lc_strbuf_addf(out, "INCOMPLETE: %" PRIu64 " check%s lost: a list may lack a capability", profile->lost,
			profile->lost == 1 ? " was" : "s were");
}

void lc_report_add_label(struct lc_strbuf *out, const struct lc_target *target)
{
	const char *what = target->image;

	if (!what && target->kind != LC_TARGET_CONTAINER)
		what = lc_target_kind_name(target->kind);
	if (target->name && *target->name)
		lc_escape_terminal(out, target->name);
	else
		lc_strbuf_adds(out, "(no name)");
	if (what) {
		lc_strbuf_adds(out, " (");
		lc_escape_terminal(out, what);
		lc_strbuf_adds(out, ")");
	}
}

void lc_report_add_options(struct lc_strbuf *out, uint64_t mask)
{
	char name[LC_CAP_NAME_SIZE];

	lc_strbuf_adds(out, "--cap-drop=ALL");
	for (int cap = 0; cap < 64; cap++) {
		if (mask & LC_CAP_BIT(cap))
			lc_strbuf_addf(out, " --cap-add=%s", lc_cap_name(cap, name));
	}
}
