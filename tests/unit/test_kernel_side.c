/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The built BPF objects have the maps and variables that user space takes them to have. */
#include "src/probe/kernel_side.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* bpf/embedded.S */
extern const char lc_bpf_tracing[];
extern const char lc_bpf_tracing_end[];
extern const char lc_bpf_kprobe[];
extern const char lc_bpf_kprobe_end[];

static struct bpf_object *open_object(const char *begin, const char *end)
{
	struct bpf_object *object = bpf_object__open_mem(begin, (size_t)(end - begin), NULL);

	assert_non_null(object);
	return object;
}

static void all_are_found_in(const char *begin, const char *end)
{
	struct bpf_object *object = open_object(begin, end);
	struct lc_kernel_side side;
	const char *wrong = "none";

	assert_int_equal(lc_kernel_side_find(&side, object, &wrong), 0);
	assert_string_equal(wrong, "none");
	assert_ptr_equal(side.object, object);
	assert_string_equal(bpf_map__name(side.maps.given_back), "given_back");
	/* What bpf/maps.h gives them. */
	assert_int_equal(*side.settings.config_subsystem, -1);
	assert_int_equal(*side.settings.config_copy_marks, 1);
	assert_null(side.live.setup_count);
	bpf_object__close(object);
}

static void the_tracing_programs_have_all(void **state)
{
	(void)state;
	all_are_found_in(lc_bpf_tracing, lc_bpf_tracing_end);
}

static void the_kprobe_has_all(void **state)
{
	(void)state;
	all_are_found_in(lc_bpf_kprobe, lc_bpf_kprobe_end);
}

static void a_setting_is_what_the_object_is_loaded_with(void **state)
{
	struct bpf_object *object = open_object(lc_bpf_kprobe, lc_bpf_kprobe_end);
	struct lc_kernel_side side, again;
	const char *wrong;

	(void)state;
	assert_int_equal(lc_kernel_side_find(&side, object, &wrong), 0);
	*side.settings.config_lowest_mapping = 4711;
	(*side.settings.room_sizes)[LC_ROOMS - 1] = 12;
	assert_int_equal(lc_kernel_side_find(&again, object, &wrong), 0);
	assert_int_equal(*again.settings.config_lowest_mapping, 4711);
	assert_int_equal((*again.settings.room_sizes)[LC_ROOMS - 1], 12);
	bpf_object__close(object);
}

static void a_map_of_another_size_is_named(void **state)
{
	struct bpf_object *object = open_object(lc_bpf_tracing, lc_bpf_tracing_end);
	struct lc_kernel_side side = {.size = 3};
	const char *wrong = NULL;

	(void)state;
	assert_int_equal(
		bpf_map__set_value_size(bpf_object__find_map_by_name(object, "homes"), sizeof(struct lc_home) - 8), 0);
	assert_int_equal(lc_kernel_side_find(&side, object, &wrong), -EINVAL);
	assert_string_equal(wrong, "homes");
	/* Unchanged. */
	assert_int_equal(side.size, 3);
	assert_null(side.object);
	bpf_object__close(object);
}

static void variables_are_shared_only_once_loaded(void **state)
{
	struct bpf_object *object = open_object(lc_bpf_tracing, lc_bpf_tracing_end);
	struct lc_kernel_side side;
	const char *wrong;

	(void)state;
	assert_int_equal(lc_kernel_side_find(&side, object, &wrong), 0);
	assert_true(lc_kernel_side_share(&side) < 0);
	assert_null(side.memory);
	lc_kernel_side_unshare(&side);
	bpf_object__close(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tracing_programs_have_all),
		cmocka_unit_test(the_kprobe_has_all),
		cmocka_unit_test(a_setting_is_what_the_object_is_loaded_with),
		cmocka_unit_test(a_map_of_another_size_is_named),
		cmocka_unit_test(variables_are_shared_only_once_loaded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
