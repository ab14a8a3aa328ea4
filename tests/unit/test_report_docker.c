/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the docker report and of the table of formats. */
#include "render.h"

#include <leastcap/profile.h>

static const struct lc_style plain = {.columns = 80};

static void each_container_has_a_comment_and_a_line_of_options(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "db", "redis:7", NULL, LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_CHOWN));
	add_container(&profile, "web", NULL, NULL, 0);
	assert_report(&profile, "docker", &plain,
		"# db (redis:7)\n"
		"--cap-drop=ALL --cap-add=CHOWN --cap-add=SETUID\n"
		"# web\n"
		"--cap-drop=ALL\n");
}

static void a_long_list_stays_on_one_line(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_container(&profile, "web", NULL, NULL, UINT64_C(0x1ffffffffff));
	report = render(&profile, "docker", &plain);
	/* The comment's line break, and the one at the end. */
	assert_ptr_equal(strchr(strchr(report, '\n') + 1, '\n'), report + strlen(report) - 1);
	assert_non_null(strstr(report, " --cap-add=CHECKPOINT_RESTORE\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_target_that_is_no_container_says_what_it_is(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "nginx", NULL, NULL, LC_CAP_BIT(CAP_CHOWN))->kind = LC_TARGET_COMMAND;
	assert_report(&profile, "docker", &plain,
		"# nginx (command)\n"
		"--cap-drop=ALL --cap-add=CHOWN\n");
}

static void a_hostile_name_stays_inside_its_comment(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "x\n--privileged", "a\033]0;b\007\xff", NULL, 0);
	assert_report(&profile, "docker", &plain,
		"# x\\n--privileged (a\\033]0;b\\x07\\xff)\n"
		"--cap-drop=ALL\n");
}

static void an_incomplete_recording_is_announced_first(void **state)
{
	struct lc_profile profile = {.lost = 123};

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0);
	assert_report(&profile, "docker", &plain,
		"# INCOMPLETE: 123 checks were lost: a list may lack a capability\n"
		"# web\n"
		"--cap-drop=ALL\n");
}

static void what_is_to_be_verified_and_what_an_ordinary_user_needs_are_comments(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_AUDIT_WRITE));
	web->user = strdup("1000\n--privileged");
	web->verify = LC_CAP_BIT(CAP_AUDIT_WRITE);
	web = add_container(&profile, "zoo", NULL, NULL, LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_AUDIT_WRITE));
	web->verify = web->cap_add;
	assert_report(&profile, "docker", &plain,
		"# web\n"
		"# It runs as user 1000\\n--privileged, not root: --cap-add reaches only its bounding set. The program also needs file capabilities (setcap) or ambient ones.\n"
		"# AUDIT_WRITE may be survivable: verify by a run without it\n"
		"--cap-drop=ALL --cap-add=KILL --cap-add=AUDIT_WRITE\n"
		"# zoo\n"
		"# KILL, AUDIT_WRITE may be survivable: verify by a run without them\n"
		"--cap-drop=ALL --cap-add=KILL --cap-add=AUDIT_WRITE\n");
}

static void an_empty_recording_says_so(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_report(&profile, "docker", &plain, "# nothing was recorded: no container ran\n");
}

static void every_format_in_the_table_is_found_by_its_name(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++, n++) {
		assert_ptr_equal(lc_report_find((*format)->name), *format);
		assert_non_null((*format)->description);
	}
	assert_int_equal(n, 21);
	assert_null(lc_report_find("xml"));
	assert_null(lc_report_find(""));
}

static void the_json_report_is_the_profile_itself(void **state)
{
	struct lc_profile profile = {.lost = 1};
	char *text;

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	text = lc_profile_to_json(&profile);
	assert_report(&profile, "json", &plain, text);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_container_has_a_comment_and_a_line_of_options),
		cmocka_unit_test(a_long_list_stays_on_one_line),
		cmocka_unit_test(a_target_that_is_no_container_says_what_it_is),
		cmocka_unit_test(a_hostile_name_stays_inside_its_comment),
		cmocka_unit_test(an_incomplete_recording_is_announced_first),
		cmocka_unit_test(what_is_to_be_verified_and_what_an_ordinary_user_needs_are_comments),
		cmocka_unit_test(an_empty_recording_says_so),
		cmocka_unit_test(every_format_in_the_table_is_found_by_its_name),
		cmocka_unit_test(the_json_report_is_the_profile_itself),
	};

	return cmocka_run_group_tests_name("report_docker", tests, NULL, NULL);
}
