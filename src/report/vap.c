/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The vap report: a ValidatingAdmissionPolicy (Kubernetes 1.30) with its binding for each workload, which admits pods with no more than the list. */
#include "admission.h"
#include "parts.h"

#include <leastcap/cleanup.h>

#include <errno.h>

#define API "apiVersion: admissionregistration.k8s.io/v1\n"

static int add_policy(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0};
	int r = lc_report_add_policy_name(&name, workload);

	if (r || name.failed)
		return -ENOMEM;
	lc_strbuf_adds(out, "---\n");
	lc_report_add_workload_comments(out, workload);
	lc_strbuf_addf(out,
		API "kind: ValidatingAdmissionPolicy\nmetadata:\n  name: %s\nspec:\n  failurePolicy: Fail\n",
		name.text);
	lc_report_add_admission(out, workload);
	lc_strbuf_addf(out,
		"---\n" API
		"kind: ValidatingAdmissionPolicyBinding\nmetadata:\n  name: %s\nspec:\n  policyName: %s\n  validationActions: [Deny]\n",
		name.text, name.text);
	return 0;
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	return lc_report_add_workloads(out, profile,
		"# kubectl apply -f FILE; with validationActions: [Warn, Audit] it is tried first. A container that was not recorded may add nothing.\n",
		"", add_policy);
}

const struct lc_report_format lc_report_vap = {
	.name = "vap",
	.description = "a ValidatingAdmissionPolicy per workload, which admits no more than the list",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
