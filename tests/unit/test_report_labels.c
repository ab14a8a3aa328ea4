/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the dockerfile and label reports. */
#include "render.h"

#define EMPTY                                                                                                          \
	"# Podman 4.3 starts nothing with an empty label, which 5 takes: leave it out there, and say --cap-drop=ALL\n"

static const struct lc_style plain = {.columns = 80};

static void fill(struct lc_profile *profile)
{
	add_container(profile, "db", "redis:7", NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID));
	add_container(profile, "web", NULL, NULL, 0);
}

static void an_image_gets_a_label(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	fill(&profile);
	assert_report(&profile, "dockerfile", &plain,
		"# db (redis:7)\n"
		"LABEL io.containers.capabilities=\"CHOWN,SETUID\"\n"
		"# web\n" EMPTY "LABEL io.containers.capabilities=\"\"\n");
}

static void a_label_is_key_and_value(void **state)
{
	static const struct lc_style prefixed = {.columns = 80, .cap_prefix = true};
	struct lc_profile profile = {0};

	(void)state;
	fill(&profile);
	assert_report(&profile, "label", &prefixed,
		"# db (redis:7)\n"
		"io.containers.capabilities=CAP_CHOWN,CAP_SETUID\n"
		"# web\n" EMPTY "io.containers.capabilities=\n");
}

static void what_is_beyond_podmans_defaults_has_to_be_added(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "db", NULL, NULL,
		LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_SYS_NICE));
	assert_report(&profile, "label", &plain,
		"# db\n"
		"# Podman takes it only with --cap-add=SYS_ADMIN --cap-add=SYS_NICE: that is not among its defaults, which it grants otherwise\n"
		"io.containers.capabilities=CHOWN,SYS_ADMIN,SYS_NICE\n");
}

static void a_user_other_than_root_gets_nothing_by_a_label(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_container(&profile, "db", NULL, NULL, LC_CAP_BIT(CAP_CHOWN))->user = copy("33:33");
	report = render(&profile, "dockerfile", &plain);
	assert_non_null(strstr(report, "# It runs as user 33:33, not root: the label reaches only its bounding set. "));
	free(report);
	lc_profile_clear(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_gets_a_label),
		cmocka_unit_test(a_label_is_key_and_value),
		cmocka_unit_test(what_is_beyond_podmans_defaults_has_to_be_added),
		cmocka_unit_test(a_user_other_than_root_gets_nothing_by_a_label),
	};

	return cmocka_run_group_tests_name("report_labels", tests, NULL, NULL);
}
