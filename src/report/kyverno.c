/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kyverno report: a ValidatingPolicy (policies.kyverno.io/v1, Kyverno 1.17) for each workload, which admits pods with no more than the list. */
#include "admission.h"
#include "parts.h"

#include <leastcap/cleanup.h>

#include <errno.h>

static int add_policy(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0};
	int r = lc_report_add_policy_name(&name, workload);

	if (r || name.failed)
		return -ENOMEM;
	lc_strbuf_adds(out, "---\n");
	lc_report_add_workload_comments(out, workload);
	lc_strbuf_addf(out,
		"apiVersion: policies.kyverno.io/v1\nkind: ValidatingPolicy\nmetadata:\n  name: %s\nspec:\n  validationActions: [Deny]\n",
		name.text);
	/* Those that Kyverno would make for Deployments look at the names of these, which are not the pods'. */
	lc_strbuf_adds(out, "  autogen:\n    podControllers:\n      controllers: []\n");
	lc_report_add_admission(out, workload);
	return 0;
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	return lc_report_add_workloads(out, profile,
		"# kubectl apply -f FILE (Kyverno 1.17 or later); with validationActions: [Audit] it is tried first. A container that was not recorded may add nothing.\n",
		"", add_policy);
}

const struct lc_report_format lc_report_kyverno = {
	.name = "kyverno",
	.description = "a Kyverno ValidatingPolicy per workload, which admits no more than the list",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
