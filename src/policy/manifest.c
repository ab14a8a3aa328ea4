/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a profile changes in a file of manifests: which of its containers were recorded, and what they are to hold. */
#include "policy_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/manifest.h>
#include <leastcap/report.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>

/* A file, and what is said about it. */
struct editor {
	const struct lc_policy *policy;
	const struct lc_manifest *manifest;
	const struct lc_log *log;
};

/* "deployment.yaml:7: Deployment shop, container web: …" */
static void say(const struct editor *editor, size_t number, const char *text)
{
	const struct lc_manifest_container *container = &editor->manifest->containers[number];

	lc_log(editor->log, LC_LOG_WARN, "%s:%zu: %s: %s", editor->policy->path,
		lc_yaml_line(editor->manifest->tree, container->item->start), editor->policy->list[number].where, text);
}

/* What the lists alone do not achieve. */
static void say_limits(const struct editor *editor, size_t number, const struct lc_target *target)
{
	void (*const limits[])(struct lc_strbuf *, const struct lc_target *) = {
		lc_report_add_user, lc_report_add_verify, lc_report_add_refusals};

	for (size_t i = 0; target && i < sizeof(limits) / sizeof(limits[0]); i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		limits[i](&text, target);
		if (text.length)
			say(editor, number, text.text);
	}
}

/* What is to be known of the container NUMBER, of which TARGET was recorded, or NULL. */
static void say_of_container(const struct editor *editor, size_t number, const struct lc_manifest_wanted *wanted,
	const struct lc_target *target)
{
	const struct lc_manifest_container *container = &editor->manifest->containers[number];
	const struct lc_yaml_node *context = lc_yaml_value(container->node, "securityContext");
	const struct lc_yaml_node *escalation = lc_yaml_value(context, "allowPrivilegeEscalation");

	if (!wanted->recorded) {
		say(editor, number, "was not recorded: left as it is");
		return;
	}
	if (container->grant.privileged)
		say(editor, number,
			"privileged: true also gives every device of the node: without it, those that it uses have to come by a device plugin or a volume");
	if (wanted->cap_add & LC_CAP_BIT(CAP_SYS_ADMIN) && escalation && lc_yaml_is(escalation, "false"))
		say(editor, number,
			"allowPrivilegeEscalation: false does not go with SYS_ADMIN: the API server takes no such pod");
	say_limits(editor, number, target);
}

int lc_policy_manifest_edits(const struct lc_policy *policy, const struct lc_manifest *manifest,
	const struct lc_profile *profile, const struct lc_log *log, struct lc_manifest_result *result)
{
	_cleanup_free_ struct lc_manifest_wanted *wanted = calloc(policy->n + 1, sizeof(*wanted));
	_cleanup_free_ const struct lc_target **targets = calloc(policy->n + 1, sizeof(void *));
	const struct editor editor = {.policy = policy, .manifest = manifest, .log = log};

	if (!wanted || !targets)
		return -ENOMEM;
	/* Both read the same containers in the same order. */
	if (manifest->n != policy->n)
		return -EINVAL;
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		const struct lc_allowed *allowed;
		size_t cursor = 0;

		while ((allowed = lc_policy_next(policy, target, &cursor))) {
			size_t number = (size_t)(allowed - policy->list);

			result->known[i] = true;
			/* What runs in a kernel of its own was not seen. */
			if (target->sandbox)
				continue;
			wanted[number].recorded = true;
			wanted[number].cap_add |= target->cap_add;
			if (!targets[number] || target->cap_add)
				targets[number] = target;
		}
	}
	for (size_t i = 0; i < policy->n; i++)
		say_of_container(&editor, i, &wanted[i], targets[i]);
	return lc_manifest_edits(manifest, wanted, log, &result->edits, &result->left);
}
