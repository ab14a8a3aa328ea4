/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the times of a target's life. */
#include "evidence.h"

#include <leastcap/clock.h>
#include <leastcap/life.h>

#include <stdio.h>

/* When the targets of these tests began. */
#define BEGAN (INT64_C(1790000000) * LC_NS_PER_S)

/* SECONDS after that. */
static int64_t at(double seconds)
{
	return BEGAN + (int64_t)(seconds * 1e9);
}

/* Adds to TARGET what was asked for CAP COUNT times, from FIRST to LAST seconds after its beginning. */
static void ask(struct lc_target *target, int cap, uint64_t count, double first, double last)
{
	struct lc_check *check = add(target, granted_check(cap, UNKNOWN));

	check->count = count;
	check->first_ns = at(first);
	check->last_ns = at(last);
}

static struct lc_target new_target(void)
{
	return (struct lc_target){.kind = LC_TARGET_CONTAINER, .life = {.began_ns = BEGAN, .starts = 1}};
}

/* Fills in TARGET's life, which the recording saw until END seconds after its beginning. */
static void fill(struct lc_target *target, double end)
{
	assert_int_equal(lc_life_fill(target, 0, at(end)), 0);
}

/* Asserts that TARGET's start was over SECONDS after its beginning, by SIGN. */
static void assert_served(const struct lc_target *target, enum lc_sign sign, double seconds)
{
	assert_string_equal(lc_sign_name(target->life.sign), lc_sign_name(sign));
	assert_int_equal(target->life.served_ns, sign ? at(seconds) : 0);
}

/* Asserts when TARGET's check number I was made, in letters: "a" at the start, "s" while serving, "z" at the stop. */
static void assert_made(const struct lc_target *target, size_t i, const char *times)
{
	const struct lc_check *check = &target->evidence[i];
	char found[4] = "";

	snprintf(found, sizeof(found), "%s%s%s", check->at_start ? "a" : "", check->while_serving ? "s" : "",
		check->at_stop ? "z" : "");
	assert_string_equal(found, times);
}

static void the_first_connection_ends_the_start(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	target.life.accepted_ns = at(2);
	ask(&target, CAP_CHOWN, 3, 0.1, 0.2);
	ask(&target, CAP_KILL, 1, 3, 3);
	ask(&target, CAP_SETUID, 2, 1, 4);
	ask(&target, CAP_SETGID, 1, 2, 2);
	fill(&target, 5);
	assert_served(&target, LC_SIGN_ACCEPT, 2);
	assert_made(&target, 0, "a");
	assert_made(&target, 1, "s");
	assert_made(&target, 2, "as");
	/* In the moment of the connection: it may be for that. */
	assert_made(&target, 3, "s");
}

static void the_last_change_of_credentials_before_quiet_ends_the_start(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	ask(&target, CAP_SETGID, 1, 0.5, 0.5);
	ask(&target, CAP_SETUID, 1, 0.6, 0.6);
	ask(&target, CAP_NET_RAW, 1, 0.8, 0.8);
	/* A job that runs as another user much later. */
	ask(&target, CAP_SETUID, 1, 60, 60);
	fill(&target, 70);
	assert_served(&target, LC_SIGN_CREDENTIALS, 0.6);
	assert_made(&target, 0, "a");
	assert_made(&target, 1, "a");
	assert_made(&target, 2, "s");
	assert_made(&target, 3, "s");
}

static void a_short_run_is_over_its_start_when_it_goes_on_long_enough(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target served = new_target();
	_cleanup_(lc_target_clear) struct lc_target gone = new_target();

	(void)state;
	ask(&served, CAP_SETUID, 1, 0.5, 0.5);
	fill(&served, 2);
	assert_served(&served, LC_SIGN_CREDENTIALS, 0.5);
	assert_made(&served, 0, "a");
	ask(&gone, CAP_SETUID, 1, 0.5, 0.5);
	fill(&gone, 1);
	assert_served(&gone, LC_SIGN_NONE, 0);
	assert_made(&gone, 0, "");
}

static void without_other_signs_quiet_ends_the_start(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	/* Asked for again and again, but new only once; and not in the order of time. */
	ask(&target, CAP_FOWNER, 1, 6, 6);
	ask(&target, CAP_CHOWN, 9, 0.5, 40);
	ask(&target, CAP_DAC_OVERRIDE, 1, 2, 2);
	ask(&target, CAP_KILL, 1, 30, 30);
	fill(&target, 31);
	assert_served(&target, LC_SIGN_QUIET, 6);
	assert_made(&target, 0, "a");
	assert_made(&target, 1, "as");
	assert_made(&target, 2, "a");
	assert_made(&target, 3, "s");
}

static void a_quiet_end_counts(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();
	_cleanup_(lc_target_clear) struct lc_target shorter = new_target();

	(void)state;
	ask(&target, CAP_CHOWN, 1, 1, 1);
	fill(&target, 6);
	assert_served(&target, LC_SIGN_QUIET, 1);
	assert_made(&target, 0, "a");
	ask(&shorter, CAP_CHOWN, 1, 1, 1);
	fill(&shorter, 5.9);
	assert_served(&shorter, LC_SIGN_NONE, 0);
	assert_made(&shorter, 0, "");
}

static void one_that_asks_for_nothing_at_first_is_quiet_from_its_beginning(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	ask(&target, CAP_SETUID, 1, 20, 20);
	fill(&target, 30);
	assert_served(&target, LC_SIGN_QUIET, 0);
	assert_made(&target, 0, "s");
}

static void a_successful_health_check_ends_the_start_where_no_connection_was_seen(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	ask(&target, CAP_CHOWN, 1, 1, 1);
	ask(&target, CAP_SETUID, 1, 2, 2);
	target.life.healthy_ns = at(1.5);
	fill(&target, 20);
	assert_served(&target, LC_SIGN_HEALTHY, 1.5);
	assert_made(&target, 0, "a");
	assert_made(&target, 1, "s");
	target.life.accepted_ns = at(3);
	fill(&target, 20);
	assert_served(&target, LC_SIGN_ACCEPT, 3);
	assert_made(&target, 1, "a");
}

static void the_user_knows_best(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	target.life.accepted_ns = at(1);
	ask(&target, CAP_CHOWN, 1, 3, 3);
	assert_int_equal(lc_life_fill(&target, 10 * LC_NS_PER_S, at(20)), 0);
	assert_served(&target, LC_SIGN_TOLD, 10);
	assert_made(&target, 0, "a");
	/* It did not live that long. */
	assert_int_equal(lc_life_fill(&target, 10 * LC_NS_PER_S, at(9)), 0);
	assert_served(&target, LC_SIGN_NONE, 0);
	assert_made(&target, 0, "");
}

static void the_stop_begins_when_it_is_told(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	target.life.accepted_ns = at(1);
	target.life.stopping_ns = at(8);
	target.life.ended_ns = at(9);
	ask(&target, CAP_KILL, 2, 8.5, 8.6);
	ask(&target, CAP_CHOWN, 2, 0.5, 8.6);
	ask(&target, CAP_CHOWN, 3, 0.5, 8.6);
	ask(&target, CAP_SETUID, 2, 2, 8.6);
	ask(&target, CAP_SETGID, 2, 2, 3);
	fill(&target, 100);
	assert_made(&target, 0, "z");
	assert_made(&target, 1, "az");
	assert_made(&target, 2, "asz");
	assert_made(&target, 3, "sz");
	assert_made(&target, 4, "s");
}

static void of_a_beginning_that_was_not_seen_nothing_is_known(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	target.life = (struct lc_life){.accepted_ns = at(1)};
	ask(&target, CAP_CHOWN, 1, 0.5, 0.5);
	target.evidence[0].at_start = true;
	fill(&target, 100);
	assert_served(&target, LC_SIGN_NONE, 0);
	assert_made(&target, 0, "");
}

static void the_runtimes_work_is_no_part_of_it(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	ask(&target, CAP_SETUID, 1, 4, 4);
	target.evidence[0].phase = LC_PHASE_SETUP;
	fill(&target, 100);
	assert_served(&target, LC_SIGN_QUIET, 0);
	assert_made(&target, 0, "");
}

static void overridden_credentials_are_not_its_own(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();

	(void)state;
	ask(&target, CAP_CHOWN, 1, 1, 1);
	ask(&target, CAP_SETUID, 1, 0.5, 0.5);
	target.evidence[1].credential = LC_CREDENTIAL_OVERRIDDEN;
	fill(&target, 100);
	assert_served(&target, LC_SIGN_QUIET, 1);
}

static void what_is_not_known_of_one_is_not_known_of_both(void **state)
{
	struct lc_check start = {.at_start = true}, stop = {.at_stop = true}, unknown = {0};

	(void)state;
	lc_life_unite(&start, &stop);
	assert_true(start.at_start && !start.while_serving && start.at_stop);
	lc_life_unite(&start, &unknown);
	assert_false(start.at_start || start.while_serving || start.at_stop);
	lc_life_unite(&unknown, &stop);
	assert_false(unknown.at_start || unknown.while_serving || unknown.at_stop);
}

/* A target that accepted a connection after a second, with CHOWN before it and KILL after it, judged. */
static struct lc_target served_target(void)
{
	struct lc_target target = new_target();

	target.life.accepted_ns = at(1);
	ask(&target, CAP_CHOWN, 1, 0.5, 0.5);
	ask(&target, CAP_KILL, 1, 1.5, 1.5);
	return target;
}

static void what_only_the_start_needs_is_told(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = served_target();

	(void)state;
	fill(&target, 9);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_life_start_only(&target), LC_CAP_BIT(CAP_CHOWN));
}

static void one_later_check_is_enough_to_need_it_later(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = served_target();

	(void)state;
	ask(&target, CAP_CHOWN, 1, 4, 4);
	fill(&target, 9);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_life_start_only(&target), 0);
}

static void without_a_sign_nothing_is_only_for_the_start(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = served_target();

	(void)state;
	target.life.accepted_ns = 0;
	fill(&target, 2);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_life_start_only(&target), 0);
}

/* A later decision for which the list has another capability, that does for it as well. */
static void what_another_decision_takes_later_is_needed_later(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = new_target();
	const struct lc_alternative *pair = row_of(CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE);

	(void)state;
	target.life.accepted_ns = at(1);
	ask(&target, CAP_DAC_OVERRIDE, 1, 0.5, 0.5);
	add(&target, narrow_check(pair, LC_VERDICT_GRANTED));
	target.evidence[1].first_ns = target.evidence[1].last_ns = at(5);
	fill(&target, 9);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_DAC_OVERRIDE));
	assert_int_equal(lc_life_start_only(&target), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_connection_ends_the_start),
		cmocka_unit_test(the_last_change_of_credentials_before_quiet_ends_the_start),
		cmocka_unit_test(a_short_run_is_over_its_start_when_it_goes_on_long_enough),
		cmocka_unit_test(without_other_signs_quiet_ends_the_start),
		cmocka_unit_test(a_quiet_end_counts),
		cmocka_unit_test(one_that_asks_for_nothing_at_first_is_quiet_from_its_beginning),
		cmocka_unit_test(a_successful_health_check_ends_the_start_where_no_connection_was_seen),
		cmocka_unit_test(the_user_knows_best),
		cmocka_unit_test(the_stop_begins_when_it_is_told),
		cmocka_unit_test(of_a_beginning_that_was_not_seen_nothing_is_known),
		cmocka_unit_test(the_runtimes_work_is_no_part_of_it),
		cmocka_unit_test(overridden_credentials_are_not_its_own),
		cmocka_unit_test(what_is_not_known_of_one_is_not_known_of_both),
		cmocka_unit_test(what_only_the_start_needs_is_told),
		cmocka_unit_test(one_later_check_is_enough_to_need_it_later),
		cmocka_unit_test(without_a_sign_nothing_is_only_for_the_start),
		cmocka_unit_test(what_another_decision_takes_later_is_needed_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
