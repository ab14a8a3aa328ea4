/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests lc_why_unwind_here against real programs, built in the ways that programs are built. */
#include "callers.h"

#include <errno.h>

#define FLAGS "-g -O2 -fomit-frame-pointer"

static struct stopped stopped;

/* What the last unwinding asked for. */
static unsigned int files_opened;
static struct lc_why_debug_wanted debug_wanted;
static char debug_name[256];
static const char *debug_file;

static int open_file(void *context, size_t mapping)
{
	const struct stopped *from = context;

	files_opened++;
	return open(from->mappings[mapping].path, O_RDONLY | O_CLOEXEC);
}

/* Gives what is in debug_file for the program's own, and nothing for libraries. */
static int find_debug(void *context, const struct lc_why_debug_wanted *wanted)
{
	const struct stopped *from = context;

	if (!strstr(from->mappings[wanted->mapping].path, callers_directory))
		return -ENOENT;
	debug_wanted = *wanted;
	snprintf(debug_name, sizeof(debug_name), "%s", wanted->name ? wanted->name : "");
	return debug_file ? open(debug_file, O_RDONLY | O_CLOEXEC) : -ENOENT;
}

static struct lc_why_request request_of(struct stopped *from)
{
	return (struct lc_why_request){
		.registers = from->snapshot.registers,
		.stack = from->snapshot.stack,
		.stack_size = from->snapshot.stack_size,
		.mappings = from->mappings,
		.n_mappings = from->snapshot.n_mappings,
		.open_file = open_file,
		.find_debug = find_debug,
		.context = from,
	};
}

/* Builds the program with FLAGS, stops it DEPTH calls deep, and unwinds it. */
static struct lc_stack unwind(const char *flags, const char *depth)
{
	struct lc_why_request request;
	struct lc_stack stack = {0};

	files_opened = 0;
	debug_name[0] = '\0';
	callers_build("program", flags);
	callers_stop(&stopped, "program", depth);
	request = request_of(&stopped);
	assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
	return stack;
}

static void finish(struct lc_stack *stack)
{
	lc_stack_clear(stack);
	stopped_end(&stopped);
}

static void a_program_without_frame_pointers_is_unwound_to_main(void **state)
{
	struct lc_stack stack = unwind(FLAGS, "2");

	(void)state;
	assert_functions(&stack, "chroot innermost inlined* outer outer outer main");
	assert_false(stack.cut);
	finish(&stack);
}

static void debug_information_gives_file_and_line_of_each_call(void **state)
{
	struct lc_stack stack = unwind(FLAGS, "0");

	(void)state;
	assert_int_equal(stack.frames[1].line, callers_line("chroot(copy)"));
	assert_int_equal(stack.frames[2].line, callers_line("innermost(path) + 1"));
	assert_int_equal(stack.frames[3].line, callers_line("sum += inlined(path)"));
	assert_int_equal(stack.frames[4].line, callers_line("int sum = outer("));
	assert_non_null(strstr(stack.frames[1].file, "/" CALLERS_SOURCE));
	finish(&stack);
}

static void each_frame_names_its_module(void **state)
{
	struct lc_stack stack = unwind(FLAGS, "0");

	(void)state;
	assert_non_null(strstr(stack.frames[0].module, "/libc.so"));
	assert_non_null(strstr(stack.frames[1].module, "/program"));
	finish(&stack);
}

static void offsets_are_those_in_the_function(void **state)
{
	struct lc_stack stack = unwind(FLAGS, "0");

	(void)state;
	assert_in_range(stack.frames[0].offset, 1, 64);
	assert_in_range(stack.frames[1].offset, 1, 512);
	finish(&stack);
}

static void a_program_at_a_fixed_address_is_unwound(void **state)
{
	struct lc_stack stack = unwind(FLAGS " -no-pie", "1");

	(void)state;
	assert_functions(&stack, "chroot innermost inlined* outer outer main");
	finish(&stack);
}

static void a_static_program_is_unwound(void **state)
{
	struct lc_stack stack = unwind(FLAGS " -static", "1");

	(void)state;
	assert_functions(&stack, "chroot innermost inlined* outer outer main");
	finish(&stack);
}

static void clang_which_makes_no_table_of_units_is_understood(void **state)
{
	struct lc_stack stack = {0};
	struct lc_why_request request;

	(void)state;
	callers_shell("clang " FLAGS " -o program \"$source\"");
	callers_stop(&stopped, "program", "0");
	request = request_of(&stopped);
	assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
	assert_functions(&stack, "chroot innermost inlined* outer main");
	assert_int_equal(stack.frames[1].line, callers_line("chroot(copy)"));
	finish(&stack);
}

static void without_debug_information_there_are_functions_and_no_lines(void **state)
{
	struct lc_stack stack = unwind("-O2 -fomit-frame-pointer", "0");

	(void)state;
	assert_functions(&stack, "chroot innermost outer main");
	assert_null(stack.frames[1].file);
	assert_int_equal(stack.frames[1].line, 0);
	finish(&stack);
}

static void a_stripped_program_is_unwound_to_addresses_that_addr2line_takes(void **state)
{
	struct lc_stack stack = unwind(FLAGS " -Wl,--build-id=none", "1");
	uint64_t expected = stack.frames[1].offset;
	char address[32];

	(void)state;
	finish(&stack);
	callers_shell("nm program | awk '$3 == \"innermost\" { print $1 }' >address");
	callers_shell("strip program");
	callers_stop(&stopped, "program", "1");
	{
		struct lc_why_request request = request_of(&stopped);
		FILE *stream;
		char path[128];

		assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
		snprintf(path, sizeof(path), "%s/address", callers_directory);
		stream = fopen(path, "re");
		assert_non_null(stream);
		assert_non_null(fgets(address, sizeof(address), stream));
		fclose(stream);
	}
	/* chroot, innermost, outer, outer, main: what starts main is known by its own name. */
	assert_functions(&stack, "chroot ? ? ? ?");
	assert_int_equal(stack.frames[1].offset, strtoull(address, NULL, 16) + expected);
	assert_false(stack.cut);
	finish(&stack);
}

static void code_without_call_frame_information_is_unwound_by_frame_pointers(void **state)
{
	struct lc_stack stack =
		unwind("-O0 -fno-omit-frame-pointer -fno-asynchronous-unwind-tables -fno-unwind-tables", "1");

	(void)state;
	assert_functions(&stack, "chroot innermost outer outer main");
	finish(&stack);
}

static void code_with_neither_is_unwound_by_its_return_addresses(void **state)
{
	struct lc_stack stack =
		unwind("-O2 -fomit-frame-pointer -fno-asynchronous-unwind-tables -fno-unwind-tables", "0");

	(void)state;
	assert_functions(&stack, "chroot innermost outer main");
	finish(&stack);
}

static void a_separate_debug_file_is_asked_for_by_build_id_and_name(void **state)
{
	struct lc_stack stack;
	struct lc_why_request request;
	char path[128];

	(void)state;
	callers_build("program", FLAGS " -Wl,--build-id=0x0123456789abcdef");
	callers_shell(
		"objcopy --only-keep-debug program program.debug && strip program && objcopy --add-gnu-debuglink=program.debug program");
	snprintf(path, sizeof(path), "%s/program.debug", callers_directory);
	debug_file = path;
	callers_stop(&stopped, "program", "0");
	request = request_of(&stopped);
	memset(&stack, 0, sizeof(stack));
	assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
	debug_file = NULL;
	assert_int_equal(debug_wanted.length, 8);
	assert_string_equal(debug_name, "program.debug");
	assert_functions(&stack, "chroot innermost inlined* outer main");
	assert_int_equal(stack.frames[1].line, callers_line("chroot(copy)"));
	finish(&stack);
}

static void a_debug_file_of_another_program_is_not_believed(void **state)
{
	struct lc_stack stack = {0};
	struct lc_why_request request;
	char path[128];

	(void)state;
	callers_build("other", FLAGS " -Wl,--build-id=0x1111");
	callers_build("program", FLAGS " -s -Wl,--build-id=0x2222");
	snprintf(path, sizeof(path), "%s/other", callers_directory);
	debug_file = path;
	callers_stop(&stopped, "program", "0");
	request = request_of(&stopped);
	assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
	debug_file = NULL;
	assert_functions(&stack, "chroot ? ? ?");
	finish(&stack);
}

static void only_files_that_the_stack_leads_through_are_opened(void **state)
{
	struct lc_stack stack = unwind(FLAGS, "0");

	(void)state;
	/* The program and libc, but not the dynamic linker. */
	assert_true(stopped.snapshot.n_mappings >= 4);
	assert_int_equal(files_opened, 2);
	finish(&stack);
}

static void a_stack_that_was_not_taken_whole_is_cut(void **state)
{
	struct lc_why_request request;
	struct lc_stack stack = {0};

	(void)state;
	callers_build("program", FLAGS);
	callers_stop(&stopped, "program", "40");
	request = request_of(&stopped);
	request.stack_size = 200;
	assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
	assert_in_range(stack.n, 3, 30);
	assert_true(stack.cut);
	finish(&stack);
}

static void a_stack_deeper_than_there_is_room_is_cut(void **state)
{
	struct lc_stack stack = unwind(FLAGS, "100");

	(void)state;
	assert_int_equal(stack.n, LC_STACK_DEPTH);
	assert_true(stack.cut);
	finish(&stack);
}

static void a_place_in_no_mapping_gives_an_empty_stack(void **state)
{
	struct lc_why_request request = {.registers = {.pc = 0x1234}};
	struct lc_stack stack = {0};

	(void)state;
	assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
	assert_int_equal(stack.n, 0);
	assert_true(stack.cut);
	lc_stack_clear(&stack);
}

static void a_signals_handler_leads_back_to_what_it_interrupted(void **state)
{
	struct lc_stack stack = unwind(FLAGS, "-s");
	char *names = callers_names(&stack);

	(void)state;
	assert_non_null(strstr(names, "chroot innermost inlined* outer handler "));
	assert_non_null(strstr(names, " raise main"));
	assert_false(stack.cut);
	free(names);
	finish(&stack);
}

/* The mapping of the kernel's own code in this process. */
static const struct lc_mapping *find_vdso(const struct lc_mapping *mappings, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (mappings[i].path && strcmp(mappings[i].path, "[vdso]") == 0)
			return &mappings[i];
	}
	return NULL;
}

static void functions_of_the_vdso_have_names(void **state)
{
	struct lc_why_request request = {0};
	const struct lc_mapping *vdso;
	struct lc_mapping *mappings;
	unsigned int named = 0;
	size_t n;

	(void)state;
	assert_int_equal(lc_mappings_of_pid(getpid(), &mappings, &n), 0);
	vdso = find_vdso(mappings, n);
	if (!vdso) {
		lc_mappings_free(mappings, n);
		skip();
	}
	request.mappings = mappings;
	request.n_mappings = n;
	for (request.registers.pc = vdso->start + 0x400; request.registers.pc < vdso->end; request.registers.pc += 64) {
		struct lc_stack stack = {0};

		assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
		assert_true(stack.n > 0);
		assert_string_equal(stack.frames[0].module, "[vdso]");
		named += stack.frames[0].function && strstr(stack.frames[0].function, "clock_gettime");
		lc_stack_clear(&stack);
	}
	assert_true(named > 0);
	lc_mappings_free(mappings, n);
}

static int open_nothing(void *context, size_t mapping)
{
	(void)context, (void)mapping;
	return -ENOENT;
}

static void without_files_there_is_the_module_of_the_innermost_frame(void **state)
{
	struct lc_why_request request;
	struct lc_stack stack = {0};

	(void)state;
	callers_build("program", FLAGS);
	callers_stop(&stopped, "program", "0");
	request = request_of(&stopped);
	request.open_file = open_nothing;
	assert_int_equal(lc_why_unwind_here(&request, &stack), 0);
	assert_int_equal(stack.n, 1);
	assert_null(stack.frames[0].function);
	assert_non_null(strstr(stack.frames[0].module, "/libc.so"));
	assert_true(stack.cut);
	finish(&stack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_without_frame_pointers_is_unwound_to_main),
		cmocka_unit_test(debug_information_gives_file_and_line_of_each_call),
		cmocka_unit_test(each_frame_names_its_module),
		cmocka_unit_test(offsets_are_those_in_the_function),
		cmocka_unit_test(a_program_at_a_fixed_address_is_unwound),
		cmocka_unit_test(a_static_program_is_unwound),
		cmocka_unit_test(clang_which_makes_no_table_of_units_is_understood),
		cmocka_unit_test(without_debug_information_there_are_functions_and_no_lines),
		cmocka_unit_test(a_stripped_program_is_unwound_to_addresses_that_addr2line_takes),
		cmocka_unit_test(code_without_call_frame_information_is_unwound_by_frame_pointers),
		cmocka_unit_test(code_with_neither_is_unwound_by_its_return_addresses),
		cmocka_unit_test(a_separate_debug_file_is_asked_for_by_build_id_and_name),
		cmocka_unit_test(a_debug_file_of_another_program_is_not_believed),
		cmocka_unit_test(only_files_that_the_stack_leads_through_are_opened),
		cmocka_unit_test(a_stack_that_was_not_taken_whole_is_cut),
		cmocka_unit_test(a_stack_deeper_than_there_is_room_is_cut),
		cmocka_unit_test(a_place_in_no_mapping_gives_an_empty_stack),
		cmocka_unit_test(a_signals_handler_leads_back_to_what_it_interrupted),
		cmocka_unit_test(functions_of_the_vdso_have_names),
		cmocka_unit_test(without_files_there_is_the_module_of_the_innermost_frame),
	};

	return cmocka_run_group_tests(tests, callers_setup, callers_teardown);
}
