/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of lines of mountinfo: every field whole, however long it is. */
#include <leastcap/host.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void a_line_is_taken_apart(void **state)
{
	char line[] = "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 shared:2 - cgroup cgroup rw,cpu,cpuacct\n";
	struct lc_mount mount;

	(void)state;
	assert_int_equal(lc_mount_line_parse(line, &mount), 0);
	assert_int_equal(mount.id, 36);
	assert_int_equal(mount.device, 98 << 20);
	assert_string_equal(mount.root, "/mnt1");
	assert_string_equal(mount.point, "/mnt2");
	assert_string_equal(mount.type, "cgroup");
	assert_string_equal(mount.options, "rw,cpu,cpuacct");
}

static void a_long_root_does_not_run_into_the_next_field(void **state)
{
	char line[8192], root[3000];
	struct lc_mount mount;

	(void)state;
	memset(root, 'r', sizeof(root) - 1);
	root[0] = '/';
	root[sizeof(root) - 1] = '\0';
	snprintf(line, sizeof(line), "36 35 0:1 %s /sys/fs/cgroup rw - cgroup2 none rw", root);
	assert_int_equal(lc_mount_line_parse(line, &mount), 0);
	assert_string_equal(mount.root, root);
	assert_string_equal(mount.point, "/sys/fs/cgroup");
	assert_string_equal(mount.type, "cgroup2");
}

static void a_mount_is_read_only_by_itself_or_with_its_file_system(void **state)
{
	static const struct {
		const char *line;
		bool read_only;
	} cases[] = {
		{"1 2 0:1 / /a rw,nosuid - tmpfs none rw,size=4k", false},
		{"1 2 0:1 / /a ro,nosuid - tmpfs none rw,size=4k", true},
		{"1 2 0:1 / /a rw shared:1 master:2 - tmpfs none ro", true},
		{"1 2 0:1 / /a rw - tmpfs ro rw,ro", false},
		{"1 2 0:1 / /a root - tmpfs none rw", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lc_mount mount;
		char line[128];

		snprintf(line, sizeof(line), "%s", cases[i].line);
		assert_int_equal(lc_mount_line_parse(line, &mount), 0);
		assert_int_equal(mount.read_only, cases[i].read_only);
	}
}

static void escapes_are_undone_and_what_is_none_stays(void **state)
{
	char line[] = "1 2 0:1 /a\\040b /c\\134d\\9 rw - cgroup2  rw";
	struct lc_mount mount;

	(void)state;
	assert_int_equal(lc_mount_line_parse(line, &mount), 0);
	assert_string_equal(mount.root, "/a b");
	assert_string_equal(mount.point, "/c\\d\\9");
	assert_string_equal(mount.options, "rw");
}

static void a_line_that_breaks_off_is_refused(void **state)
{
	const char *const lines[] = {"", "1 2 0:1 / /", "1 2 0 / / rw - ext4 a rw",
		"1 2 0:4294967295 / / rw - ext4 a rw", "1 2 0:1 / / rw shared:1", "1 2 0:1 / / rw - cgroup2", "\n"};
	struct lc_mount mount;
	char line[64];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(line, sizeof(line), "%s", lines[i]);
		assert_int_equal(lc_mount_line_parse(line, &mount), -EINVAL);
	}
}

/* Where a mount was found, and how many were seen. */
struct seen {
	const char *point;
	size_t n;
};

static int see(void *context, const struct lc_mount *mount)
{
	struct seen *seen = context;

	seen->n++;
	return strcmp(mount->point, seen->point) == 0 ? 7 : 0;
}

static void every_mount_is_seen_until_one_is_enough(void **state)
{
	struct seen proc = {.point = "/proc"}, none = {.point = "no such place"};

	(void)state;
	assert_int_equal(lc_mounts_each(0, see, &proc), 7);
	assert_int_equal(lc_mounts_each(getpid(), see, &none), 0);
	assert_true(none.n >= proc.n && proc.n > 0);
	assert_int_equal(lc_mounts_each(-1, see, &none), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_taken_apart),
		cmocka_unit_test(a_long_root_does_not_run_into_the_next_field),
		cmocka_unit_test(a_mount_is_read_only_by_itself_or_with_its_file_system),
		cmocka_unit_test(escapes_are_undone_and_what_is_none_stays),
		cmocka_unit_test(a_line_that_breaks_off_is_refused),
		cmocka_unit_test(every_mount_is_seen_until_one_is_enough),
	};

	return cmocka_run_group_tests_name("mounts", tests, NULL, NULL);
}
