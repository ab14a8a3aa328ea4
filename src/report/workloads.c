/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A profile as Kubernetes workloads: which containers are whose, and what they and it are called. */
#include "workloads.h"

#include "parts.h"

#include <leastcap/cleanup.h>

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* RFC 1123, section 2.1: what a container may be called. */
#define LC_LABEL_LENGTH 63

char *lc_report_label_of(const char *text)
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
char *lc_report_container_name(const struct lc_target *target)
{
	return lc_report_label_of(target->service ? target->service : target->name ? target->name : "");
}

void lc_report_add_literal(struct lc_strbuf *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\.+*?()|[]{}^$", *text))
			lc_strbuf_adds(out, "\\");
		lc_strbuf_add(out, text, 1);
	}
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
		name = lc_report_container_name(target);
	if (!name)
		return NULL;
	if (kind)
		lc_strbuf_addf(&group, "%s/", target->namespace ? target->namespace : "");
	lc_strbuf_addf(&group, "%s\n%s", name, kind && strcmp(kind->kind, "Job") != 0 ? kind->kind : "DaemonSet");
	free(name);
	return lc_strbuf_steal(&group);
}

bool lc_report_is_init(const struct lc_report_workload *workload, size_t number)
{
	const struct lc_report_united *united = &workload->containers[number];

	for (size_t i = 0; i < united->n_targets; i++) {
		if (lc_workload_is_init(workload->profile, united->targets[i]))
			return true;
	}
	return false;
}

/* Whether each container that is no init container ended by itself, as those of a Job do. */
static bool has_ended(const struct lc_report_workload *workload)
{
	for (size_t i = 0; i < workload->n; i++) {
		for (size_t j = 0; j < workload->containers[i].n_targets; j++) {
			const struct lc_life *life = &workload->containers[i].targets[j]->life;

			if (!life->ended_ns || life->stopping_ns)
				return false;
		}
	}
	return true;
}

/* Sets WORKLOAD's kind, namespace and pod. Its name, which the caller frees; NULL when out of memory. */
static char *identify(struct lc_report_workload *workload)
{
	const struct lc_target *target = workload->containers->targets[0];
	char *name = NULL;

	workload->pod = target->pod;
	workload->namespace = target->pod ? target->namespace : NULL;
	if (!target->pod) {
		workload->kind = lc_workload_kind("Deployment");
		return lc_report_container_name(target);
	}
	workload->kind = lc_workload_of(target, &name);
	if (name && (!strcmp(workload->kind->kind, "DaemonSet") || !strcmp(workload->kind->kind, "Job")))
		workload->kind = lc_workload_kind(has_ended(workload) ? "Job" : "DaemonSet");
	return name;
}

/* Has ADD append each of KEPT's workloads. */
static int add_each(struct lc_strbuf *out, const struct lc_profile *kept, const char *head, const char *none,
	int (*add)(struct lc_strbuf *out, const struct lc_report_workload *workload))
{
	static const struct lc_report_naming naming = {.group = group_of, .name = lc_report_container_name};
	struct lc_report_united *united = NULL;
	size_t n = 0;
	int r = lc_report_unite(kept, &naming, &united, &n);

	if (r)
		return r;
	lc_strbuf_adds(out, n ? head : none);
	for (size_t i = 0; !r && i < n;) {
		struct lc_report_workload workload = {.profile = kept, .containers = &united[i], .n = 1};
		_cleanup_free_ char *name = NULL;

		while (i + workload.n < n && strcmp(united[i].group, united[i + workload.n].group) == 0)
			workload.n++;
		workload.name = name = identify(&workload);
		r = name ? add(out, &workload) : -ENOMEM;
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

int lc_report_keep_pods(struct lc_strbuf *out, const struct lc_profile *profile, struct lc_profile *kept)
{
	struct lc_target *targets = calloc(profile->n_targets + 1, sizeof(*targets));

	if (!targets)
		return -ENOMEM;
	*kept = (struct lc_profile){.targets = targets};
	lc_report_add_notices(out, profile);
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		if (!is_left_out(profile, target)) {
			targets[kept->n_targets++] = *target;
			continue;
		}
		lc_strbuf_adds(out, "# left out: ");
		lc_report_add_label(out, target);
		lc_strbuf_adds(out, ": no pod's\n");
	}
	return 0;
}

int lc_report_add_workloads(struct lc_strbuf *out, const struct lc_profile *profile, const char *head, const char *none,
	int (*add)(struct lc_strbuf *out, const struct lc_report_workload *workload))
{
	struct lc_profile kept;
	int r = lc_report_keep_pods(out, profile, &kept);

	if (r)
		return r;
	r = add_each(out, &kept, head, none, add);
	free(kept.targets);
	return r;
}
