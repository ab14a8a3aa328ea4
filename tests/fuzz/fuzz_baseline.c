/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds baselines to their reader, and has what it took accept what a check finds. */
#include "served.h"

#include <leastcap/baseline.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

static void fill(struct lc_profile *profile)
{
	struct lc_target *target = lc_profile_add_target(profile);

	if (!target)
		abort();
	target->kind = LC_TARGET_CONTAINER;
	target->name = strdup("web");
	target->cap_add = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL);
}

static void check(struct lc_baseline *baseline)
{
	static const char text[] = "services: {web: {cap_add: [SYS_TIME]}, db: {}}";
	static const struct lc_policy_rules rules = {.counts = {true, true, true, true, true, true, true, true, true}};
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_findings_clear) struct lc_findings findings = {0};
	_cleanup_free_ char *message = NULL;
	bool known = true;
	const struct lc_policy_result result = {
		.policy = &policy, .profile = &profile, .findings = &findings, .known = &known};

	fill(&profile);
	if (lc_policy_parse(&policy, &(const struct lc_policy_reading){.path = "p"}, text, strlen(text), &message) ||
		lc_policy_check(&policy, &profile, &rules, &findings) ||
		lc_baseline_apply(baseline, &policy, &rules, &findings))
		abort();
	for (const struct lc_policy_format *const *format = lc_policy_formats(); *format; format++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

		if ((*format)->render(&result, &out))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	_cleanup_(lc_baseline_clear) struct lc_baseline baseline = {0};
	_cleanup_free_ char *message = NULL;
	int r = lc_baseline_parse(&baseline, "b", (const char *)input, size, 0, &message);

	if (r && (!message || strchr(message, '\n') || baseline.list))
		abort();
	if (!r)
		check(&baseline);
	return 0;
}
