/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The securityContext of a container: its list, and what else Kubernetes would grant without one. */
#include "parts.h"
#include "sources.h"
#include "workloads.h"

#include <leastcap/capset.h>

#include <linux/capability.h>

/* Whether nobody of UNITED would miss what no_new_privs takes. */
static bool may_lock(const struct lc_report_united *united)
{
	/* The API server refuses SYS_ADMIN together with allowPrivilegeEscalation: false. */
	if (united->cap_add & LC_CAP_BIT(CAP_SYS_ADMIN))
		return false;
	for (size_t i = 0; i < united->n_targets; i++) {
		if (united->targets[i]->privileged || !lc_report_needs_no_new_privileges(united->targets[i]))
			return false;
	}
	return true;
}

void lc_report_add_united(struct lc_strbuf *out, const char *indent, const struct lc_report_united *united)
{
	for (size_t i = 0; i < united->n_targets; i++) {
		lc_report_add_heading(out, indent, united->targets[i]);
		lc_report_add_comments_on(out, indent, united->targets[i], "capabilities.add");
	}
}

void lc_report_add_context_comments(struct lc_strbuf *out, const char *indent, const struct lc_report_united *united)
{
	bool warn = false;

	for (size_t i = 0; may_lock(united) && i < united->n_targets; i++)
		warn |= lc_report_changes_users(united->targets[i]);
	if (warn)
		lc_report_add_lock_comment(out, indent, "allowPrivilegeEscalation");
}

void lc_report_add_context(struct lc_strbuf *out, const char *indent, const struct lc_report_united *united)
{
	/* Without it a manifest that says true would keep it. */
	lc_strbuf_addf(out, "%sprivileged: false\n", indent);
	if (may_lock(united))
		lc_strbuf_addf(out, "%sallowPrivilegeEscalation: false\n", indent);
	lc_strbuf_addf(out, "%scapabilities:\n%s  drop: [ALL]\n%s  add: [", indent, indent, indent);
	lc_cap_add_names(out, united->cap_add);
	lc_strbuf_adds(out, "]\n");
}
