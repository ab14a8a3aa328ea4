/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the search for set-user-ID programs and devices in a container's files. */
#include "rootfs_tree.h"

#include <leastcap/rootfs.h>

#include <sys/sysmacros.h>
#include <sys/xattr.h>

static void put_file(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static struct lc_special_files find(const struct tree *tree)
{
	struct lc_special_files found;

	lc_rootfs_find_special(tree->root, &found);
	return found;
}

static void a_set_user_id_program_is_found_once_where_bin_is_a_link(void **state)
{
	struct lc_special_files found;

	assert_int_equal(mkdir("usr", 0755), 0);
	assert_int_equal(mkdir("usr/bin", 0755), 0);
	assert_int_equal(symlink("usr/bin", "bin"), 0);
	put_file("usr/bin/su", 04755);
	put_file("usr/bin/ls", 0755);
	put_file("usr/bin/note", 04644);
	found = find(*state);
	assert_int_equal(found.n_programs, 1);
	assert_string_equal(found.program, "/usr/bin/su");
	assert_int_equal(found.n_devices, 0);
}

static void a_program_with_file_capabilities_is_found(void **state)
{
	/* Revision 2, effective, NET_RAW. */
	static const unsigned char net_raw[20] = {1, 0, 0, 2, 0, 0x20};
	struct lc_special_files found;

	if (geteuid() != 0)
		skip();
	assert_int_equal(mkdir("bin", 0755), 0);
	put_file("bin/ping", 0755);
	if (setxattr("bin/ping", "security.capability", net_raw, sizeof(net_raw), 0))
		skip();
	found = find(*state);
	assert_int_equal(found.n_programs, 1);
	assert_string_equal(found.program, "/bin/ping");
}

static void devices_are_found_with_their_numbers(void **state)
{
	struct lc_special_files found;

	if (geteuid() != 0)
		skip();
	assert_int_equal(mkdir("dev", 0755), 0);
	assert_int_equal(mkdir("dev/net", 0755), 0);
	if (mknod("dev/sda", S_IFBLK | 0600, makedev(8, 0)) || mknod("dev/net/tun", S_IFCHR | 0600, makedev(10, 200)))
		skip();
	put_file("dev/note", 0644);
	found = find(*state);
	assert_int_equal(found.n_devices, 2);
	assert_true(found.devices[0].block);
	assert_int_equal(found.devices[0].major, 8);
	assert_string_equal(found.devices[0].path, "/dev/sda");
	assert_false(found.devices[1].block);
	assert_int_equal(found.devices[1].minor, 200);
	assert_string_equal(found.devices[1].path, "/dev/net/tun");
}

/* A container's links are those of a process with that root. */
static void no_link_leads_out_of_the_root(void **state)
{
	struct lc_special_files found;

	assert_int_equal(symlink("/usr/bin", "bin"), 0);
	assert_int_equal(symlink("../../../../../../usr/bin", "sbin"), 0);
	assert_int_equal(symlink("/proc/self/root/usr", "usr"), 0);
	assert_int_equal(symlink("../../../../../../dev", "dev"), 0);
	found = find(*state);
	assert_int_equal(found.n_programs, 0);
	assert_int_equal(found.n_devices, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_set_user_id_program_is_found_once_where_bin_is_a_link, make_tree, remove_tree),
		cmocka_unit_test_setup_teardown(a_program_with_file_capabilities_is_found, make_tree, remove_tree),
		cmocka_unit_test_setup_teardown(devices_are_found_with_their_numbers, make_tree, remove_tree),
		cmocka_unit_test_setup_teardown(no_link_leads_out_of_the_root, make_tree, remove_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
