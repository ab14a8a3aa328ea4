/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a cluster's admission of pods asks of a workload's: that no container is privileged, that each drops ALL, and that it adds nothing but what is on its list.
 * Kubernetes' ValidatingAdmissionPolicy and Kyverno's ValidatingPolicy share these members. A pod that is rejected is so when it is made: pods are known
 * by the names that their controllers give them, which they have by then (rest.BeforeCreate runs before validating admission).
 */
#include "admission.h"

#include "parts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <errno.h>
#include <string.h>

/* What the controller of each kind appends to its name, as a regular expression. The first is for one of which the kind is not known. */
static const struct {
	const char *kind;
	const char *suffix;
} suffixes[] = {
	{"any", "(-[a-z0-9]+){0,2}"},
	{"Deployment", "-[a-z0-9]+-[a-z0-9]+"},
	{"StatefulSet", "-[0-9]+"},
	{"DaemonSet", "-[a-z0-9]+"},
	{"Job", "-[a-z0-9]+"},
	{"CronJob", "-[0-9]+-[a-z0-9]+"},
	{"Pod", ""},
};

/* What has to hold for each container, called c. A field that is not there has no value in CEL: it is asked for first. */
static const struct {
	const char *condition;
	const char *message;
} demands[] = {
	{"!has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged",
		"a container is privileged"},
	{"has(c.securityContext) && has(c.securityContext.capabilities) && has(c.securityContext.capabilities.drop) && 'ALL' in c.securityContext.capabilities.drop",
		"a container does not drop ALL capabilities"},
	{"!has(c.securityContext) || !has(c.securityContext.capabilities) || !has(c.securityContext.capabilities.add) || c.securityContext.capabilities.add.all(a, (c.name + '/' + a) in variables.allowed)",
		"a container adds a capability that is not on its list"},
};

int lc_report_add_policy_name(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	_cleanup_free_ char *namespace = lc_report_label_of(workload->namespace ? workload->namespace : "");
	_cleanup_free_ char *kind = lc_report_label_of(workload->kind->kind);
	_cleanup_free_ char *name = lc_report_label_of(workload->name);

	if (!namespace || !kind || !name)
		return -ENOMEM;
	lc_strbuf_addf(out, "\"leastcap.%s.%s%s%s\"", kind, workload->namespace ? namespace : "",
		workload->namespace ? "." : "", name);
	return 0;
}

void lc_report_add_workload_comments(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	for (size_t i = 0; i < workload->n; i++)
		lc_report_add_united(out, "", &workload->containers[i]);
	if (!workload->namespace)
		lc_strbuf_adds(out, "# Its namespace is not known: this is for pods of that name in each.\n");
}

/* Pods when they are made, and when a container is put into one that runs. What else of a pod can be changed does not matter here. */
static void add_constraints(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	lc_strbuf_adds(out,
		"  matchConstraints:\n"
		"    resourceRules:\n"
		"      - {apiGroups: [\"\"], apiVersions: [v1], operations: [CREATE], resources: [pods]}\n"
		"      - {apiGroups: [\"\"], apiVersions: [v1], operations: [UPDATE], resources: [pods/ephemeralcontainers]}\n");
	if (!workload->namespace)
		return;
	lc_strbuf_adds(out, "    namespaceSelector:\n      matchLabels:\n        kubernetes.io/metadata.name: ");
	lc_escape_yaml(out, workload->namespace);
	lc_strbuf_adds(out, "\n");
}

/* Appends EXPRESSION as YAML and frees it. */
static void take_expression(struct lc_strbuf *out, struct lc_strbuf *expression)
{
	out->failed |= expression->failed;
	lc_escape_yaml(out, expression->text);
	lc_strbuf_adds(out, "\n");
	lc_strbuf_free(expression);
}

static void add_conditions(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};
	struct lc_strbuf expression = {0};
	size_t i = 0;

	while (!workload->containers->targets[0]->origin && strcmp(suffixes[i].kind, workload->kind->kind) != 0)
		i++;
	lc_strbuf_adds(&names, "^");
	lc_report_add_literal(&names, workload->name);
	lc_strbuf_addf(&names, "%s$", suffixes[i].suffix);
	lc_strbuf_adds(&expression, "has(object.metadata.name) && object.metadata.name.matches(");
	lc_escape_cel(&expression, names.text);
	lc_strbuf_adds(&expression, ")");
	expression.failed |= names.failed;
	lc_strbuf_adds(out, "  matchConditions:\n    - name: workload\n      expression: ");
	take_expression(out, &expression);
}

/* What each container may add: ['nginx/CHOWN', …] */
static void add_variables(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	struct lc_strbuf expression = {0};

	lc_strbuf_adds(&expression, "[");
	for (size_t i = 0; i < workload->n; i++) {
		const struct lc_report_united *united = &workload->containers[i];
		uint64_t caps = united->cap_add;

		for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
			_cleanup_(lc_strbuf_free) struct lc_strbuf entry = {0};
			char name[LC_CAP_NAME_SIZE];

			lc_strbuf_addf(&entry, "%s/%s", united->name, lc_cap_name(cap, name));
			expression.failed |= entry.failed;
			lc_strbuf_adds(&expression, expression.length > 1 ? ", " : "");
			lc_escape_cel(&expression, entry.text);
		}
	}
	lc_strbuf_adds(&expression, "]");
	lc_strbuf_adds(out, "  variables:\n    - name: allowed\n      expression: ");
	take_expression(out, &expression);
}

/* Each kind of container has a type of its own in CEL, so that their lists can't be made one. */
static void add_validations(struct lc_strbuf *out)
{
	static const char *const lists[] = {"initContainers", "ephemeralContainers"};

	lc_strbuf_adds(out, "  validations:\n");
	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++) {
		lc_strbuf_addf(
			out, "    - expression: >-\n        object.spec.containers.all(c, %s)\n", demands[i].condition);
		for (size_t j = 0; j < sizeof(lists) / sizeof(lists[0]); j++)
			lc_strbuf_addf(out, "        && (!has(object.spec.%s) || object.spec.%s.all(c, %s))\n",
				lists[j], lists[j], demands[i].condition);
		lc_strbuf_addf(out, "      message: \"leastcap: %s\"\n", demands[i].message);
	}
}

void lc_report_add_admission(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	add_constraints(out, workload);
	add_conditions(out, workload);
	add_variables(out, workload);
	add_validations(out);
}
