/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of reading which files a patch changes, and of what no patch may do. */
#include <leastcap/patch.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HUNK "@@ -1,2 +1,2 @@\n same\n-old\n+new\n"

static void assert_files(const char *text, size_t n, const char *first, const char *last)
{
	struct lc_patch_files files = {0};
	char *message = NULL;

	assert_int_equal(lc_patch_read(&files, text, strlen(text), &message), 0);
	assert_int_equal(files.n, n);
	assert_string_equal(files.paths[0], first);
	assert_string_equal(files.paths[n - 1], last);
	assert_null(message);
	lc_patch_files_clear(&files);
}

static void assert_refused(const char *text, const char *why)
{
	struct lc_patch_files files = {0};
	char *message = NULL;

	assert_int_equal(lc_patch_read(&files, text, strlen(text), &message), -EINVAL);
	assert_non_null(message);
	if (!strstr(message, why))
		fail_msg("\"%s\" is not in \"%s\"", why, message);
	free(message);
	lc_patch_files_clear(&files);
}

static void each_file_is_named_once(void **state)
{
	(void)state;
	assert_files("--- a/compose.yaml\n+++ b/compose.yaml\n" HUNK
		     "--- a/web/Dockerfile\t2026-01-01\n+++ b/web/Dockerfile\n" HUNK
		     "--- a/compose.yaml\n+++ b/compose.yaml\n" HUNK,
		2, "compose.yaml", "web/Dockerfile");
	assert_files(
		"why it is so\n\ndiff --git a/with blank b/with blank\nindex 1..2 100644\n--- a/with blank\t\n+++ b/with blank\t\n" HUNK,
		1, "with blank", "with blank");
}

static void what_looks_like_a_head_in_a_hunk_is_none(void **state)
{
	(void)state;
	assert_files(
		"--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n--- /dev/null\n-GIT binary patch\n+++ /etc/passwd\n+rename to x\n",
		1, "f", "f");
	assert_files("--- a/f\n+++ b/f\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n", 1, "f", "f");
}

static void files_elsewhere_are_refused(void **state)
{
	static const char *const names[] = {
		"/etc/passwd", "a/../x", "a/x/../../y", "a//etc/passwd", "a/", "a/./x", "a/x/.."};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char text[256];

		snprintf(text, sizeof(text), "--- %s\n+++ %s\n" HUNK, names[i], names[i]);
		assert_refused(text, "1: the file's name does not lie plainly below");
	}
	assert_refused("--- f\n+++ f\n" HUNK, "no folder before it");
	assert_refused("--- \"a/f\\n\"\n+++ \"b/f\\n\"\n" HUNK, "characters");
}

static void more_than_changes_is_refused(void **state)
{
	(void)state;
	assert_refused("--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+x\n", "1: it makes or removes a file");
	assert_refused("--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n", "2: it makes or removes a file");
	assert_refused("--- a/f\n+++ b/g\n" HUNK, "2: it renames a file");
	assert_refused("diff --git a/f b/g\nrename from f\nrename to g\n", "2: it does more");
	assert_refused("diff --git a/f b/f\nold mode 100644\nnew mode 100755\n", "2: it does more");
}

static void what_is_no_patch_is_refused(void **state)
{
	(void)state;
	assert_refused("", "no unified patch");
	assert_refused("*** a/f\n--- b/f\n", "a line with +++ has to follow");
	assert_refused(HUNK, "1: these changes are of no file");
	assert_refused("--- a/f\n+++ b/f\n@@ -1,9 +1,2 @@\n same\n-old\n+new\n", "3: the lines of this part");
	assert_refused("--- a/f\n+++ b/f\n@@ -1,9\n", "3: the lines of this part");
	assert_refused("--- a/f\n+++ b/f\n@@ ", "3: the lines of this part");
	assert_refused("--- a/f\n+++ b/f\n@@ -", "3: the lines of this part");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_is_named_once),
		cmocka_unit_test(what_looks_like_a_head_in_a_hunk_is_none),
		cmocka_unit_test(files_elsewhere_are_refused),
		cmocka_unit_test(more_than_changes_is_refused),
		cmocka_unit_test(what_is_no_patch_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
