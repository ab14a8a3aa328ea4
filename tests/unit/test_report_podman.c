/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the podman and nerdctl reports, and of the spelling that engines take as well. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};

static const struct lc_style prefixed = {.columns = 80, .cap_prefix = true};

/* What Podman adds is ambient for a user other than root; docker's and nerdctl's is not. */
static void a_user_other_than_root_gets_the_list_from_podman_and_not_from_nerdctl(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", "nginx:1.22", NULL, LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_AUDIT_WRITE));
	web->user = strdup("33:33");
	web->verify = LC_CAP_BIT(CAP_AUDIT_WRITE);
	assert_rendered(&profile, "podman", &plain,
		"# web (nginx:1.22)\n"
		"# AUDIT_WRITE may be survivable: verify by a run without it\n"
		"--cap-drop=ALL --cap-add=KILL --cap-add=AUDIT_WRITE\n");
	assert_report(&profile, "nerdctl", &plain,
		"# web (nginx:1.22)\n"
		"# It runs as user 33:33, not root: --cap-add reaches only its bounding set. The program also needs file capabilities (setcap) or ambient ones.\n"
		"# AUDIT_WRITE may be survivable: verify by a run without it\n"
		"--cap-drop=ALL --cap-add=KILL --cap-add=AUDIT_WRITE\n");
}

static void an_incomplete_recording_and_an_empty_one_are_announced(void **state)
{
	struct lc_profile profile = {.lost = 1};

	(void)state;
	assert_rendered(&profile, "podman", &plain,
		"# INCOMPLETE: 1 check was lost: a list may lack a capability\n"
		"# nothing was recorded of any container, and checks were lost: record again\n");
	assert_report(&profile, "nerdctl", &plain,
		"# INCOMPLETE: 1 check was lost: a list may lack a capability\n"
		"# nothing was recorded of any container, and checks were lost: record again\n");
}

static void a_hostile_name_stays_inside_its_comment(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "x\n--privileged", "a\033]0;b\007\xff", NULL, 0);
	assert_rendered(&profile, "podman", &plain, "# x\\n--privileged (a\\033]0;b\\x07\\xff)\n--cap-drop=ALL\n");
	assert_report(&profile, "nerdctl", &plain, "# x\\n--privileged (a\\033]0;b\\x07\\xff)\n--cap-drop=ALL\n");
}

static void engines_take_the_prefix_where_it_is_asked_for(void **state)
{
	static const char *const formats[] = {"docker", "podman", "nerdctl"};
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_BPF));
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		assert_rendered(&profile, formats[i], &prefixed,
			"# web\n--cap-drop=ALL --cap-add=CAP_CHOWN --cap-add=CAP_BPF\n");
	lc_profile_clear(&profile);
}

static void a_capability_without_a_name_gets_no_second_prefix(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(62));
	assert_report(&profile, "podman", &prefixed, "# web\n--cap-drop=ALL --cap-add=CAP_62\n");
}

static void compose_takes_the_prefix_too(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-web-1", NULL, "web", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID));
	add_container(&profile, "other", NULL, NULL, LC_CAP_BIT(CAP_KILL));
	assert_report(&profile, "compose", &prefixed,
		"# for compose project shop\n"
		"# !override needs Docker Compose 2.24.4 or later\n"
		"# left out: other: not started by compose: --cap-drop=ALL --cap-add=CAP_KILL\n"
		"services:\n"
		"  web:\n"
		"    # shop-web-1\n"
		"    cap_drop: !override [ALL]\n"
		"    cap_add: !override [CAP_CHOWN, CAP_SETUID]\n");
}

static void only_formats_whose_consumers_take_both_spellings_say_so(void **state)
{
	static const char *const either[] = {
		"docker", "podman", "nerdctl", "compose", "quadlet", "dockerfile", "label"};
	size_t n = 0;

	(void)state;
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++)
		n += (*format)->either_spelling;
	assert_int_equal(n, sizeof(either) / sizeof(either[0]));
	for (size_t i = 0; i < n; i++)
		assert_true(lc_report_find(either[i])->either_spelling);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_other_than_root_gets_the_list_from_podman_and_not_from_nerdctl),
		cmocka_unit_test(an_incomplete_recording_and_an_empty_one_are_announced),
		cmocka_unit_test(a_hostile_name_stays_inside_its_comment),
		cmocka_unit_test(engines_take_the_prefix_where_it_is_asked_for),
		cmocka_unit_test(a_capability_without_a_name_gets_no_second_prefix),
		cmocka_unit_test(compose_takes_the_prefix_too),
		cmocka_unit_test(only_formats_whose_consumers_take_both_spellings_say_so),
	};

	return cmocka_run_group_tests_name("report_podman", tests, NULL, NULL);
}
