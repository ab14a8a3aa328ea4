/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kubernetes report: a document for each workload, which kubectl merges, with a securityContext for each of its containers. */
#include "parts.h"
#include "workloads.h"

#include <leastcap/escape.h>

#include <stdio.h>

/* Indents what follows by DEPTH keys. */
static void add_indent(struct lc_strbuf *out, size_t depth)
{
	lc_strbuf_addf(out, "%*s", (int)(2 * depth), "");
}

/* The container that UNITED are, in a list that lies DEPTH keys deep. */
static void add_container(struct lc_strbuf *out, const struct lc_report_united *united, size_t depth)
{
	char indent[32];
	char deeper[36];

	snprintf(indent, sizeof(indent), "%*s", (int)(2 * depth), "");
	snprintf(deeper, sizeof(deeper), "%s    ", indent);
	lc_report_add_united(out, indent, united);
	lc_report_add_context_comments(out, indent, united);
	/* Quoted: "on", "null" and "1" are names as well. */
	lc_strbuf_addf(out, "%s- name: \"%s\"\n%s  securityContext:\n", indent, united->name, indent);
	lc_report_add_context(out, deeper, united);
}

/* The containers that are init containers, or those that are not, DEPTH keys deep. */
static void add_list(struct lc_strbuf *out, const struct lc_report_workload *workload, bool init, size_t depth)
{
	bool begun = false;

	for (size_t i = 0; i < workload->n; i++) {
		if (lc_report_is_init(workload, i) != init)
			continue;
		if (!begun) {
			add_indent(out, depth);
			lc_strbuf_adds(out, init ? "initContainers:\n" : "containers:\n");
		}
		begun = true;
		add_container(out, &workload->containers[i], depth + 1);
	}
}

/* The kind, name and namespace of WORKLOAD, and how they are known. */
static void add_object(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	if (workload->containers->targets[0]->origin && workload->pod) {
		lc_strbuf_adds(out, "# for a Deployment of that name: whether it is one is not known\n");
	} else if (workload->pod) {
		lc_strbuf_adds(out, "# by the name of its pod, ");
		lc_escape_comment(out, workload->pod);
		lc_strbuf_adds(out, "\n");
	} else {
		lc_strbuf_adds(out, "# of no pod: for a Deployment of that name\n");
	}
	if (workload->kind->fixed)
		lc_strbuf_addf(out, "# A %s that is there can't be changed so: delete it, and make it anew.\n",
			workload->kind->kind);
	lc_strbuf_addf(out, "apiVersion: %s\nkind: %s\nmetadata:\n  name: ", workload->kind->api, workload->kind->kind);
	lc_escape_yaml(out, workload->name);
	if (workload->namespace) {
		lc_strbuf_adds(out, "\n  namespace: ");
		lc_escape_yaml(out, workload->namespace);
	}
	lc_strbuf_adds(out, "\n");
}

void lc_report_add_manifest(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	size_t depth = 0;

	add_object(out, workload);
	for (; workload->kind->places[depth]; depth++) {
		add_indent(out, depth);
		lc_strbuf_addf(out, "%s:\n", workload->kind->places[depth]);
	}
	add_list(out, workload, true, depth);
	add_list(out, workload, false, depth);
}

static int add_document(struct lc_strbuf *out, const struct lc_report_workload *workload)
{
	lc_strbuf_adds(out, "---\n");
	lc_report_add_manifest(out, workload);
	return 0;
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	return lc_report_add_workloads(out, profile,
		"# all of it: kubectl apply --server-side --force-conflicts -f FILE\n# With --manifest FILE leastcap edits your own files.\n",
		"", add_document);
}

const struct lc_report_format lc_report_kubernetes = {
	.name = "kubernetes",
	.description = "securityContext per container, for kubectl apply --server-side -f FILE",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
