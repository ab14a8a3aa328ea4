/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what is made of a program that reads its own capability sets and gives up. */
#include "evidence.h"

/* A program that had HELD, and ended with status 5. */
static struct lc_failure given_up(uint64_t held)
{
	return (struct lc_failure){
		.syscall = strdup("capget"),
		.result = strdup("exit 5"),
		.exe = strdup("/usr/sbin/dnsmasq"),
		.argument = held,
		.count = 1,
	};
}

static void a_program_that_read_its_sets_and_ended_made_a_check_of_its_own(void **state)
{
	const struct lc_target target = {.kind = LC_TARGET_CONTAINER};
	_cleanup_(lc_failure_clear) struct lc_failure failure = given_up(0);

	(void)state;
	assert_int_equal(lc_judge_failure(&failure, &target), 0);
	assert_int_equal(failure.cause, LC_CAUSE_OWN_CHECK);
	assert_false(failure.expected);
	assert_memory_equal(failure.why, "dnsmasq read its own capability sets and then ended with exit status 5;", 71);
}

static void what_it_lacked_is_named_as_a_guess(void **state)
{
	char engine[] = "docker", version[] = "20.10.24";
	const struct lc_target target = {.kind = LC_TARGET_CONTAINER, .engine = engine, .engine_version = version};
	_cleanup_(lc_failure_clear) struct lc_failure failure = given_up(lc_cap_all() & ~LC_CAP_BIT(CAP_NET_ADMIN));

	(void)state;
	assert_int_equal(lc_judge_failure(&failure, &target), 0);
	assert_int_equal(failure.caps, LC_CAP_BIT(CAP_NET_ADMIN));
	assert_non_null(strstr(failure.help, "it lacked NET_ADMIN, but"));
	assert_non_null(strstr(failure.help, "is a guess"));
}

static void what_it_may_have_looked_for_is_to_be_tried_as_a_guess(void **state)
{
	struct lc_failure failure = given_up(lc_cap_all() & ~LC_CAP_BIT(CAP_NET_ADMIN));
	struct lc_target target = {.kind = LC_TARGET_CONTAINER, .failures = &failure, .n_failures = 1};
	struct lc_next next;

	(void)state;
	assert_int_equal(lc_judge_failure(&failure, &target), 0);
	next = lc_judge_next(&target);
	assert_int_equal(next.list, 0);
	assert_int_equal(next.likely, LC_CAP_BIT(CAP_NET_ADMIN));
	lc_failure_clear(&failure);
}

static void without_a_guess_its_messages_are_all_there_is(void **state)
{
	const struct lc_target target = {.kind = LC_TARGET_COMMAND};
	_cleanup_(lc_failure_clear) struct lc_failure failure = given_up(lc_cap_all() & ~LC_CAP_BIT(CAP_SYS_TIME));

	(void)state;
	assert_int_equal(lc_judge_failure(&failure, &target), 0);
	assert_int_equal(failure.caps, 0);
	assert_string_equal(failure.help, "Its own messages may name the capability.");
}

static void a_capget_that_was_refused_is_none(void **state)
{
	const struct lc_target target = {.kind = LC_TARGET_CONTAINER};
	_cleanup_(lc_failure_clear) struct lc_failure failure = given_up(0);

	(void)state;
	free(failure.result);
	failure.result = strdup("EPERM");
	assert_int_equal(lc_judge_failure(&failure, &target), 0);
	assert_int_not_equal(failure.cause, LC_CAUSE_OWN_CHECK);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_that_read_its_sets_and_ended_made_a_check_of_its_own),
		cmocka_unit_test(what_it_lacked_is_named_as_a_guess),
		cmocka_unit_test(what_it_may_have_looked_for_is_to_be_tried_as_a_guess),
		cmocka_unit_test(without_a_guess_its_messages_are_all_there_is),
		cmocka_unit_test(a_capget_that_was_refused_is_none),
	};

	return cmocka_run_group_tests_name("judge own check", tests, NULL, NULL);
}
