/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the filecap report. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};

#define HEAD "# in the image: RUN setcap … (libcap2-bin)\n# web\n"

static void use(struct lc_target *target, int cap, const char *exe)
{
	add_evidence(target, cap, LC_CLASS_REQUIRED, 1, exe, "bind", NULL);
	target->cap_add |= LC_CAP_BIT(cap);
}

static void a_program_gets_what_it_used(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "web", NULL, NULL, 0);

	(void)state;
	use(target, CAP_NET_BIND_SERVICE, "/usr/sbin/x");
	use(target, CAP_NET_RAW, "/usr/sbin/x");
	use(target, CAP_SYS_NICE, "/usr/bin/y");
	assert_report(&profile, "filecap", &plain,
		HEAD
		"setcap cap_net_bind_service,cap_net_raw=ep /usr/sbin/x\n"
		"setcap cap_sys_nice=ep /usr/bin/y\n"
		"# then as a user other than root, without no-new-privileges, with --cap-drop=ALL --cap-add=NET_BIND_SERVICE --cap-add=NET_RAW --cap-add=SYS_NICE\n");
}

static void what_makes_root_of_a_user_is_no_files(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "web", NULL, NULL, 0);

	(void)state;
	use(target, CAP_SETUID, "/usr/sbin/x");
	use(target, CAP_NET_RAW, "/usr/sbin/x");
	assert_report(&profile, "filecap", &plain,
		HEAD
		"# /usr/sbin/x: not by its file: SETUID, by which whoever runs it is as good as root; leastcap harden looks for what makes them unnecessary\n"
		"setcap cap_net_raw=ep /usr/sbin/x\n");
}

static void what_a_file_carries_already_needs_no_line(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_NET_RAW));
	struct lc_check *check = add_evidence(
		target, CAP_NET_RAW, LC_CLASS_IMPLIED, 1, "/bin/sh", "execve", "/usr/bin/ping carries NET_RAW=ep");

	(void)state;
	check->source = LC_SOURCE_FILE;
	assert_report(&profile, "filecap", &plain, HEAD "# files carry already: NET_RAW\n");
}

static void an_interpreter_is_warned_of(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "web", NULL, NULL, 0);
	char *report;

	(void)state;
	use(target, CAP_NET_RAW, "/usr/bin/python3.11");
	use(target, CAP_NET_RAW, "/usr/bin/nodeexporter");
	report = render(&profile, "filecap", &plain);
	assert_non_null(strstr(report,
		"# /usr/bin/python3.11 runs any script: whoever may start it has NET_RAW\nsetcap cap_net_raw=ep /usr/bin/python3.11\nsetcap cap_net_raw=ep /usr/bin/nodeexporter\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_hostile_path_is_one_word_or_a_comment(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "web", NULL, NULL, 0);
	char *report;

	(void)state;
	use(target, CAP_NET_RAW, "/x'; rm -r /");
	use(target, CAP_NET_RAW, "/y\nrm -r /");
	use(target, CAP_NET_RAW, "-r");
	report = render(&profile, "filecap", &plain);
	assert_non_null(strstr(report, "setcap cap_net_raw=ep '/x'\\''; rm -r /'\n"));
	assert_non_null(strstr(report, "# /y\\nrm -r /: its name can't be written here; it used NET_RAW\n"));
	assert_non_null(strstr(report, "# -r: its name can't be written here; it used NET_RAW\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_no_program_is_known_for_is_said(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_KILL));
	assert_report(&profile, "filecap", &plain, HEAD "# which program needs them is not known: KILL\n");
	add_container(&profile, "web", NULL, NULL, 0);
	assert_report(&profile, "filecap", &plain, HEAD "# nothing: it can run as any user as it is\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_gets_what_it_used),
		cmocka_unit_test(what_makes_root_of_a_user_is_no_files),
		cmocka_unit_test(what_a_file_carries_already_needs_no_line),
		cmocka_unit_test(an_interpreter_is_warned_of),
		cmocka_unit_test(a_hostile_path_is_one_word_or_a_comment),
		cmocka_unit_test(what_no_program_is_known_for_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
