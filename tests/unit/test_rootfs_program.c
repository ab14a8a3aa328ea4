/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that the program behind a script is the one that the kernel runs, and is looked for in the container alone. */
#include "tests/unit/rootfs_tree.h"

#include <leastcap/cleanup.h>
#include <leastcap/rootfs.h>

#include <sys/prctl.h>

/* What the kernel reads of a script's first line. */
#define FIRST_LINE_MAX 256

/* Asserts that execve of PATH runs PROGRAM below the test's root. */
static void assert_program(void **state, const char *path, const char *program)
{
	_cleanup_free_ char *name = NULL;
	int fd = lc_rootfs_open_program(root_of(state), path, &name);

	assert_is(fd, program + 1);
	assert_string_equal(name, program);
}

static void assert_no_program(void **state, const char *path, int error)
{
	char *name = NULL;

	assert_int_equal(lc_rootfs_open_program(root_of(state), path, &name), error);
	assert_null(name);
}

static void a_binary_is_its_own_program(void **state)
{
	make_text("nginx", 0755, "\177ELF");
	assert_program(state, "/nginx", "/nginx");
}

static void a_script_runs_its_interpreter(void **state)
{
	make_text("sh", 0755, "\177ELF");
	make_text("entrypoint", 0755, "#!/sh\nexec nginx\n");
	assert_program(state, "/entrypoint", "/sh");
}

static void blanks_and_arguments_are_no_part_of_the_interpreter(void **state)
{
	make_text("env", 0755, "\177ELF");
	make_text("script", 0755, "#! \t /env \t-S python3 -u\n");
	assert_program(state, "/script", "/env");
}

static void an_interpreter_is_a_link_in_the_container(void **state)
{
	_cleanup_free_ char *name = NULL;

	make_directory("bin", 0755);
	make_text("bin/dash", 0755, "\177ELF");
	make_link("bin/sh", "/bin/dash");
	make_text("script", 0755, "#!/bin/sh\n");
	assert_is(lc_rootfs_open_program(root_of(state), "/script", &name), "bin/dash");
	assert_string_equal(name, "/bin/sh");
}

static void the_hosts_interpreter_is_not_looked_at(void **state)
{
	assert_int_equal(access("/bin/sh", X_OK), 0);
	make_text("absolute", 0755, "#!/bin/sh\n");
	make_text("relative", 0755, "#!/../../../../../../bin/sh\n");
	assert_no_program(state, "/absolute", -ENOENT);
	assert_no_program(state, "/relative", -ENOENT);
}

static void an_interpreter_that_depends_on_the_working_directory_is_refused(void **state)
{
	make_text("sh", 0755, "\177ELF");
	make_text("script", 0755, "#!sh\n");
	assert_no_program(state, "/script", -EINVAL);
}

static void what_nobody_may_execute_is_no_program(void **state)
{
	make_text("file", 0644, "#!/file\n");
	make_directory("directory", 0755);
	assert_no_program(state, "/file", -EACCES);
	assert_no_program(state, "/directory", -EACCES);
}

static void a_file_system_that_is_mounted_noexec_has_no_programs(void **state)
{
	need_own_mounts(state);
	make_directory("data", 0755);
	assert_int_equal(mount("leastcap", "data", "tmpfs", MS_NOEXEC, "size=64k"), 0);
	make_text("data/program", 0755, "\177ELF");
	assert_no_program(state, "/data/program", -EACCES);
}

static void a_fifo_is_no_program_and_does_not_block(void **state)
{
	assert_int_equal(mkfifo("fifo", 0755), 0);
	make_text("script", 0755, "#!/fifo\n");
	assert_no_program(state, "/fifo", -EACCES);
	assert_no_program(state, "/script", -EACCES);
}

static void a_script_that_names_itself_ends(void **state)
{
	make_text("snake", 0755, "#!/snake\n");
	assert_no_program(state, "/snake", -ELOOP);
}

static void a_missing_program_is_not_there(void **state)
{
	assert_no_program(state, "/missing", -ENOENT);
}

/* Tries to execute PATH: the errno, or 0. */
static int execute(const char *path)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		char *const arguments[] = {(char *)path, NULL};

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execv(path, arguments);
		_exit(errno);
	}
	return wait_for(pid);
}

/* Asserts that lc_rootfs_open_program succeeds, or fails, as the kernel's execve of PATH does. */
static void assert_as_kernel(const char *path)
{
	_cleanup_fd_ int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;
	_cleanup_free_ char *name = NULL;

	fd = lc_rootfs_open_program(root, path, &name);
	assert_int_equal(fd < 0 ? -fd : 0, execute(path));
	if (fd >= 0)
		assert_string_equal(name, "/bin/true");
}

static void scripts_of_scripts_run_as_deep_as_in_the_kernel(void **state)
{
	const struct tree *tree = *state;
	char path[64], line[80] = "#!/bin/true\n";
	int i;

	for (i = 0; i < 8; i++) {
		snprintf(path, sizeof(path), "%s/script%d", tree->path, i);
		make_text(path, 0755, line);
		assert_as_kernel(path);
		snprintf(line, sizeof(line), "#!%s\n", path);
	}
}

static void first_lines_are_read_as_in_the_kernel(void **state)
{
	static const struct {
		const char *line;
		size_t size;
	} lines[] = {
#define LINE(text) {text, sizeof(text) - 1}
		LINE("#!/bin/true"),
		LINE("#!/bin/true\n"),
		LINE("#!/bin/true \n"),
		LINE("#!/bin/true\t-x\n"),
		LINE("#! /bin/true"),
		LINE("#!\t \t/bin/true\t"),
		LINE("#!/bin/true\0/bin/false\n"),
		LINE("#!/bin/true\r\n"),
		LINE("#!/bin/missing\n"),
		LINE("#!/bin\n"),
		LINE("#!\n/bin/true\n"),
		LINE("#! \t\n"),
		LINE("#!\n"),
#undef LINE
	};
	const struct tree *tree = *state;
	char path[64];
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(path, sizeof(path), "%s/script%zu", tree->path, i);
		make_file(path, 0755, lines[i].line, lines[i].size);
		assert_as_kernel(path);
	}
}

/* Makes a script whose interpreter ends at byte END of the file, by blanks before it, and asserts on it. */
static void assert_padded_as_kernel(const struct tree *tree, size_t end, const char *after)
{
	const char *interpreter = "/bin/true";
	char text[2 * FIRST_LINE_MAX], path[64];

	memset(text, ' ', sizeof(text));
	memcpy(text, "#!", 2);
	memcpy(text + end - strlen(interpreter), interpreter, strlen(interpreter));
	memcpy(text + end, after, strlen(after));
	snprintf(path, sizeof(path), "%s/script%zu%zu", tree->path, end, strlen(after));
	make_file(path, 0755, text, end + strlen(after));
	assert_as_kernel(path);
}

static void a_name_that_is_cut_off_is_no_name_as_in_the_kernel(void **state)
{
	const struct tree *tree = *state;
	size_t end;

	for (end = FIRST_LINE_MAX - 4; end < FIRST_LINE_MAX + 4; end++) {
		assert_padded_as_kernel(tree, end, "");
		assert_padded_as_kernel(tree, end, "\n");
		assert_padded_as_kernel(tree, end, " -x");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_tree(a_binary_is_its_own_program),
		test_in_tree(a_script_runs_its_interpreter),
		test_in_tree(blanks_and_arguments_are_no_part_of_the_interpreter),
		test_in_tree(an_interpreter_is_a_link_in_the_container),
		test_in_tree(the_hosts_interpreter_is_not_looked_at),
		test_in_tree(an_interpreter_that_depends_on_the_working_directory_is_refused),
		test_in_tree(what_nobody_may_execute_is_no_program),
		test_in_tree(a_file_system_that_is_mounted_noexec_has_no_programs),
		test_in_tree(a_fifo_is_no_program_and_does_not_block),
		test_in_tree(a_script_that_names_itself_ends),
		test_in_tree(a_missing_program_is_not_there),
		test_in_tree(scripts_of_scripts_run_as_deep_as_in_the_kernel),
		test_in_tree(first_lines_are_read_as_in_the_kernel),
		test_in_tree(a_name_that_is_cut_off_is_no_name_as_in_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
