/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that what refuses access is found where the kernel finds it. */
#include "tests/unit/rootfs_tree.h"

#include <leastcap/cleanup.h>
#include <leastcap/rootfs.h>

#include <grp.h>
#include <limits.h>
#include <sys/prctl.h>

#define OWNER 70001
#define GROUP 70002

/* Somebody who owns nothing. */
static const struct lc_caller stranger = {.uid = 70003, .gid = 70003};

/* Asserts that BY refuses CALLER such ACCESS to PATH. */
static void assert_refused_by(
	void **state, const char *path, const struct lc_caller *caller, enum lc_access access, const char *by)
{
	_cleanup_(lc_object_clear) struct lc_object object = {0};

	assert_int_equal(
		lc_rootfs_find_refusing(root_of(state), &(struct lc_wanted_file){path, caller, access}, NULL, &object),
		0);
	assert_string_equal(object.path, by);
}

/* Asserts that nothing is found, for the reason ERROR. */
static void assert_unrefused(
	void **state, const char *path, const struct lc_caller *caller, enum lc_access access, int error)
{
	struct lc_object object = {0};

	assert_int_equal(
		lc_rootfs_find_refusing(root_of(state), &(struct lc_wanted_file){path, caller, access}, NULL, &object),
		error);
	assert_null(object.path);
	assert_null(object.owner);
	assert_int_equal(object.mode, 0);
}

static void a_file_that_refuses_is_described(void **state)
{
	_cleanup_(lc_object_clear) struct lc_object object = {0};

	need_root("give a file away");
	make_directory("etc", 0755);
	make_text("etc/passwd", 0644, "www-data:x:70001:70002::/:/bin/sh\n");
	make_text("secret", 0640, "");
	assert_int_equal(chown("secret", OWNER, GROUP), 0);
	assert_int_equal(lc_rootfs_find_refusing(root_of(state),
				 &(struct lc_wanted_file){"/secret", &stranger, LC_ACCESS_READ}, NULL, &object),
		0);
	assert_string_equal(object.path, "/secret");
	assert_string_equal(object.owner, "www-data:70002");
	assert_int_equal(object.mode, S_IFREG | 0640);
}

static void the_first_directory_that_cannot_be_searched_is_found(void **state)
{
	make_directory("a", 0755);
	make_directory("a/b", 0700);
	make_directory("a/b/c", 0700);
	make_text("a/b/c/file", 0600, "");
	assert_refused_by(state, "/a/b/c/file", &stranger, LC_ACCESS_READ, "/a/b");
}

static void the_root_itself_can_refuse(void **state)
{
	make_text("file", 0644, "");
	assert_int_equal(chmod(".", 0700), 0);
	assert_refused_by(state, "/file", &stranger, LC_ACCESS_READ, "/");
}

static void reaching_a_file_takes_no_right_to_the_file(void **state)
{
	make_text("file", 0, "");
	assert_unrefused(state, "/file", &stranger, LC_ACCESS_SEARCH, -ENOENT);
}

static void a_directory_is_searched_before_it_is_known_what_is_not_there(void **state)
{
	make_directory("locked", 0700);
	assert_refused_by(state, "/locked/missing", &stranger, LC_ACCESS_SEARCH, "/locked");
}

static void what_is_missing_refuses_nothing(void **state)
{
	assert_unrefused(state, "/missing", &stranger, LC_ACCESS_READ, -ENOENT);
	assert_unrefused(state, "/missing/file", &stranger, LC_ACCESS_WRITE, -ENOENT);
}

static void a_new_file_needs_a_directory_that_can_be_written(void **state)
{
	make_directory("log", 0755);
	make_directory("tmp", 01777);
	assert_refused_by(state, "/log/new", &stranger, LC_ACCESS_WRITE, "/log");
	assert_unrefused(state, "/tmp/new", &stranger, LC_ACCESS_WRITE, -ENOENT);
}

static void an_existing_file_is_written_whatever_its_directory_says(void **state)
{
	make_directory("log", 0755);
	make_text("log/open", 0666, "");
	make_text("log/closed", 0644, "");
	assert_unrefused(state, "/log/open", &stranger, LC_ACCESS_WRITE, -ENOENT);
	assert_refused_by(state, "/log/closed", &stranger, LC_ACCESS_WRITE, "/log/closed");
}

static void an_entry_needs_its_directory_whatever_the_file_says(void **state)
{
	make_directory("spool", 0755);
	make_text("spool/job", 0666, "");
	make_directory("tmp", 0777);
	make_text("tmp/job", 0, "");
	assert_refused_by(state, "/spool/job", &stranger, LC_ACCESS_ENTRY, "/spool");
	assert_refused_by(state, "/spool/new/", &stranger, LC_ACCESS_ENTRY, "/spool");
	assert_unrefused(state, "/tmp/job", &stranger, LC_ACCESS_ENTRY, -ENOENT);
}

static void an_entry_is_the_link_and_not_what_it_names(void **state)
{
	make_directory("closed", 0755);
	make_text("closed/file", 0644, "");
	make_directory("open", 0777);
	make_link("open/link", "/closed/file");
	assert_unrefused(state, "/open/link", &stranger, LC_ACCESS_ENTRY, -ENOENT);
	assert_refused_by(state, "/open/link", &stranger, LC_ACCESS_WRITE, "/closed/file");
}

static void a_new_file_behind_a_link_needs_the_directory_there(void **state)
{
	make_directory("closed", 0755);
	make_directory("open", 0777);
	make_link("open/log", "../closed/log");
	assert_refused_by(state, "/open/log", &stranger, LC_ACCESS_WRITE, "/closed");
}

static void a_found_path_is_free_of_links(void **state)
{
	make_directory("run", 0755);
	make_directory("run/lock", 0700);
	make_directory("var", 0755);
	make_link("var/run", "/run");
	assert_refused_by(state, "/var/./run//lock/../lock/file", &stranger, LC_ACCESS_READ, "/run/lock");
}

static void uid_0_needs_rights_like_others(void **state)
{
	need_root("give a file away");
	make_text("file", 0600, "");
	assert_int_equal(chown("file", OWNER, GROUP), 0);
	assert_refused_by(state, "/file", &(struct lc_caller){.uid = 0, .gid = 0}, LC_ACCESS_READ, "/file");
}

static void an_absolute_link_is_followed_below_the_root(void **state)
{
	assert_int_equal(access("/etc/shadow", F_OK), 0);
	make_link("shadow", "/etc/shadow");
	assert_unrefused(state, "/shadow", &stranger, LC_ACCESS_READ, -ENOENT);
	make_directory("etc", 0755);
	make_text("etc/shadow", 0600, "ours");
	assert_refused_by(state, "/shadow", &stranger, LC_ACCESS_READ, "/etc/shadow");
}

static void going_up_ends_at_the_root(void **state)
{
	make_directory("a", 0755);
	make_text("file", 0600, "");
	make_link("a/up", "../../../../../../file");
	assert_refused_by(state, "/../a/../../../file", &stranger, LC_ACCESS_READ, "/file");
	assert_refused_by(state, "/a/up", &stranger, LC_ACCESS_READ, "/file");
	assert_unrefused(state, "/../../../../etc/shadow", &stranger, LC_ACCESS_READ, -ENOENT);
}

static void going_up_needs_the_right_to_search(void **state)
{
	make_directory("locked", 0700);
	make_text("file", 0644, "");
	assert_refused_by(state, "/locked/../file", &stranger, LC_ACCESS_READ, "/locked");
}

static void a_magic_link_is_not_walked(void **state)
{
	_cleanup_fd_ int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct lc_object object = {0};
	char path[64];

	(void)state;
	assert_true(root >= 0);
	snprintf(path, sizeof(path), "/proc/%d/root/etc/shadow", getpid());
	assert_int_equal(
		lc_rootfs_find_refusing(root, &(struct lc_wanted_file){path, &stranger, LC_ACCESS_READ}, NULL, &object),
		-ELOOP);
	assert_null(object.path);
}

static void links_in_a_circle_end(void **state)
{
	make_link("a", "b");
	make_link("b", "/a");
	assert_unrefused(state, "/a", &stranger, LC_ACCESS_READ, -ELOOP);
}

/* Makes N links, each to the one before, the first one to /file. Sets PATH to the last one. */
static void make_chain(unsigned int n, char path[32])
{
	char target[32] = "/file";
	unsigned int i;

	for (i = 0; i < n; i++) {
		snprintf(path, 32, "/link%u", i);
		make_link(path + 1, target);
		snprintf(target, sizeof(target), "%s", path);
	}
}

static void forty_links_are_followed(void **state)
{
	char path[32];

	make_text("file", 0600, "");
	make_chain(40, path);
	assert_refused_by(state, path, &stranger, LC_ACCESS_READ, "/file");
}

static void more_than_forty_links_are_too_many(void **state)
{
	char path[32];

	make_text("file", 0600, "");
	make_chain(41, path);
	assert_unrefused(state, path, &stranger, LC_ACCESS_READ, -ELOOP);
}

static void a_relative_path_is_refused(void **state)
{
	make_text("file", 0600, "");
	assert_unrefused(state, "file", &stranger, LC_ACCESS_READ, -EINVAL);
}

static void a_path_that_the_kernel_would_not_take_is_too_long(void **state)
{
	char path[PATH_MAX + 8];

	memset(path, '/', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	assert_unrefused(state, path, &stranger, LC_ACCESS_READ, -ENAMETOOLONG);
}

static void a_path_of_endless_detours_is_given_up(void **state)
{
	char path[PATH_MAX] = "";
	size_t length;

	make_directory("a", 0755);
	make_text("file", 0600, "");
	for (length = 0; length + strlen("/a/../file") < sizeof(path); length += strlen("/a/.."))
		memcpy(path + length, "/a/..", sizeof("/a/.."));
	memcpy(path + length, "/file", sizeof("/file"));
	assert_unrefused(state, path, &stranger, LC_ACCESS_READ, -ENAMETOOLONG);
}

static void a_path_through_a_file_or_a_fifo_is_no_path(void **state)
{
	make_text("file", 0777, "");
	assert_int_equal(mkfifo("fifo", 0777), 0);
	assert_unrefused(state, "/file/x", &stranger, LC_ACCESS_READ, -ENOTDIR);
	assert_unrefused(state, "/fifo/x", &stranger, LC_ACCESS_READ, -ENOTDIR);
}

static void a_fifo_is_looked_at_without_blocking(void **state)
{
	assert_int_equal(mkfifo("fifo", 0600), 0);
	assert_refused_by(state, "/fifo", &stranger, LC_ACCESS_READ, "/fifo");
}

static const gid_t supplementary[] = {5, GROUP};

/* Everybody that a file of OWNER and GROUP can meet. */
static const struct lc_caller callers[] = {
	{.uid = OWNER, .gid = 70003},
	{.uid = OWNER, .gid = GROUP},
	{.uid = 70003, .gid = GROUP},
	{.uid = 70003, .gid = 70003, .groups = supplementary, .n_groups = 2},
	{.uid = 70003, .gid = 70003},
};

static const struct {
	enum lc_access access;
	int mode; /* access(2) */
} accesses[] = {
	{LC_ACCESS_READ, R_OK},
	{LC_ACCESS_WRITE, W_OK},
	{LC_ACCESS_EXECUTE, X_OK},
};

/* Becomes CALLER for good, in the tree that is the working directory. */
static void become(const struct lc_caller *caller)
{
	if (chroot(".") < 0 || setgroups(caller->n_groups, caller->groups) < 0 || setgid(caller->gid) < 0 ||
		setuid(caller->uid) < 0)
		_exit(2);
}

/* Tells whether the kernel refuses CALLER such access to PATH (from "/"): 1 or 0. */
static int kernel_refuses(const char *path, int mode)
{
	return access(path, mode) < 0 && errno == EACCES ? 1 : 0;
}

/* Asks the kernel, as CALLER, whether it refuses what lc_rootfs_find_refusing says of PATTERN with every mode. */
static void assert_modes_as_kernel(void **state, const struct lc_caller *caller, const char *pattern)
{
	uint8_t expected[512][3] = {0};
	char path[32];
	size_t i, mode;
	pid_t pid;

	for (mode = 0; mode < 512; mode++) {
		snprintf(path, sizeof(path), pattern, mode);
		for (i = 0; i < 3; i++) {
			struct lc_object object = {0};
			int ret = lc_rootfs_find_refusing(root_of(state),
				&(struct lc_wanted_file){path, caller, accesses[i].access}, NULL, &object);

			assert_true(ret == 0 || ret == -ENOENT);
			expected[mode][i] = ret == 0;
			lc_object_clear(&object);
		}
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		become(caller);
		for (mode = 0; mode < 512; mode++) {
			snprintf(path, sizeof(path), pattern, mode);
			for (i = 0; i < 3; i++) {
				if (kernel_refuses(path, accesses[i].mode) != expected[mode][i])
					_exit(1);
			}
		}
		_exit(0);
	}
	assert_int_equal(wait_for(pid), 0);
}

static void every_mode_of_a_file_refuses_as_in_the_kernel(void **state)
{
	char path[32];
	unsigned int mode;
	size_t i;

	need_root("give files away");
	for (mode = 0; mode < 512; mode++) {
		snprintf(path, sizeof(path), "file%u", mode);
		make_text(path, mode, "");
		assert_int_equal(chown(path, OWNER, GROUP), 0);
	}
	for (i = 0; i < sizeof(callers) / sizeof(callers[0]); i++)
		assert_modes_as_kernel(state, &callers[i], "/file%zu");
}

static void every_mode_of_a_directory_refuses_as_in_the_kernel(void **state)
{
	char path[32];
	unsigned int mode;
	size_t i;

	need_root("give files away");
	for (mode = 0; mode < 512; mode++) {
		snprintf(path, sizeof(path), "directory%u", mode);
		make_directory(path, mode);
		assert_int_equal(chown(path, OWNER, GROUP), 0);
		snprintf(path, sizeof(path), "directory%u/file", mode);
		make_text(path, 0777, "");
	}
	for (i = 0; i < sizeof(callers) / sizeof(callers[0]); i++)
		assert_modes_as_kernel(state, &callers[i], "/directory%zu/file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_tree(a_file_that_refuses_is_described),
		test_in_tree(the_first_directory_that_cannot_be_searched_is_found),
		test_in_tree(the_root_itself_can_refuse),
		test_in_tree(reaching_a_file_takes_no_right_to_the_file),
		test_in_tree(a_directory_is_searched_before_it_is_known_what_is_not_there),
		test_in_tree(what_is_missing_refuses_nothing),
		test_in_tree(a_new_file_needs_a_directory_that_can_be_written),
		test_in_tree(an_existing_file_is_written_whatever_its_directory_says),
		test_in_tree(an_entry_needs_its_directory_whatever_the_file_says),
		test_in_tree(an_entry_is_the_link_and_not_what_it_names),
		test_in_tree(a_new_file_behind_a_link_needs_the_directory_there),
		test_in_tree(a_found_path_is_free_of_links),
		test_in_tree(uid_0_needs_rights_like_others),
		test_in_tree(an_absolute_link_is_followed_below_the_root),
		test_in_tree(going_up_ends_at_the_root),
		test_in_tree(going_up_needs_the_right_to_search),
		cmocka_unit_test(a_magic_link_is_not_walked),
		test_in_tree(links_in_a_circle_end),
		test_in_tree(forty_links_are_followed),
		test_in_tree(more_than_forty_links_are_too_many),
		test_in_tree(a_relative_path_is_refused),
		test_in_tree(a_path_that_the_kernel_would_not_take_is_too_long),
		test_in_tree(a_path_of_endless_detours_is_given_up),
		test_in_tree(a_path_through_a_file_or_a_fifo_is_no_path),
		test_in_tree(a_fifo_is_looked_at_without_blocking),
		test_in_tree(every_mode_of_a_file_refuses_as_in_the_kernel),
		test_in_tree(every_mode_of_a_directory_refuses_as_in_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
