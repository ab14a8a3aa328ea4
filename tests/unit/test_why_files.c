/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests which files the unwinder's privileged side opens for its child, and which it does not. */
#include "src/why/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cmocka.h>

/* A container's root with a program in it, and what is told of its mapping. */
static char root[64];
static struct lc_mapping mapping;
static struct lc_snapshot snapshot;
static struct lc_why_files files;

static void write_file(const char *path, const char *text)
{
	char below[256];
	FILE *stream;

	snprintf(below, sizeof(below), "%s%s", root, path);
	stream = fopen(below, "we");
	assert_non_null(stream);
	assert_true(fputs(text, stream) >= 0);
	assert_int_equal(fclose(stream), 0);
}

static void make_directory(const char *path)
{
	char below[256];

	snprintf(below, sizeof(below), "%s%s", root, path);
	assert_int_equal(mkdir(below, 0755), 0);
}

static int setup(void **state)
{
	static char path[] = "/bin/program";
	struct stat status;
	char below[256];

	(void)state;
	strcpy(root, "/tmp/leastcap-files-XXXXXX");
	assert_non_null(mkdtemp(root));
	make_directory("/bin");
	make_directory("/bin/.debug");
	make_directory("/usr");
	make_directory("/usr/lib");
	make_directory("/usr/lib/debug");
	make_directory("/usr/lib/debug/.build-id");
	make_directory("/usr/lib/debug/.build-id/ab");
	make_directory("/usr/lib/debug/.dwz");
	make_directory("/usr/lib/debug/bin");
	write_file(path, "program");
	snprintf(below, sizeof(below), "%s%s", root, path);
	assert_int_equal(stat(below, &status), 0);
	mapping = (struct lc_mapping){
		.path = path,
		.inode = status.st_ino,
		.device = (uint32_t)(major(status.st_dev) << 20 | minor(status.st_dev)),
	};
	snapshot = (struct lc_snapshot){.tgid = getpid(), .mappings = &mapping, .n_mappings = 1};
	files = (struct lc_why_files){.snapshot = &snapshot, .root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC)};
	return files.root < 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

static int teardown(void **state)
{
	(void)state;
	lc_why_files_end(&files);
	return nftw(root, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void assert_content(int fd, const char *text)
{
	char content[64] = "";

	assert_true(fd >= 0);
	assert_true(read(fd, content, sizeof(content) - 1) > 0);
	assert_string_equal(content, text);
	close(fd);
}

static void a_mapped_file_is_opened_below_the_root(void **state)
{
	(void)state;
	assert_content(lc_why_files_open(&files, 0), "program");
}

static void what_is_opened_can_not_be_written_to(void **state)
{
	int fd = lc_why_files_open(&files, 0);

	(void)state;
	assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	close(fd);
}

static void another_inode_is_not_the_mapped_file(void **state)
{
	(void)state;
	mapping.inode++;
	assert_int_equal(lc_why_files_open(&files, 0), -ESTALE);
}

static void another_device_is_not_the_mapped_file(void **state)
{
	(void)state;
	if (mapping.device >> 20 == 0)
		skip();
	mapping.device = 7U << 20 | 99;
	assert_int_equal(lc_why_files_open(&files, 0), -ESTALE);
}

static void a_device_that_only_stat_knows_of_is_no_difference(void **state)
{
	(void)state;
	mapping.device = 39;
	assert_content(lc_why_files_open(&files, 0), "program");
}

static void a_fifo_is_not_opened(void **state)
{
	static char fifo[] = "/bin/fifo";
	struct stat status;
	char below[256];

	(void)state;
	snprintf(below, sizeof(below), "%s%s", root, fifo);
	assert_int_equal(mkfifo(below, 0644), 0);
	assert_int_equal(stat(below, &status), 0);
	mapping.path = fifo;
	mapping.inode = status.st_ino;
	assert_int_equal(lc_why_files_open(&files, 0), -EINVAL);
}

static void a_link_does_not_lead_out_of_the_root(void **state)
{
	static char link_path[] = "/bin/link";
	struct stat status;
	char below[256];

	(void)state;
	snprintf(below, sizeof(below), "%s%s", root, link_path);
	assert_int_equal(symlink("../../../etc/passwd", below), 0);
	assert_int_equal(stat("/etc/passwd", &status), 0);
	mapping.path = link_path;
	mapping.inode = status.st_ino;
	mapping.device = 0;
	assert_true(lc_why_files_open(&files, 0) < 0);
}

static void a_mapping_without_a_path_is_looked_for_nowhere(void **state)
{
	(void)state;
	mapping.path = NULL;
	assert_true(lc_why_files_open(&files, 0) < 0);
}

static int find(const char *build_id, size_t length, const char *name)
{
	const struct lc_why_debug_wanted wanted = {
		.build_id = (const unsigned char *)build_id, .length = length, .name = name};

	return lc_why_files_find_debug(&files, &wanted);
}

static void a_debug_file_is_found_by_build_id(void **state)
{
	(void)state;
	write_file("/usr/lib/debug/.build-id/ab/cdef01.debug", "by id");
	assert_content(find("\xab\xcd\xef\x01", 4, NULL), "by id");
}

static void a_debug_file_is_found_by_name_where_gdb_looks(void **state)
{
	(void)state;
	write_file("/bin/program.debug", "beside");
	assert_content(find(NULL, 0, "program.debug"), "beside");
	write_file("/bin/.debug/program.debug", "hidden");
	assert_content(find(NULL, 0, "program.debug"), "hidden");
	write_file("/usr/lib/debug/bin/program.debug", "apart");
	assert_content(find(NULL, 0, "program.debug"), "apart");
}

static void what_files_have_in_common_is_found_where_dwz_puts_it(void **state)
{
	(void)state;
	write_file("/usr/lib/debug/.dwz/common.debug", "common");
	assert_content(find(NULL, 0, "/usr/lib/debug/.dwz/common.debug"), "common");
}

static void names_that_lead_elsewhere_are_refused(void **state)
{
	static const char *const names[] = {"/etc/passwd", "../etc/passwd", "..", "sub/program.debug",
		"/usr/lib/debug/.dwz/../../../../etc/passwd"};
	size_t i;

	(void)state;
	make_directory("/etc");
	write_file("/etc/passwd", "secret");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(find(NULL, 0, names[i]), -EINVAL);
}

static void a_debug_file_that_is_not_there_is_not_found(void **state)
{
	(void)state;
	assert_int_equal(find("\x12\x34", 2, "no-such.debug"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_mapped_file_is_opened_below_the_root, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_opened_can_not_be_written_to, setup, teardown),
		cmocka_unit_test_setup_teardown(another_inode_is_not_the_mapped_file, setup, teardown),
		cmocka_unit_test_setup_teardown(another_device_is_not_the_mapped_file, setup, teardown),
		cmocka_unit_test_setup_teardown(a_device_that_only_stat_knows_of_is_no_difference, setup, teardown),
		cmocka_unit_test_setup_teardown(a_fifo_is_not_opened, setup, teardown),
		cmocka_unit_test_setup_teardown(a_link_does_not_lead_out_of_the_root, setup, teardown),
		cmocka_unit_test_setup_teardown(a_mapping_without_a_path_is_looked_for_nowhere, setup, teardown),
		cmocka_unit_test_setup_teardown(a_debug_file_is_found_by_build_id, setup, teardown),
		cmocka_unit_test_setup_teardown(a_debug_file_is_found_by_name_where_gdb_looks, setup, teardown),
		cmocka_unit_test_setup_teardown(what_files_have_in_common_is_found_where_dwz_puts_it, setup, teardown),
		cmocka_unit_test_setup_teardown(names_that_lead_elsewhere_are_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(a_debug_file_that_is_not_there_is_not_found, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
