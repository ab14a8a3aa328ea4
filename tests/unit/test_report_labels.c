/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the dockerfile and label reports. */
#include "render.h"

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
		"# web\n"
		"LABEL io.containers.capabilities=\"\"\n");
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
		"# web\n"
		"io.containers.capabilities=\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_image_gets_a_label),
		cmocka_unit_test(a_label_is_key_and_value),
	};

	return cmocka_run_group_tests_name("report_labels", tests, NULL, NULL);
}
