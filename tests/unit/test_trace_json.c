/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of a traced check or refused call as a line of JSON. */
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>
#include <leastcap/trace.h>

#include <errno.h>
#include <jansson.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

/* The object of one line, read back; the caller drops it. */
static json_t *object_of(const struct lc_traced *traced)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	struct lc_trace_style style = {.json = true};
	json_t *object;

	lc_trace_line(&out, &style, traced);
	assert_false(out.failed);
	assert_ptr_equal(strchr(out.text, '\n'), out.text + out.length - 1);
	object = json_loadb(out.text, out.length, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(object);
	return object;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static struct lc_check made_check(void)
{
	struct lc_check check = {.cap = CAP_CHOWN, .verdict = LC_VERDICT_DENIED, .class = LC_CLASS_BLOCKED, .count = 1};

	check.comm = (char *)"chown";
	check.exe = (char *)"/usr/bin/chown";
	check.caller = (char *)"chown_common";
	return check;
}

static const struct lc_call_made made_call = {
	.number = SYS_fchown, .arguments = {3, 33, 0xffffffff}, .pieces = {{NULL, 0, false}}};

static struct lc_traced made(const struct lc_check *check)
{
	return (struct lc_traced){.time_ns = INT64_C(1700000000123456789),
		.pid = 7,
		.tgid = 6,
		.target = "web",
		.check = check,
		.call = &made_call,
		.returned = true,
		.result = -EPERM,
		.began_ns = 1000,
		.ended_ns = 501000};
}

static void a_line_is_an_object_with_everything_known(void **state)
{
	struct lc_check check = made_check();
	struct lc_traced traced = made(&check);
	json_t *object = object_of(&traced);

	(void)state;
	assert_string_equal(text_of(object, "time"), "2023-11-14T22:13:20.123456789Z");
	assert_int_equal(json_integer_value(json_object_get(object, "pid")), 7);
	assert_int_equal(json_integer_value(json_object_get(object, "tgid")), 6);
	assert_string_equal(text_of(object, "target"), "web");
	assert_string_equal(text_of(object, "comm"), "chown");
	assert_string_equal(text_of(object, "exe"), "/usr/bin/chown");
	assert_string_equal(text_of(object, "syscall"), "fchown");
	assert_string_equal(text_of(object, "cap"), "CHOWN");
	assert_string_equal(text_of(object, "verdict"), "denied");
	assert_string_equal(text_of(object, "class"), "blocked");
	assert_string_equal(text_of(object, "caller"), "chown_common");
	assert_int_equal(json_integer_value(json_object_get(object, "result")), -EPERM);
	assert_string_equal(text_of(object, "error"), "EPERM");
	assert_true(json_real_value(json_object_get(object, "duration")) == 0.0005);
	json_decref(object);
}

static void arguments_are_a_list_of_what_is_shown(void **state)
{
	struct lc_check check = made_check();
	struct lc_traced traced = made(&check);
	json_t *object = object_of(&traced);
	const json_t *arguments = json_object_get(object, "args");

	(void)state;
	assert_int_equal(json_array_size(arguments), 3);
	assert_string_equal(json_string_value(json_array_get(arguments, 0)), "3");
	assert_string_equal(json_string_value(json_array_get(arguments, 2)), "-1");
	json_decref(object);
}

static void what_is_unknown_is_left_out(void **state)
{
	struct lc_check check = made_check();
	struct lc_traced traced = made(&check);
	json_t *object;

	(void)state;
	traced.call = NULL;
	traced.target = NULL;
	check.exe = NULL;
	object = object_of(&traced);
	assert_null(json_object_get(object, "syscall"));
	assert_null(json_object_get(object, "args"));
	assert_null(json_object_get(object, "result"));
	assert_null(json_object_get(object, "target"));
	assert_null(json_object_get(object, "exe"));
	assert_null(json_object_get(object, "stack"));
	json_decref(object);
}

static void a_call_that_has_not_returned_has_no_result(void **state)
{
	struct lc_check check = made_check();
	struct lc_traced traced = made(&check);
	json_t *object;

	(void)state;
	traced.returned = false;
	object = object_of(&traced);
	assert_null(json_object_get(object, "result"));
	assert_null(json_object_get(object, "error"));
	json_decref(object);
}

static void names_that_are_no_utf8_are_made_so(void **state)
{
	struct lc_check check = made_check();
	struct lc_traced traced = made(&check);
	json_t *object;

	(void)state;
	check.comm = (char *)"a\xff\n\"";
	object = object_of(&traced);
	assert_string_equal(text_of(object, "comm"), "a\xef\xbf\xbd\n\"");
	json_decref(object);
}

static void a_stack_is_a_list_of_frames(void **state)
{
	struct lc_frame frames[] = {
		{.function = (char *)"capable", .offset = 1},
		{.function = (char *)"main", .offset = 2, .module = (char *)"/bin/x", .file = (char *)"x.c", .line = 9},
	};
	struct lc_stack stack = {.frames = frames, .n = 2, .cut = true};
	struct lc_check check = made_check();
	struct lc_traced traced = made(&check);
	const json_t *list;
	json_t *object;

	(void)state;
	traced.stack = &stack;
	object = object_of(&traced);
	list = json_object_get(object, "stack");
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(text_of(json_array_get(list, 0), "module"), "[kernel]");
	assert_string_equal(text_of(json_array_get(list, 1), "function"), "main");
	assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 1), "line")), 9);
	assert_true(json_is_true(json_object_get(object, "stack_cut")));
	json_decref(object);
}

static void a_refused_call_has_a_cause_in_the_place_of_a_capability(void **state)
{
	struct lc_failure failure = {.cause = LC_CAUSE_FILE,
		.filter = LC_FILTER_ALLOWS,
		.caps = UINT64_C(1) << CAP_CHOWN,
		.expected = true,
		.object = {.mode = 0100640}};
	struct lc_traced traced = made(NULL);
	const json_t *file;
	json_t *object;

	(void)state;
	failure.comm = (char *)"chown";
	failure.exe = (char *)"/usr/bin/chown";
	failure.why = (char *)"Whose it is.";
	failure.help = (char *)"Change that.";
	failure.object.path = (char *)"/etc/shadow";
	failure.object.owner = (char *)"root:shadow";
	traced.failure = &failure;
	object = object_of(&traced);
	assert_null(json_object_get(object, "cap"));
	assert_null(json_object_get(object, "verdict"));
	assert_null(json_object_get(object, "class"));
	assert_string_equal(text_of(object, "comm"), "chown");
	assert_string_equal(text_of(object, "exe"), "/usr/bin/chown");
	assert_string_equal(text_of(object, "syscall"), "fchown");
	assert_string_equal(text_of(object, "error"), "EPERM");
	assert_string_equal(text_of(object, "cause"), "file");
	assert_string_equal(text_of(object, "filter"), "allows");
	assert_string_equal(json_string_value(json_array_get(json_object_get(object, "caps"), 0)), "CHOWN");
	assert_true(json_is_true(json_object_get(object, "expected")));
	assert_string_equal(text_of(object, "why"), "Whose it is.");
	assert_string_equal(text_of(object, "help"), "Change that.");
	file = json_object_get(object, "object");
	assert_string_equal(text_of(file, "path"), "/etc/shadow");
	assert_string_equal(text_of(file, "owner"), "root:shadow");
	assert_string_equal(text_of(file, "mode"), "0640");
	json_decref(object);
}

static void what_is_not_known_of_a_refused_call_is_left_out(void **state)
{
	const struct lc_failure failure = {.cause = LC_CAUSE_UNKNOWN};
	struct lc_traced traced = made(NULL);
	json_t *object;

	(void)state;
	traced.failure = &failure;
	object = object_of(&traced);
	assert_string_equal(text_of(object, "cause"), "unknown");
	assert_int_equal(json_array_size(json_object_get(object, "caps")), 0);
	assert_null(json_object_get(object, "why"));
	assert_null(json_object_get(object, "help"));
	assert_null(json_object_get(object, "object"));
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_an_object_with_everything_known),
		cmocka_unit_test(arguments_are_a_list_of_what_is_shown),
		cmocka_unit_test(what_is_unknown_is_left_out),
		cmocka_unit_test(a_call_that_has_not_returned_has_no_result),
		cmocka_unit_test(names_that_are_no_utf8_are_made_so),
		cmocka_unit_test(a_stack_is_a_list_of_frames),
		cmocka_unit_test(a_refused_call_has_a_cause_in_the_place_of_a_capability),
		cmocka_unit_test(what_is_not_known_of_a_refused_call_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
