/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests lc_mappings_of_pid against this process and one whose file has a strange name. */
#include "child.h"

#include <leastcap/host.h>
#include <leastcap/why.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

/* The mapping with ADDRESS. */
static const struct lc_mapping *find(const struct lc_mapping *mappings, size_t n, const void *address)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (mappings[i].start <= (uintptr_t)address && (uintptr_t)address < mappings[i].end)
			return &mappings[i];
	}
	return NULL;
}

static void the_program_is_mapped_with_its_path_device_and_inode(void **state)
{
	const struct lc_mapping *own;
	struct lc_mapping *mappings;
	struct stat status;
	char path[4096];
	size_t n;

	(void)state;
	assert_int_equal(lc_mappings_of_pid(getpid(), &mappings, &n), 0);
	own = find(mappings, n, (const void *)(uintptr_t)the_program_is_mapped_with_its_path_device_and_inode);
	assert_non_null(own);
	assert_non_null(realpath("/proc/self/exe", path));
	assert_int_equal(stat(path, &status), 0);
	assert_string_equal(own->path, path);
	assert_int_equal(own->inode, status.st_ino);
	assert_int_equal(own->device, major(status.st_dev) << 20 | minor(status.st_dev));
	lc_mappings_free(mappings, n);
}

static void only_code_is_told_of(void **state)
{
	struct lc_mapping *mappings;
	char local = 0;
	size_t n;

	(void)state;
	assert_int_equal(lc_mappings_of_pid(getpid(), &mappings, &n), 0);
	assert_true(n > 0);
	assert_null(find(mappings, n, &local));
	lc_mappings_free(mappings, n);
}

static void mappings_are_in_the_order_of_their_addresses(void **state)
{
	struct lc_mapping *mappings;
	size_t n, i;

	(void)state;
	assert_int_equal(lc_mappings_of_pid(getpid(), &mappings, &n), 0);
	assert_true(n > 1);
	for (i = 1; i < n; i++)
		assert_true(mappings[i - 1].end <= mappings[i].start);
	lc_mappings_free(mappings, n);
}

static void generated_code_has_no_path_and_no_inode(void **state)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct lc_mapping *found;
	struct lc_mapping *mappings;
	size_t n;

	(void)state;
	assert_ptr_not_equal(code, MAP_FAILED);
	assert_int_equal(lc_mappings_of_pid(getpid(), &mappings, &n), 0);
	found = find(mappings, n, code);
	assert_non_null(found);
	assert_null(found->path);
	assert_int_equal(found->inode, 0);
	lc_mappings_free(mappings, n);
	munmap(code, 4096);
}

static void blanks_in_a_path_are_kept(void **state)
{
	char path[] = "/tmp/leastcap a b XXXXXX";
	int fd = mkstemp(path);
	const struct lc_mapping *found;
	struct lc_mapping *mappings;
	void *code;
	size_t n;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, 4096), 0);
	code = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	assert_ptr_not_equal(code, MAP_FAILED);
	assert_int_equal(lc_mappings_of_pid(getpid(), &mappings, &n), 0);
	found = find(mappings, n, code);
	assert_non_null(found);
	assert_string_equal(found->path, path);
	lc_mappings_free(mappings, n);
	munmap(code, 4096);
	close(fd);
	unlink(path);
}

static void nothing(void)
{
}

static void a_process_that_is_gone_is_not_found_and_nothing_is_changed(void **state)
{
	pid_t pid = start_child(nothing);
	struct lc_mapping before, *mappings = &before;
	size_t n = 4711;

	(void)state;
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(lc_mappings_of_pid(pid, &mappings, &n), -ESRCH);
	assert_ptr_equal(mappings, &before);
	assert_int_equal(n, 4711);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_program_is_mapped_with_its_path_device_and_inode),
		cmocka_unit_test(only_code_is_told_of),
		cmocka_unit_test(mappings_are_in_the_order_of_their_addresses),
		cmocka_unit_test(generated_code_has_no_path_and_no_inode),
		cmocka_unit_test(blanks_in_a_path_are_kept),
		cmocka_unit_test(a_process_that_is_gone_is_not_found_and_nothing_is_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
