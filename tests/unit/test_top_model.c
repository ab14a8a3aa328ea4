/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what the screen knows: what is used now and ever, how often, in which order, and what of it is wanted. */
#include "top.h"

#include <errno.h>
#include <unistd.h>

static const struct lc_top_row *row_of(const struct lc_top *top, const char *name)
{
	for (size_t i = 0; i < top->n_rows; i++) {
		if (!strcmp(top->rows[i].target->name, name))
			return &top->rows[i];
	}
	fail_msg("there is no %s", name);
	return NULL;
}

/* The names in the order of TOP's rows. */
static const char *names_of(const struct lc_top *top)
{
	static char names[256];

	names[0] = '\0';
	for (size_t i = 0; i < top->n_rows; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s", i ? " " : "",
			top->rows[i].target->name);
	return names;
}

static void the_first_look_says_what_was_used_ever_and_nothing_of_now(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	struct lc_profile profile = {0};
	const struct lc_top_row *web;

	(void)state;
	fill(&profile, 10);
	assert_int_equal(lc_top_take(&top, &profile, 100 * SECOND), 0);
	assert_int_equal(profile.n_targets, 0);
	web = row_of(&top, "web");
	assert_true(web->ever == (LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID)));
	assert_true(web->now == 0);
	assert_int_equal(web->checks, 12);
	assert_int_equal(lc_top_rate(&top, web->new_checks), 0);
}

static void what_was_asked_for_since_the_look_before_is_used_now(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	const struct lc_top_row *web;

	(void)state;
	look_twice(&top);
	web = row_of(&top, "web");
	assert_true(web->now == LC_CAP_BIT(CAP_CHOWN));
	assert_int_equal(web->new_checks, 20);
	/* In thousandths of a check a second. */
	assert_int_equal(lc_top_rate(&top, web->new_checks), 10000);
	assert_true(row_of(&top, "job")->now == 0);
}

static void all_of_a_container_that_was_not_there_before_is_new(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	struct lc_profile profile = {0};

	(void)state;
	assert_int_equal(lc_top_take(&top, &profile, 100 * SECOND), 0);
	fill(&profile, 10);
	assert_int_equal(lc_top_take(&top, &profile, 101 * SECOND), 0);
	assert_true(row_of(&top, "web")->now == (LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID)));
	assert_true(row_of(&top, "job")->now == LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void increments_add_up_and_the_last_is_what_is_used_now(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_free_ struct lc_top_piece *pieces = NULL;
	struct lc_profile profile = {.lost = 1};
	const struct lc_top_row *web;
	size_t n = 0;

	(void)state;
	assert_int_equal(lc_top_add(&top, &profile, 100 * SECOND), 0);
	fill(&profile, 10);
	assert_int_equal(lc_top_add(&top, &profile, 102 * SECOND), 0);
	add_target(&profile, "web")->life.began_ns = 7;
	add_checks(&profile.targets[0], CAP_CHOWN, LC_CLASS_REQUIRED, "/usr/sbin/nginx", 4);
	assert_int_equal(lc_top_add(&top, &profile, 104 * SECOND), 0);
	assert_int_equal(lc_top_arrange(&top), 0);
	assert_int_equal(top.n_rows, 3);
	web = row_of(&top, "web");
	assert_int_equal(web->checks, 16);
	assert_int_equal(web->new_checks, 4);
	assert_int_equal(lc_top_rate(&top, web->new_checks), 2000);
	assert_true(web->now == LC_CAP_BIT(CAP_CHOWN));
	assert_true(web->ever == (LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID)));
	assert_int_equal(web->target->life.began_ns, 7);
	assert_int_equal(top.now.lost, 8);
	assert_int_equal(lc_top_pieces(web, &pieces, &n), 0);
	assert_int_equal(n, 2);
	assert_int_equal(pieces[0].count, 14);
	assert_int_equal(pieces[0].more, 4);
	assert_int_equal(pieces[1].more, 0);
}

static void a_container_that_is_called_otherwise_later_stays_one(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	struct lc_profile profile = {0};

	(void)state;
	add_target(&profile, "0123456789ab")->id = strdup("0123456789abcdef");
	add_checks(&profile.targets[0], CAP_CHOWN, LC_CLASS_REQUIRED, "/bin/chown", 1);
	assert_int_equal(lc_top_add(&top, &profile, 100 * SECOND), 0);
	add_target(&profile, "web")->id = strdup("0123456789abcdef");
	profile.targets[0].project = strdup("shop");
	profile.targets[0].service = strdup("web");
	add_checks(&profile.targets[0], CAP_CHOWN, LC_CLASS_REQUIRED, "/bin/chown", 1);
	assert_int_equal(lc_top_add(&top, &profile, 101 * SECOND), 0);
	assert_int_equal(lc_top_arrange(&top), 0);
	assert_string_equal(names_of(&top), "web");
	assert_int_equal(top.rows[0].checks, 2);
}

static void what_has_ended_goes_after_a_minute(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	struct lc_profile profile = {.ended_ns = 100 * SECOND};

	(void)state;
	add_target(&profile, "job")->life.ended_ns = 99 * SECOND;
	add_target(&profile, "web");
	assert_int_equal(lc_top_add(&top, &profile, 100 * SECOND), 0);
	profile.ended_ns = 159 * SECOND;
	assert_int_equal(lc_top_add(&top, &profile, 159 * SECOND), 0);
	assert_int_equal(lc_top_arrange(&top), 0);
	assert_string_equal(names_of(&top), "job web");
	profile.ended_ns = 160 * SECOND;
	assert_int_equal(lc_top_add(&top, &profile, 160 * SECOND), 0);
	assert_int_equal(lc_top_arrange(&top), 0);
	assert_string_equal(names_of(&top), "web");
}

static void containers_of_one_name_are_told_apart_by_their_ids(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	struct lc_profile profile = {0};

	(void)state;
	add_target(&profile, "web")->id = strdup("aaa");
	assert_int_equal(lc_top_take(&top, &profile, 100 * SECOND), 0);
	add_target(&profile, "web")->id = strdup("bbb");
	add_checks(&profile.targets[0], CAP_CHOWN, LC_CLASS_REQUIRED, "/bin/chown", 1);
	assert_int_equal(lc_top_take(&top, &profile, 101 * SECOND), 0);
	assert_null(top.rows[0].before);
	assert_true(top.rows[0].now == LC_CAP_BIT(CAP_CHOWN));
}

static void refused_calls_that_programs_get_over_do_not_count(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};

	(void)state;
	look_twice(&top);
	assert_int_equal(row_of(&top, "job")->refused, 3);
	assert_int_equal(row_of(&top, "job")->lost, 7);
}

static void the_worst_is_first_by_its_audit_or_by_what_it_is_granted(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	struct lc_profile profile = {0};

	(void)state;
	fill(&profile, 1);
	profile.targets[0].granted |= LC_CAP_BIT(CAP_SYS_ADMIN);
	profile.targets[1].granted = 0;
	assert_int_equal(lc_top_take(&top, &profile, SECOND), 0);
	assert_string_equal(names_of(&top), "db web job");
	assert_true(top.rows[1].score >= 40);
	assert_true(top.rows[1].is_rated);
	/* Of it nothing is known. */
	assert_false(top.rows[2].is_rated);
}

static void each_order_has_its_own_first(void **state)
{
	static const struct {
		enum lc_top_order order;
		const char *names;
	} orders[] = {
		{LC_TOP_BY_SCORE, "db job web"},
		{LC_TOP_BY_RATE, "web db job"},
		{LC_TOP_BY_REFUSED, "job db web"},
		{LC_TOP_BY_CAPS, "web job db"},
		{LC_TOP_BY_NAME, "db job web"},
	};
	_cleanup_(lc_top_clear) struct lc_top top = {0};

	(void)state;
	look_twice(&top);
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		top.order = orders[i].order;
		assert_int_equal(lc_top_arrange(&top), 0);
		assert_string_equal(names_of(&top), orders[i].names);
	}
}

static void a_filter_is_a_part_of_a_name_or_a_capability(void **state)
{
	static const char *const filters[][2] = {
		{"WE", "web"}, {"chown", "web"}, {"CAP_SYS_ADMIN", "job"}, {"nobody", ""}, {"debian", "db job web"}};
	_cleanup_(lc_top_clear) struct lc_top top = {0};

	(void)state;
	look_twice(&top);
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		free(top.filter);
		top.filter = strdup(filters[i][0]);
		assert_int_equal(lc_top_arrange(&top), 0);
		assert_string_equal(names_of(&top), filters[i][1]);
		assert_int_equal(top.n_rows + top.n_left_out, 3);
	}
}

static void only_what_was_named_is_there(void **state)
{
	char name[] = "job", *names[] = {name};
	_cleanup_(lc_top_clear) struct lc_top top = {.names = names, .n_names = 1};

	(void)state;
	look_twice(&top);
	assert_string_equal(names_of(&top), "job");
}

static void evidence_is_told_by_program_and_call_with_what_is_new_of_it(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_free_ struct lc_top_piece *pieces = NULL;
	struct lc_profile profile = {0};
	size_t n = 0;

	(void)state;
	fill(&profile, 10);
	assert_int_equal(lc_top_take(&top, &profile, SECOND), 0);
	fill(&profile, 10);
	add_checks(&profile.targets[0], CAP_CHOWN, LC_CLASS_REQUIRED, "/usr/sbin/nginx", 5);
	add_checks(&profile.targets[0], CAP_CHOWN, LC_CLASS_REQUIRED, "/bin/chown", 90);
	assert_int_equal(lc_top_take(&top, &profile, 2 * SECOND), 0);
	assert_int_equal(lc_top_pieces(row_of(&top, "web"), &pieces, &n), 0);
	/* The runtime's own is not there. */
	assert_int_equal(n, 3);
	assert_string_equal(pieces[0].check->exe, "/bin/chown");
	assert_int_equal(pieces[0].more, 90);
	assert_string_equal(pieces[1].check->exe, "/usr/sbin/nginx");
	assert_int_equal(pieces[1].count, 15);
	assert_int_equal(pieces[1].more, 5);
	assert_int_equal(pieces[2].check->cap, CAP_SETUID);
	assert_int_equal(pieces[2].more, 0);
}

static void refused_calls_are_the_last_pieces(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_free_ struct lc_top_piece *pieces = NULL;
	size_t n = 0;

	(void)state;
	look_twice(&top);
	assert_int_equal(lc_top_pieces(row_of(&top, "job"), &pieces, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(pieces[0].check->class, LC_CLASS_BLOCKED);
	assert_string_equal(pieces[1].failure->syscall, "mount");
	assert_string_equal(pieces[2].failure->syscall, "openat");
}

static void an_explanation_tells_all_or_one_capability(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf all = {0}, one = {0}, nothing = {0};

	(void)state;
	look_twice(&top);
	assert_int_equal(lc_top_explain(row_of(&top, "web")->target, -1, 80, &all), 0);
	assert_non_null(strstr(all.text, "CHOWN is on the list"));
	assert_non_null(strstr(all.text, "SETUID is on the list"));
	assert_int_equal(lc_top_explain(row_of(&top, "web")->target, CAP_SETUID, 80, &one), 0);
	assert_null(strstr(one.text, "CHOWN is on the list"));
	assert_int_equal(lc_top_explain(row_of(&top, "db")->target, -1, 80, &nothing), 0);
	assert_non_null(strstr(nothing.text, "No capability is on its list"));
}

static void a_profile_is_written_to_a_new_file_each_time(void **state)
{
	_cleanup_(lc_top_clear) struct lc_top top = {0};
	_cleanup_(lc_top_view_clear) struct lc_top_view view = {0};
	_cleanup_free_ char *first = NULL, *second = NULL, *message = NULL;
	char directory[] = "/tmp/leastcap-test-XXXXXX";
	struct lc_profile profile = {0};

	(void)state;
	assert_non_null(mkdtemp(directory));
	assert_int_equal(chdir(directory), 0);
	fill(&profile, 10);
	free(profile.targets[2].name);
	profile.targets[2].name = strdup("../d\033b");
	assert_int_equal(lc_top_take(&top, &profile, SECOND), 0);
	assert_int_equal(lc_top_save(&top, &view, &first, &message), 0);
	assert_string_equal(first, "_._d_b-19700101-010101.json");
	assert_int_equal(lc_top_save(&top, &view, &second, &message), 0);
	assert_string_equal(second, "_._d_b-19700101-010101-2.json");
	assert_int_equal(unlink(first), 0);
	assert_int_equal(unlink(second), 0);
	assert_int_equal(chdir("/"), 0);
	assert_int_equal(rmdir(directory), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_look_says_what_was_used_ever_and_nothing_of_now),
		cmocka_unit_test(what_was_asked_for_since_the_look_before_is_used_now),
		cmocka_unit_test(all_of_a_container_that_was_not_there_before_is_new),
		cmocka_unit_test(increments_add_up_and_the_last_is_what_is_used_now),
		cmocka_unit_test(a_container_that_is_called_otherwise_later_stays_one),
		cmocka_unit_test(what_has_ended_goes_after_a_minute),
		cmocka_unit_test(containers_of_one_name_are_told_apart_by_their_ids),
		cmocka_unit_test(refused_calls_that_programs_get_over_do_not_count),
		cmocka_unit_test(the_worst_is_first_by_its_audit_or_by_what_it_is_granted),
		cmocka_unit_test(each_order_has_its_own_first),
		cmocka_unit_test(a_filter_is_a_part_of_a_name_or_a_capability),
		cmocka_unit_test(only_what_was_named_is_there),
		cmocka_unit_test(evidence_is_told_by_program_and_call_with_what_is_new_of_it),
		cmocka_unit_test(refused_calls_are_the_last_pieces),
		cmocka_unit_test(an_explanation_tells_all_or_one_capability),
		cmocka_unit_test(a_profile_is_written_to_a_new_file_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
