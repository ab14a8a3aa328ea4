/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the fetching of debug files with a debuginfod-find of our own in its place. */
#include "src/why/debuginfod.h"

#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64];
static char path_before[4096];
static struct lc_why_debuginfod *debuginfod;

/* Puts SCRIPT where debuginfod-find is looked for first. */
static void install(const char *script)
{
	char path[128];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/debuginfod-find", directory);
	stream = fopen(path, "we");
	assert_non_null(stream);
	fprintf(stream, "#!/bin/sh\n%s\n", script);
	assert_int_equal(fclose(stream), 0);
	assert_int_equal(chmod(path, 0755), 0);
}

static int setup(void **state)
{
	char path[4200];

	(void)state;
	strcpy(directory, "/tmp/leastcap-find-XXXXXX");
	assert_non_null(mkdtemp(directory));
	/* Nobody is to run it. */
	assert_int_equal(chmod(directory, 0755), 0);
	snprintf(path_before, sizeof(path_before), "%s", getenv("PATH"));
	snprintf(path, sizeof(path), "%s:%s", directory, path_before);
	setenv("PATH", path, true);
	setenv("DEBUGINFOD_URLS", "http://localhost:1/", true);
	return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

static int teardown(void **state)
{
	(void)state;
	lc_why_debuginfod_free(debuginfod);
	debuginfod = NULL;
	setenv("PATH", path_before, true);
	return nftw(directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void start(const char *script)
{
	install(script);
	assert_int_equal(lc_why_debuginfod_new(&debuginfod, NULL), 0);
}

static void assert_content(int fd, const char *text)
{
	char content[256] = "";

	assert_true(fd >= 0);
	assert_true(read(fd, content, sizeof(content) - 1) > 0);
	assert_string_equal(content, text);
	close(fd);
}

static void the_file_that_was_fetched_is_handed_over(void **state)
{
	(void)state;
	start("echo \"$@\" >$DEBUGINFOD_CACHE_PATH/$2; echo $DEBUGINFOD_CACHE_PATH/$2");
	assert_content(lc_why_debuginfod_find(debuginfod, (const unsigned char *)"\x01\xab", 2), "debuginfo 01ab\n");
}

static void it_is_fetched_by_nobody(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	start("id -u >$DEBUGINFOD_CACHE_PATH/$2; grep CapEff /proc/self/status >>$DEBUGINFOD_CACHE_PATH/$2; echo $DEBUGINFOD_CACHE_PATH/$2");
	assert_content(lc_why_debuginfod_find(debuginfod, (const unsigned char *)"\x01", 1),
		"65534\nCapEff:\t0000000000000000\n");
}

static void a_file_that_is_not_found_leaves_others_to_be_found(void **state)
{
	(void)state;
	start("[ $2 = 02 ] || exit 1; echo found >$DEBUGINFOD_CACHE_PATH/$2; echo $DEBUGINFOD_CACHE_PATH/$2");
	assert_int_equal(lc_why_debuginfod_find(debuginfod, (const unsigned char *)"\x01", 1), -ENOENT);
	assert_content(lc_why_debuginfod_find(debuginfod, (const unsigned char *)"\x02", 1), "found\n");
}

static void its_cache_goes_with_it(void **state)
{
	char cache[256] = "";
	int fd;

	(void)state;
	start("printf %s $DEBUGINFOD_CACHE_PATH >$DEBUGINFOD_CACHE_PATH/$2; echo $DEBUGINFOD_CACHE_PATH/$2");
	fd = lc_why_debuginfod_find(debuginfod, (const unsigned char *)"\x01", 1);
	assert_true(fd >= 0);
	assert_true(read(fd, cache, sizeof(cache) - 1) > 0);
	close(fd);
	assert_int_equal(access(cache, F_OK), 0);
	lc_why_debuginfod_free(debuginfod);
	debuginfod = NULL;
	assert_int_equal(access(cache, F_OK), -1);
}

static void without_servers_there_is_nothing_to_start(void **state)
{
	(void)state;
	unsetenv("DEBUGINFOD_URLS");
	assert_int_equal(lc_why_debuginfod_new(&debuginfod, NULL), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_file_that_was_fetched_is_handed_over, setup, teardown),
		cmocka_unit_test_setup_teardown(it_is_fetched_by_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(a_file_that_is_not_found_leaves_others_to_be_found, setup, teardown),
		cmocka_unit_test_setup_teardown(its_cache_goes_with_it, setup, teardown),
		cmocka_unit_test_setup_teardown(without_servers_there_is_nothing_to_start, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
