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

static void check(const struct lc_policy *policy)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	struct lc_findings findings = {0};

	fill(&profile);
	if (lc_policy_check(policy, &profile, &findings))
		abort();
	for (size_t i = 0; i < findings.n; i++)
		lc_policy_add_finding(&out, policy, &findings.list[i], false);
	lc_findings_clear(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_free_ char *message = NULL;
	int r = lc_policy_parse(
		&policy, &(const struct lc_policy_reading){.path = "policy"}, (const char *)input, size, &message);

	if (!r)
		check(&policy);
	else if (!message || strchr(message, '\n') || policy.list)
		abort();
	return 0;
}
