/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests how a diagnosis is printed: as text in columns, and as JSON. */
#include "doctor_tree.h"

#include <jansson.h>

#define HOSTILE "20.10\033[2J\n\xe2\x80\xae \xff"

/* A diagnosis of three findings, the second and the third worse than the first. */
struct printed {
	struct lc_doctor_finding list[3];
	struct lc_diagnosis diagnosis;
	struct lc_style style;
	struct lc_strbuf out;
};

static void add(struct printed *printed, const char *name, enum lc_doctor_state state, const char *found)
{
	struct lc_doctor_finding *finding = &printed->list[printed->diagnosis.n++];

	*finding = (struct lc_doctor_finding){.name = name, .state = state};
	lc_strbuf_adds(&finding->found, found);
}

static int set_up(void **state)
{
	struct printed *printed = calloc(1, sizeof(*printed));

	if (!printed)
		return -1;
	*state = printed;
	printed->diagnosis.list = printed->list;
	printed->style.columns = 80;
	return 0;
}

static int tear_down(void **state)
{
	struct printed *printed = *state;

	for (size_t i = 0; i < printed->diagnosis.n; i++) {
		lc_strbuf_free(&printed->list[i].found);
		lc_strbuf_free(&printed->list[i].cost);
		lc_strbuf_free(&printed->list[i].remedy);
	}
	lc_strbuf_free(&printed->out);
	free(printed);
	return 0;
}

static const char *text_of(struct printed *printed)
{
	lc_strbuf_free(&printed->out);
	assert_int_equal(lc_diagnosis_text(&printed->diagnosis, &printed->style, &printed->out), 0);
	return printed->out.text;
}

static json_t *json_of(struct printed *printed)
{
	lc_strbuf_free(&printed->out);
	assert_int_equal(lc_diagnosis_json(&printed->diagnosis, &printed->out), 0);
	return json_loads(printed->out.text, 0, NULL);
}

static const char *string_in(json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void a_line_has_state_name_and_what_was_found(void **state)
{
	struct printed *printed = *state;

	add(printed, "kernel", LC_DOCTOR_OK, "6.12");
	add(printed, "jit", LC_DOCTOR_OK, "on");
	assert_string_equal(text_of(printed), "leastcap can record here.\n\n"
					      "ok  kernel  6.12\n"
					      "ok  jit     on\n");
}

static void what_is_wrong_is_followed_by_cost_and_remedy(void **state)
{
	struct printed *printed = *state;

	add(printed, "kernel", LC_DOCTOR_OK, "6.12");
	add(printed, "jit", LC_DOCTOR_DEGRADED, "off");
	lc_strbuf_adds(&printed->list[1].cost, "time");
	lc_strbuf_adds(&printed->list[1].remedy, "sysctl");
	assert_string_equal(text_of(printed), "leastcap can record here, but not all is well: jit: off\n\n"
					      "ok        kernel  6.12\n"
					      "degraded  jit     off\n"
					      "                  costs: time\n"
					      "                  do: sysctl\n");
}

static void the_first_line_gives_the_first_reason_why_nothing_can_be_recorded(void **state)
{
	struct printed *printed = *state;

	add(printed, "symbols", LC_DOCTOR_DEGRADED, "hidden");
	add(printed, "btf", LC_DOCTOR_MISSING, "not there");
	add(printed, "recording", LC_DOCTOR_MISSING, "failed");
	assert_memory_equal(text_of(printed), "leastcap cannot record here: btf: not there\n\n", 45);
}

static void lines_are_broken_before_the_last_column_and_go_on_below_their_text(void **state)
{
	struct printed *printed = *state;
	const char *text, *next;

	add(printed, "hooks", LC_DOCTOR_OK, "one two three four five six seven eight nine ten");
	printed->style.columns = 40;
	text = strstr(text_of(printed), "ok  hooks");
	for (; text && *text; text = next + 1) {
		next = strchr(text, '\n');
		assert_non_null(next);
		assert_true(next - text <= 40);
	}
	assert_non_null(strstr(printed->out.text, "\n           seven"));
}

static void what_others_wrote_is_escaped(void **state)
{
	struct printed *printed = *state;
	const char *text;

	add(printed, "docker", LC_DOCTOR_DEGRADED, HOSTILE);
	lc_strbuf_adds(&printed->list[0].cost, HOSTILE);
	lc_strbuf_adds(&printed->list[0].remedy, HOSTILE);
	text = text_of(printed);
	assert_null(strchr(text, '\033'));
	assert_null(strstr(text, "\xe2\x80\xae"));
	assert_null(strchr(text, '\xff'));
	assert_non_null(strstr(text, "\\033[2J\\n"));
}

static void a_word_that_is_wider_than_its_column_is_shortened(void **state)
{
	struct printed *printed = *state;
	char word[501];

	memset(word, 'x', 500);
	word[500] = '\0';
	add(printed, "docker", LC_DOCTOR_OK, word);
	assert_true(strlen(text_of(printed)) < 150);
	assert_non_null(strstr(printed->out.text, "x…x"));
}

static void colour_marks_the_state_and_nothing_else(void **state)
{
	struct printed *printed = *state;

	add(printed, "btf", LC_DOCTOR_MISSING, "none");
	printed->style.color = true;
	assert_non_null(strstr(text_of(printed), "\033[1;31mmissing\033[0m  btf  none\n"));
	printed->style.color = false;
	assert_null(strchr(text_of(printed), '\033'));
}

static void json_has_an_object_for_each_finding(void **state)
{
	struct printed *printed = *state;
	json_t *value, *second;

	add(printed, "kernel", LC_DOCTOR_OK, "6.12");
	add(printed, "jit", LC_DOCTOR_DEGRADED, "off");
	lc_strbuf_adds(&printed->list[1].cost, "time");
	lc_strbuf_adds(&printed->list[1].remedy, "sysctl");
	value = json_of(printed);
	assert_string_equal(string_in(value, "schema"), "leastcap-doctor/1");
	assert_string_equal(string_in(value, "state"), "degraded");
	assert_true(json_is_true(json_object_get(value, "can_record")));
	assert_int_equal(json_array_size(json_object_get(value, "checks")), 2);
	second = json_array_get(json_object_get(value, "checks"), 1);
	assert_string_equal(string_in(second, "name"), "jit");
	assert_string_equal(string_in(second, "state"), "degraded");
	assert_string_equal(string_in(second, "found"), "off");
	assert_string_equal(string_in(second, "cost"), "time");
	assert_string_equal(string_in(second, "remedy"), "sysctl");
	json_decref(value);
}

static void json_leaves_out_a_cost_that_there_is_not(void **state)
{
	struct printed *printed = *state;
	json_t *value, *first;

	add(printed, "kernel", LC_DOCTOR_OK, "6.12");
	value = json_of(printed);
	first = json_array_get(json_object_get(value, "checks"), 0);
	assert_null(json_object_get(first, "cost"));
	assert_null(json_object_get(first, "remedy"));
	json_decref(value);
}

static void json_says_when_nothing_can_be_recorded(void **state)
{
	struct printed *printed = *state;
	json_t *value;

	add(printed, "btf", LC_DOCTOR_MISSING, "none");
	value = json_of(printed);
	assert_true(json_is_false(json_object_get(value, "can_record")));
	json_decref(value);
}

static void json_stays_valid_whatever_others_wrote(void **state)
{
	struct printed *printed = *state;
	json_t *value;

	add(printed, "docker", LC_DOCTOR_OK, HOSTILE);
	value = json_of(printed);
	assert_non_null(value);
	assert_null(strchr(printed->out.text, '\033'));
	json_decref(value);
}

#define test_printed(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_printed(a_line_has_state_name_and_what_was_found),
		test_printed(what_is_wrong_is_followed_by_cost_and_remedy),
		test_printed(the_first_line_gives_the_first_reason_why_nothing_can_be_recorded),
		test_printed(lines_are_broken_before_the_last_column_and_go_on_below_their_text),
		test_printed(what_others_wrote_is_escaped),
		test_printed(a_word_that_is_wider_than_its_column_is_shortened),
		test_printed(colour_marks_the_state_and_nothing_else),
		test_printed(json_has_an_object_for_each_finding),
		test_printed(json_leaves_out_a_cost_that_there_is_not),
		test_printed(json_says_when_nothing_can_be_recorded),
		test_printed(json_stays_valid_whatever_others_wrote),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
