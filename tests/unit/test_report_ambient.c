/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the ambient report. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};

#define HEAD                                                                                                                                  \
	"# Podman makes what is added ambient by itself, systemd by AmbientCapabilities= (-f systemd); -f filecap has it carried by files.\n" \
	"# web\n"

static struct lc_target *add_user(struct lc_profile *profile, const char *user, uint64_t caps)
{
	struct lc_target *target = add_container(profile, "web", NULL, NULL, caps);

	target->user = copy(user);
	return target;
}

static void a_user_other_than_root_is_given_the_list_by_setpriv(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_user(&profile, "33:34", LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	assert_report(&profile, "ambient", &plain,
		HEAD
		"# It runs as user 33:34, not root: --cap-add reaches only its bounding set. The program also needs file capabilities (setcap) or ambient ones.\n"
		"# ENTRYPOINT of an image that starts as root, with --user 0 --cap-drop=ALL --cap-add=KILL --cap-add=SETGID --cap-add=SETUID --cap-add=SETPCAP --cap-add=NET_BIND_SERVICE; the container's command follows\n"
		"exec setpriv --reuid=33 --regid=34 --clear-groups --inh-caps=-all,+kill,+net_bind_service --ambient-caps=-all,+kill,+net_bind_service --bounding-set=-all,+kill,+net_bind_service --no-new-privs \"$@\"\n");
}

static void root_needs_nothing(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_user(&profile, "0:0", LC_CAP_BIT(CAP_KILL));
	assert_report(&profile, "ambient", &plain, HEAD "# nothing: it runs as root, to whom --cap-add gives it\n");
}

static void an_empty_list_needs_nothing(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_user(&profile, "33:33", 0);
	assert_report(&profile, "ambient", &plain, HEAD "# nothing: its list is empty\n");
}

static void what_a_file_brings_is_not_raised(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_user(&profile, "33:33", LC_CAP_BIT(CAP_NET_RAW));
	char *report;

	(void)state;
	add_evidence(target, CAP_NET_RAW, LC_CLASS_IMPLIED, 1, "/bin/sh", "execve", "/usr/bin/ping carries NET_RAW=ep")
		->source = LC_SOURCE_FILE;
	report = render(&profile, "ambient", &plain);
	assert_non_null(strstr(report, "# nothing: its programs get it by themselves\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_user_that_is_no_number_is_put_into_no_line(void **state)
{
	static const char *const users[] = {"www-data", "33", "33:$(id)", "33:33 x", "4294967295:0", "-1:1"};

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		struct lc_profile profile = {0};
		char *report;

		add_user(&profile, users[i], LC_CAP_BIT(CAP_KILL));
		report = render(&profile, "ambient", &plain);
		assert_non_null(strstr(report, "# its user's numbers are not known\n"));
		assert_null(strstr(report, "setpriv --"));
		free(report);
		lc_profile_clear(&profile);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_other_than_root_is_given_the_list_by_setpriv),
		cmocka_unit_test(root_needs_nothing),
		cmocka_unit_test(an_empty_list_needs_nothing),
		cmocka_unit_test(what_a_file_brings_is_not_raised),
		cmocka_unit_test(a_user_that_is_no_number_is_put_into_no_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
