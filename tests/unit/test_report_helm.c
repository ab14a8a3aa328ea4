/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the helm report. */
#include "render.h"

#define HEAD                                                                                                           \
	"# helm upgrade NAME CHART -f FILE; where the chart has its containers' securityContext tells --helm-path [CONTAINER=]PATH\n"

static struct lc_target *add_pod(struct lc_profile *profile, const char *pod, const char *name, uint64_t caps)
{
	struct lc_target *target = add_container(profile, name, NULL, NULL, caps);

	target->pod = copy(pod);
	return target;
}

/* Two containers of one pod. */
static struct lc_profile two_containers(void)
{
	struct lc_profile profile = {0};

	add_pod(&profile, "web-7d9c5b5f4-x2v9k", "log", 0);
	add_pod(&profile, "web-7d9c5b5f4-x2v9k", "nginx", LC_CAP_BIT(CAP_CHOWN));
	return profile;
}

/* Asserts what is said of PROFILE, which is cleared, with PATHS. */
static void assert_values(struct lc_profile *profile, const char *const *paths, const char *expected)
{
	const struct lc_style style = {.columns = 80, .helm_paths = paths};

	assert_report(profile, "helm", &style, expected);
}

#define CONTEXT(indent, name, caps)                                                                                    \
	indent "# " name "\n" indent "privileged: false\n" indent "allowPrivilegeEscalation: false\n" indent           \
	       "capabilities:\n" indent "  drop: [ALL]\n" indent "  add: [" caps "]\n"

static void one_container_has_the_place_of_helm_create(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	assert_values(&profile, NULL, HEAD "securityContext:\n" CONTEXT("  ", "web", "CHOWN"));
}

static void each_of_several_stands_below_its_name(void **state)
{
	struct lc_profile profile = two_containers();

	(void)state;
	assert_values(&profile, NULL,
		HEAD "log:\n  securityContext:\n" CONTEXT("    ", "log", "") "nginx:\n  securityContext:\n" CONTEXT(
			"    ", "nginx", "CHOWN"));
}

static void a_path_is_for_its_container_and_one_without_a_name_for_the_others(void **state)
{
	static const char *const paths[] = {"a.context", "web/nginx=a.b\\.c.context", NULL};
	struct lc_profile profile = two_containers();

	(void)state;
	assert_values(&profile, paths,
		HEAD "a:\n  b.c:\n    context:\n" CONTEXT("      ", "nginx", "CHOWN") "  context:\n" CONTEXT(
			"    ", "log", ""));
}

static void containers_at_one_place_have_what_both_need(void **state)
{
	static const char *const paths[] = {"on.securityContext", NULL};
	struct lc_profile profile = two_containers();

	(void)state;
	assert_values(
		&profile, paths, HEAD "\"on\":\n  securityContext:\n    # log\n" CONTEXT("    ", "nginx", "CHOWN"));
}

static void namesakes_of_two_workloads_stand_below_these(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_pod(&profile, "a-0", "app", 0);
	add_pod(&profile, "b-0", "app", 0);
	assert_values(&profile, NULL,
		HEAD "a:\n  app:\n    securityContext:\n" CONTEXT(
			"      ", "app", "") "b:\n  app:\n    securityContext:\n" CONTEXT("      ", "app", ""));
}

static void nothing_recorded_is_no_value(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_values(&profile, NULL, "# nothing was recorded: no container ran\n{}\n");
}

static void a_path_for_nobody_is_found_out(void **state)
{
	static const char *const paths[] = {"x.y", "nginx=a", "web/log=b", "web/logs=c", NULL};
	struct lc_profile profile = two_containers();
	const char *missed = "";

	(void)state;
	assert_int_equal(lc_report_helm_misses(&profile, paths, &missed), 0);
	assert_string_equal(missed, "web/logs=c");
	assert_int_equal(lc_report_helm_misses(&profile, (const char *const[]){"x", NULL}, &missed), 0);
	assert_null(missed);
	lc_profile_clear(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_container_has_the_place_of_helm_create),
		cmocka_unit_test(each_of_several_stands_below_its_name),
		cmocka_unit_test(a_path_is_for_its_container_and_one_without_a_name_for_the_others),
		cmocka_unit_test(containers_at_one_place_have_what_both_need),
		cmocka_unit_test(namesakes_of_two_workloads_stand_below_these),
		cmocka_unit_test(nothing_recorded_is_no_value),
		cmocka_unit_test(a_path_for_nobody_is_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
