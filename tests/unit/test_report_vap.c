/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the vap and kyverno reports, which ask the same of a pod: whom they are for, and what each container may add. */
#include "render.h"

#include <stdio.h>

static const struct lc_style plain = {.columns = 80};
static const char *const formats[] = {"vap", "kyverno"};

static struct lc_target *add_pod(struct lc_profile *profile, const char *pod, const char *name, uint64_t caps)
{
	struct lc_target *target = add_container(profile, name, NULL, NULL, caps);

	target->namespace = copy("shop");
	target->pod = copy(pod);
	return target;
}

/* Asserts that both reports of PROFILE, which is cleared, have TEXT. */
static void assert_have(struct lc_profile *profile, const char *text)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char *report = render(profile, formats[i], &plain);

		if (!strstr(report, text))
			fail_msg("-f %s has no %s:\n%s", formats[i], text, report);
		free(report);
	}
	lc_profile_clear(profile);
}

static void each_container_may_add_what_is_on_its_list(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_pod(&profile, "web-7d9c5b5f4-x2v9k", "nginx", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
	add_pod(&profile, "web-7d9c5b5f4-x2v9k", "log", 0);
	add_pod(&profile, "web-7d9c5b5f4-x2v9k", "prep", LC_CAP_BIT(CAP_SETUID));
	assert_have(&profile,
		"\n  variables:\n    - name: allowed\n      expression: \"['nginx/CHOWN', 'nginx/KILL', 'prep/SETUID']\"\n");
}

static void an_empty_list_allows_nothing(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_pod(&profile, "solo", "nginx", 0);
	assert_have(&profile, "      expression: \"[]\"\n");
}

static void pods_are_known_by_what_their_controller_calls_them(void **state)
{
	static const struct {
		const char *pod;
		const char *name;
		const char *expression;
	} pods[] = {
		{"web-7d9c5b5f4-x2v9k", "deployment.shop.web", "^web-[a-z0-9]+-[a-z0-9]+$"},
		{"db-0", "statefulset.shop.db", "^db-[0-9]+$"},
		{"agent-x2v9k", "daemonset.shop.agent", "^agent-[a-z0-9]+$"},
		{"backup-28123456-x7k2p", "cronjob.shop.backup", "^backup-[0-9]+-[a-z0-9]+$"},
		{"solo", "pod.shop.solo", "^solo$"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pods) / sizeof(pods[0]); i++) {
		struct lc_profile profile = {0};
		char text[128];

		add_pod(&profile, pods[i].pod, "x", 0);
		snprintf(text, sizeof(text), "object.metadata.name.matches('%s')\"\n", pods[i].expression);
		assert_have(&profile, text);
		add_pod(&profile, pods[i].pod, "x", 0);
		snprintf(text, sizeof(text), "\nmetadata:\n  name: \"leastcap.%s\"\n", pods[i].name);
		assert_have(&profile, text);
	}
}

static void a_policy_is_for_the_workloads_namespace(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_pod(&profile, "solo", "x", 0);
	assert_have(&profile,
		"    namespaceSelector:\n      matchLabels:\n        kubernetes.io/metadata.name: \"shop\"\n");
	add_container(&profile, "x", NULL, NULL, 0);
	assert_have(&profile, "# Its namespace is not known: this is for pods of that name in each.\n");
}

static void a_hostile_name_stays_in_its_string(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_pod(&profile, "a') || true || ('\"\n\\", "x", 0);
	assert_have(&profile,
		"matches('^a\\\\'\\\\\\\\) \\\\\\\\|\\\\\\\\| true \\\\\\\\|\\\\\\\\| \\\\\\\\(\\\\'\\\"\\\\U0000000a\\\\\\\\\\\\\\\\$')\"\n");
}

static void kubernetes_takes_a_policy_with_its_binding(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_pod(&profile, "solo", "x", 0);
	report = render(&profile, "vap", &plain);
	assert_non_null(strstr(
		report, "---\n# x\napiVersion: admissionregistration.k8s.io/v1\nkind: ValidatingAdmissionPolicy\n"));
	assert_non_null(strstr(report,
		"kind: ValidatingAdmissionPolicyBinding\nmetadata:\n  name: \"leastcap.pod.shop.solo\"\nspec:\n  policyName: \"leastcap.pod.shop.solo\"\n  validationActions: [Deny]\n"));
	free(report);
	lc_profile_clear(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_container_may_add_what_is_on_its_list),
		cmocka_unit_test(an_empty_list_allows_nothing),
		cmocka_unit_test(pods_are_known_by_what_their_controller_calls_them),
		cmocka_unit_test(a_policy_is_for_the_workloads_namespace),
		cmocka_unit_test(a_hostile_name_stays_in_its_string),
		cmocka_unit_test(kubernetes_takes_a_policy_with_its_binding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
