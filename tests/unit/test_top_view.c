/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what the screen looks like, in any size and with any names, and of what its keys do. */
#include "top.h"

#include "src/top/cells.h"

#include <locale.h>

/* A screen that was drawn: its lines without the spaces at their ends. */
struct drawn {
	size_t width, height;
	char text[32768];
};

static void draw(struct drawn *drawn, const struct lc_top *top, struct lc_top_view *view)
{
	struct lc_top_lines lines = {0};

	drawn->text[0] = '\0';
	lc_top_draw(top, view, drawn->width, drawn->height, &lines);
	assert_false(lines.failed);
	assert_int_equal(lines.n, drawn->height);
	for (size_t i = 0; i < lines.n; i++) {
		const char *text = lines.lines[i].text.text ? lines.lines[i].text.text : "";
		size_t length = strlen(text);

		assert_true(lc_cells_width(text) <= drawn->width);
		for (size_t j = 0; j < lines.lines[i].n_spans; j++) {
			assert_true(lines.lines[i].spans[j].begin <= lines.lines[i].spans[j].end);
			assert_true(lines.lines[i].spans[j].end <= length);
		}
		while (length && text[length - 1] == ' ')
			length--;
		strncat(drawn->text, text, length);
		strcat(drawn->text, "\n");
	}
	lc_top_lines_clear(&lines);
}

static void assert_shows(const struct drawn *drawn, const char *text)
{
	if (!strstr(drawn->text, text))
		fail_msg("'%s' is not in:\n%s", text, drawn->text);
}

static void assert_hides(const struct drawn *drawn, const char *text)
{
	if (strstr(drawn->text, text))
		fail_msg("'%s' is in:\n%s", text, drawn->text);
}

static void press(struct lc_top *top, struct lc_top_view *view, const char *keys)
{
	for (; *keys; keys++)
		assert_int_equal(lc_top_press(top, view, (unsigned char)*keys), LC_TOP_NOTHING);
}

static void at_80_by_24_all_columns_are_there(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {.where = "recording"};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 24};

	(void)state;
	look_twice(&top);
	draw(&drawn, &top, &view);
	assert_shows(&drawn,
		"leastcap top  01:01:01 UTC  3 containers  10 checks/s  3 refused  7 lost\nrecording, by score\n\n");
	assert_shows(&drawn, "\nSCORE  NAME          CHECKS/S  REFUSED   LOST  CAPABILITIES: *NOW !DENIED\n");
	assert_shows(&drawn, "\n  360  db                   0        0      0\n");
	assert_shows(&drawn, "\n    0  job                  0        3      7  !SYS_ADMIN\n");
	assert_shows(&drawn, "\n    0  web                 10        0      0  *CHOWN SETUID\n");
	assert_shows(&drawn, "\nEnter evidence  e explain  f filter  s sort  p profile  h help  q leave\n");
}

static void at_40_by_10_the_capabilities_stay(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {.where = "recording"};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 40, .height = 10};

	(void)state;
	look_twice(&top);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "\n    0  web           *CHOWN SETUID\n");
	assert_hides(&drawn, "CHECKS/S");
}

static void at_200_by_60_names_are_whole(void **state)
{
	static const char name[] = "a-container-with-a-very-long-name-that-somebody-has-thought-of";
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 200, .height = 60};
	struct lc_profile profile = {0};

	(void)state;
	add_target(&profile, name);
	assert_int_equal(lc_top_take(&top, &profile, SECOND), 0);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, name);
	drawn.width = 80;
	draw(&drawn, &top, &view);
	assert_hides(&drawn, name);
	assert_shows(&drawn, "a-containe");
}

static void capabilities_without_room_are_counted(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 24};
	struct lc_profile profile = {0};

	(void)state;
	add_target(&profile, "all")->cap_add = (UINT64_C(1) << 41) - 1;
	assert_int_equal(lc_top_take(&top, &profile, SECOND), 0);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "CHOWN DAC_OVERRIDE +39\n");
}

static void hostile_names_stay_in_their_cells(void **state)
{
	static const char *const names[] = {"a\033[2Jb\nc\td",
		"\xe2\x80\xae"
		"evil",
		"bad\xff\xfe utf8", "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字",
		"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", ""};
	_cleanup_(lc_top_clear) struct lc_top top = {.where = "\033]0;title\a"};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	static const size_t sizes[][2] = {{80, 24}, {40, 10}, {200, 60}, {24, 7}, {23, 6}, {1, 1}, {0, 0}};
	struct lc_profile profile = {0};
	struct drawn drawn;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct lc_target *target = add_target(&profile, names[i]);

		target->id = strdup(names[i]);
		add_checks(target, CAP_CHOWN, LC_CLASS_REQUIRED, names[i], 1);
	}
	assert_int_equal(lc_top_take(&top, &profile, SECOND), 0);
	for (int pane = LC_TOP_LIST; pane <= LC_TOP_TEXT; pane++) {
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			drawn.width = sizes[i][0];
			drawn.height = sizes[i][1];
			draw(&drawn, &top, &view);
			assert_hides(&drawn, "\033");
			assert_hides(&drawn, "\a");
			assert_hides(&drawn, "\xe2\x80\xae");
			assert_hides(&drawn, "\xff");
		}
		press(&top, &view, pane == LC_TOP_LIST ? "\n" : "e");
	}
}

static void lines_for_a_pipe_are_whole(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {.where = "store team"};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_profile profile = {0};

	(void)state;
	add_target(&profile, "a-container-with-a-very-long-name-that-somebody-has-thought-of\n")->cap_add = 0xff;
	assert_int_equal(lc_top_take(&top, &profile, SECOND), 0);
	assert_int_equal(lc_top_print(&top, 0, &text), 0);
	assert_non_null(
		strstr(text.text, "a-container-with-a-very-long-name-that-somebody-has-thought-of\\n         0"));
	assert_non_null(strstr(text.text, "CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID\n"));
}

static void enter_opens_the_evidence_and_e_explains_what_is_chosen_there(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 24};

	(void)state;
	look_twice(&top);
	draw(&drawn, &top, &view);
	press(&top, &view, "jj\n");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "web (debian:12)\nscore 0, needs 2 of 2, 10 checks/s, 0 refused, 0 lost\n");
	assert_shows(&drawn, "\nCHOWN             required          30   +20  /usr/sbin/nginx chown\n");
	assert_shows(&drawn, "\nSETUID            required           2        /usr/sbin/nginx chown\n");
	assert_hides(&drawn, "runc");
	press(&top, &view, "je");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "SETUID is on the list");
	assert_hides(&drawn, "CHOWN is on the list");
	press(&top, &view, "\033\033");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "SCORE  NAME");
}

static void an_explanation_is_wrapped_again_when_the_screen_gets_another_width(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 24};

	(void)state;
	look_twice(&top);
	draw(&drawn, &top, &view);
	press(&top, &view, "jje");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "web (debian:12): CHOWN is on the list");
	drawn.width = 30;
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "web (debian:12): CHOWN is on\n    the list\n");
}

static void evidence_grows_under_the_eyes_and_its_container_may_go(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 24};
	struct lc_profile profile = {0};

	(void)state;
	look_twice(&top);
	press(&top, &view, "jj\n");
	fill(&profile, 31);
	assert_int_equal(lc_top_take(&top, &profile, 104 * SECOND), 0);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "\nCHOWN             required          31    +1  /usr/sbin/nginx chown\n");
	assert_int_equal(lc_top_take(&top, &profile, 106 * SECOND), 0);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "It is not there any more.");
	press(&top, &view, "ep\033");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "Nothing has been seen yet.");
}

static void what_is_chosen_stays_chosen_when_the_order_changes(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 24};

	(void)state;
	look_twice(&top);
	draw(&drawn, &top, &view);
	press(&top, &view, "jjs");
	assert_string_equal(top.rows[0].target->name, "web");
	assert_string_equal(view.chosen, top.rows[0].key);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "by checks");
}

static void a_filter_is_typed_and_may_be_given_up(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 24};

	(void)state;
	look_twice(&top);
	press(&top, &view, "fwe");
	assert_int_equal(lc_top_press(&top, &view, 0xe9), LC_TOP_NOTHING);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "filter: we\xc3\xa9_\n");
	press(&top, &view, "\177q\177\n");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "filter we, 2 left out");
	assert_hides(&drawn, "job");
	press(&top, &view, "f\177\177\033");
	draw(&drawn, &top, &view);
	assert_hides(&drawn, "job");
	press(&top, &view, "f\177\177\n");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "job");
}

static void what_is_chosen_is_always_on_the_screen(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {.order = LC_TOP_BY_NAME};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 10};
	struct lc_profile profile = {0};
	char name[16];

	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "c%02d", i);
		add_target(&profile, name);
	}
	assert_int_equal(lc_top_take(&top, &profile, SECOND), 0);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "  c04 ");
	assert_hides(&drawn, "  c05 ");
	press(&top, &view, "jjjjj");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "  c05 ");
	assert_hides(&drawn, "  c00 ");
	assert_int_equal(lc_top_press(&top, &view, LC_KEY_END), LC_TOP_NOTHING);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "  c99 ");
	assert_int_equal(lc_top_press(&top, &view, LC_KEY_PAGE_UP), LC_TOP_NOTHING);
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "  c94 ");
	assert_int_equal(lc_top_press(&top, &view, LC_KEY_HOME), LC_TOP_NOTHING);
	drawn.height = 24;
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "  c00 ");
}

static void q_leaves_from_everywhere_but_a_filter(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};

	(void)state;
	look_twice(&top);
	assert_int_equal(lc_top_press(&top, &view, 'q'), LC_TOP_LEAVE);
	press(&top, &view, "h");
	assert_int_equal(lc_top_press(&top, &view, 'q'), LC_TOP_LEAVE);
	press(&top, &view, "fq\033");
	assert_int_equal(lc_top_press(&top, &view, 'p'), LC_TOP_SAVE);
}

static void what_was_done_last_is_said_until_the_next_key(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	struct drawn drawn = {.width = 80, .height = 24};

	(void)state;
	look_twice(&top);
	lc_top_say(&view, "wrote \033x.json");
	draw(&drawn, &top, &view);
	assert_shows(&drawn, "wrote \\033x.json\n");
	press(&top, &view, "j");
	draw(&drawn, &top, &view);
	assert_hides(&drawn, "wrote");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_80_by_24_all_columns_are_there),
		cmocka_unit_test(at_40_by_10_the_capabilities_stay),
		cmocka_unit_test(at_200_by_60_names_are_whole),
		cmocka_unit_test(capabilities_without_room_are_counted),
		cmocka_unit_test(hostile_names_stay_in_their_cells),
		cmocka_unit_test(lines_for_a_pipe_are_whole),
		cmocka_unit_test(enter_opens_the_evidence_and_e_explains_what_is_chosen_there),
		cmocka_unit_test(an_explanation_is_wrapped_again_when_the_screen_gets_another_width),
		cmocka_unit_test(evidence_grows_under_the_eyes_and_its_container_may_go),
		cmocka_unit_test(what_is_chosen_stays_chosen_when_the_order_changes),
		cmocka_unit_test(a_filter_is_typed_and_may_be_given_up),
		cmocka_unit_test(what_is_chosen_is_always_on_the_screen),
		cmocka_unit_test(q_leaves_from_everywhere_but_a_filter),
		cmocka_unit_test(what_was_done_last_is_said_until_the_next_key),
	};

	/* Wide characters are known in UTF-8 alone. */
	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
