/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kustomize report: a component (kind Component of kustomize.config.k8s.io/v1alpha1) with a strategic merge patch for each workload in it, so that one file is
 * all of it, and another kustomization takes it without an edit.
 */
#include "parts.h"
#include "workloads.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/order.h>

#include <errno.h>
#include <string.h>

#define COMPONENT "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"

/* Appends NAME as an expression that a whole name is held against, in YAML. */
static void add_expression(struct lc_strbuf *out, const char *name)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf expression = {0};

	lc_report_add_literal(&expression, name);
	out->failed |= expression.failed;
	lc_escape_yaml(out, expression.text);
}

/* Whether another namespace in WORKLOAD's profile has a workload of its name. */
static bool has_namesake(const struct lc_report_workload *workload)
{
	for (size_t i = 0; i < workload->profile->n_targets; i++) {
		const struct lc_target *target = &workload->profile->targets[i];
		_cleanup_free_ char *name = NULL;

		if (!target->pod || lc_same_text(target->namespace, workload->namespace))
			continue;
		if (lc_workload_of(target, &name) && !strcmp(name, workload->name))
			return true;
	}
	return false;
}

/* Where nothing else tells them apart, a patch is for any namespace: resources that have theirs from a kustomization have none yet. */
static int add_patch(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf manifest = {0};

	lc_strbuf_addf(out, "  - target:\n      kind: %s\n      name: ", workload->kind->kind);
	add_expression(out, workload->name);
	if (workload->namespace && has_namesake(workload)) {
		lc_strbuf_adds(out, "\n      namespace: ");
		add_expression(out, workload->namespace);
	}
	lc_strbuf_adds(out, "\n    patch: |-\n");
	lc_report_add_manifest(&manifest, workload);
	if (manifest.failed)
		return -ENOMEM;
	for (const char *line = manifest.text; *line; line += strcspn(line, "\n") + 1)
		lc_strbuf_addf(out, "      %.*s\n", (int)strcspn(line, "\n"), line);
	return 0;
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	return lc_report_add_workloads(out, profile,
		"# as caps/kustomization.yaml, which your own kustomization.yaml takes by components: [caps]\n"
		"# What your resources do not have is passed over; kubectl kustomize . | leastcap check --strict --allow - PROFILE.json says so.\n" COMPONENT
		"patches:\n",
		COMPONENT "patches: []\n", add_patch);
}

const struct lc_report_format lc_report_kustomize = {
	.name = "kustomize",
	.description = "a component with a patch for each workload, for kustomization.yaml's components",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
