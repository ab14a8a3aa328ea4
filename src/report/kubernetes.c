/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kubernetes report: a document for each workload, which kubectl merges, with a securityContext for each of its containers. */
#include "parts.h"
#include "sources.h"
#include "united.h"
#include "workload.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <ctype.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* RFC 1123, section 2.1: what a container may be called. */
#define LC_LABEL_LENGTH 63

/* TEXT as Kubernetes would let a container be called: letters and digits in lower case, with dashes between. */
static char *label_of(const char *text)
{
	struct lc_strbuf label = {0};

	for (; *text && label.length < LC_LABEL_LENGTH; text++) {
		char c = (char)tolower((unsigned char)*text);
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

		if (plain || label.length)
			lc_strbuf_add(&label, plain ? &c : "-", 1);
	}
	while (label.length && label.text[label.length - 1] == '-')
		label.text[--label.length] = 0;
	if (!label.length)
		lc_strbuf_adds(&label, "container");
	return lc_strbuf_steal(&label);
}

/* Where compose started the target, its service is what becomes a container in a pod. */
static char *name_of(const struct lc_target *target)
{
	return label_of(target->service ? target->service : target->name ? target->name : "");
}

/*
 * "shop/web", a line break, and the kind of the workload that made TARGET's pod. Whether that is a Job or a DaemonSet each of its containers may tell
 * otherwise, so that it is left open. Without a pod each container is a workload of its own.
 */
static char *group_of(const struct lc_target *target)
{
	struct lc_strbuf group = {0};
	const struct lc_workload_kind *kind = NULL;
	char *name = NULL;

	if (target->pod)
		kind = lc_workload_of(target, &name);
	else
		name = name_of(target);
	if (!name)
		return NULL;
	if (kind)
		lc_strbuf_addf(&group, "%s/", target->namespace ? target->namespace : "");
	lc_strbuf_addf(&group, "%s\n%s", name, kind && strcmp(kind->kind, "Job") != 0 ? kind->kind : "DaemonSet");
	free(name);
	return lc_strbuf_steal(&group);
}

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

/* Indents what follows by DEPTH keys. */
static void add_indent(struct lc_strbuf *out, size_t depth)
{
	lc_strbuf_addf(out, "%*s", (int)(2 * depth), "");
}

/* The container that UNITED are, in a list that lies DEPTH keys deep. */
static void add_container(struct lc_strbuf *out, const struct lc_report_united *united, size_t depth)
{
	char indent[32];
	bool lock = may_lock(united);
	bool warn = false;

	snprintf(indent, sizeof(indent), "%*s", (int)(2 * depth), "");
	for (size_t i = 0; i < united->n_targets; i++) {
		lc_report_add_heading(out, indent, united->targets[i]);
		lc_report_add_comments_on(out, indent, united->targets[i], "capabilities.add");
		warn |= lock && lc_report_changes_users(united->targets[i]);
	}
	if (warn)
		lc_report_add_lock_comment(out, indent, "allowPrivilegeEscalation");
	/* Quoted: "on", "null" and "1" are names as well. */
	lc_strbuf_addf(out, "%s- name: \"%s\"\n%s  securityContext:\n", indent, united->name, indent);
	/* Without it a manifest that says true would keep it. */
	lc_strbuf_addf(out, "%s    privileged: false\n", indent);
	if (lock)
		lc_strbuf_addf(out, "%s    allowPrivilegeEscalation: false\n", indent);
	lc_strbuf_addf(out, "%s    capabilities:\n%s      drop: [ALL]\n%s      add: [", indent, indent, indent);
	lc_cap_add_names(out, united->cap_add);
	lc_strbuf_adds(out, "]\n");
}

/* One workload's containers. */
struct workload {
	const struct lc_profile *profile;
	const struct lc_report_united *first;
	size_t n;
	const struct lc_workload_kind *kind;
};

static bool is_init(const struct workload *workload, size_t number)
{
	const struct lc_report_united *united = &workload->first[number];

	for (size_t i = 0; i < united->n_targets; i++) {
		if (lc_workload_is_init(workload->profile, united->targets[i]))
			return true;
	}
	return false;
}

/* Whether each container that is no init container ended by itself, as those of a Job do. */
static bool has_ended(const struct workload *workload)
{
	for (size_t i = 0; i < workload->n; i++) {
		for (size_t j = 0; j < workload->first[i].n_targets; j++) {
			const struct lc_life *life = &workload->first[i].targets[j]->life;

			if (!life->ended_ns || life->stopping_ns)
				return false;
		}
	}
	return true;
}

/* The containers that are init containers, or those that are not, DEPTH keys deep. */
static void add_list(struct lc_strbuf *out, const struct workload *workload, bool init, size_t depth)
{
	bool begun = false;

	for (size_t i = 0; i < workload->n; i++) {
		if (is_init(workload, i) != init)
			continue;
		if (!begun) {
			add_indent(out, depth);
			lc_strbuf_adds(out, init ? "initContainers:\n" : "containers:\n");
		}
		begun = true;
		add_container(out, &workload->first[i], depth + 1);
	}
}

/* The kind, name and namespace of WORKLOAD, and how they are known. */
static void add_object(struct lc_strbuf *out, const struct workload *workload, const char *name)
{
	const struct lc_target *target = workload->first->targets[0];

	lc_strbuf_adds(out, "---\n");
	if (target->pod) {
		lc_strbuf_adds(out, "# by the name of its pod, ");
		lc_escape_comment(out, target->pod);
		lc_strbuf_adds(out, "\n");
	} else {
		lc_strbuf_adds(out, "# of no pod: for a Deployment of that name\n");
	}
	if (workload->kind->fixed)
		lc_strbuf_addf(out, "# A %s that is there can't be changed so: delete it, and make it anew.\n",
			workload->kind->kind);
	lc_strbuf_addf(out, "apiVersion: %s\nkind: %s\nmetadata:\n  name: ", workload->kind->api, workload->kind->kind);
	lc_escape_yaml(out, name);
	if (target->pod && target->namespace) {
		lc_strbuf_adds(out, "\n  namespace: ");
		lc_escape_yaml(out, target->namespace);
	}
	lc_strbuf_adds(out, "\n");
}

/* Sets WORKLOAD's kind. Its name, which the caller frees; NULL when out of memory. */
static char *identify(struct workload *workload)
{
	const struct lc_target *target = workload->first->targets[0];
	char *name = NULL;

	if (!target->pod) {
		workload->kind = lc_workload_kind("Deployment");
		return name_of(target);
	}
	workload->kind = lc_workload_of(target, &name);
	if (name && (!strcmp(workload->kind->kind, "DaemonSet") || !strcmp(workload->kind->kind, "Job")))
		workload->kind = lc_workload_kind(has_ended(workload) ? "Job" : "DaemonSet");
	return name;
}

static int add_workload(struct lc_strbuf *out, struct workload *workload)
{
	_cleanup_free_ char *name = identify(workload);
	size_t depth = 0;

	if (!name)
		return -ENOMEM;
	add_object(out, workload, name);
	for (; workload->kind->places[depth]; depth++) {
		add_indent(out, depth);
		lc_strbuf_addf(out, "%s:\n", workload->kind->places[depth]);
	}
	add_list(out, workload, true, depth);
	add_list(out, workload, false, depth);
	return 0;
}

static int add_workloads(struct lc_strbuf *out, const struct lc_profile *profile)
{
	static const struct lc_report_naming naming = {.group = group_of, .name = name_of};
	struct lc_report_united *united = NULL;
	size_t n = 0;
	int r = lc_report_unite(profile, &naming, &united, &n);

	if (r)
		return r;
	if (n)
		lc_strbuf_adds(out,
			"# all of it: kubectl apply --server-side --force-conflicts -f FILE\n# With --manifest FILE leastcap edits your own files.\n");
	for (size_t i = 0; !r && i < n;) {
		struct workload workload = {.profile = profile, .first = &united[i], .n = 1};

		while (i + workload.n < n && strcmp(united[i].group, united[i + workload.n].group) == 0)
			workload.n++;
		r = add_workload(out, &workload);
		i += workload.n;
	}
	lc_report_free_united(united, n);
	return out->failed ? -ENOMEM : r;
}

/* Where pods were recorded, what is no pod's is nothing for Kubernetes. */
static bool is_left_out(const struct lc_profile *profile, const struct lc_target *target)
{
	for (size_t i = 0; !target->pod && i < profile->n_targets; i++) {
		if (profile->targets[i].pod)
			return true;
	}
	return false;
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	/* What its targets point to stays PROFILE's. */
	struct lc_profile kept = {.targets = calloc(profile->n_targets + 1, sizeof(*kept.targets))};
	int r;

	if (!kept.targets)
		return -ENOMEM;
	lc_report_add_notices(out, profile);
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		if (!is_left_out(profile, target)) {
			kept.targets[kept.n_targets++] = *target;
			continue;
		}
		lc_strbuf_adds(out, "# left out: ");
		lc_report_add_label(out, target);
		lc_strbuf_adds(out, ": no pod's\n");
	}
	r = add_workloads(out, &kept);
	free(kept.targets);
	return r;
}

const struct lc_report_format lc_report_kubernetes = {
	.name = "kubernetes",
	.description = "securityContext per container, for kubectl apply --server-side -f FILE",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
