/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of files that are written anew: what stays, what is kept, and what is put back. */
#include <leastcap/cleanup.h>
#include <leastcap/rewrite.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char *home;

/* A directory of the test's own is the working directory. */
static int enter(void **state)
{
	static char directory[] = "/tmp/leastcap-rewrite-XXXXXX";

	(void)state;
	home = getcwd(NULL, 0);
	strcpy(directory + sizeof(directory) - 7, "XXXXXX");
	return mkdtemp(directory) ? chdir(directory) : -1;
}

static int leave(void **state)
{
	_cleanup_free_ char *here = getcwd(NULL, 0);
	_cleanup_free_ char *command = NULL;
	int r;

	(void)state;
	if (!here || asprintf(&command, "rm -rf '%s'", here) < 0)
		return -1;
	r = chdir(home) | system(command);
	free(home);
	return r;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void assert_text(const char *path, const char *expected)
{
	char text[256] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

/* Writes TEXT in place of OLD at PATH. *MESSAGE (caller frees) is what is wrong, or NULL. Returns the backup's name, or NULL. */
static char *rewrite(const char *path, const char *old, const char *text, char **message)
{
	const struct lc_rewrite texts = {.old = old, .old_length = strlen(old), .text = text, .length = strlen(text)};
	char *backup = NULL;
	int r;

	*message = NULL;
	r = lc_rewrite(path, &texts, &backup, message);
	assert_int_equal(r != 0, !backup);
	return backup;
}

static void assert_undone(const char *path)
{
	char *message = NULL;

	if (lc_rewrite_undo(path, &message))
		fail_msg("%s", message);
}

static void assert_not_undone(const char *path, const char *part)
{
	char *message = NULL;

	assert_int_equal(lc_rewrite_undo(path, &message), -ENOENT);
	assert_non_null(strstr(message, part));
	free(message);
}

static void a_file_keeps_its_owner_and_mode_and_what_it_was(void **state)
{
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *backup = NULL;
	uid_t owner = geteuid() ? geteuid() : 4711;
	struct stat before, after;

	(void)state;
	put("a", "old");
	assert_return_code(chmod("a", 0640), errno);
	if (!geteuid())
		assert_return_code(chown("a", owner, 4712), errno);
	assert_return_code(stat("a", &before), errno);
	backup = rewrite("a", "old", "new", &message);
	assert_text("a", "new");
	assert_text(backup, "old");
	assert_return_code(stat("a", &after), errno);
	assert_int_equal(after.st_uid, owner);
	assert_int_equal(after.st_gid, before.st_gid);
	assert_int_equal(after.st_mode, before.st_mode);
	assert_int_not_equal(after.st_ino, before.st_ino);
	assert_undone("a");
	assert_text("a", "old");
	assert_return_code(stat("a", &after), errno);
	assert_int_equal(after.st_ino, before.st_ino);
	assert_int_equal(access(backup, F_OK), -1);
	assert_not_undone("a", "a: there is nothing to undo");
}

static void each_of_several_writings_is_undone(void **state)
{
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *first = NULL;
	_cleanup_free_ char *second = NULL;

	(void)state;
	put("a", "1");
	first = rewrite("a", "1", "2", &message);
	second = rewrite("a", "2", "3", &message);
	assert_string_not_equal(first, second);
	assert_undone("a");
	assert_text("a", "2");
	assert_undone("a");
	assert_text("a", "1");
}

static void what_somebody_changed_since_is_not_lost(void **state)
{
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *backup = NULL;

	(void)state;
	put("a*", "old");
	backup = rewrite("a*", "old", "new", &message);
	put("a*", "edited");
	assert_not_undone(
		"a*", "a* was changed after leastcap wrote it, and stays as it is; what it was before is in ");
	assert_text("a*", "edited");
	assert_text(backup, "old");
	put("ab", "other");
	assert_not_undone("ab", "nothing to undo");
}

static void a_file_that_has_another_text_is_not_written(void **state)
{
	_cleanup_free_ char *message = NULL;

	(void)state;
	put("a", "edited");
	assert_null(rewrite("a", "old", "new", &message));
	assert_string_equal(strstr(message, " was changed"), " was changed meanwhile: nothing was written");
	assert_text("a", "edited");
}

static void the_file_behind_a_link_is_written_and_the_link_stays(void **state)
{
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *backup = NULL;
	struct stat status;

	(void)state;
	assert_return_code(mkdir("real", 0700), errno);
	put("real/a", "old");
	assert_return_code(symlink("real/a", "link"), errno);
	backup = rewrite("link", "old", "new", &message);
	assert_text("real/a", "new");
	assert_non_null(strstr(backup, "/real/a.before-"));
	assert_return_code(lstat("link", &status), errno);
	assert_true(S_ISLNK(status.st_mode));
	assert_undone("link");
	assert_text("real/a", "old");
}

static void what_the_same_text_came_of_before_makes_way(void **state)
{
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *first = NULL;
	_cleanup_free_ char *second = NULL;

	(void)state;
	put("a", "1");
	first = rewrite("a", "1", "new", &message);
	unlink("a");
	put("a", "2");
	second = rewrite("a", "2", "new", &message);
	assert_string_equal(first, second);
	assert_undone("a");
	assert_text("a", "2");
}

static void what_is_no_file_is_refused(void **state)
{
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_null(rewrite("none", "", "new", &message));
	assert_string_equal(message, "none: No such file or directory");
	free(message);
	assert_null(rewrite(".", "", "new", &message));
	assert_non_null(strstr(message, "no regular file"));
}

static void somebody_elses_file_is_not_taken_over(void **state)
{
	_cleanup_free_ char *message = NULL;

	(void)state;
	if (geteuid())
		skip();
	put("a", "old");
	assert_return_code(chmod(".", 0777) | chmod("a", 0666), errno);
	assert_return_code(seteuid(4711), errno);
	assert_null(rewrite("a", "old", "new", &message));
	assert_return_code(seteuid(0), errno);
	assert_non_null(strstr(message, "belongs to user 0, and would not if it were written by another one"));
	assert_text("a", "old");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_keeps_its_owner_and_mode_and_what_it_was, enter, leave),
		cmocka_unit_test_setup_teardown(each_of_several_writings_is_undone, enter, leave),
		cmocka_unit_test_setup_teardown(what_somebody_changed_since_is_not_lost, enter, leave),
		cmocka_unit_test_setup_teardown(a_file_that_has_another_text_is_not_written, enter, leave),
		cmocka_unit_test_setup_teardown(the_file_behind_a_link_is_written_and_the_link_stays, enter, leave),
		cmocka_unit_test_setup_teardown(what_the_same_text_came_of_before_makes_way, enter, leave),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_refused, enter, leave),
		cmocka_unit_test_setup_teardown(somebody_elses_file_is_not_taken_over, enter, leave),
	};

	return cmocka_run_group_tests_name("rewrite", tests, NULL, NULL);
}
