/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that a container's root is found, and that no path leads out of it. */
#include "child.h"
#include "src/rootfs/rootfs_private.h"
#include "tests/unit/rootfs_tree.h"

#include <leastcap/cleanup.h>
#include <leastcap/host.h>

#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>

static void stop_child(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(wait_for(pid), -1);
}

/* A pid that no process has any more. */
static pid_t gone_pid(void)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(wait_for(pid), 0);
	return pid;
}

/* The directory PATH as the kernel knows it. */
static struct lc_root root_at(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return (struct lc_root){major(status.st_dev) << 20 | minor(status.st_dev), status.st_ino};
}

static int mounted(struct lc_root root)
{
	return lc_rootfs_mounted(&root);
}

static int root_of_pid(pid_t pid, struct lc_root root)
{
	return lc_rootfs_of_pid(pid, &root);
}

static void do_nothing(void)
{
}

static void enter_working_directory(void)
{
	if (chroot(".") < 0)
		_exit(1);
}

static void the_root_of_a_process_is_opened(void **state)
{
	pid_t pid;
	int fd;

	(void)state;
	need_root("chroot");
	pid = start_child(enter_working_directory);
	fd = root_of_pid(pid, root_at("."));
	stop_child(pid);
	assert_is(fd, ".");
}

static void another_root_than_the_one_looked_for_is_not_opened(void **state)
{
	struct lc_root root;
	pid_t pid;

	(void)state;
	need_root("chroot");
	make_directory("other", 0755);
	pid = start_child(enter_working_directory);
	assert_int_equal(root_of_pid(pid, root_at("other")), -ESTALE);
	root = root_at(".");
	root.device++;
	assert_int_equal(root_of_pid(pid, root), -ESTALE);
	/* Nothing is known of it. */
	assert_int_equal(root_of_pid(pid, (struct lc_root){0}), -ESTALE);
	stop_child(pid);
}

static void the_root_of_a_process_that_is_gone_is_no_such_process(void **state)
{
	(void)state;
	assert_int_equal(root_of_pid(gone_pid(), root_at(".")), -ESRCH);
}

static void the_root_of_a_zombie_is_no_such_process(void **state)
{
	pid_t pid = fork();
	siginfo_t how;

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &how, WEXITED | WNOWAIT), 0);
	assert_int_equal(root_of_pid(pid, root_at(".")), -ESRCH);
	assert_int_equal(wait_for(pid), 0);
}

static uint64_t mount_id(int fd, const char *path)
{
	struct statx status;

	assert_int_equal(statx(fd, path, AT_EMPTY_PATH, STATX_MNT_ID, &status), 0);
	return status.stx_mnt_id;
}

static void make_mount(const char *path)
{
	make_directory(path, 0755);
	assert_int_equal(mount("leastcap", path, "tmpfs", 0, "size=64k"), 0);
}

static void make_bind_mount(const char *from, const char *path)
{
	make_directory(path, 0755);
	assert_int_equal(mount(from, path, NULL, MS_BIND, NULL), 0);
}

static void the_mount_of_a_device_is_opened(void **state)
{
	need_own_mounts(state);
	make_mount("merged");
	assert_is(mounted(root_at("merged")), "merged");
}

/* A process that had changed its root to a directory of a volume, which lies on the host's file system. */
static void a_directory_below_is_not_taken_for_the_file_system(void **state)
{
	need_own_mounts(state);
	make_mount("volume");
	make_directory("volume/root", 0755);
	assert_int_equal(mounted(root_at("volume/root")), -ENOENT);
}

static void a_mount_point_may_have_any_name(void **state)
{
	const char *name = "a b\tc\nd\\040e#";

	need_own_mounts(state);
	make_mount(name);
	assert_is(mounted(root_at(name)), name);
}

static void the_newest_mount_of_a_device_is_opened(void **state)
{
	_cleanup_fd_ int fd = -1;

	need_own_mounts(state);
	make_mount("old");
	make_bind_mount("old", "new");
	fd = mounted(root_at("old"));
	assert_true(fd >= 0);
	assert_int_equal(mount_id(fd, ""), mount_id(AT_FDCWD, "new"));
}

static void a_mount_of_a_part_of_the_file_system_is_not_taken_for_its_root(void **state)
{
	struct lc_root root;

	need_own_mounts(state);
	make_mount("whole");
	make_directory("whole/part", 0755);
	make_bind_mount("whole/part", "part");
	root = root_at("whole");
	assert_int_equal(umount("whole"), 0);
	assert_int_equal(mounted(root), -ENOENT);
}

static void what_is_mounted_over_a_mount_is_not_taken_for_it(void **state)
{
	struct lc_root below;

	need_own_mounts(state);
	make_mount("place");
	below = root_at("place");
	assert_int_equal(mount("leastcap", "place", "tmpfs", 0, "size=64k"), 0);
	assert_int_equal(mounted(below), -ENOENT);
}

static void a_device_that_is_not_mounted_is_not_found(void **state)
{
	struct lc_root root;

	need_own_mounts(state);
	make_mount("merged");
	root = root_at("merged");
	assert_int_equal(umount("merged"), 0);
	assert_int_equal(mounted(root), -ENOENT);
}

static void a_path_begins_at_the_root(void **state)
{
	make_directory("etc", 0755);
	make_text("etc/shadow", 0600, "ours");
	assert_is(lc_rootfs_open(root_of(state), "/etc/shadow"), "etc/shadow");
}

static void a_relative_path_is_refused(void **state)
{
	make_text("file", 0644, "");
	assert_int_equal(lc_rootfs_open(root_of(state), "file"), -EINVAL);
	assert_int_equal(lc_rootfs_open(root_of(state), ""), -EINVAL);
}

static void an_absolute_link_stays_below_the_root(void **state)
{
	make_link("passwd", "/etc/passwd");
	assert_int_equal(lc_rootfs_open(root_of(state), "/passwd"), -ENOENT);
	make_directory("etc", 0755);
	make_text("etc/passwd", 0644, "ours");
	assert_is(lc_rootfs_open(root_of(state), "/passwd"), "etc/passwd");
}

static void going_up_stays_below_the_root(void **state)
{
	make_link("up", "../../../../../../../../etc/passwd");
	assert_int_equal(lc_rootfs_open(root_of(state), "/up"), -ENOENT);
	assert_int_equal(lc_rootfs_open(root_of(state), "/../../../../../../../../etc/passwd"), -ENOENT);
	assert_is(lc_rootfs_open(root_of(state), "/.."), ".");
}

static void a_magic_link_is_not_followed(void **state)
{
	_cleanup_fd_ int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	char path[64];

	(void)state;
	assert_true(root >= 0);
	snprintf(path, sizeof(path), "/proc/%d/root/etc/passwd", getpid());
	assert_int_equal(lc_rootfs_open(root, path), -ELOOP);
	snprintf(path, sizeof(path), "/proc/%d/exe", getpid());
	assert_int_equal(lc_rootfs_open(root, path), -ELOOP);
}

static void a_fifo_is_opened_without_waiting_for_its_other_end(void **state)
{
	assert_int_equal(mkfifo("fifo", 0644), 0);
	assert_is(lc_rootfs_open(root_of(state), "/fifo"), "fifo");
}

/* What lc_rootfs_reopen returns for PATH (of the host). */
static int reopen(const char *path)
{
	_cleanup_fd_ int fd = open(path, O_PATH | O_CLOEXEC);

	assert_true(fd >= 0);
	return lc_rootfs_reopen(fd);
}

static void a_regular_file_is_read(void **state)
{
	_cleanup_fd_ int fd = -1;
	char byte = 0;

	(void)state;
	make_text("file", 0644, "x");
	fd = reopen("file");
	assert_true(fd >= 0);
	assert_int_equal(read(fd, &byte, 1), 1);
	assert_int_equal(byte, 'x');
}

static void what_is_no_regular_file_is_not_read(void **state)
{
	(void)state;
	make_directory("directory", 0755);
	assert_int_equal(mkfifo("fifo", 0644), 0);
	assert_int_equal(reopen("directory"), -EINVAL);
	assert_int_equal(reopen("fifo"), -EINVAL);
	assert_int_equal(reopen("/dev/null"), -EINVAL);
}

static void what_says_that_it_is_empty_is_not_read(void **state)
{
	(void)state;
	make_text("file", 0644, "");
	assert_int_equal(reopen("file"), -EINVAL);
	assert_int_equal(reopen("/proc/version"), -EINVAL);
}

static void what_the_kernel_makes_up_is_not_read_whatever_its_size(void **state)
{
	const char *path = "/sys/kernel/uevent_seqnum";
	struct stat status;

	(void)state;
	if (stat(path, &status) < 0) {
		print_message("skipped: no sysfs\n");
		skip();
	}
	assert_true(status.st_size > 0);
	assert_int_equal(reopen(path), -EINVAL);
}

static void a_file_is_described_by_path_owner_and_mode(void **state)
{
	_cleanup_(lc_object_clear) struct lc_object object = {0};

	need_root("give a file away");
	make_text("log", 0640, "");
	assert_int_equal(chown("log", 70001, 70002), 0);
	assert_int_equal(lc_rootfs_describe(root_of(state), "/log", true, NULL, &object), 0);
	assert_string_equal(object.path, "/log");
	assert_string_equal(object.owner, "70001:70002");
	assert_int_equal(object.mode, S_IFREG | 0640);
}

static void a_described_link_is_followed_on_request(void **state)
{
	_cleanup_(lc_object_clear) struct lc_object object = {0};

	make_directory("real", 0750);
	make_link("link", "/real");
	assert_int_equal(lc_rootfs_describe(root_of(state), "/link", true, NULL, &object), 0);
	assert_int_equal(object.mode, S_IFDIR | 0750);
}

static void a_described_link_is_itself_otherwise(void **state)
{
	_cleanup_(lc_object_clear) struct lc_object object = {0};

	make_link("link", "/real");
	assert_int_equal(lc_rootfs_describe(root_of(state), "/link", false, NULL, &object), 0);
	assert_true(S_ISLNK(object.mode));
}

static void what_is_not_there_is_not_described(void **state)
{
	struct lc_object object = {0};

	assert_int_equal(lc_rootfs_describe(root_of(state), "/missing", true, NULL, &object), -ENOENT);
	assert_null(object.path);
	assert_null(object.owner);
}

static void join_groups(void)
{
	const gid_t groups[] = {7, 4, 4294967294};

	if (setgroups(3, groups) < 0)
		_exit(1);
}

static void the_groups_of_a_process_are_read(void **state)
{
	_cleanup_free_ gid_t *groups = NULL;
	size_t n = 0;
	pid_t pid;
	int ret;

	(void)state;
	need_root("join groups");
	pid = start_child(join_groups);
	ret = lc_process_groups(pid, &groups, &n);
	stop_child(pid);
	assert_int_equal(ret, 0);
	/* The kernel sorts them. */
	assert_int_equal(n, 3);
	assert_int_equal(groups[0], 4);
	assert_int_equal(groups[1], 7);
	assert_int_equal(groups[2], 4294967294);
}

static void leave_groups_with_a_hostile_name(void)
{
	if (setgroups(0, NULL) < 0)
		_exit(1);
	prctl(PR_SET_NAME, "x\nGroups:\t7 8");
}

static void a_process_cannot_name_itself_a_group(void **state)
{
	_cleanup_free_ gid_t *groups = NULL;
	size_t n = 1;
	pid_t pid;
	int ret;

	(void)state;
	need_root("leave groups");
	pid = start_child(leave_groups_with_a_hostile_name);
	ret = lc_process_groups(pid, &groups, &n);
	stop_child(pid);
	assert_int_equal(ret, 0);
	assert_int_equal(n, 0);
}

static void our_own_groups_are_those_that_the_kernel_tells_us(void **state)
{
	_cleanup_free_ gid_t *groups = NULL;
	gid_t own[1024];
	int n_own = getgroups(1024, own);
	size_t n = 0, i;
	pid_t pid;
	int ret;

	(void)state;
	pid = start_child(do_nothing);
	ret = lc_process_groups(pid, &groups, &n);
	stop_child(pid);
	assert_int_equal(ret, 0);
	assert_int_equal(n, n_own);
	for (i = 0; i < n; i++)
		assert_int_equal(groups[i], own[i]);
}

static void the_groups_of_a_process_that_is_gone_are_no_such_process(void **state)
{
	gid_t *groups = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(lc_process_groups(gone_pid(), &groups, &n), -ESRCH);
	assert_null(groups);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_tree(the_root_of_a_process_is_opened),
		test_in_tree(another_root_than_the_one_looked_for_is_not_opened),
		cmocka_unit_test(the_root_of_a_process_that_is_gone_is_no_such_process),
		cmocka_unit_test(the_root_of_a_zombie_is_no_such_process),
		test_in_tree(the_mount_of_a_device_is_opened),
		test_in_tree(a_directory_below_is_not_taken_for_the_file_system),
		test_in_tree(a_mount_point_may_have_any_name),
		test_in_tree(the_newest_mount_of_a_device_is_opened),
		test_in_tree(a_mount_of_a_part_of_the_file_system_is_not_taken_for_its_root),
		test_in_tree(what_is_mounted_over_a_mount_is_not_taken_for_it),
		test_in_tree(a_device_that_is_not_mounted_is_not_found),
		test_in_tree(a_path_begins_at_the_root),
		test_in_tree(a_relative_path_is_refused),
		test_in_tree(an_absolute_link_stays_below_the_root),
		test_in_tree(going_up_stays_below_the_root),
		cmocka_unit_test(a_magic_link_is_not_followed),
		test_in_tree(a_fifo_is_opened_without_waiting_for_its_other_end),
		test_in_tree(a_regular_file_is_read),
		test_in_tree(what_is_no_regular_file_is_not_read),
		test_in_tree(what_says_that_it_is_empty_is_not_read),
		cmocka_unit_test(what_the_kernel_makes_up_is_not_read_whatever_its_size),
		test_in_tree(a_file_is_described_by_path_owner_and_mode),
		test_in_tree(a_described_link_is_followed_on_request),
		test_in_tree(a_described_link_is_itself_otherwise),
		test_in_tree(what_is_not_there_is_not_described),
		cmocka_unit_test(the_groups_of_a_process_are_read),
		cmocka_unit_test(a_process_cannot_name_itself_a_group),
		cmocka_unit_test(our_own_groups_are_those_that_the_kernel_tells_us),
		cmocka_unit_test(the_groups_of_a_process_that_is_gone_are_no_such_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
