/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what a container could take so that it needs less, and of the reasons why it can't. */
#include "evidence.h"

#include <leastcap/harden.h>
#include <leastcap/profile.h>

#include <sys/stat.h>

/* A container that became 100:101 at its start, and served. */
static struct lc_target server(void)
{
	return (struct lc_target){
		.kind = LC_TARGET_CONTAINER,
		.name = strdup("web"),
		.user = strdup("0:0"),
		.life = {.began_ns = 1, .served_ns = 2, .sign = LC_SIGN_ACCEPT, .starts = 1},
	};
}

/* Adds what was asked for CAP, ABOUT something, at the start. */
static struct lc_check *ask(struct lc_target *target, int cap, const char *about)
{
	struct lc_check *check = add(target, granted_check(cap, UNKNOWN));

	check->class = LC_CLASS_REQUIRED;
	check->at_start = true;
	check->about = about ? strdup(about) : NULL;
	target->cap_add |= LC_CAP_BIT(cap);
	return check;
}

/* Adds that root became 100:101. */
static void drop(struct lc_target *target)
{
	ask(target, CAP_SETGID, NULL);
	ask(target, CAP_SETGID, "gid 101");
	ask(target, CAP_SETUID, "uid 100")->exe = strdup("/usr/sbin/gosu");
}

/* Adds that the start gave PATH, of MODE, to somebody, COUNT times. */
static void give(struct lc_target *target, const char *path, mode_t mode, uint64_t count)
{
	struct lc_check *check = ask(target, CAP_CHOWN, path);

	check->object.path = strdup(path);
	check->object.mode = mode | 0755;
	check->count = count;
}

static struct lc_harden_plan plan_of(const struct lc_target *target)
{
	struct lc_harden_plan plan;

	assert_int_equal(lc_harden_plan(target, &plan), 0);
	return plan;
}

/* Asserts that PLAN has a reason of which TEXT is a part, for CAPS. */
static void assert_reason(const struct lc_harden_plan *plan, uint64_t caps, const char *text)
{
	for (size_t i = 0; i < plan->n_reasons; i++) {
		if (plan->reasons[i].caps == caps && strstr(plan->reasons[i].text, text))
			return;
	}
	for (size_t i = 0; i < plan->n_reasons; i++)
		print_message("%llx %s\n", (unsigned long long)plan->reasons[i].caps, plan->reasons[i].text);
	fail_msg("no reason has \"%s\"", text);
}

static void who_drops_root_at_the_start_starts_as_that_user(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	give(&target, "/data", S_IFDIR, 1);
	drop(&target);
	plan = plan_of(&target);
	assert_true(plan.as_user);
	assert_int_equal(plan.uid, 100);
	assert_true(plan.has_gid);
	assert_int_equal(plan.gid, 101);
	assert_int_equal(plan.left, 0);
	assert_int_equal(plan.n_reasons, 0);
	assert_int_equal(plan.n_paths, 1);
	assert_string_equal(plan.paths[0].path, "/data");
	assert_true(plan.paths[0].directory);
	assert_string_equal(plan.changers, "gosu");
	assert_false(plan.guesses);
}

static void signals_among_its_own_need_nothing_then(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};
	struct lc_check *kill;

	(void)state;
	drop(&target);
	kill = ask(&target, CAP_KILL, "pid 7, SIGTERM");
	kill->at_start = false;
	kill->at_stop = true;
	plan = plan_of(&target);
	assert_true(plan.as_user);
	assert_int_equal(plan.left, 0);
}

static void of_several_files_the_directory_of_the_first_is_taken(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	drop(&target);
	give(&target, "/var/lib/nginx/body", S_IFDIR, 5);
	give(&target, "/data/dump.rdb", S_IFREG, 9);
	give(&target, "/data", S_IFDIR, 1);
	give(&target, "/data-too", S_IFDIR, 40);
	give(&target, "/etc/one.conf", S_IFREG, 1);
	give(&target, "/tmp/anything", S_IFREG, 7);
	give(&target, "/srv/b\303\274cher-1.0_a+b", S_IFDIR, 1);
	plan = plan_of(&target);
	assert_true(plan.as_user);
	assert_true(plan.guesses);
	assert_int_equal(plan.n_paths, 5);
	assert_string_equal(plan.paths[4].path, "/srv/b\303\274cher-1.0_a+b");
	assert_string_equal(plan.paths[0].path, "/var/lib/nginx");
	assert_string_equal(plan.paths[1].path, "/data");
	assert_string_equal(plan.paths[2].path, "/data-too");
	assert_string_equal(plan.paths[3].path, "/etc/one.conf");
	assert_false(plan.paths[3].directory);
}

static void a_directory_takes_the_place_of_what_lies_in_it(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	drop(&target);
	give(&target, "/data/a", S_IFREG, 1);
	give(&target, "/data/b", S_IFDIR, 1);
	give(&target, "/data/b/c", S_IFREG, 1);
	give(&target, "/datab", S_IFDIR, 1);
	give(&target, "/data", S_IFDIR, 1);
	plan = plan_of(&target);
	assert_int_equal(plan.n_paths, 2);
	assert_string_equal(plan.paths[0].path, "/datab");
	assert_string_equal(plan.paths[1].path, "/data");
}

static void what_can_not_be_given_away_is_the_reason(void **state)
{
	static const struct {
		const char *path;
		mode_t mode;
		uint64_t count;
		const char *why;
	} rows[] = {
		{"/dev/stdout", S_IFCHR, 1, "/dev/stdout is mounted into the container"},
		{"/etc/hosts", S_IFREG, 1, "/etc/hosts is mounted"},
		{"/var/lib", S_IFDIR, 1, "a directory of the whole system"},
		{"/", S_IFDIR, 3, "a directory of the whole system"},
		{"/etc/passwd", S_IFREG, 2, "only the first of several files"},
		{"/run/web.pid", S_IFREG, 1, "made at the start"},
		{"/data/\"]\nRUN rm -rf /", S_IFREG, 1, "cannot be written into a Dockerfile safely"},
		{"/data/$(reboot)", S_IFREG, 1, "cannot be written into a Dockerfile safely"},
		{"/data; reboot", S_IFDIR, 1, "cannot be written into a Dockerfile safely"},
		{"/data /etc", S_IFDIR, 1, "cannot be written into a Dockerfile safely"},
		{"/data/*", S_IFDIR, 1, "cannot be written into a Dockerfile safely"},
		{"/data/", S_IFDIR, 1, "cannot be written into a Dockerfile safely"},
		{"/data/../etc", S_IFDIR, 1, "cannot be written into a Dockerfile safely"},
		{"/data/<<EOF", S_IFDIR, 1, "cannot be written into a Dockerfile safely"},
		{"/data/\342\200\256", S_IFDIR, 1, "cannot be written into a Dockerfile safely"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		_cleanup_(lc_target_clear) struct lc_target target = server();
		_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

		drop(&target);
		give(&target, rows[i].path, rows[i].mode, rows[i].count);
		plan = plan_of(&target);
		assert_false(lc_harden_any(&plan));
		assert_int_equal(plan.n_paths, 0);
		assert_int_equal(plan.left, target.cap_add);
		assert_reason(&plan, LC_CAP_BIT(CAP_CHOWN), rows[i].why);
		assert_reason(&plan, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID), "which the other reasons forbid");
	}
}

static void who_changes_users_while_it_serves_stays_root(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	drop(&target);
	target.evidence[2].while_serving = true;
	plan = plan_of(&target);
	assert_false(plan.as_user);
	assert_reason(&plan, LC_CAP_BIT(CAP_SETUID), "it changes users while it serves, too");
}

static void several_users_are_no_one_user(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	drop(&target);
	ask(&target, CAP_SETUID, "uid 7");
	plan = plan_of(&target);
	assert_false(plan.as_user);
	assert_reason(&plan, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID), "as which one user");
}

static void what_only_root_can_use_keeps_it_root(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	drop(&target);
	ask(&target, CAP_NET_ADMIN, NULL);
	ask(&target, CAP_AUDIT_WRITE, NULL);
	target.verify = LC_CAP_BIT(CAP_AUDIT_WRITE);
	plan = plan_of(&target);
	assert_false(plan.as_user);
	assert_int_equal(plan.left, target.cap_add);
	assert_reason(&plan, LC_CAP_BIT(CAP_NET_ADMIN), "another user has nothing of what is added");
	assert_reason(&plan, LC_CAP_BIT(CAP_AUDIT_WRITE), "'leastcap prove' tells");
}

static void what_a_file_carries_stays_on_the_list_of_any_user(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};
	struct lc_check *check;

	(void)state;
	drop(&target);
	check = ask(&target, CAP_NET_RAW, "/usr/bin/ping carries cap_net_raw=ep");
	check->class = LC_CLASS_IMPLIED;
	check->source = LC_SOURCE_FILE;
	plan = plan_of(&target);
	assert_true(plan.as_user);
	assert_int_equal(plan.left, LC_CAP_BIT(CAP_NET_RAW));
	assert_reason(&plan, LC_CAP_BIT(CAP_NET_RAW), "a file of the image carries it");
}

static void ports_are_opened_to_everybody(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	ask(&target, CAP_NET_BIND_SERVICE, "port 80")->at_start = false;
	drop(&target);
	plan = plan_of(&target);
	assert_true(plan.open_ports);
	assert_true(plan.as_user);
	assert_int_equal(plan.left, 0);
}

static void a_port_that_a_program_names_by_its_capability_stays(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};
	struct lc_check *check;

	(void)state;
	drop(&target);
	check = ask(&target, CAP_NET_BIND_SERVICE, NULL);
	check->class = LC_CLASS_IMPLIED;
	check->source = LC_SOURCE_CAPSET;
	plan = plan_of(&target);
	assert_false(lc_harden_any(&plan));
	assert_reason(&plan, LC_CAP_BIT(CAP_NET_BIND_SERVICE), "names it outright");
}

static void without_a_sign_of_service_nothing_is_known(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	drop(&target);
	target.life.sign = LC_SIGN_NONE;
	plan = plan_of(&target);
	assert_false(lc_harden_any(&plan));
	assert_reason(&plan, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID), "when its start was over is not known");
}

static void only_containers_are_hardened(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};

	(void)state;
	drop(&target);
	target.kind = LC_TARGET_COMMAND;
	plan = plan_of(&target);
	assert_false(lc_harden_any(&plan));
	assert_reason(&plan, target.cap_add, "only containers");
}

/* nginx, whose recording did not last until it served: each capability has its reason. */
static void a_recorded_profile_has_a_reason_for_all_that_stays(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};
	_cleanup_free_ char *message = NULL;
	uint64_t said = 0;

	(void)state;
	assert_int_equal(lc_profile_load(&profile, "tests/unit/fixtures/nginx_container.json", &message), 0);
	plan = plan_of(&profile.targets[0]);
	for (size_t i = 0; i < plan.n_reasons; i++)
		said |= plan.reasons[i].caps;
	assert_false(lc_harden_any(&plan));
	assert_int_equal(said, profile.targets[0].cap_add);
}

static void the_steps_say_what_to_do_in_which_order(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = server();
	_cleanup_(lc_harden_plan_clear) struct lc_harden_plan plan = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	const struct lc_style style = {0};

	(void)state;
	free(target.name);
	target.name = strdup("web\033[2J");
	give(&target, "/data", S_IFDIR, 1);
	drop(&target);
	ask(&target, CAP_NET_BIND_SERVICE, "port 80");
	plan = plan_of(&target);
	lc_harden_add_steps(&out, &style, &plan);
	assert_string_equal(out.text,
		"web\\033[2J needs CHOWN, SETGID, SETUID, NET_BIND_SERVICE\n"
		"  1. When the image is built, give what its start prepares to that user: RUN chown -R 100:101 /data. A volume that has files already has to be given to it once.\n"
		"  2. Start it as that user: USER 100:101 in the Dockerfile, user: \"100:101\" in compose, or --user 100:101. What changes users now (gosu) mostly fails then: a start script has to pass over it where id -u does not say 0, as those of official images do.\n"
		"  3. Let everybody in it bind ports below 1024: the sysctl net.ipv4.ip_unprivileged_port_start=0, which Docker sets by itself since 20.10. In the host's network that can't be.\n"
		"  4. Drop ALL, and add nothing. Then prove it: what root itself owns and the other user may not write was not recorded.\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_drops_root_at_the_start_starts_as_that_user),
		cmocka_unit_test(signals_among_its_own_need_nothing_then),
		cmocka_unit_test(of_several_files_the_directory_of_the_first_is_taken),
		cmocka_unit_test(a_directory_takes_the_place_of_what_lies_in_it),
		cmocka_unit_test(what_can_not_be_given_away_is_the_reason),
		cmocka_unit_test(who_changes_users_while_it_serves_stays_root),
		cmocka_unit_test(several_users_are_no_one_user),
		cmocka_unit_test(what_only_root_can_use_keeps_it_root),
		cmocka_unit_test(what_a_file_carries_stays_on_the_list_of_any_user),
		cmocka_unit_test(ports_are_opened_to_everybody),
		cmocka_unit_test(a_port_that_a_program_names_by_its_capability_stays),
		cmocka_unit_test(without_a_sign_of_service_nothing_is_known),
		cmocka_unit_test(only_containers_are_hardened),
		cmocka_unit_test(a_recorded_profile_has_a_reason_for_all_that_stays),
		cmocka_unit_test(the_steps_say_what_to_do_in_which_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
