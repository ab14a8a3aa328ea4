/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of unified diffs: hunks as GNU diff writes them, and names that patch reads. */
#include "compose_text.h"

#include <leastcap/edits.h>

/* The diff of TEXT, called PATH, with EDITS, which are freed. Caller frees. */
static char *diff(const char *text, struct lc_edits *edits, const char *path)
{
	struct lc_yaml_tree *tree = NULL;
	struct lc_strbuf out = {0};
	char *message = NULL;

	assert_int_equal(lc_yaml_read(&tree, text, strlen(text), &message), 0);
	assert_true(lc_edits_sort(edits));
	lc_edits_diff(tree, edits, path, &out);
	lc_yaml_tree_free(tree);
	lc_edits_clear(edits);
	return lc_strbuf_steal(&out);
}

static void assert_hunks(const char *text, struct lc_edits *edits, const char *hunks)
{
	char *got = diff(text, edits, "a.yaml");

	assert_memory_equal(got, "--- a/a.yaml\n+++ b/a.yaml\n", 26);
	assert_string_equal(got + 26, hunks);
	free(got);
}

/* Twenty lines: "- 01" to "- 20", five bytes each. */
#define LINE(n)      ((size_t)((n)-1) * 5)
#define TWENTY_LINES 20

static char *twenty(void)
{
	struct lc_strbuf text = {0};

	for (int i = 1; i <= TWENTY_LINES; i++)
		lc_strbuf_addf(&text, "- %02d\n", i);
	return lc_strbuf_steal(&text);
}

static void changes_far_apart_are_hunks_of_their_own(void **state)
{
	struct lc_edits edits = {0};
	char *text = twenty();

	(void)state;
	lc_edits_add(&edits, LINE(15), LINE(15) + 4, "- x");
	lc_edits_add(&edits, LINE(3), LINE(3), "- y\n- z\n");
	lc_edits_add(&edits, LINE(20), LINE(21), "");
	assert_hunks(text, &edits,
		"@@ -1,5 +1,7 @@\n - 01\n - 02\n+- y\n+- z\n - 03\n - 04\n - 05\n"
		"@@ -12,9 +14,8 @@\n - 12\n - 13\n - 14\n-- 15\n+- x\n - 16\n - 17\n - 18\n - 19\n-- 20\n");
	free(text);
}

static void six_lines_between_changes_join_them_and_seven_do_not(void **state)
{
	struct lc_edits edits = {0};
	char *text = twenty();
	char *got;

	(void)state;
	lc_edits_add(&edits, LINE(1), LINE(2), "");
	lc_edits_add(&edits, LINE(8), LINE(9), "");
	got = diff(text, &edits, "a.yaml");
	assert_non_null(strstr(got, "@@ -1,11 +1,9 @@\n"));
	free(got);
	lc_edits_add(&edits, LINE(1), LINE(2), "");
	lc_edits_add(&edits, LINE(9), LINE(10), "");
	got = diff(text, &edits, "a.yaml");
	assert_non_null(strstr(got, "@@ -1,4 +1,3 @@\n"));
	assert_non_null(strstr(got, "@@ -6,7 +5,6 @@\n"));
	free(got);
	free(text);
}

static void edits_of_one_line_are_one_change(void **state)
{
	struct lc_edits edits = {0};

	(void)state;
	lc_edits_add(&edits, 4, 5, "B");
	lc_edits_add(&edits, 1, 2, "A");
	lc_edits_add(&edits, 2, 2, "+");
	assert_hunks("[a, b]\n", &edits, "@@ -1 +1 @@\n-[a, b]\n+[A+, B]\n");
}

static void a_file_that_is_emptied_or_filled_has_a_range_of_nothing(void **state)
{
	struct lc_edits edits = {0};

	(void)state;
	lc_edits_add(&edits, 0, 4, "");
	assert_hunks("- a\n", &edits, "@@ -1 +0,0 @@\n-- a\n");
	lc_edits_add(&edits, 0, 0, "- a\n");
	assert_hunks("", &edits, "@@ -0,0 +1 @@\n+- a\n");
}

static void a_line_after_one_without_line_break_gives_it_one(void **state)
{
	struct lc_edits edits = {0};

	(void)state;
	lc_edits_add(&edits, 4, 4, "- b\n");
	assert_hunks("- a", &edits,
		"@@ -1 +1,2 @@\n-- a\n\\ No newline at end of file\n+- a\n+- b\n\\ No newline at end of file\n");
}

static void an_edit_that_changes_nothing_is_no_diff(void **state)
{
	struct lc_edits edits = {0};
	char *got;

	(void)state;
	lc_edits_add(&edits, 2, 3, "a");
	got = diff("- a\n", &edits, "a.yaml");
	assert_string_equal(got, "");
	free(got);
	lc_edits_add(&edits, 2, 3, "a");
	lc_edits_add(&edits, 6, 7, "c\n- d");
	assert_hunks("- a\n- b\n", &edits, "@@ -1,2 +1,3 @@\n - a\n-- b\n+- c\n+- d\n");
}

static void edits_that_overlap_are_found(void **state)
{
	struct lc_edits edits = {0};

	(void)state;
	lc_edits_add(&edits, 2, 5, "");
	lc_edits_add(&edits, 4, 6, "");
	assert_false(lc_edits_sort(&edits));
	lc_edits_clear(&edits);
}

static void names_are_written_as_patch_reads_them(void **state)
{
	static const struct {
		const char *path;
		const char *head;
	} names[] = {{"./compose.yaml", "--- a/compose.yaml\n+++ b/compose.yaml\n"},
		{"/srv/shop/compose.yaml", "--- a/srv/shop/compose.yaml\n+++ b/srv/shop/compose.yaml\n"},
		{"my file.yaml", "--- a/my file.yaml\t\n+++ b/my file.yaml\t\n"},
		{"a\n+b\"\\.yaml", "--- \"a/a\\012+b\\\"\\\\.yaml\"\n+++ \"b/a\\012+b\\\"\\\\.yaml\"\n"}};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct lc_edits edits = {0};
		char *got;

		lc_edits_add(&edits, 2, 3, "b");
		got = diff("- a\n", &edits, names[i].path);
		assert_memory_equal(got, names[i].head, strlen(names[i].head));
		free(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(changes_far_apart_are_hunks_of_their_own),
		cmocka_unit_test(six_lines_between_changes_join_them_and_seven_do_not),
		cmocka_unit_test(edits_of_one_line_are_one_change),
		cmocka_unit_test(a_file_that_is_emptied_or_filled_has_a_range_of_nothing),
		cmocka_unit_test(a_line_after_one_without_line_break_gives_it_one),
		cmocka_unit_test(an_edit_that_changes_nothing_is_no_diff),
		cmocka_unit_test(edits_that_overlap_are_found),
		cmocka_unit_test(names_are_written_as_patch_reads_them),
	};

	return cmocka_run_group_tests_name("compose_diff", tests, NULL, NULL);
}
