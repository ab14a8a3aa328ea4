/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what is read out of systemctl's words, and of which cgroups are a unit's. */
#include <leastcap/capset.h>
#include <leastcap/clock.h>
#include <leastcap/unit.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>

#include <cmocka.h>

/* 2026-12-01 00:12:58 UTC */
#define MOMENT (INT64_C(1796083978) * LC_NS_PER_S)

static struct lc_unit unit;

static int tear_down(void **state)
{
	(void)state;
	lc_unit_clear(&unit);
	return 0;
}

/* Takes what is said in TEXT. */
static void take(const char *text)
{
	char *copy = strdup(text);

	assert_non_null(copy);
	assert_int_equal(lc_unit_take(&unit, copy), 0);
	free(copy);
}

static void the_numbers_of_a_running_service_are_its_user(void **state)
{
	(void)state;
	take("User=www-data\nGroup=\nUID=33\nGID=33\nDynamicUser=no\n");
	assert_string_equal(unit.user, "33:33");
	/* They stay known when it has ended. */
	take("User=www-data\nGroup=\nUID=[not set]\nGID=[not set]\n");
	assert_string_equal(unit.user, "33:33");
}

static void names_are_its_user_where_it_does_not_run(void **state)
{
	(void)state;
	take("User=www-data\nGroup=adm\nUID=[not set]\nGID=[not set]\n");
	assert_string_equal(unit.user, "www-data:adm");
}

static void a_dynamic_user_is_not_root(void **state)
{
	(void)state;
	take("User=\nGroup=\nUID=[not set]\nGID=[not set]\nDynamicUser=yes\n");
	assert_string_equal(unit.user, "dynamic:dynamic");
}

static void without_a_user_it_is_root(void **state)
{
	(void)state;
	take("User=\nGroup=\nUID=[not set]\nGID=[not set]\nDynamicUser=no\nPrivateUsers=no\n");
	assert_null(unit.user);
	assert_false(unit.own_users);
}

static void the_bounding_set_and_private_users_are_read(void **state)
{
	(void)state;
	take("CapabilityBoundingSet=cap_chown cap_kill cap_from_the_future\nPrivateUsers=identity\n");
	assert_int_equal(unit.bounding, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
	assert_true(unit.own_users);
}

static void commands_with_a_plus_are_known_with_their_times(void **state)
{
	(void)state;
	take("ExecStartPreEx={ path=/bin/sh ; argv[]=/bin/sh -c true; false ; flags=privileged ; start_time=[Tue 2026-12-01 00:12:58.000001 UTC] ; stop_time=[Tue 2026-12-01 00:12:59.500000 UTC] ; pid=15 ; code=exited ; status=0 }\n"
	     "ExecStartPreEx={ path=/bin/id ; argv[]=/bin/id ; flags=no-setuid ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }\n"
	     "ExecReloadEx={ path=/bin/kill ; argv[]=/bin/kill -HUP $MAINPID ; flags=ignore-failure privileged ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }\n"
	     "ExecStartEx={ path=/bin/sleep ; argv[]=/bin/sleep 9 ; flags= ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }\n");
	assert_int_equal(unit.n_commands, 2);
	assert_string_equal(unit.commands[0].path, "/bin/sh");
	assert_true(unit.commands[0].alone);
	assert_int_equal(unit.commands[0].begun_ns, MOMENT + 1000);
	assert_int_equal(unit.commands[0].ended_ns, MOMENT + 1500 * LC_NS_PER_MS);
	assert_string_equal(unit.commands[1].path, "/bin/kill");
	assert_false(unit.commands[1].alone);
	assert_int_equal(unit.commands[1].begun_ns, 0);
	assert_false(unit.unlimited);
}

static void a_commands_own_words_are_not_taken_for_its_flags(void **state)
{
	(void)state;
	take("ExecStartPreEx={ path=/bin/sh ; argv[]=/bin/sh -c : ; flags=privileged ; flags= ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }\n");
	assert_int_equal(unit.n_commands, 0);
}

static void a_service_with_a_plus_itself_is_unlimited(void **state)
{
	(void)state;
	take("ExecStartEx={ path=/bin/sleep ; argv[]=/bin/sleep 9 ; flags=privileged ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }\n");
	assert_true(unit.unlimited);
	assert_int_equal(unit.n_commands, 0);
}

static void what_lies_in_its_cgroup_is_a_services(void **state)
{
	const struct lc_unit service = {.cgroup = (char *)(uintptr_t) "/system.slice/web.service"};

	(void)state;
	assert_true(lc_unit_has_cgroup(&service, "/system.slice/web.service"));
	assert_true(lc_unit_has_cgroup(&service, "/system.slice/web.service/.control"));
	assert_false(lc_unit_has_cgroup(&service, "/system.slice/web.service2"));
	assert_false(lc_unit_has_cgroup(&service, "/system.slice"));
}

static void all_instances_of_a_template_are_meant(void **state)
{
	const struct lc_unit template = {
		.cgroup = (char *)(uintptr_t) "/system.slice/system-ssh.slice/ssh@.service", .instances = true};

	(void)state;
	assert_true(lc_unit_has_cgroup(&template, "/system.slice/system-ssh.slice/ssh@1-10.0.0.1:22.service"));
	assert_true(lc_unit_has_cgroup(&template, "/system.slice/system-ssh.slice/ssh@1.service/inner"));
	assert_false(lc_unit_has_cgroup(&template, "/system.slice/system-ssh.slice/ssh@1.scope"));
	assert_false(lc_unit_has_cgroup(&template, "/system.slice/system-ssh.slice/sshd.service"));
	assert_false(lc_unit_has_cgroup(&template, "/system.slice/system-ssh.slice"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(the_numbers_of_a_running_service_are_its_user, tear_down),
		cmocka_unit_test_teardown(names_are_its_user_where_it_does_not_run, tear_down),
		cmocka_unit_test_teardown(a_dynamic_user_is_not_root, tear_down),
		cmocka_unit_test_teardown(without_a_user_it_is_root, tear_down),
		cmocka_unit_test_teardown(the_bounding_set_and_private_users_are_read, tear_down),
		cmocka_unit_test_teardown(commands_with_a_plus_are_known_with_their_times, tear_down),
		cmocka_unit_test_teardown(a_commands_own_words_are_not_taken_for_its_flags, tear_down),
		cmocka_unit_test_teardown(a_service_with_a_plus_itself_is_unlimited, tear_down),
		cmocka_unit_test(what_lies_in_its_cgroup_is_a_services),
		cmocka_unit_test(all_instances_of_a_template_are_meant),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
