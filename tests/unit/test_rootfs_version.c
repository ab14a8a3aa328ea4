/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of finding the very file that ran: a name may lead to another one by now, and a file may have been changed. */
#include "rootfs_tree.h"

#include <leastcap/cleanup.h>
#include <leastcap/rootfs.h>

static int64_t changed_ns(const struct stat *status)
{
	return status->st_ctim.tv_sec * INT64_C(1000000000) + status->st_ctim.tv_nsec;
}

/* Makes the program at NAME. */
static struct stat make_program(const char *name)
{
	_cleanup_fd_ int fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0755);
	struct stat status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "x", 1), 1);
	assert_int_equal(fstat(fd, &status), 0);
	return status;
}

/* What is opened for what ran as "program" below the tree's root, which is STATUS; our own process is no such program. */
static int open_running(void **state, const struct stat *status)
{
	const struct tree *tree = *state;

	return lc_rootfs_open_running(tree->root, "/program", getpid(), status->st_ino, changed_ns(status));
}

static void a_file_that_is_as_it_was_is_opened_by_its_name(void **state)
{
	const struct stat status = make_program("program");
	_cleanup_fd_ int fd = open_running(state, &status);
	struct stat opened;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &opened), 0);
	assert_int_equal(opened.st_ino, status.st_ino);
	assert_false(lc_rootfs_changed_since(fd, changed_ns(&status)));
	assert_true(lc_rootfs_changed_since(fd, changed_ns(&status) - 1));
}

static void another_file_of_the_same_name_is_not_the_one_that_ran(void **state)
{
	const struct stat status = make_program("program");

	assert_int_equal(rename("program", "old"), 0);
	make_program("program");
	assert_int_equal(open_running(state, &status), -ESTALE);
}

static void a_file_that_was_changed_is_not_what_ran(void **state)
{
	const struct stat status = make_program("program");
	struct stat now = status;

	/* Clocks of files tick slowly. */
	while (changed_ns(&now) == changed_ns(&status)) {
		assert_int_equal(chmod("program", 0700), 0);
		assert_int_equal(stat("program", &now), 0);
	}
	assert_int_equal(open_running(state, &status), -ESTALE);
	_cleanup_fd_ int fd = open_running(state, &now);

	assert_true(fd >= 0);
}

static void a_file_that_is_gone_and_runs_no_more_is_not_found(void **state)
{
	const struct stat status = make_program("program");

	assert_int_equal(unlink("program"), 0);
	assert_int_equal(open_running(state, &status), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_that_is_as_it_was_is_opened_by_its_name, make_tree, remove_tree),
		cmocka_unit_test_setup_teardown(
			another_file_of_the_same_name_is_not_the_one_that_ran, make_tree, remove_tree),
		cmocka_unit_test_setup_teardown(a_file_that_was_changed_is_not_what_ran, make_tree, remove_tree),
		cmocka_unit_test_setup_teardown(
			a_file_that_is_gone_and_runs_no_more_is_not_found, make_tree, remove_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
