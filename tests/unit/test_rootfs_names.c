/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that owners are named as the container names them, and that its name files can do no harm. */
#include "tests/unit/rootfs_tree.h"

#include <leastcap/cleanup.h>
#include <leastcap/rootfs.h>

#define MEBIBYTE (1 << 20)

/* Asserts that a file of uid 33 and gid 4 is said to belong to OWNER. */
static void assert_owner(void **state, const char *owner)
{
	_cleanup_(lc_object_clear) struct lc_object object = {0};

	assert_int_equal(lc_rootfs_describe(root_of(state), "/file", true, NULL, &object), 0);
	assert_string_equal(object.owner, owner);
}

/* A tree with a file of uid 33 and gid 4, whose group is "adm". */
static void make_owned_file(void)
{
	need_root("give a file away");
	make_text("file", 0644, "");
	assert_int_equal(chown("file", 33, 4), 0);
	make_directory("etc", 0755);
	make_text("etc/group", 0644, "root:x:0:\nadm:x:4:syslog,www-data\n");
}

/* Asserts that PASSWD as /etc/passwd makes the owner OWNER. */
static void assert_named(void **state, const char *passwd, const char *owner)
{
	make_owned_file();
	make_text("etc/passwd", 0644, passwd);
	assert_owner(state, owner);
}

static void names_are_the_containers_own(void **state)
{
	assert_named(state, "root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/sh\n", "www-data:adm");
}

static void an_id_without_a_name_is_its_number(void **state)
{
	assert_named(state, "root:x:0:0:root:/root:/bin/sh\n", "33:adm");
}

static void without_name_files_there_are_numbers(void **state)
{
	need_root("give a file away");
	make_text("file", 0644, "");
	assert_int_equal(chown("file", 33, 4), 0);
	assert_owner(state, "33:4");
}

static void empty_name_files_name_nobody(void **state)
{
	assert_named(state, "", "33:adm");
}

static void a_name_with_strange_characters_is_a_number(void **state)
{
	assert_named(state, "www\033[2Jdata:x:33:33::/:/bin/sh\n", "33:adm");
}

static void a_name_that_looks_like_a_number_is_a_number(void **state)
{
	assert_named(state, "0:x:33:33::/:/bin/sh\n", "33:adm");
}

static void a_name_of_64_characters_is_a_name(void **state)
{
	char passwd[128], owner[128];

	snprintf(passwd, sizeof(passwd), "a%063d:x:33:33::/:/bin/sh\n", 0);
	snprintf(owner, sizeof(owner), "a%063d:adm", 0);
	assert_named(state, passwd, owner);
}

static void a_name_of_65_characters_is_a_number(void **state)
{
	char passwd[128];

	snprintf(passwd, sizeof(passwd), "a%064d:x:33:33::/:/bin/sh\n", 0);
	assert_named(state, passwd, "33:adm");
}

static void lines_of_nis_are_passed_over(void **state)
{
	make_owned_file();
	assert_int_equal(chown("file", 0, 4), 0);
	make_text("etc/passwd", 0644, "+::::::\nroot:x:0:0::/:/bin/sh\n");
	assert_owner(state, "root:adm");
}

static void lines_that_make_no_sense_are_passed_over(void **state)
{
	assert_named(state, "\n:::\n# www:x:33:33\nx:y\nwww-data:x:33:33::/:/bin/sh\n", "www-data:adm");
}

/* Writes SIZE bytes of comments that end with an entry for uid 33. */
static void make_padded_passwd(size_t size)
{
	const char *entry = "\nwww-data:x:33:33::/:/bin/sh\n";
	_cleanup_free_ char *text = malloc(size);
	size_t i;

	assert_non_null(text);
	for (i = 0; i < size; i++)
		text[i] = i % 64 == 63 ? '\n' : '#';
	memcpy(text + size - strlen(entry), entry, strlen(entry));
	make_file("etc/passwd", 0644, text, size);
}

static void a_name_file_of_a_mebibyte_is_read(void **state)
{
	make_owned_file();
	make_padded_passwd(MEBIBYTE);
	assert_owner(state, "www-data:adm");
}

static void a_bigger_name_file_is_not_read(void **state)
{
	make_owned_file();
	make_padded_passwd(MEBIBYTE + 1);
	assert_owner(state, "33:adm");
}

static void an_endless_line_ends_the_search(void **state)
{
	_cleanup_free_ char *text = malloc(MEBIBYTE);

	assert_non_null(text);
	make_owned_file();
	memset(text, 'a', MEBIBYTE);
	make_file("etc/passwd", 0644, text, MEBIBYTE);
	assert_owner(state, "33:adm");
}

static void a_name_file_full_of_nul_bytes_names_nobody(void **state)
{
	_cleanup_free_ char *text = calloc(1, MEBIBYTE);

	assert_non_null(text);
	make_owned_file();
	make_file("etc/passwd", 0644, text, MEBIBYTE);
	assert_owner(state, "33:adm");
}

static void a_name_file_that_is_a_link_is_read_below_the_root(void **state)
{
	make_owned_file();
	make_directory("real", 0755);
	make_text("real/passwd", 0644, "www-data:x:33:33::/:/bin/sh\n");
	make_link("etc/passwd", "/real/passwd");
	assert_owner(state, "www-data:adm");
}

static void a_link_does_not_lead_to_the_hosts_name_file(void **state)
{
	make_owned_file();
	assert_int_equal(chown("file", 0, 4), 0);
	make_link("etc/passwd", "../../../../../../../etc/passwd");
	assert_owner(state, "0:adm");
}

static void a_fifo_in_place_of_a_name_file_does_not_block(void **state)
{
	make_owned_file();
	assert_int_equal(mkfifo("etc/passwd", 0644), 0);
	assert_owner(state, "33:adm");
}

static void a_directory_in_place_of_a_name_file_names_nobody(void **state)
{
	make_owned_file();
	make_directory("etc/passwd", 0755);
	assert_owner(state, "33:adm");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_tree(names_are_the_containers_own),
		test_in_tree(an_id_without_a_name_is_its_number),
		test_in_tree(without_name_files_there_are_numbers),
		test_in_tree(empty_name_files_name_nobody),
		test_in_tree(a_name_with_strange_characters_is_a_number),
		test_in_tree(a_name_that_looks_like_a_number_is_a_number),
		test_in_tree(a_name_of_64_characters_is_a_name),
		test_in_tree(a_name_of_65_characters_is_a_number),
		test_in_tree(lines_of_nis_are_passed_over),
		test_in_tree(lines_that_make_no_sense_are_passed_over),
		test_in_tree(a_name_file_of_a_mebibyte_is_read),
		test_in_tree(a_bigger_name_file_is_not_read),
		test_in_tree(an_endless_line_ends_the_search),
		test_in_tree(a_name_file_full_of_nul_bytes_names_nobody),
		test_in_tree(a_name_file_that_is_a_link_is_read_below_the_root),
		test_in_tree(a_link_does_not_lead_to_the_hosts_name_file),
		test_in_tree(a_fifo_in_place_of_a_name_file_does_not_block),
		test_in_tree(a_directory_in_place_of_a_name_file_names_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
