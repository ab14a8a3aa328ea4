/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that a daemon's files are read below the container's root alone, and that only programs which are there are told. */
#include "tests/unit/rootfs_tree.h"

#include "src/lookup/named.h"

#include <leastcap/cleanup.h>

#define ELF "\177ELF and more"

/* The daemon that a process called COMM, of the program at PATH, is. */
static int daemon_of(const char *path, const char *comm)
{
	const struct lc_executed executed = {.path = path, .comm = comm};

	return lc_named_daemon(&executed);
}

static void look(void **state, const char *daemon, struct lc_named_list *list)
{
	assert_int_equal(lc_named_read(root_of(state), (uint32_t)daemon_of(daemon, NULL), list), 0);
}

/* A root with programs and an empty /etc. */
static void make_root(void)
{
	make_directory("etc", 0755);
	make_directory("bin", 0755);
	make_text("bin/a", 0755, ELF);
	make_text("bin/b", 0755, ELF);
	make_text("bin/script", 0755, "#!/bin/a\n");
	make_text("bin/text", 0755, "true\n");
	make_text("bin/data", 0644, ELF);
}

static void assert_program(
	const struct lc_named_list *list, size_t i, const char *path, const char *file, const char *real)
{
	assert_true(i < list->n);
	assert_string_equal(list->programs[i].path, path);
	assert_string_equal(list->programs[i].file, file);
	assert_string_equal(list->programs[i].real, real);
}

static void a_daemon_is_known_by_its_name_or_its_scripts(void **state)
{
	(void)state;
	assert_true(daemon_of("/usr/sbin/cron", "cron") >= 0);
	assert_true(daemon_of("/bin/busybox", "crond") >= 0);
	assert_true(daemon_of("/usr/bin/python3.11", "supervisord") >= 0);
	assert_int_equal(daemon_of("/usr/bin/python3.11", "python3"), -1);
	assert_int_equal(daemon_of("/usr/bin/crontab", NULL), -1);
}

static void of_what_is_named_the_programs_are_told(void **state)
{
	struct lc_named_list list = {0};
	struct stat status;

	make_root();
	make_text("etc/crontab", 0644,
		"1 1 * * * root /bin/a\n1 1 * * * root /bin/script\n1 1 * * * root /bin/text\n"
		"1 1 * * * root /bin/data\n1 1 * * * root /bin/missing\n1 1 * * * root /bin\n");
	make_directory("etc/cron.d", 0755);
	make_text("etc/cron.d/job", 0600, "@daily root /bin/b; /bin/a\n");
	make_text("etc/cron.d/.placeholder", 0600, "@daily root /bin/$x\n");
	look(state, "/usr/sbin/cron", &list);
	assert_int_equal(list.n, 2);
	assert_program(&list, 0, "/bin/a", "/etc/crontab", "/bin/a");
	assert_program(&list, 1, "/bin/b", "/etc/cron.d/job", "/bin/b");
	assert_int_equal(stat("bin/b", &status), 0);
	assert_int_equal(list.programs[1].inode, status.st_ino);
	assert_int_equal(list.left_out, 0);
	lc_named_clear(&list);
}

static void links_lead_to_what_is_run_and_not_out_of_the_root(void **state)
{
	struct lc_named_list list = {0};

	make_root();
	make_directory("sbin", 0755);
	make_link("sbin/one", "../bin/a");
	make_link("sbin/two", "/../../../bin/b");
	make_link("sbin/sh", "/bin/sh");
	make_text("etc/supervisord.conf", 0644,
		"[program:1]\ncommand=/sbin/one\n[program:2]\ncommand=/sbin/two x\n[program:3]\ncommand=/sbin/sh\n");
	look(state, "/usr/bin/supervisord", &list);
	assert_int_equal(list.n, 2);
	assert_program(&list, 0, "/sbin/one", "/etc/supervisord.conf", "/bin/a");
	assert_program(&list, 1, "/sbin/two", "/etc/supervisord.conf", "/bin/b");
	assert_int_equal(list.left_out, 0);
	lc_named_clear(&list);
}

static void only_its_own_files_are_a_daemons(void **state)
{
	struct lc_named_list list = {0};

	make_root();
	make_text("etc/crontab", 0644, "1 1 * * * root /bin/a\n");
	make_directory("etc/service", 0755);
	make_directory("etc/service/ssh", 0755);
	make_text("etc/service/ssh/run", 0755, "#!/bin/sh\nexec /bin/b -D\n");
	look(state, "/usr/bin/runsvdir", &list);
	assert_int_equal(list.n, 1);
	assert_program(&list, 0, "/bin/b", "/etc/service/ssh/run", "/bin/b");
	lc_named_clear(&list);
	look(state, "/usr/bin/supervisord", &list);
	assert_int_equal(list.n, 0);
	lc_named_clear(&list);
}

static void what_finds_no_room_is_counted(void **state)
{
	struct lc_named_list list = {0};
	char name[32], line[64];
	FILE *file;

	make_root();
	file = fopen("etc/crontab", "we");
	assert_non_null(file);
	for (int i = 0; i < LC_NAMED_MAX + 3; i++) {
		snprintf(name, sizeof(name), "bin/p%d", i);
		make_text(name, 0755, ELF);
		snprintf(line, sizeof(line), "1 1 * * * root /%s\n", name);
		fputs(line, file);
	}
	fclose(file);
	look(state, "/usr/sbin/cron", &list);
	assert_int_equal(list.n, LC_NAMED_MAX);
	assert_int_equal(list.left_out, 3);
	lc_named_clear(&list);
}

static void hostile_files_are_counted_and_not_believed(void **state)
{
	static char big[80 << 10];
	struct lc_named_list list = {0};

	make_root();
	memset(big, '\n', sizeof(big));
	make_file("etc/crontab", 0644, big, sizeof(big));
	make_directory("etc/cron.d", 0755);
	make_text("etc/cron.d/\033[2J", 0644, "@daily root /bin/a\n");
	make_text("etc/cron.d/a", 0644, "@daily root /bin/\033[2J\n@daily root /bin/$(x)\n");
	assert_int_equal(mkfifo("etc/cron.d/fifo", 0644), 0);
	make_link("etc/cron.d/loop", "loop");
	look(state, "/usr/sbin/cron", &list);
	assert_int_equal(list.n, 0);
	assert_int_equal(list.left_out, 5);
	lc_named_clear(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_daemon_is_known_by_its_name_or_its_scripts),
		test_in_tree(of_what_is_named_the_programs_are_told),
		test_in_tree(links_lead_to_what_is_run_and_not_out_of_the_root),
		test_in_tree(only_its_own_files_are_a_daemons),
		test_in_tree(what_finds_no_room_is_counted),
		test_in_tree(hostile_files_are_counted_and_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
