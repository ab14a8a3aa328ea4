/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the kustomize report. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};

#define HEAD                                                                                                           \
	"# as caps/kustomization.yaml, which your own kustomization.yaml takes by components: [caps]\n"                \
	"# What your resources do not have is passed over; kubectl kustomize . | leastcap check --strict --allow - PROFILE.json says so.\n"
#define KIND "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n"

static struct lc_target *add_pod(struct lc_profile *profile, const char *namespace, const char *pod, uint64_t caps)
{
	struct lc_target *target = add_container(profile, "nginx", NULL, NULL, caps);

	target->namespace = copy(namespace);
	target->pod = copy(pod);
	return target;
}

static void a_workload_is_a_patch(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_pod(&profile, "shop", "web-7d9c5b5f4-x2v9k", LC_CAP_BIT(CAP_CHOWN));
	assert_report(&profile, "kustomize", &plain,
		HEAD KIND "patches:\n"
			  "  - target:\n"
			  "      kind: Deployment\n"
			  "      name: \"web\"\n"
			  "    patch: |-\n"
			  "      # by the name of its pod, web-7d9c5b5f4-x2v9k\n"
			  "      apiVersion: apps/v1\n"
			  "      kind: Deployment\n"
			  "      metadata:\n"
			  "        name: \"web\"\n"
			  "        namespace: \"shop\"\n"
			  "      spec:\n"
			  "        template:\n"
			  "          spec:\n"
			  "            containers:\n"
			  "              # nginx\n"
			  "              - name: \"nginx\"\n"
			  "                securityContext:\n"
			  "                  privileged: false\n"
			  "                  allowPrivilegeEscalation: false\n"
			  "                  capabilities:\n"
			  "                    drop: [ALL]\n"
			  "                    add: [CHOWN]\n");
}

static void where_nothing_was_recorded_it_is_a_component_all_the_same(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_report(&profile, "kustomize", &plain, "# nothing was recorded: no container ran\n" KIND "patches: []\n");
}

static void workloads_of_one_name_are_told_apart_by_their_namespaces(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_pod(&profile, "a", "web-7d9c5b5f4-x2v9k", 0);
	add_pod(&profile, "b", "web-7d9c5b5f4-x2v9k", 0);
	report = render(&profile, "kustomize", &plain);
	assert_non_null(strstr(report, "      name: \"web\"\n      namespace: \"a\"\n    patch"));
	assert_non_null(strstr(report, "      name: \"web\"\n      namespace: \"b\"\n    patch"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_hostile_name_matches_itself_and_ends_no_patch(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_pod(&profile, NULL, "a.*|b\n  - x: \"y", 0);
	report = render(&profile, "kustomize", &plain);
	assert_non_null(strstr(report, "      name: \"a\\\\.\\\\*\\\\|b\\n  - x: \\\"y\"\n    patch"));
	assert_null(strstr(report, "\n  - x"));
	free(report);
	lc_profile_clear(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_workload_is_a_patch),
		cmocka_unit_test(where_nothing_was_recorded_it_is_a_component_all_the_same),
		cmocka_unit_test(workloads_of_one_name_are_told_apart_by_their_namespaces),
		cmocka_unit_test(a_hostile_name_matches_itself_and_ends_no_patch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
