/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of which stories of a profile are told, and of all of them as JSON. */
#include <leastcap/story.h>

#include "stacks.h"
#include "web.h"

#include <leastcap/cleanup.h>
#include <leastcap/json.h>

static int begin(void **state)
{
	return begin_web(state, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
}

static json_t *told(void **state, const struct lc_story_asked *asked)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	json_t *value;

	assert_int_equal(lc_stories_json(*state, asked, &out), 0);
	value = json_loads(out.text, 0, NULL);
	assert_non_null(value);
	return value;
}

/* The names of the capabilities, or (KEY "calls", NAME "syscall") calls, that are told of the first target. */
static void assert_told(json_t *value, const char *key, const char *name, const char *expected)
{
	json_t *list = json_object_get(json_array_get(json_object_get(value, "targets"), 0), key);
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};
	json_t *item;
	size_t i;

	assert_non_null(list);
	json_array_foreach(list, i, item)
		lc_strbuf_addf(&names, "%s%s", i ? " " : "", json_string_value(json_object_get(item, name)));
	assert_string_equal(names.text ? names.text : "", expected);
}

static void nothing_asked_is_all_on_the_list_and_wanted_and_what_was_refused(void **state)
{
	const struct lc_story_asked asked = {0};
	_cleanup_json_ json_t *value = NULL;

	web(state)->wanted = LC_CAP_BIT(CAP_SYS_ADMIN);
	add_failure(web(state), LC_CAUSE_FILTER, 0, 2, "/bin/tool", "keyctl", NULL);
	value = told(state, &asked);
	assert_told(value, "capabilities", "cap", "CHOWN KILL SYS_ADMIN");
	assert_told(value, "calls", "syscall", "");
	assert_told(value, "refused", "syscall", "keyctl");
}

static void what_is_asked_for_is_told_alone(void **state)
{
	const char *calls[] = {"keyctl"};
	const struct lc_story_asked asked = {.caps = LC_CAP_BIT(CAP_KILL), .calls = calls, .n_calls = 1};
	_cleanup_json_ json_t *value = NULL;
	json_t *target;

	add_failure(web(state), LC_CAUSE_FILTER, 0, 2, "/bin/tool", "keyctl", NULL);
	add_failure(web(state), LC_CAUSE_FILTER, LC_CAP_BIT(CAP_SYS_ADMIN), 2, "/bin/tool", "mount", NULL);
	value = told(state, &asked);
	target = json_array_get(json_object_get(value, "targets"), 0);
	assert_told(value, "capabilities", "cap", "KILL");
	assert_told(value, "calls", "syscall", "keyctl");
	assert_null(json_object_get(target, "refused"));
}

static void a_call_that_is_called_as_a_capability_is_told_where_it_was_refused(void **state)
{
	const char *calls[] = {"chown", "kill"};
	const struct lc_story_asked asked = {
		.caps = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL), .calls = calls, .n_calls = 2};
	_cleanup_json_ json_t *value = NULL;

	add_failure(web(state), LC_CAUSE_FILTER, 0, 2, "/bin/tool", "kill", NULL);
	value = told(state, &asked);
	assert_told(value, "capabilities", "cap", "CHOWN KILL");
	assert_told(value, "calls", "syscall", "kill");
}

static void evidence_has_its_count_its_consequence_and_both_stacks(void **state)
{
	const struct lc_story_asked asked = {.caps = LC_CAP_BIT(CAP_CHOWN)};
	struct lc_check *check =
		add_evidence(web(state), CAP_CHOWN, LC_CLASS_REQUIRED, 7, "/bin/chown", "fchownat", "/var/lib/x");
	_cleanup_json_ json_t *value = NULL;
	json_t *piece, *frame;

	check->kernel_stack = stack_of("setattr_prepare", "notify_change", NULL);
	check->first_ns = INT64_C(1795348800123456000);
	value = told(state, &asked);
	piece = json_array_get(json_object_get(value, "targets"), 0);
	piece = json_array_get(json_object_get(piece, "capabilities"), 0);
	assert_true(json_is_true(json_object_get(piece, "on_list")));
	piece = json_array_get(json_object_get(piece, "evidence"), 0);
	assert_int_equal(json_integer_value(json_object_get(piece, "count")), 7);
	assert_string_equal(json_string_value(json_object_get(piece, "first")), "2026-11-22T12:00:00Z");
	assert_string_equal(json_string_value(json_object_get(piece, "consequence")), "without it this call fails");
	assert_null(json_object_get(piece, "program_stack"));
	frame = json_array_get(json_object_get(piece, "kernel_stack"), 1);
	assert_string_equal(json_string_value(json_object_get(frame, "function")), "notify_change");
}

static void the_file_of_a_container_cannot_act_on_the_terminal(void **state)
{
	const struct lc_story_asked asked = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	add_evidence(web(state), CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/\033[2J", "fchownat", "/\xe2\x80\xae\xff");
	assert_int_equal(lc_stories_json(*state, &asked, &out), 0);
	for (const char *at = out.text; *at; at++)
		assert_true(*at == '\n' || (*at >= ' ' && *at < 127));
}

static void text_says_where_there_is_no_story(void **state)
{
	const struct lc_story_asked asked = {0};
	const struct lc_style style = {.columns = 80};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	web(state)->cap_add = 0;
	assert_int_equal(lc_stories_tell(*state, &asked, &style, &out), 0);
	assert_string_equal(out.text,
		"No capability is on a list, none was wanted, and nothing was refused that programs do not get over.\n");
}

#define TOLD(test) cmocka_unit_test_setup_teardown(test, begin, end_web)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(nothing_asked_is_all_on_the_list_and_wanted_and_what_was_refused),
		TOLD(what_is_asked_for_is_told_alone),
		TOLD(a_call_that_is_called_as_a_capability_is_told_where_it_was_refused),
		TOLD(evidence_has_its_count_its_consequence_and_both_stacks),
		TOLD(the_file_of_a_container_cannot_act_on_the_terminal),
		TOLD(text_says_where_there_is_no_story),
	};

	return cmocka_run_group_tests_name("stories", tests, NULL, NULL);
}
