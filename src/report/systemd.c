/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The systemd report: drop-ins for services. */
#include "parts.h"
#include "sources.h"

#include <leastcap/capset.h>

#include <errno.h>

/* Sets SETTING to MASK. An empty assignment comes first, because it clears what the unit itself lists and systemd's default. */
static void add_set(struct lc_strbuf *out, const char *setting, uint64_t mask)
{
	lc_strbuf_addf(out, "%s\n", setting);
	lc_cap_add_list(out, mask, setting, " ", true);
	lc_strbuf_adds(out, mask ? "\n" : "");
}

static void add_service(struct lc_strbuf *out, const struct lc_target *target)
{
	bool lock = lc_report_needs_no_new_privileges(target);

	if (target->sandbox)
		return;
	lc_strbuf_adds(out, "\n");
	lc_report_add_heading(out, "", target);
	lc_report_add_comments_on(out, "", target, NULL);
	if (lock && lc_report_changes_users(target))
		lc_report_add_lock_comment(out, "", "NoNewPrivileges");
	lc_strbuf_adds(out, "[Service]\n");
	add_set(out, "CapabilityBoundingSet=", target->cap_add);
	if (!lc_user_is_root(target->user))
		add_set(out, "AmbientCapabilities=", lc_report_ambient(target));
	if (lock)
		lc_strbuf_adds(out, "NoNewPrivileges=yes\n");
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	lc_report_add_notices(out, profile);
	if (profile->n_targets)
		lc_strbuf_adds(out, "# each part is a file of its own: NAME.service.d/50-leastcap.conf\n");
	for (size_t i = 0; i < profile->n_targets; i++)
		add_service(out, &profile->targets[i]);
	return out->failed ? -ENOMEM : 0;
}

const struct lc_report_format lc_report_systemd = {
	.name = "systemd",
	.description = "drop-ins for services",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
