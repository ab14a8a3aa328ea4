/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of refused calls together: which of them programs get over, what they want, and what to try next. */
#include "failures.h"

#include <leastcap/causes.h>

#define BOTH (LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_SYS_ADMIN))

/* What ROW is about, as its sign wants it. */
static const char *subject_of(const struct lc_expected *row)
{
	switch (row->sign) {
	case LC_EXPECTED_PROC:
		return "/proc/17/exe";
	case LC_EXPECTED_PROBE:
		return "signal 0 to pid 17";
	default:
		return "/root/bin/tool";
	}
}

/* What shows that TARGET got over a failure about SUBJECT in SYSCALL. */
static void add_success(struct lc_target *target, const char *syscall, const char *subject, int64_t last_ns)
{
	struct lc_check *check = add(target, granted_check(CAP_CHOWN, UNKNOWN));

	check->syscall = strdup(syscall);
	check->exe = strdup("/bin/a");
	check->about = strdup(subject);
	check->last_ns = last_ns;
}

static void every_row_tells_of_failures_that_programs_get_over(void **state)
{
	size_t n;
	const struct lc_expected *rows = lc_expected(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(0);
		const char *syscall = rows[i].calls[0] ? rows[i].calls[0] : "openat";
		const struct lc_failure *failure;

		if (rows[i].sign == LC_EXPECTED_LATER)
			add_success(&target, syscall, subject_of(&rows[i]), 2000);
		if (rows[i].sign == LC_EXPECTED_ELSEWHERE)
			add(&target, granted_check(CAP_CHOWN, UNKNOWN))->exe = strdup("/usr/bin/tool");
		add_refused(&target, about(refused(syscall, rows[i].results[0] ? rows[i].results[0] : "EACCES"),
					     subject_of(&rows[i])));
		failure = judged_failure(&target);
		if (!failure->expected || !strstr(failure->why, rows[i].why))
			fail_msg("row %zu (%s): %s", i, rows[i].why, failure->why);
	}
}

static void without_their_sign_they_are_not_expected(void **state)
{
	size_t n;
	const struct lc_expected *rows = lc_expected(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(0);
		const char *syscall = rows[i].sign == LC_EXPECTED_PROC ? "openat"
				      : rows[i].calls[0]               ? rows[i].calls[0]
								       : "unlinkat";

		if (rows[i].sign == LC_EXPECTED_ALWAYS)
			continue;
		add_refused(&target, about(refused(syscall, "EACCES"), "/root/bin/tool"));
		assert_false(judged_failure(&target)->expected);
	}
}

static void what_succeeded_before_tells_nothing(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_success(&target, "unlinkat", "/a", 500);
	add_success(&target, "unlinkat", "/b", 2000);
	add_refused(&target, about(refused("unlinkat", "EACCES"), "/a"));
	assert_false(judged_failure(&target)->expected);
}

static void the_program_itself_is_not_found_elsewhere(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add(&target, granted_check(CAP_CHOWN, UNKNOWN))->exe = strdup("/root/bin/tool");
	add_refused(&target, about(refused("execve", "EACCES"), "/root/bin/tool"));
	assert_false(judged_failure(&target)->expected);
}

static void what_programs_get_over_wants_nothing(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_failure *failure = add_refused(&target, filtered_call("clone3"));

	(void)state;
	free(failure->result);
	failure->result = strdup("ENOSYS");
	assert_int_equal(judged_failure(&target)->cause, LC_CAUSE_FILTER);
	assert_int_equal(target.failures[0].caps, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_true(target.failures[0].expected);
	assert_int_equal(target.wanted, 0);
}

static void of_several_that_open_the_filter_the_narrowest_is_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_refused(&target, filtered_call("bpf"));
	assert_int_equal(judged_failure(&target)->caps, BOTH);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_BPF));
}

static void an_older_version_wants_what_it_knows(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	free(target.engine_version);
	target.engine_version = strdup("20.10.24");
	add_refused(&target, filtered_call("bpf"));
	assert_int_equal(judged_failure(&target)->caps, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void what_another_call_wants_opens_this_one_too(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(0);

		add_refused(&target, filtered_call(order ? "bpf" : "mount"));
		add_refused(&target, filtered_call(order ? "mount" : "bpf"));
		assert_int_equal(lc_judge_target(&target), 0);
		assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
	}
}

static void what_a_denied_check_wants_opens_it_too(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_denied(&target, CAP_SYS_ADMIN, "ioctl", "EPERM");
	add_refused(&target, filtered_call("bpf"));
	assert_int_equal(judged_failure(&target)->caps, BOTH);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void a_second_question_that_would_not_help_is_not_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_denied(&target, CAP_DAC_READ_SEARCH, "open_by_handle_at", "EPERM");
	add_denied(&target, CAP_SYS_ADMIN, "open_by_handle_at", "EPERM");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_DAC_READ_SEARCH));
	assert_int_equal(target.evidence[1].class, LC_CLASS_REFUSED);
	assert_non_null(strstr(target.evidence[1].why, "it would not help"));
}

static void a_question_that_came_first_is_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_denied(&target, CAP_SYS_ADMIN, "open_by_handle_at", "EPERM");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void next_is_what_was_used_and_what_was_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_KILL));
	struct lc_next next;

	(void)state;
	add(&target, granted_check(CAP_KILL, UNKNOWN));
	add_refused(&target, filtered_call("chroot"));
	judged_failure(&target);
	next = lc_judge_next(&target);
	assert_int_equal(next.list, LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SYS_CHROOT));
	assert_int_equal(next.guessed, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID));
	assert_int_equal(next.likely, 0);
}

static void what_follows_is_not_named_twice(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SETUID));
	struct lc_next next;

	(void)state;
	add(&target, granted_check(CAP_SETUID, UNKNOWN));
	add_denied(&target, CAP_SETGID, "setgroups", "EPERM");
	assert_int_equal(lc_judge_target(&target), 0);
	next = lc_judge_next(&target);
	assert_int_equal(next.list, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID));
	assert_int_equal(next.likely, 0);
}

static void what_programs_go_on_without_is_left_for_when_nothing_else_is_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_denied(&target, CAP_SYS_RESOURCE, "prlimit64", "EPERM");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_judge_next(&target).list, LC_CAP_BIT(CAP_SYS_RESOURCE));
	add_denied(&target, CAP_SETGID, "setgroups", "EPERM");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SYS_RESOURCE));
	assert_int_equal(lc_judge_next(&target).list, LC_CAP_BIT(CAP_SETGID));
	assert_int_equal(lc_judge_next(&target).guessed, LC_CAP_BIT(CAP_SETUID));
}

static void what_only_a_filter_asks_of_those_who_go_on_is_left_for_last(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_refused(&target, filtered_call("unshare"));
	judged_failure(&target);
	assert_int_equal(lc_judge_next(&target).list, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_non_null(strstr(target.failures[0].help, "It is tried last"));
	add_refused(&target, filtered_call("chroot"));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_judge_next(&target).list, LC_CAP_BIT(CAP_SYS_CHROOT));
}

static void what_is_wanted_by_another_call_as_well_is_tried(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_denied(&target, CAP_SYS_RESOURCE, "prlimit64", "EPERM");
	add_denied(&target, CAP_SYS_RESOURCE, "quotactl", "EPERM");
	add_denied(&target, CAP_SETGID, "setgroups", "EPERM");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_judge_next(&target).list, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SYS_RESOURCE));
}

static void where_nothing_was_refused_the_list_is_the_next_one(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_CHOWN));
	struct lc_next next;

	(void)state;
	add(&target, granted_check(CAP_CHOWN, UNKNOWN));
	assert_int_equal(lc_judge_target(&target), 0);
	next = lc_judge_next(&target);
	assert_int_equal(next.list, target.cap_add);
	assert_int_equal(next.likely, 0);
}

static void what_follows_what_is_in_a_table_with_its_reason(void **state)
{
	size_t n;
	const struct lc_sequel *rows = lc_sequels(&n);
	struct lc_next next;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(0);

		add_denied(&target, rows[i].cap, "ioctl", "EPERM");
		assert_int_equal(lc_judge_target(&target), 0);
		next = lc_judge_next(&target);
		assert_int_equal((rows[i].tried ? next.guessed : next.likely) & rows[i].then, rows[i].then);
		assert_non_null(rows[i].why);
	}
}

static void a_guess_that_was_granted_stands_as_long_as_the_run_is_refused_more(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target =
		container(LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID));

	(void)state;
	add(&target, granted_check(CAP_CHOWN, UNKNOWN));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_judge_next(&target).guessed, 0);
	add_denied(&target, CAP_DAC_OVERRIDE, "openat", "EACCES");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_judge_next(&target).list, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_DAC_OVERRIDE));
	assert_int_equal(lc_judge_next(&target).guessed, LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID));
	/* What was never tried is no guess of this run's. */
	target.granted = LC_CAP_BIT(CAP_CHOWN);
	assert_int_equal(lc_judge_next(&target).guessed, 0);
}

static void a_guess_does_not_stand_for_what_programs_go_on_without(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target =
		container(LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID));

	(void)state;
	add(&target, granted_check(CAP_CHOWN, UNKNOWN));
	add_denied(&target, CAP_SYS_RESOURCE, "prlimit64", "EPERM");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(lc_judge_next(&target).list, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SYS_RESOURCE));
	assert_int_equal(lc_judge_next(&target).guessed, 0);
}

static void judging_again_changes_nothing(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	uint64_t wanted;

	(void)state;
	add_denied(&target, CAP_SETUID, "setuid", "EPERM");
	add_refused(&target, refused("setuid", "EPERM"))->denied = true;
	add_refused(&target, filtered_call("bpf"));
	add_refused(&target, about(refused("newfstatat", "EACCES"), "/x"));
	assert_int_equal(lc_judge_target(&target), 0);
	wanted = target.wanted;
	for (int again = 0; again < 2; again++) {
		assert_int_equal(lc_judge_target(&target), 0);
		assert_int_equal(target.wanted, wanted);
		assert_int_equal(target.failures[0].cause, LC_CAUSE_CAPABILITY);
		assert_int_equal(target.failures[1].cause, LC_CAUSE_FILTER);
		assert_true(target.failures[2].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_tells_of_failures_that_programs_get_over),
		cmocka_unit_test(without_their_sign_they_are_not_expected),
		cmocka_unit_test(what_succeeded_before_tells_nothing),
		cmocka_unit_test(the_program_itself_is_not_found_elsewhere),
		cmocka_unit_test(what_programs_get_over_wants_nothing),
		cmocka_unit_test(of_several_that_open_the_filter_the_narrowest_is_wanted),
		cmocka_unit_test(an_older_version_wants_what_it_knows),
		cmocka_unit_test(what_another_call_wants_opens_this_one_too),
		cmocka_unit_test(what_a_denied_check_wants_opens_it_too),
		cmocka_unit_test(a_second_question_that_would_not_help_is_not_wanted),
		cmocka_unit_test(a_question_that_came_first_is_wanted),
		cmocka_unit_test(next_is_what_was_used_and_what_was_wanted),
		cmocka_unit_test(what_follows_is_not_named_twice),
		cmocka_unit_test(what_programs_go_on_without_is_left_for_when_nothing_else_is_wanted),
		cmocka_unit_test(what_only_a_filter_asks_of_those_who_go_on_is_left_for_last),
		cmocka_unit_test(what_is_wanted_by_another_call_as_well_is_tried),
		cmocka_unit_test(where_nothing_was_refused_the_list_is_the_next_one),
		cmocka_unit_test(what_follows_what_is_in_a_table_with_its_reason),
		cmocka_unit_test(a_guess_that_was_granted_stands_as_long_as_the_run_is_refused_more),
		cmocka_unit_test(a_guess_does_not_stand_for_what_programs_go_on_without),
		cmocka_unit_test(judging_again_changes_nothing),
	};

	return cmocka_run_group_tests_name("refused calls", tests, NULL, NULL);
}
