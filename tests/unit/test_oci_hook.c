/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what a runtime's hook is told, of where it writes, and of its notes of who is recorded. */
#include <leastcap/oci_hook.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PROFILE "{\n  \"schema\": \"leastcap-profile/1\",\n"

static char top[64];

static int set_up(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "/tmp/test-oci-hook-XXXXXX");
	return mkdtemp(top) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", top);
	return system(command);
}

/* NAME below the test's directory. In one of two buffers. */
static const char *at(const char *name)
{
	static char paths[2][256];
	static int turn;

	turn = !turn;
	snprintf(paths[turn], sizeof(paths[turn]), "%s/%s", top, name);
	return paths[turn];
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void assert_state_refused(const char *text)
{
	struct lc_oci_state oci = {0};
	char *message = NULL;

	assert_int_equal(lc_oci_state_read(text, strlen(text), &oci, &message), -EINVAL);
	assert_non_null(message);
	assert_null(strchr(message, '\n'));
	assert_null(oci.id);
	free(message);
}

static void a_state_tells_the_container_and_where_its_profile_goes(void **state)
{
	static const char text[] =
		"{\"id\": \"web\", \"pid\": 7, \"bundle\": \"/run/web\", \"annotations\": {\"" LC_OCI_ANNOTATION
		"\": \"of:/tmp/web.json\"}}";
	struct lc_oci_state oci = {0};
	char *message = NULL;

	(void)state;
	assert_int_equal(lc_oci_state_read(text, strlen(text), &oci, &message), 0);
	assert_string_equal(oci.id, "web");
	assert_string_equal(oci.bundle, "/run/web");
	assert_string_equal(oci.output, "/tmp/web.json");
	assert_int_equal(oci.pid, 7);
	lc_oci_state_clear(&oci);
}

static void without_the_annotation_a_container_is_not_recorded(void **state)
{
	static const char text[] = "{\"id\": \"web\", \"annotations\": {\"other\": \"of:/tmp/web.json\"}}";
	struct lc_oci_state oci = {0};
	char *message = NULL;

	(void)state;
	assert_int_equal(lc_oci_state_read(text, strlen(text), &oci, &message), 0);
	assert_null(oci.output);
	lc_oci_state_clear(&oci);
}

static void what_is_no_state_is_refused_in_a_line(void **state)
{
	(void)state;
	assert_state_refused("");
	assert_state_refused("[]");
	assert_state_refused("{\"id\": \"../web\"}");
	assert_state_refused("{\"id\": \".web\"}");
	assert_state_refused("{\"id\": \"\"}");
	assert_state_refused("{\"id\": \"web\", \"pid\": -1}");
	assert_state_refused("{\"id\": \"web\", \"annotations\": {\"" LC_OCI_ANNOTATION "\": \"/tmp/web.json\"}}");
	assert_state_refused("{\"id\": \"web\", \"annotations\": {\"" LC_OCI_ANNOTATION "\": \"of:web.json\"}}");
}

/* Opens the place of PATH. 0, or -errno: with a message in one line when it is refused. */
static int open_place(const char *path)
{
	const char *const places[] = {"/nowhere", top};
	const char *name = NULL;
	char *message = NULL;
	int fd = lc_oci_open_place(path, places, 2, &name, &message);

	if (fd < 0) {
		assert_true(fd != -EACCES || (message && !strchr(message, '\n')));
		free(message);
		return fd;
	}
	assert_string_equal(name, strrchr(path, '/') + 1);
	close(fd);
	return 0;
}

static void a_profile_goes_to_the_directories_that_are_allowed_and_below(void **state)
{
	(void)state;
	assert_int_equal(mkdir(at("below"), 0755), 0);
	assert_int_equal(open_place(at("web.json")), 0);
	assert_int_equal(open_place(at("below/web.json")), 0);
	assert_int_equal(open_place(at("missing/web.json")), -EACCES);
	assert_int_equal(open_place("/etc/web.json"), -EACCES);
	assert_int_equal(open_place(at("../web.json")), -EACCES);
	assert_int_equal(open_place(at("below/../../web.json")), -EACCES);
}

static void an_allowed_directory_is_not_one_whose_name_only_begins_so(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s2/web.json", top);
	assert_int_equal(open_place(path), -EACCES);
}

static void a_symbolic_link_on_the_way_is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkdir(at("real"), 0755), 0);
	assert_int_equal(symlink("real", at("link")), 0);
	assert_int_equal(open_place(at("link/web.json")), -EACCES);
}

static void a_directory_in_which_others_decide_is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkdir(at("open"), 0755), 0);
	assert_int_equal(chmod(at("open"), 0775), 0);
	assert_int_equal(open_place(at("open/web.json")), -EACCES);
	assert_int_equal(chmod(at("open"), 01777), 0);
	assert_int_equal(open_place(at("open/web.json")), 0);
	if (geteuid())
		return;
	assert_int_equal(chmod(at("open"), 0755), 0);
	assert_int_equal(chown(at("open"), 1, 1), 0);
	assert_int_equal(open_place(at("open/web.json")), -EACCES);
}

static void only_a_profile_is_replaced(void **state)
{
	(void)state;
	write_file(at("web.json"), PROFILE);
	assert_int_equal(open_place(at("web.json")), 0);
	write_file(at("other.json"), "{}");
	assert_int_equal(open_place(at("other.json")), -EACCES);
	assert_int_equal(link(at("web.json"), at("second.json")), 0);
	assert_int_equal(open_place(at("web.json")), -EACCES);
	assert_int_equal(symlink("web.json", at("link.json")), 0);
	assert_int_equal(open_place(at("link.json")), -EACCES);
	assert_int_equal(mkfifo(at("fifo.json"), 0600), 0);
	assert_int_equal(open_place(at("fifo.json")), -EACCES);
}

static void a_file_that_others_may_look_for_by_its_name_is_not_made(void **state)
{
	(void)state;
	assert_int_equal(open_place(at("web")), -EACCES);
	assert_int_equal(open_place(at(".json")), -EACCES);
	assert_int_equal(open_place(at(".web.json")), -EACCES);
	assert_int_equal(open_place(at("web.json/")), -EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_tells_the_container_and_where_its_profile_goes),
		cmocka_unit_test(without_the_annotation_a_container_is_not_recorded),
		cmocka_unit_test(what_is_no_state_is_refused_in_a_line),
		cmocka_unit_test_setup_teardown(
			a_profile_goes_to_the_directories_that_are_allowed_and_below, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_allowed_directory_is_not_one_whose_name_only_begins_so, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_symbolic_link_on_the_way_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_directory_in_which_others_decide_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(only_a_profile_is_replaced, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_file_that_others_may_look_for_by_its_name_is_not_made, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
