/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which hooks may be used with types from a file, and what is said of a file that can't be used. */
#include "src/probe/hooks.h"

#include "src/probe/preemption.h"

#include <leastcap/cleanup.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmocka.h>

static const struct lc_hierarchy unified = {.mode = "v2"};
static const struct lc_hierarchy pids = {.mode = "v1", .controller = "pids", .id = 1};

struct types_file {
	char directory[32];
	char path[64];
	struct lc_probe_options options;
	struct lc_kernel_facts facts;
	char *message;
};

static int set_up(void **state)
{
	struct types_file *file = calloc(1, sizeof(*file));

	assert_non_null(file);
	strcpy(file->directory, "/tmp/leastcap-hooks.XXXXXX");
	assert_non_null(mkdtemp(file->directory));
	snprintf(file->path, sizeof(file->path), "%s/types.btf", file->directory);
	file->options.btf = file->path;
	*state = file;
	return 0;
}

static int tear_down(void **state)
{
	struct types_file *file = *state;

	unlink(file->path);
	rmdir(file->directory);
	free(file->message);
	free(file);
	return 0;
}

static void write_bytes(const struct types_file *file, const void *bytes, size_t size)
{
	_cleanup_file_ FILE *stream = fopen(file->path, "we");

	assert_non_null(stream);
	assert_int_equal(fwrite(bytes, 1, size, stream), size);
}

/* Writes types with a struct called TASK and, if WITH_ENUM, with three cgroup controllers of which pids is the last. */
static void write_types(const struct types_file *file, const char *task, bool with_enum)
{
	struct btf *types = btf__new_empty();
	const void *bytes;
	__u32 size;

	assert_non_null(types);
	assert_true(btf__add_struct(types, task, 8) > 0);
	if (with_enum) {
		assert_true(btf__add_enum(types, "cgroup_subsys_id", 4) > 0);
		assert_int_equal(btf__add_enum_value(types, "cpu_cgrp_id", 0), 0);
		assert_int_equal(btf__add_enum_value(types, "memory_cgrp_id", 1), 0);
		assert_int_equal(btf__add_enum_value(types, "pids_cgrp_id", 2), 0);
	}
	bytes = btf__raw_data(types, &size);
	assert_non_null(bytes);
	write_bytes(file, bytes, size);
	btf__free(types);
}

static int find(struct types_file *file, const struct lc_hierarchy *hierarchy)
{
	file->options.hierarchy = hierarchy;
	return lc_kernel_facts_find(&file->facts, &file->options, &file->message);
}

/* How the hook NAME stands in the facts: the best of its variants. */
static int state_of(const struct types_file *file, const char *name)
{
	int best = -ENOENT;

	for (size_t i = 0; i < LC_HOOKS; i++) {
		if (!strcmp(lc_hook_name(lc_hooks[i].hook), name) && best)
			best = file->facts.hooks[i];
	}
	return best;
}

static void assert_refused(struct types_file *file, int r, const char *reason)
{
	assert_int_equal(r, -ENOEXEC);
	assert_non_null(file->message);
	assert_non_null(strstr(file->message, file->path));
	assert_non_null(strstr(file->message, reason));
	assert_null(strchr(file->message, '\n'));
}

static void types_from_a_file_leave_only_the_kprobe(void **state)
{
	struct types_file *file = *state;

	write_types(file, "task_struct", true);
	assert_int_equal(find(file, &unified), 0);
	assert_int_equal(state_of(file, "kprobe"), 0);
	assert_int_equal(state_of(file, "fexit"), -ENOENT);
	assert_int_equal(state_of(file, "tp_btf"), -ENOENT);
	assert_int_equal(file->facts.subsystem, -1);
}

static void the_place_of_a_controller_comes_from_the_file(void **state)
{
	struct types_file *file = *state;

	write_types(file, "task_struct", true);
	assert_int_equal(find(file, &pids), 0);
	assert_int_equal(file->facts.subsystem, 2);
}

static void types_that_do_not_tell_the_place_of_a_controller_are_refused(void **state)
{
	struct types_file *file = *state;

	write_types(file, "task_struct", false);
	assert_refused(file, find(file, &pids), "not all of the types");
}

static void types_without_controllers_are_enough_for_cgroup_v2(void **state)
{
	struct types_file *file = *state;

	write_types(file, "task_struct", false);
	assert_int_equal(find(file, &unified), 0);
}

static void types_of_something_else_than_a_kernel_are_refused(void **state)
{
	struct types_file *file = *state;

	write_types(file, "widget", true);
	assert_refused(file, find(file, &unified), "no kernel's type information");
}

static void a_file_without_types_is_refused(void **state)
{
	struct types_file *file = *state;

	write_bytes(file, "PK\3\4 a zip file", 15);
	assert_refused(file, find(file, &unified), "no kernel's type information");
}

static void types_cut_short_are_refused(void **state)
{
	struct types_file *file = *state;

	write_types(file, "task_struct", true);
	assert_int_equal(truncate(file->path, 60), 0);
	assert_refused(file, find(file, &unified), "no kernel's type information");
}

static void a_file_that_is_not_there_is_refused(void **state)
{
	struct types_file *file = *state;

	assert_refused(file, find(file, &unified), "No such file");
}

static void a_pipe_is_refused_without_waiting_for_it(void **state)
{
	struct types_file *file = *state;

	assert_int_equal(mkfifo(file->path, 0600), 0);
	assert_refused(file, find(file, &unified), "not a regular file");
}

static void a_hook_that_needs_the_kernels_own_types_is_told_apart_from_a_wrong_file(void **state)
{
	struct types_file *file = *state;

	file->options.hook = "fexit";
	assert_int_equal(lc_hooks_explain(-ENOENT, &file->options, &file->message), -ENOEXEC);
	assert_non_null(strstr(file->message, "--hook fexit"));
	assert_non_null(strstr(file->message, "kprobe"));
}

static void what_does_not_load_with_types_from_a_file_is_the_files_fault(void **state)
{
	struct types_file *file = *state;
	struct utsname kernel;

	uname(&kernel);
	assert_refused(file, lc_hooks_explain(-EINVAL, &file->options, &file->message), kernel.release);
}

static void what_is_forbidden_is_not_the_files_fault(void **state)
{
	struct types_file *file = *state;

	assert_int_equal(lc_hooks_explain(-EPERM, &file->options, &file->message), -EPERM);
	assert_non_null(strstr(file->message, "not permitted"));
	assert_null(strstr(file->message, "--btf"));
}

static void every_explanation_points_to_the_doctor(void **state)
{
	static const char *const hooks[] = {NULL, "kprobe"};
	static const int errors[] = {-EPERM, -ENOENT};
	struct types_file *file = *state;

	file->options.btf = NULL;
	for (size_t i = 0; i < 4; i++) {
		file->options.hook = hooks[i / 2];
		assert_int_equal(lc_hooks_explain(errors[i % 2], &file->options, &file->message), errors[i % 2]);
		assert_non_null(strstr(file->message, "'leastcap doctor'"));
		free(file->message);
		file->message = NULL;
	}
}

static void every_kind_of_hook_is_tried_once_the_best_first(void **state)
{
	struct lc_hook_state states[LC_HOOK_KINDS] = {0};
	bool has_kprobes = !access("/sys/bus/event_source/devices/kprobe/type", F_OK);
	bool first = has_kprobes && lc_preemption_here().functions;

	(void)state;
	lc_probe_try_hooks(states);
	assert_string_equal(states[first ? 1 : 0].name, "fexit");
	assert_string_equal(states[first ? 2 : 1].name, "tp_btf");
	assert_string_equal(states[first ? 0 : 2].name, "kprobe");
	for (size_t i = 0; i < LC_HOOK_KINDS; i++)
		assert_true(states[i].error <= 0);
	if (!has_kprobes)
		assert_int_equal(states[2].error, -ENOENT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(types_from_a_file_leave_only_the_kprobe),
		TEST(the_place_of_a_controller_comes_from_the_file),
		TEST(types_that_do_not_tell_the_place_of_a_controller_are_refused),
		TEST(types_without_controllers_are_enough_for_cgroup_v2),
		TEST(types_of_something_else_than_a_kernel_are_refused),
		TEST(a_file_without_types_is_refused),
		TEST(types_cut_short_are_refused),
		TEST(a_file_that_is_not_there_is_refused),
		TEST(a_pipe_is_refused_without_waiting_for_it),
		TEST(a_hook_that_needs_the_kernels_own_types_is_told_apart_from_a_wrong_file),
		TEST(what_does_not_load_with_types_from_a_file_is_the_files_fault),
		TEST(what_is_forbidden_is_not_the_files_fault),
		TEST(every_explanation_points_to_the_doctor),
		cmocka_unit_test(every_kind_of_hook_is_tried_once_the_best_first),
	};

	libbpf_set_print(NULL);
	return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}
