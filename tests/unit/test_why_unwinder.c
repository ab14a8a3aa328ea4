/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the unwinder with its child: files are found, and whatever becomes of the child costs one stack. */
#include "callers.h"

#include <dirent.h>
#include <errno.h>
#include <sys/sendfile.h>
#include <time.h>

#define FLAGS      "-g -O2 -fomit-frame-pointer"
#define WHOLE      "chroot innermost inlined* outer main"
#define CORRUPTED  300
#define PROGRAMS   150
#define TIMEOUT_MS 300

static struct stopped stopped;
static struct lc_why *unwinder;

static int setup(void **state)
{
	/* Long enough for a debug file of libc on a busy machine. */
	const struct lc_why_options options = {.timeout_ms = 5000};

	return callers_setup(state) || lc_why_new(&unwinder, &options, NULL);
}

static int teardown(void **state)
{
	lc_why_free(unwinder);
	return callers_teardown(state);
}

/* Unwinds what is stopped, and expects that to be FUNCTIONS. */
static void assert_unwound(struct lc_why *by, const char *functions)
{
	struct lc_stack stack = {0};

	assert_int_equal(lc_why_unwind(by, &stopped.snapshot, &stack), 0);
	assert_functions(&stack, functions);
	lc_stack_clear(&stack);
}

/* The child of process PID, 0 when there is none. */
static pid_t child_of(pid_t pid)
{
	DIR *processes = opendir("/proc");
	const struct dirent *entry;
	char path[64], text[512];
	pid_t found = 0;

	assert_non_null(processes);
	while (!found && (entry = readdir(processes))) {
		FILE *stream;
		int parent = 0;
		const char *end;

		snprintf(path, sizeof(path), "/proc/%.20s/stat", entry->d_name);
		stream = atoi(entry->d_name) > 0 ? fopen(path, "re") : NULL;
		if (!stream)
			continue;
		if (fgets(text, sizeof(text), stream) && (end = strrchr(text, ')')) &&
			sscanf(end + 1, " %*c %d", &parent) == 1 && parent == pid && strstr(text, "(leastcap-why)"))
			found = atoi(entry->d_name);
		fclose(stream);
	}
	closedir(processes);
	return found;
}

/* The process that parses for the unwinder. */
static pid_t worker(void)
{
	pid_t keeper = child_of(getpid());

	assert_true(keeper > 0);
	return child_of(keeper);
}

static void a_program_is_unwound_with_functions_files_and_lines(void **state)
{
	struct lc_stack stack = {0};

	(void)state;
	callers_build("program", FLAGS);
	callers_stop(&stopped, "program", "0");
	assert_int_equal(lc_why_unwind(unwinder, &stopped.snapshot, &stack), 0);
	assert_functions(&stack, WHOLE);
	assert_int_equal(stack.frames[1].line, callers_line("chroot(copy)"));
	assert_non_null(strstr(stack.frames[1].module, "/program"));
	assert_false(stack.cut);
	lc_stack_clear(&stack);
	stopped_end(&stopped);
}

static void the_same_program_elsewhere_in_memory_is_unwound_too(void **state)
{
	int i;

	(void)state;
	callers_build("program", FLAGS);
	for (i = 0; i < 3; i++) {
		callers_stop(&stopped, "program", "0");
		assert_unwound(unwinder, WHOLE);
		stopped_end(&stopped);
	}
}

static void a_process_that_is_gone_is_unwound_while_its_files_are_there(void **state)
{
	(void)state;
	callers_build("program", FLAGS);
	callers_stop(&stopped, "program", "0");
	stopped_kill(&stopped);
	assert_unwound(unwinder, WHOLE);
	stopped_end(&stopped);
}

static void a_deleted_program_is_unwound_while_it_runs(void **state)
{
	(void)state;
	callers_build("program", FLAGS);
	callers_stop(&stopped, "program", "0");
	callers_shell("rm program");
	assert_unwound(unwinder, WHOLE);
	stopped_end(&stopped);
}

static void a_file_that_took_a_programs_place_is_not_taken_for_it(void **state)
{
	struct lc_stack stack = {0};

	(void)state;
	callers_build("program", FLAGS);
	callers_build("other", FLAGS " -Dinnermost=wrong");
	callers_stop(&stopped, "program", "0");
	callers_shell("mv other program");
	stopped_kill(&stopped);
	assert_int_equal(lc_why_unwind(unwinder, &stopped.snapshot, &stack), 0);
	assert_string_equal(stack.frames[0].function, "chroot");
	assert_non_null(strstr(stack.frames[1].module, "/program"));
	assert_null(stack.frames[1].function);
	assert_true(stack.cut);
	lc_stack_clear(&stack);
	stopped_end(&stopped);
}

static void a_file_is_known_again_where_its_path_leads_nowhere(void **state)
{
	(void)state;
	callers_shell("mkdir sub");
	callers_build("sub/program", FLAGS);
	callers_stop(&stopped, "sub/program", "0");
	assert_unwound(unwinder, WHOLE);
	stopped_kill(&stopped);
	callers_shell("mv sub elsewhere");
	assert_unwound(unwinder, WHOLE);
	stopped_end(&stopped);
}

static void a_file_that_was_written_to_is_not_the_one_that_is_known(void **state)
{
	struct lc_stack stack = {0};
	char *names;

	(void)state;
	callers_build("program", FLAGS);
	callers_build("other", FLAGS " -Dinnermost=renamed");
	callers_stop(&stopped, "program", "0");
	assert_unwound(unwinder, WHOLE);
	stopped_kill(&stopped);
	callers_shell("cat other > program");
	assert_int_equal(lc_why_unwind(unwinder, &stopped.snapshot, &stack), 0);
	names = callers_names(&stack);
	assert_non_null(strstr(names, "renamed"));
	free(names);
	lc_stack_clear(&stack);
	stopped_end(&stopped);
}

/* More than the child keeps: what was of no use lately goes, and comes back. */
static void many_programs_are_unwound_one_after_the_other(void **state)
{
	(void)state;
	callers_build("program", FLAGS);
	for (int i = 0; i <= PROGRAMS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "program%d", i % PROGRAMS);
		callers_shell("cp --update program %s", name);
		callers_stop(&stopped, name, "0");
		assert_unwound(unwinder, WHOLE);
		stopped_end(&stopped);
	}
}

static void a_fifo_in_a_programs_place_does_not_block(void **state)
{
	struct lc_stack stack = {0};

	(void)state;
	callers_build("program", FLAGS);
	callers_stop(&stopped, "program", "0");
	stopped_kill(&stopped);
	callers_shell("rm program && mkfifo program");
	assert_int_equal(lc_why_unwind(unwinder, &stopped.snapshot, &stack), 0);
	assert_null(stack.frames[1].function);
	lc_stack_clear(&stack);
	stopped_end(&stopped);
	callers_shell("rm program");
}

static void the_death_of_the_child_costs_nothing_between_two_stacks(void **state)
{
	pid_t before;

	(void)state;
	callers_build("program", FLAGS);
	callers_stop(&stopped, "program", "0");
	assert_unwound(unwinder, WHOLE);
	before = worker();
	assert_true(before > 0);
	assert_int_equal(kill(before, SIGKILL), 0);
	/* It is gone when the keeper is all that is left: until then it might still be sent something. */
	while (kill(before, 0) == 0 && worker() == before) {
		char path[32], text[256] = "";
		FILE *stream;

		snprintf(path, sizeof(path), "/proc/%d/stat", before);
		stream = fopen(path, "re");
		if (!stream)
			break;
		if (fgets(text, sizeof(text), stream) && strstr(text, ") Z ")) {
			fclose(stream);
			break;
		}
		fclose(stream);
	}
	assert_unwound(unwinder, WHOLE);
	assert_int_not_equal(worker(), before);
	stopped_end(&stopped);
}

static void a_child_that_does_not_answer_costs_its_stack_and_no_other(void **state)
{
	const struct lc_why_options options = {.timeout_ms = TIMEOUT_MS};
	struct lc_why *impatient;
	struct lc_stack stack = {0};
	struct timespec before, after;

	(void)state;
	callers_build("program", FLAGS " -static");
	callers_stop(&stopped, "program", "0");
	lc_why_free(unwinder);
	assert_int_equal(lc_why_new(&impatient, &options, NULL), 0);
	unwinder = impatient;
	assert_unwound(unwinder, WHOLE);
	assert_int_equal(kill(worker(), SIGSTOP), 0);
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(lc_why_unwind(unwinder, &stopped.snapshot, &stack), -ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_in_range((after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000,
		TIMEOUT_MS - 1, 10 * TIMEOUT_MS);
	lc_stack_clear(&stack);
	assert_unwound(unwinder, WHOLE);
	stopped_end(&stopped);
}

static void freeing_ends_the_keeper_and_the_child(void **state)
{
	const struct lc_why_options options = {.timeout_ms = 5000};
	pid_t keeper, child;

	(void)state;
	callers_build("program", FLAGS " -static");
	callers_stop(&stopped, "program", "0");
	assert_unwound(unwinder, WHOLE);
	keeper = child_of(getpid());
	child = worker();
	lc_why_free(unwinder);
	assert_int_equal(kill(keeper, 0), -1);
	assert_int_equal(kill(child, 0), -1);
	assert_int_equal(lc_why_new(&unwinder, &options, NULL), 0);
	stopped_end(&stopped);
}

/* Makes the file at PATH, which stays the same inode, a copy of FROM. */
static void overwrite(const char *path, const char *from)
{
	int in = open(from, O_RDONLY | O_CLOEXEC), out = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	struct stat status;

	assert_true(in >= 0 && out >= 0);
	assert_int_equal(fstat(in, &status), 0);
	assert_int_equal(sendfile(out, in, NULL, (size_t)status.st_size), status.st_size);
	close(in);
	close(out);
}

/* Overwrites some bytes of the file at PATH, mostly where its structure is, by the numbers of *SEED. */
static void corrupt(const char *path, unsigned int *seed)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), i, n = 1 + rand_r(seed) % 64;
	struct stat status;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &status), 0);
	for (i = 0; i < n; i++) {
		off_t at = rand_r(seed) % 4 ? rand_r(seed) % status.st_size : rand_r(seed) % 1024;
		unsigned char byte = rand_r(seed) % 2 ? 0xff : (unsigned char)rand_r(seed);

		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	if (rand_r(seed) % 8 == 0)
		assert_int_equal(ftruncate(fd, rand_r(seed) % status.st_size), 0);
	close(fd);
}

static void corrupt_programs_cost_at_most_their_own_stacks(void **state)
{
	unsigned int seed = 1;
	struct stat original;
	char path[128], whole[128];
	size_t i;
	int n, lost = 0, changed = 0;

	(void)state;
	callers_build("program", FLAGS);
	callers_build("whole", FLAGS);
	snprintf(path, sizeof(path), "%s/program", callers_directory);
	snprintf(whole, sizeof(whole), "%s/whole", callers_directory);
	callers_stop(&stopped, "program", "0");
	stopped_kill(&stopped);
	for (n = 0; n < CORRUPTED; n++) {
		struct lc_stack stack = {0};
		char *names;

		overwrite(path, whole);
		corrupt(path, &seed);
		lost += lc_why_unwind(unwinder, &stopped.snapshot, &stack) != 0;
		names = callers_names(&stack);
		changed += names && strcmp(names, WHOLE) != 0;
		free(names);
		lc_stack_clear(&stack);
	}
	overwrite(path, whole);
	assert_int_equal(stat(path, &original), 0);
	for (i = 0; i < stopped.snapshot.n_mappings; i++) {
		if (strstr(stopped.mappings[i].path, "/program"))
			assert_int_equal(stopped.mappings[i].inode, original.st_ino);
	}
	print_message("%d of %d corrupt programs cost the child, %d changed the stack\n", lost, CORRUPTED, changed);
	/* Else nothing was tried. */
	assert_true(changed > CORRUPTED / 20);
	assert_unwound(unwinder, WHOLE);
	stopped_end(&stopped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_is_unwound_with_functions_files_and_lines),
		cmocka_unit_test(the_same_program_elsewhere_in_memory_is_unwound_too),
		cmocka_unit_test(a_process_that_is_gone_is_unwound_while_its_files_are_there),
		cmocka_unit_test(a_deleted_program_is_unwound_while_it_runs),
		cmocka_unit_test(a_file_that_took_a_programs_place_is_not_taken_for_it),
		cmocka_unit_test(a_file_is_known_again_where_its_path_leads_nowhere),
		cmocka_unit_test(a_file_that_was_written_to_is_not_the_one_that_is_known),
		cmocka_unit_test(many_programs_are_unwound_one_after_the_other),
		cmocka_unit_test(a_fifo_in_a_programs_place_does_not_block),
		cmocka_unit_test(the_death_of_the_child_costs_nothing_between_two_stacks),
		cmocka_unit_test(a_child_that_does_not_answer_costs_its_stack_and_no_other),
		cmocka_unit_test(freeing_ends_the_keeper_and_the_child),
		cmocka_unit_test(corrupt_programs_cost_at_most_their_own_stacks),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
