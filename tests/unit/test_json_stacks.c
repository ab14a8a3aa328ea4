/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the stacks in a profile's JSON: there and back, each distinct one once, and what is refused. */
#include "stacks.h"

#include <leastcap/cleanup.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <jansson.h>
#include <stdio.h>

/* A profile of one target with N pieces of evidence and no stacks. */
static struct lc_profile profile_with(size_t n)
{
	struct lc_profile profile = {0};
	struct lc_target *target = lc_profile_add_target(&profile);

	assert_non_null(target);
	target->name = strdup("web");
	for (size_t i = 0; i < n; i++) {
		struct lc_check check = {.cap = (int)i, .count = 1};

		assert_int_equal(lc_target_add_evidence(target, &check), 0);
	}
	return profile;
}

/* What a file makes of PROFILE, which is cleared. */
static struct lc_profile saved_and_loaded(struct lc_profile *profile)
{
	_cleanup_free_ char *text = lc_profile_to_json(profile);
	_cleanup_free_ char *message = NULL;
	struct lc_profile loaded;

	assert_non_null(text);
	lc_profile_clear(profile);
	if (lc_profile_from_json(&loaded, text, strlen(text), &message))
		fail_msg("%s", message);
	return loaded;
}

/* How many stacks the JSON of PROFILE has; -1: it has no list of them. */
static int stacks_in(const struct lc_profile *profile)
{
	_cleanup_free_ char *text = lc_profile_to_json(profile);
	json_t *value = json_loads(text, 0, NULL), *stacks = json_object_get(value, "stacks");
	int n = stacks ? (int)json_array_size(stacks) : -1;

	json_decref(value);
	return n;
}

static void kernel_and_user_stacks_come_back_as_they_were(void **state)
{
	struct lc_shared_stack *kernel = stack_of("ns_capable", "__inet_bind", NULL);
	struct lc_shared_stack *user = stack_of("bind", NULL);
	struct lc_profile profile = profile_with(1), loaded;
	struct lc_frame *frame = push(&user->stack, "listen_on", 0x7fffffffffffffff);

	(void)state;
	frame->module = strdup("/usr/sbin/nginx");
	frame->file = strdup("/src/nginx/connection.c");
	frame->line = UINT32_MAX;
	frame->inlined = true;
	/* A function that nobody knows the name of. */
	push(&user->stack, NULL, 0x1234)->module = strdup("/lib/libc.so.6");
	user->stack.cut = true;
	profile.targets[0].evidence[0].kernel_stack = lc_shared_stack_take(kernel);
	profile.targets[0].evidence[0].user_stack = lc_shared_stack_take(user);
	loaded = saved_and_loaded(&profile);
	assert_int_equal(lc_shared_stack_compare(loaded.targets[0].evidence[0].kernel_stack, kernel), 0);
	assert_int_equal(lc_shared_stack_compare(loaded.targets[0].evidence[0].user_stack, user), 0);
	lc_profile_clear(&loaded);
	lc_shared_stack_drop(kernel);
	lc_shared_stack_drop(user);
}

static void a_name_that_is_no_utf8_is_kept_readable(void **state)
{
	struct lc_profile profile = profile_with(1), loaded;

	(void)state;
	profile.targets[0].evidence[0].user_stack = stack_of("na\xff"
							     "me",
		NULL);
	loaded = saved_and_loaded(&profile);
	assert_string_equal(loaded.targets[0].evidence[0].user_stack->stack.frames[0].function, "na\xef\xbf\xbd"
												"me");
	lc_profile_clear(&loaded);
}

static void a_stack_that_several_checks_share_is_written_once(void **state)
{
	struct lc_shared_stack *shared = stack_of("bind", "main", NULL);
	struct lc_profile profile = profile_with(3);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		profile.targets[0].evidence[i].user_stack = lc_shared_stack_take(shared);
	assert_int_equal(stacks_in(&profile), 1);
	lc_shared_stack_drop(shared);
	lc_profile_clear(&profile);
}

static void stacks_that_only_look_the_same_are_written_once(void **state)
{
	struct lc_profile profile = profile_with(3);

	(void)state;
	profile.targets[0].evidence[0].user_stack = stack_of("bind", "main", NULL);
	profile.targets[0].evidence[1].kernel_stack = stack_of("bind", "main", NULL);
	profile.targets[0].evidence[2].user_stack = stack_of("bind", "other", NULL);
	assert_int_equal(stacks_in(&profile), 2);
	lc_profile_clear(&profile);
}

static void checks_that_shared_a_stack_share_it_when_read_again(void **state)
{
	struct lc_profile profile = profile_with(2), loaded;

	(void)state;
	profile.targets[0].evidence[0].user_stack = stack_of("bind", "main", NULL);
	profile.targets[0].evidence[1].user_stack = stack_of("bind", "main", NULL);
	loaded = saved_and_loaded(&profile);
	assert_non_null(loaded.targets[0].evidence[0].user_stack);
	assert_ptr_equal(loaded.targets[0].evidence[0].user_stack, loaded.targets[0].evidence[1].user_stack);
	assert_int_equal(loaded.targets[0].evidence[0].user_stack->references, 2);
	lc_profile_clear(&loaded);
}

static void each_check_gets_its_own_stacks_again(void **state)
{
	struct lc_profile profile = profile_with(3), loaded;
	const struct lc_check *evidence;

	(void)state;
	profile.targets[0].evidence[0].kernel_stack = stack_of("a", NULL);
	profile.targets[0].evidence[2].kernel_stack = stack_of("b", NULL);
	profile.targets[0].evidence[2].user_stack = stack_of("c", NULL);
	loaded = saved_and_loaded(&profile);
	evidence = loaded.targets[0].evidence;
	assert_string_equal(evidence[0].kernel_stack->stack.frames[0].function, "a");
	assert_null(evidence[0].user_stack);
	assert_null(evidence[1].kernel_stack);
	assert_null(evidence[1].user_stack);
	assert_string_equal(evidence[2].kernel_stack->stack.frames[0].function, "b");
	assert_string_equal(evidence[2].user_stack->stack.frames[0].function, "c");
	lc_profile_clear(&loaded);
}

static void a_profile_without_stacks_has_no_list_of_them_and_reads_as_before(void **state)
{
	struct lc_profile profile = profile_with(2), loaded;

	(void)state;
	assert_int_equal(stacks_in(&profile), -1);
	loaded = saved_and_loaded(&profile);
	assert_int_equal(loaded.targets[0].n_evidence, 2);
	assert_null(loaded.targets[0].evidence[0].kernel_stack);
	assert_null(loaded.targets[0].evidence[0].user_stack);
	lc_profile_clear(&loaded);
}

static void a_stack_as_deep_as_can_be_is_read(void **state)
{
	struct lc_profile profile = profile_with(1), loaded;
	struct lc_shared_stack *stack = stack_of(NULL);

	(void)state;
	for (int i = 0; i < LC_STACK_DEPTH; i++)
		push(&stack->stack, "recurse", (uint64_t)i);
	profile.targets[0].evidence[0].user_stack = stack;
	loaded = saved_and_loaded(&profile);
	assert_int_equal(loaded.targets[0].evidence[0].user_stack->stack.n, LC_STACK_DEPTH);
	lc_profile_clear(&loaded);
}

/* Asserts that a profile whose one piece of evidence has EVIDENCE and whose stacks are STACKS is refused with MESSAGE. */
static void assert_refused(const char *evidence, const char *stacks, const char *message)
{
	static const char format[] =
		"{\"schema\": \"" LC_PROFILE_SCHEMA "\", \"host\": {}, \"lost\": 0, \"targets\": %s, \"stacks\": %s}";
	struct lc_profile profile = profile_with(1);
	_cleanup_free_ char *whole = lc_profile_to_json(&profile);
	_cleanup_free_ char *targets = NULL, *text = NULL, *complaint = NULL;
	json_t *value = json_loads(whole, 0, NULL), *array = json_object_get(value, "targets");
	json_t *check = json_array_get(json_object_get(json_array_get(array, 0), "evidence"), 0);

	lc_profile_clear(&profile);
	json_object_update_new(check, json_loads(evidence, 0, NULL));
	targets = json_dumps(array, 0);
	assert_true(asprintf(&text, format, targets, stacks) > 0);
	json_decref(value);
	if (!lc_profile_from_json(&profile, text, strlen(text), &complaint))
		fail_msg("taken: %s", stacks);
	assert_string_equal(complaint, message);
	assert_int_equal(profile.n_targets, 0);
}

static void stacks_that_are_no_list_are_refused(void **state)
{
	(void)state;
	assert_refused("{}", "{}", "stacks: should be a list, and is an object");
	assert_refused("{}", "null", "stacks: should be a list, and is null");
}

static void a_stack_that_is_no_object_is_refused(void **state)
{
	(void)state;
	assert_refused("{}", "[{\"frames\": []}, 7]", "stacks[1]: should be an object, and is a number");
}

static void a_stack_without_frames_is_refused(void **state)
{
	(void)state;
	assert_refused("{}", "[{}]", "stacks[0].frames: missing; it should be a list");
	assert_refused("{}", "[{\"frames\": \"main\"}]", "stacks[0].frames: should be a list, and is a string");
}

static void a_frame_of_another_type_is_refused(void **state)
{
	(void)state;
	assert_refused("{}", "[{\"frames\": [\"main\"]}]", "stacks[0].frames[0]: should be an object, and is a string");
	assert_refused("{}", "[{\"frames\": [{\"offset\": 1, \"function\": 5}]}]",
		"stacks[0].frames[0].function: should be a string, and is a number");
	assert_refused("{}", "[{\"frames\": [{\"offset\": 1, \"inlined\": 1}]}]",
		"stacks[0].frames[0].inlined: should be true or false, and is a number");
	assert_refused("{}", "[{\"frames\": [], \"cut\": \"yes\"}]",
		"stacks[0].cut: should be true or false, and is a string");
}

static void an_offset_out_of_range_is_refused(void **state)
{
	(void)state;
	assert_refused("{}", "[{\"frames\": [{\"function\": \"main\"}]}]",
		"stacks[0].frames[0].offset: missing; it should be a whole number");
	assert_refused("{}", "[{\"frames\": [{\"offset\": -1}]}]", "stacks[0].frames[0].offset: -1 is negative");
	assert_refused("{}", "[{\"frames\": [{\"offset\": 1.5}]}]",
		"stacks[0].frames[0].offset: should be a whole number, and is a fraction");
}

static void a_line_out_of_range_is_refused(void **state)
{
	(void)state;
	assert_refused("{}", "[{\"frames\": [{\"offset\": 1, \"line\": 4294967296}]}]",
		"stacks[0].frames[0].line: 4294967296 is no line of a file");
	assert_refused(
		"{}", "[{\"frames\": [{\"offset\": 1, \"line\": -4}]}]", "stacks[0].frames[0].line: -4 is negative");
}

static void a_number_that_no_stack_has_is_refused(void **state)
{
	(void)state;
	assert_refused("{\"user_stack\": 1}", "[{\"frames\": []}]",
		"targets[0].evidence[0].user_stack: 1: there are 1 stacks");
	assert_refused("{\"kernel_stack\": 0}", "[]", "targets[0].evidence[0].kernel_stack: 0: there are 0 stacks");
	assert_refused(
		"{\"kernel_stack\": -1}", "[{\"frames\": []}]", "targets[0].evidence[0].kernel_stack: -1 is negative");
	assert_refused("{\"kernel_stack\": 9223372036854775807}", "[{\"frames\": []}]",
		"targets[0].evidence[0].kernel_stack: 9223372036854775807: there are 1 stacks");
}

static void a_number_of_another_type_is_refused(void **state)
{
	(void)state;
	assert_refused("{\"user_stack\": \"0\"}", "[{\"frames\": []}]",
		"targets[0].evidence[0].user_stack: should be a whole number, and is a string");
}

static void a_stack_that_is_too_deep_is_refused(void **state)
{
	struct lc_strbuf stacks = {0};

	(void)state;
	lc_strbuf_adds(&stacks, "[{\"frames\": [{\"offset\": 0}");
	for (int i = 0; i < LC_STACK_DEPTH; i++)
		lc_strbuf_adds(&stacks, ", {\"offset\": 0}");
	lc_strbuf_adds(&stacks, "]}]");
	assert_refused("{}", stacks.text, "stacks[0].frames[64]: a stack has 64 functions at most");
	lc_strbuf_free(&stacks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernel_and_user_stacks_come_back_as_they_were),
		cmocka_unit_test(a_name_that_is_no_utf8_is_kept_readable),
		cmocka_unit_test(a_stack_that_several_checks_share_is_written_once),
		cmocka_unit_test(stacks_that_only_look_the_same_are_written_once),
		cmocka_unit_test(checks_that_shared_a_stack_share_it_when_read_again),
		cmocka_unit_test(each_check_gets_its_own_stacks_again),
		cmocka_unit_test(a_profile_without_stacks_has_no_list_of_them_and_reads_as_before),
		cmocka_unit_test(a_stack_as_deep_as_can_be_is_read),
		cmocka_unit_test(stacks_that_are_no_list_are_refused),
		cmocka_unit_test(a_stack_that_is_no_object_is_refused),
		cmocka_unit_test(a_stack_without_frames_is_refused),
		cmocka_unit_test(a_frame_of_another_type_is_refused),
		cmocka_unit_test(an_offset_out_of_range_is_refused),
		cmocka_unit_test(a_line_out_of_range_is_refused),
		cmocka_unit_test(a_number_that_no_stack_has_is_refused),
		cmocka_unit_test(a_number_of_another_type_is_refused),
		cmocka_unit_test(a_stack_that_is_too_deep_is_refused),
	};

	return cmocka_run_group_tests_name("json_stacks", tests, NULL, NULL);
}
