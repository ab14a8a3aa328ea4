/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the quadlet report. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};

#define HEAD "# each part is a file of its own: NAME.container.d/50-leastcap.conf (Podman 5.0 or later)\n"

static void each_container_has_a_drop_in_that_replaces_its_lists(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "db", "redis:7", NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID));
	add_container(&profile, "web", NULL, NULL, 0);
	assert_report(&profile, "quadlet", &plain,
		HEAD "\n"
		     "# db (redis:7)\n"
		     "[Container]\n"
		     "DropCapability=\n"
		     "DropCapability=all\n"
		     "AddCapability=\n"
		     "AddCapability=CHOWN SETUID\n"
		     "\n"
		     "# web\n"
		     "[Container]\n"
		     "DropCapability=\n"
		     "DropCapability=all\n"
		     "AddCapability=\n");
}

static void the_prefix_is_taken(void **state)
{
	static const struct lc_style prefixed = {.cap_prefix = true};
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_container(&profile, "db", NULL, NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID));
	report = render(&profile, "quadlet", &prefixed);
	assert_non_null(strstr(report, "AddCapability=CAP_CHOWN CAP_SETUID\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_user_other_than_root_needs_no_more(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_AUDIT_WRITE));

	(void)state;
	web->user = strdup("33:33");
	web->verify = LC_CAP_BIT(CAP_AUDIT_WRITE);
	assert_report(&profile, "quadlet", &plain,
		HEAD "\n"
		     "# web\n"
		     "# AUDIT_WRITE may be survivable: verify by a run without it\n"
		     "[Container]\n"
		     "DropCapability=\n"
		     "DropCapability=all\n"
		     "AddCapability=\n"
		     "AddCapability=AUDIT_WRITE\n");
}

static void a_hostile_name_stays_inside_its_comment(void **state)
{
	struct lc_profile profile = {.lost = 2};

	(void)state;
	add_container(&profile, "x\nPodmanArgs=--privileged\\", "a\r[Container]\xff", NULL, 0);
	assert_report(&profile, "quadlet", &plain,
		"# INCOMPLETE: 2 checks were lost: a list may lack a capability\n" HEAD "\n"
		"# x\\nPodmanArgs=--privileged\\ (a\\r[Container]\\xff)\n"
		"[Container]\n"
		"DropCapability=\n"
		"DropCapability=all\n"
		"AddCapability=\n");
}

static void an_empty_recording_says_so(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_report(&profile, "quadlet", &plain, "# nothing was recorded: no container ran\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_container_has_a_drop_in_that_replaces_its_lists),
		cmocka_unit_test(the_prefix_is_taken),
		cmocka_unit_test(a_user_other_than_root_needs_no_more),
		cmocka_unit_test(a_hostile_name_stays_inside_its_comment),
		cmocka_unit_test(an_empty_recording_says_so),
	};

	return cmocka_run_group_tests_name("report_quadlet", tests, NULL, NULL);
}
