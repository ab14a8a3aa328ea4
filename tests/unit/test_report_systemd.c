/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the systemd report. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};

#define HEAD "# each part is a file of its own: NAME.service.d/50-leastcap.conf\n"

static struct lc_target *add_service(struct lc_profile *profile, const char *name, const char *user, uint64_t cap_add)
{
	struct lc_target *target = add_container(profile, name, NULL, NULL, cap_add);

	target->kind = LC_TARGET_SERVICE;
	target->user = copy(user);
	return target;
}

static void each_service_has_a_drop_in_that_replaces_its_sets(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_service(&profile, "db.service", "0:0", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_RAW));
	add_service(&profile, "web.service", NULL, 0);
	assert_report(&profile, "systemd", &plain,
		HEAD "\n"
		     "# db.service (service)\n"
		     "[Service]\n"
		     "CapabilityBoundingSet=\n"
		     "CapabilityBoundingSet=CAP_CHOWN CAP_NET_RAW\n"
		     "NoNewPrivileges=yes\n"
		     "\n"
		     "# web.service (service)\n"
		     "[Service]\n"
		     "CapabilityBoundingSet=\n"
		     "NoNewPrivileges=yes\n");
}

static void a_service_of_another_user_gets_its_list_by_ambient_capabilities(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_service(&profile, "dns.service", "53:53", LC_CAP_BIT(CAP_NET_BIND_SERVICE))->verify =
		LC_CAP_BIT(CAP_NET_BIND_SERVICE);
	add_service(&profile, "web.service", "33:33", 0);
	assert_report(&profile, "systemd", &plain,
		HEAD "\n"
		     "# dns.service (service)\n"
		     "# NET_BIND_SERVICE may be survivable: verify by a run without it\n"
		     "[Service]\n"
		     "CapabilityBoundingSet=\n"
		     "CapabilityBoundingSet=CAP_NET_BIND_SERVICE\n"
		     "AmbientCapabilities=\n"
		     "AmbientCapabilities=CAP_NET_BIND_SERVICE\n"
		     "NoNewPrivileges=yes\n"
		     "\n"
		     "# web.service (service)\n"
		     "[Service]\n"
		     "CapabilityBoundingSet=\n"
		     "AmbientCapabilities=\n"
		     "NoNewPrivileges=yes\n");
}

static void what_an_executable_brings_is_not_made_ambient_and_may_be_gained(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web =
		add_service(&profile, "web.service", "33:33", LC_CAP_BIT(CAP_NET_RAW) | LC_CAP_BIT(CAP_SETUID));

	(void)state;
	add_evidence(web, CAP_NET_RAW, LC_CLASS_IMPLIED, 1, "/bin/sh", "execve", "/bin/ping")->source = LC_SOURCE_FILE;
	add_evidence(web, CAP_SETUID, LC_CLASS_REQUIRED, 1, "/bin/su", "setuid", NULL)->user = strdup("0:33");
	assert_report(&profile, "systemd", &plain,
		HEAD "\n"
		     "# web.service (service)\n"
		     "[Service]\n"
		     "CapabilityBoundingSet=\n"
		     "CapabilityBoundingSet=CAP_SETUID CAP_NET_RAW\n"
		     "AmbientCapabilities=\n");
}

static void whoever_changes_users_is_told_about_set_user_id_programs(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_service(&profile, "cron.service", "0:0", LC_CAP_BIT(CAP_SETUID));
	assert_report(&profile, "systemd", &plain,
		HEAD
		"\n"
		"# cron.service (service)\n"
		"# It changes users: where one of them gains rights by a set-user-ID program (sudo, su), leave out NoNewPrivileges.\n"
		"[Service]\n"
		"CapabilityBoundingSet=\n"
		"CapabilityBoundingSet=CAP_SETUID\n"
		"NoNewPrivileges=yes\n");
}

static void a_hostile_name_stays_inside_its_comment(void **state)
{
	struct lc_profile profile = {.lost = 2};

	(void)state;
	add_container(&profile, "x\n[Service]\nExecStart=/bin/sh", "a\033[2J\\", NULL, 0);
	assert_report(&profile, "systemd", &plain,
		"# INCOMPLETE: 2 checks were lost: a list may lack a capability\n" HEAD "\n"
		"# x\\n[Service]\\nExecStart=/bin/sh (a\\033[2J\\)\n"
		"[Service]\n"
		"CapabilityBoundingSet=\n"
		"NoNewPrivileges=yes\n");
}

static void an_empty_recording_says_so(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_report(&profile, "systemd", &plain, "# nothing was recorded: no container ran\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_service_has_a_drop_in_that_replaces_its_sets),
		cmocka_unit_test(a_service_of_another_user_gets_its_list_by_ambient_capabilities),
		cmocka_unit_test(what_an_executable_brings_is_not_made_ambient_and_may_be_gained),
		cmocka_unit_test(whoever_changes_users_is_told_about_set_user_id_programs),
		cmocka_unit_test(a_hostile_name_stays_inside_its_comment),
		cmocka_unit_test(an_empty_recording_says_so),
	};

	return cmocka_run_group_tests_name("report_systemd", tests, NULL, NULL);
}
