/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the tests of src/rootfs: a directory that plays a container's root, and is the working directory of the test. */
#ifndef LEASTCAP_TESTS_ROOTFS_TREE_H
#define LEASTCAP_TESTS_ROOTFS_TREE_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What a container's root is to a test: *state points to it. */
struct tree {
	char path[32];
	int root;   /* O_PATH */
	int mounts; /* the mount namespace to go back to, or -1 */
};

/* Whatever blocks is a failure of its own. */
#define TREE_SECONDS 30

static inline int make_tree(void **state)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return -1;
	*state = tree;
	tree->root = -1;
	tree->mounts = -1;
	snprintf(tree->path, sizeof(tree->path), "/tmp/leastcap-test-XXXXXX");
	umask(0);
	alarm(TREE_SECONDS);
	/* mkdtemp leaves it to its owner, and a container's root is for everybody. */
	if (!mkdtemp(tree->path) || chmod(tree->path, 0755) < 0 || chdir(tree->path) < 0)
		return -1;
	tree->root = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return tree->root < 0 ? -1 : 0;
}

static inline int remove_tree_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline int remove_tree(void **state)
{
	struct tree *tree = *state;
	int err;

	alarm(0);
	close(tree->root);
	/* What the test mounted goes with its mount namespace. */
	err = tree->mounts < 0 ? 0 : setns(tree->mounts, CLONE_NEWNS);
	if (tree->mounts >= 0)
		close(tree->mounts);
	if (!err)
		err = chdir("/");
	if (!err)
		err = nftw(tree->path, remove_tree_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	free(tree);
	return err;
}

static inline int root_of(void **state)
{
	return ((const struct tree *)*state)->root;
}

#define test_in_tree(name) cmocka_unit_test_setup_teardown(name, make_tree, remove_tree)

/* Skips the test unless it is run by root. */
static inline void need_root(const char *why)
{
	if (geteuid() == 0)
		return;
	print_message("skipped: only root can %s\n", why);
	skip();
}

/* Gives the test a mount namespace of its own, whose mounts nobody else sees. */
static inline void need_own_mounts(void **state)
{
	struct tree *tree = *state;

	need_root("mount");
	tree->mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	assert_true(tree->mounts >= 0);
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	/* The descriptor would still show the mounts of the old one. */
	close(tree->root);
	tree->root = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(tree->root >= 0);
}

static inline void make_directory(const char *path, mode_t mode)
{
	assert_int_equal(mkdir(path, mode), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static inline void make_file(const char *path, mode_t mode, const void *text, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static inline void make_text(const char *path, mode_t mode, const char *text)
{
	make_file(path, mode, text, strlen(text));
}

static inline void make_link(const char *path, const char *target)
{
	assert_int_equal(symlink(target, path), 0);
}

/* Asserts that FD is what PATH names, and closes it. */
static inline void assert_is(int fd, const char *path)
{
	struct stat got, wanted;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &got), 0);
	assert_int_equal(lstat(path, &wanted), 0);
	assert_int_equal(got.st_dev, wanted.st_dev);
	assert_int_equal(got.st_ino, wanted.st_ino);
	close(fd);
}

/* The status with which the child PID ended, or -1 when a signal killed it. */
static inline int wait_for(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif
