/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds policies (Kubernetes manifests, compose files, profiles) to their reader, and holds a profile against what it took. */
#include "served.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/policy.h>

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* One container that a manifest's may be, and one that a compose file's may be. */
static void fill(struct lc_profile *profile)
{
	struct lc_target *container = lc_profile_add_target(profile);
	struct lc_target *service;

	if (!container)
		abort();
	*container = (struct lc_target){
		.kind = LC_TARGET_CONTAINER,
		.name = strdup("web"),
		.pod = strdup("shop-5d59d67564-x8kzq"),
		.namespace = strdup("default"),
		.cap_add = LC_CAP_BIT(CAP_CHOWN),
		.wanted = LC_CAP_BIT(CAP_SYS_TIME),
	};
	service = lc_profile_add_target(profile);
	if (!service)
		abort();
	*service = (struct lc_target){
		.kind = LC_TARGET_CONTAINER,
		.name = strdup("shop-db-1"),
		.image = strdup("db"),
		.project = strdup("shop"),
		.service = strdup("db"),
		.cap_add = LC_CAP_BIT(CAP_SETUID),
	};
}

static void check(const struct lc_policy *policy, const struct lc_profile *profile)
{
	static const struct lc_policy_rules rules = {.counts = {true, true, true, false, true, true, true}};
	_cleanup_(lc_findings_clear) struct lc_findings findings = {0};
	_cleanup_free_ bool *known = lc_policy_known(policy, profile);
	const struct lc_policy_result result = {
		.policy = policy, .profile = profile, .findings = &findings, .known = known};

	if (!known || lc_policy_check(policy, profile, &rules, &findings))
		abort();
	for (const struct lc_policy_format *const *format = lc_policy_formats(); *format; format++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

		if ((*format)->render(&result, &out))
			abort();
	}
}

/*
 * SIZE bytes of TEXT, manifests that POLICY has been read from, after the edit by PROFILE, of which *LEFT could not be brought to it. Caller frees.
 * NULL where its reader refuses them.
 */
static char *edit(const struct lc_policy *policy, const struct lc_profile *profile, const char *text, size_t size,
	size_t *length, size_t *left)
{
	_cleanup_(lc_manifest_clear) struct lc_manifest manifest = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ bool *known = calloc(profile->n_targets + 1, sizeof(*known));
	struct lc_manifest_result result = {.known = known};
	char *after;

	if (lc_manifest_parse(&manifest, "policy", text, size, &message)) {
		if (!message || strchr(message, '\n') || manifest.tree)
			abort();
		return NULL;
	}
	if (!known || lc_policy_manifest_edits(policy, &manifest, profile, NULL, &result))
		abort();
	after = lc_edits_text(manifest.tree, &result.edits, length);
	lc_edits_clear(&result.edits);
	if (!after)
		abort();
	*left = result.left;
	return after;
}

/* What is edited once is as it should be: it is read, and edited no more. */
static void edit_twice(const struct lc_policy *policy, const struct lc_profile *profile, const char *text, size_t size)
{
	_cleanup_(lc_policy_clear) struct lc_policy second = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *again = NULL;
	size_t length, left, length_again, left_again;
	_cleanup_free_ char *after = edit(policy, profile, text, size, &length, &left);

	if (!after)
		return;
	if (lc_policy_parse(&second, &(const struct lc_policy_reading){.path = "policy"}, after, length, &message))
		abort();
	again = edit(&second, profile, after, length, &length_again, &left_again);
	if (!again || length != length_again || memcmp(after, again, length) != 0 || left_again > left)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	int r = lc_policy_parse(
		&policy, &(const struct lc_policy_reading){.path = "policy"}, (const char *)input, size, &message);

	fill(&profile);
	if (r && (!message || strchr(message, '\n') || policy.list))
		abort();
	if (r)
		return 0;
	check(&policy, &profile);
	if (policy.kind == LC_POLICY_KUBERNETES)
		edit_twice(&policy, &profile, (const char *)input, size);
	return 0;
}
