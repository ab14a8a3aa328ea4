/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kubernetes report: strategic-merge patches, one document per workload, a securityContext for each of its containers. */
#include "parts.h"
#include "sources.h"
#include "united.h"

#include <leastcap/capset.h>
#include <leastcap/escape.h>

#include <ctype.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* RFC 1123, section 2.1: what a container may be called. */
#define LC_LABEL_LENGTH 63

/* What Kubernetes makes random names of: SafeEncodeString in k8s.io/apimachinery/pkg/util/rand. */
static const char safe_characters[] = "bcdfghjklmnpqrstvwxz2456789";

/* The lengths of what controllers append to the name of a workload: a hash for its replica set, and a random name for each pod. */
#define LC_POD_SUFFIX      5
#define LC_SHORTEST_HASH   5
#define LC_LONGEST_HASH    10
#define LC_LONGEST_ORDINAL 4

/* Cuts a dash and LEAST to MOST of CHARACTERS off the end of NAME. Returns whether they were there. */
static bool cut_suffix(char *name, const char *characters, size_t least, size_t most)
{
	char *dash = strrchr(name, '-');
	size_t length = dash ? strlen(dash + 1) : 0;

	if (!dash || dash == name || length < least || length > most || strspn(dash + 1, characters) != length)
		return false;
	*dash = 0;
	return true;
}

/* Cuts NAME, a pod's, to that of the Deployment, DaemonSet, StatefulSet or Job that made the pod, as far as the name tells. */
static void cut_to_workload(char *name)
{
	if (cut_suffix(name, "0123456789", 1, LC_LONGEST_ORDINAL))
		return;
	if (cut_suffix(name, safe_characters, LC_POD_SUFFIX, LC_POD_SUFFIX))
		cut_suffix(name, safe_characters, LC_SHORTEST_HASH, LC_LONGEST_HASH);
}

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

/* "shop/web" for the workload; without a pod each container is a workload of its own. */
static char *group_of(const struct lc_target *target)
{
	char *pod = target->pod ? strdup(target->pod) : name_of(target);
	struct lc_strbuf group = {0};

	if (!pod)
		return NULL;
	if (target->pod) {
		cut_to_workload(pod);
		lc_strbuf_addf(&group, "%s/", target->namespace ? target->namespace : "");
	}
	lc_strbuf_adds(&group, pod);
	free(pod);
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

static void add_container(struct lc_strbuf *out, const struct lc_report_united *united)
{
	static const char indent[] = "        ";
	bool lock = may_lock(united);
	bool warn = false;

	for (size_t i = 0; i < united->n_targets; i++) {
		lc_report_add_heading(out, indent, united->targets[i]);
		lc_report_add_comments_on(out, indent, united->targets[i], "capabilities.add");
		warn |= lock && lc_report_changes_users(united->targets[i]);
	}
	if (warn)
		lc_report_add_lock_comment(out, indent, "allowPrivilegeEscalation");
	/* Quoted: "on", "null" and "1" are names as well. */
	lc_strbuf_addf(out, "        - name: \"%s\"\n          securityContext:\n", united->name);
	if (united->privileged)
		lc_strbuf_adds(out, "            privileged: false\n");
	if (lock)
		lc_strbuf_adds(out, "            allowPrivilegeEscalation: false\n");
	lc_strbuf_adds(out, "            capabilities:\n              drop: [ALL]\n              add: [");
	lc_cap_add_names(out, united->cap_add);
	lc_strbuf_adds(out, "]\n");
}

static void add_workload(struct lc_strbuf *out, const struct lc_report_united *first)
{
	lc_strbuf_adds(out, "---\n");
	if (first->targets[0]->pod) {
		lc_strbuf_adds(out, "# workload ");
		lc_escape_comment(out, first->group + (first->group[0] == '/'));
		lc_strbuf_adds(out, "\n");
	}
	lc_strbuf_adds(out, "spec:\n  template:\n    spec:\n      containers:\n");
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	static const struct lc_report_naming naming = {.group = group_of, .name = name_of};
	struct lc_report_united *united = NULL;
	size_t n = 0;
	int r = lc_report_unite(profile, &naming, &united, &n);

	if (r)
		return r;
	lc_report_add_notices(out, profile);
	if (n)
		lc_strbuf_adds(out, "# one document per workload: kubectl patch deployment NAME --patch-file FILE\n"
				    "# A Pod takes what stands below \"template:\".\n");
	for (size_t i = 0; i < n; i++) {
		if (i == 0 || strcmp(united[i].group, united[i - 1].group) != 0)
			add_workload(out, &united[i]);
		add_container(out, &united[i]);
	}
	lc_report_free_united(united, n);
	return out->failed ? -ENOMEM : 0;
}

const struct lc_report_format lc_report_kubernetes = {
	.name = "kubernetes",
	.description = "securityContext per container, a patch for kubectl patch --patch-file",
	.only_list = true,
	.render = render,
};
