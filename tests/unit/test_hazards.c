/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the tables that an audit's score is made of. */
#include <leastcap/facts.h>

#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void each_kind_has_its_row_and_a_sentence(void **state)
{
	(void)state;
	for (int kind = 0; kind < LC_HAZARD_N; kind++) {
		const struct lc_hazard_row *row = lc_hazard_row((enum lc_hazard_kind)kind);

		assert_int_equal(row->kind, kind);
		assert_non_null(row->advice);
		assert_true(row->why || kind == LC_HAZARD_FILES || kind == LC_HAZARD_DEVICE ||
			    kind == LC_HAZARD_CAPABILITY);
		assert_true(row->points || !row->why);
		assert_true(!row->why || row->less <= row->points);
		assert_non_null(lc_hazard_name((enum lc_hazard_kind)kind));
	}
}

/* What a mount of PATH gives away: the points and the place. */
static void assert_place(const char *path, bool read_only, unsigned int points, const char *expected)
{
	const struct lc_host_place *place = lc_host_place_find(path, read_only);

	if (!expected) {
		assert_null(place);
		return;
	}
	assert_non_null(place);
	assert_string_equal(place->path, expected);
	assert_int_equal(read_only ? place->read_only : place->points, points);
}

static void a_mount_is_as_bad_as_the_place_that_it_gives_away(void **state)
{
	(void)state;
	assert_place("/", false, 100, "/");
	assert_place("/", true, 30, "/");
	assert_place("/etc", false, 100, "/etc");
	assert_place("/etc", true, 20, "/etc");
	assert_place("/root", false, 100, "/root");
	assert_place("/var/lib/docker", false, 100, "/var/lib/docker");
	assert_place("/proc", false, 100, "/proc");
	assert_place("/sys", false, 40, "/sys");
	assert_place("/dev", true, 60, "/dev");
}

static void what_lies_above_a_place_gives_it_away_too(void **state)
{
	(void)state;
	assert_place("/var", false, 100, "/var/lib/docker");
	assert_place("/var/lib", false, 100, "/var/lib/docker");
}

static void what_lies_in_a_place_counts_where_it_matters(void **state)
{
	(void)state;
	assert_place("/etc/cron.d", false, 100, "/etc");
	assert_place("/etc/shadow", true, 20, "/etc/shadow");
	assert_place("/root/.ssh", false, 100, "/root");
	assert_place("/etc/localtime", true, 0, NULL);
	assert_place("/etc/localtime", false, 2, "/etc/localtime");
	assert_place("/var/lib/docker/volumes/data/_data", false, 0, NULL);
	assert_place("/usr/share/zoneinfo", false, 0, NULL);
	assert_place("/run/dbus/system_bus_socket", true, 60, "/run/dbus");
	assert_place("/run/systemd/private", true, 100, "/run/systemd/private");
	assert_place("/run/systemd/journal", false, 0, NULL);
	assert_place("/etcetera", false, 0, NULL);
	assert_place("/srv/data", false, 0, NULL);
}

static void an_engines_socket_is_known_by_its_name_on_the_host(void **state)
{
	(void)state;
	assert_true(lc_is_engine_socket("/run/docker.sock"));
	assert_true(lc_is_engine_socket("/var/run/docker.sock"));
	assert_true(lc_is_engine_socket("/run/user/1000/podman/podman.sock"));
	assert_true(lc_is_engine_socket("/run/k3s/containerd/containerd.sock"));
	assert_false(lc_is_engine_socket("/run/docker.sock.bak"));
	assert_false(lc_is_engine_socket("/run/dbus/system_bus_socket"));
	assert_false(lc_is_engine_socket("docker.sock.d"));
	for (const char *const *socket = lc_engine_sockets(); *socket; socket++)
		assert_true(lc_is_engine_socket(*socket));
}

static void devices_that_every_container_has_are_none_of_the_hosts(void **state)
{
	static const struct {
		bool block;
		unsigned int major, minor, points;
	} devices[] = {
		{false, 1, 3, 0},   /* null */
		{false, 1, 9, 0},   /* urandom */
		{false, 5, 0, 0},   /* tty */
		{false, 136, 0, 0}, /* a terminal */
		{false, 1, 1, 100}, /* mem */
		{false, 10, 200, 5},
		{false, 10, 229, 5},
		{false, 10, 232, 10},
		{false, 226, 0, 10}, /* a graphics card */
		{true, 8, 0, 100},
		{true, 254, 0, 100},
		{true, 7, 0, 60},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++) {
		const struct lc_device_row *row = lc_device_find(devices[i].block, devices[i].major, devices[i].minor);

		assert_int_equal(row ? row->points : 0, devices[i].points);
		assert_true(!row || row->why);
	}
}

static void what_makes_a_capability_worse_is_worse_than_the_capability(void **state)
{
	(void)state;
	assert_int_equal(lc_danger_with_find(CAP_SYS_PTRACE, LC_HAZARD_PID)->points, 100);
	assert_null(lc_danger_with_find(CAP_SYS_PTRACE, LC_HAZARD_NETWORK));
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
		for (int kind = 0; kind < LC_HAZARD_N; kind++) {
			const struct lc_danger_with *with = lc_danger_with_find(cap, (enum lc_hazard_kind)kind);
			const struct lc_danger *danger = lc_danger_find(cap);

			assert_true(!with || with->points > (danger ? danger->points : 1));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_its_row_and_a_sentence),
		cmocka_unit_test(a_mount_is_as_bad_as_the_place_that_it_gives_away),
		cmocka_unit_test(what_lies_above_a_place_gives_it_away_too),
		cmocka_unit_test(what_lies_in_a_place_counts_where_it_matters),
		cmocka_unit_test(an_engines_socket_is_known_by_its_name_on_the_host),
		cmocka_unit_test(devices_that_every_container_has_are_none_of_the_hosts),
		cmocka_unit_test(what_makes_a_capability_worse_is_worse_than_the_capability),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
