/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the class of one check: what files and requests name, outcomes, and what the tables of call sites say. */
#include "evidence.h"

/* A denied check at ROW's call site, whose syscall returned RESULT. */
static struct lc_check denied_at(const struct lc_callsite *row, const char *result)
{
	return denied_check(__builtin_ctzll(row->caps), row->functions[0] ? row->functions[0] : UNKNOWN, result);
}

/* The first row of the table that FITS, and that such a check falls under. */
static const struct lc_callsite *find_row(bool (*fits)(const struct lc_callsite *row))
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	for (size_t i = 0; i < n; i++) {
		struct lc_check check = denied_at(&rows[i], NULL);
		bool found = fits(&rows[i]) && lc_callsite_find(&check, 0) == &rows[i];

		lc_check_clear(&check);
		if (found)
			return &rows[i];
	}
	return NULL;
}

static void a_capability_that_an_executed_file_carries_is_implied(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target =
		judged(named_check(LC_SOURCE_FILE, CAP_NET_RAW, LC_VERDICT_GRANTED));

	(void)state;
	assert_int_equal(target.evidence[0].class, LC_CLASS_IMPLIED);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_NET_RAW));
	assert_non_null(strstr(target.evidence[0].why, "execve fails with EPERM"));
}

static void an_exec_that_failed_for_a_files_capability_is_blocked_and_the_capability_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target =
		judged(named_check(LC_SOURCE_FILE, CAP_NET_RAW, LC_VERDICT_DENIED));

	(void)state;
	assert_int_equal(target.evidence[0].class, LC_CLASS_BLOCKED);
	assert_int_equal(target.cap_add, 0);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_NET_RAW));
}

static void a_capability_that_capset_or_prctl_named_outright_is_implied(void **state)
{
	(void)state;
	assert_class(named_check(LC_SOURCE_CAPSET, CAP_NET_RAW, LC_VERDICT_GRANTED), LC_CLASS_IMPLIED);
	assert_class(named_check(LC_SOURCE_AMBIENT, CAP_NET_RAW, LC_VERDICT_GRANTED), LC_CLASS_IMPLIED);
}

/* It may only keep what it finds; but a program that refuses to go on without looks the same. */
static void a_set_of_few_that_the_program_had_read_before_is_implied_and_to_be_verified(void **state)
{
	struct lc_check check = named_check(LC_SOURCE_CAPSET, CAP_NET_BIND_SERVICE, LC_VERDICT_GRANTED);
	_cleanup_(lc_target_clear) struct lc_target target = {0};

	(void)state;
	check.ordinary = true;
	target = judged(check);
	assert_int_equal(target.evidence[0].class, LC_CLASS_IMPLIED);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	assert_int_equal(target.verify, LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	assert_non_null(strstr(target.evidence[0].why, "may be survivable: verify"));
}

/* What a program does that gives up all but a few: without one of those it may end, or go on with what it has. */
static void a_set_that_was_only_kept_when_the_rest_was_given_up_is_implied_and_to_be_verified(void **state)
{
	struct lc_check check = named_check(LC_SOURCE_CAPSET, CAP_KILL, LC_VERDICT_GRANTED);
	_cleanup_(lc_target_clear) struct lc_target target = {0};

	(void)state;
	check.gives_up = true;
	target = judged(check);
	assert_int_equal(target.evidence[0].class, LC_CLASS_IMPLIED);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_KILL));
	assert_int_equal(target.verify, LC_CAP_BIT(CAP_KILL));
}

static void a_set_that_was_raised_is_implied_without_a_doubt(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target =
		judged(named_check(LC_SOURCE_CAPSET, CAP_KILL, LC_VERDICT_GRANTED));

	(void)state;
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_KILL));
	assert_int_equal(target.verify, 0);
}

/* The kernel asked when the ring was made, of whoever made it. */
static void memory_that_io_uring_would_not_lock_is_wanted_ipc_lock_for(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target =
		judged(named_check(LC_SOURCE_RING, CAP_IPC_LOCK, LC_VERDICT_DENIED));

	(void)state;
	assert_int_equal(target.evidence[0].class, LC_CLASS_BLOCKED);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_IPC_LOCK));
}

/* A file's capability, with what is true of its execution. */
static struct lc_check carried(int cap, bool no_new_privs, const char *result)
{
	struct lc_check check = named_check(LC_SOURCE_FILE, cap, LC_VERDICT_GRANTED);

	check.no_new_privs = no_new_privs;
	check.result = result ? strdup(result) : NULL;
	check.exe = strdup("/usr/bin/caddy");
	check.about = strdup("/usr/bin/caddy carries cap_net_bind_service=ep");
	check.user = strdup("1000:1000");
	return check;
}

static void a_files_capability_that_no_new_privs_makes_void_is_demanded_and_the_advice_is_to_allow_privileges(
	void **state)
{
	struct lc_target target = {.kind = LC_TARGET_CONTAINER, .user = strdup("1000:1000")};
	struct lc_check *denied;

	(void)state;
	denied = add(&target, denied_check(CAP_NET_BIND_SERVICE, UNKNOWN, "EACCES"));
	denied->about = strdup("0.0.0.0:80");
	add(&target, carried(CAP_NET_BIND_SERVICE, true, NULL));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.evidence[1].class, LC_CLASS_IMPLIED);
	assert_non_null(strstr(target.evidence[1].why, "no_new_privs makes the file's capabilities void"));
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	assert_non_null(strstr(advice_on(&target, CAP_NET_BIND_SERVICE), "not in the bounding set"));
	assert_non_null(strstr(advice_on(&target, CAP_NET_BIND_SERVICE), "/usr/bin/caddy gains nothing by that"));
	assert_non_null(strstr(advice_on(&target, CAP_NET_BIND_SERVICE), "without --security-opt no-new-privileges"));
	lc_target_clear(&target);
}

static void without_no_new_privs_nothing_is_said_of_it(void **state)
{
	struct lc_target target = {.kind = LC_TARGET_CONTAINER, .user = strdup("1000:1000")};

	(void)state;
	add(&target, carried(CAP_NET_BIND_SERVICE, false, NULL));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_null(strstr(advice_on(&target, CAP_NET_BIND_SERVICE), "no_new_privs"));
	assert_null(strstr(target.evidence[0].why, "no_new_privs"));
	lc_target_clear(&target);
}

/* With what was lacking alone it would be refused again. */
static void a_refused_execve_demands_what_the_container_had_as_well(void **state)
{
	struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = LC_CAP_BIT(CAP_NET_RAW)};

	(void)state;
	add(&target, named_check(LC_SOURCE_FILE, CAP_NET_ADMIN, LC_VERDICT_DENIED));
	add(&target, carried(CAP_NET_RAW, false, "EPERM"));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_NET_ADMIN));
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_NET_RAW));
	assert_non_null(strstr(target.evidence[1].why, "beside what was lacking"));
	lc_target_clear(&target);
}

/* A filter of system calls that was refused to PROGRAM, and a check of it LATER nanoseconds after; judged. */
static struct lc_target with_filter_refused(const char *program, int64_t later)
{
	struct lc_target target = {.kind = LC_TARGET_CONTAINER};
	struct lc_check *check = add(&target, denied_check(CAP_SYS_ADMIN, "do_seccomp", "EACCES"));

	check->syscall = strdup("prctl");
	check->exe = strdup("/usr/sbin/apache2");
	check = add(&target, granted_check(CAP_SETUID, UNKNOWN));
	check->exe = strdup(program);
	check->last_ns = later;
	assert_int_equal(lc_judge_target(&target), 0);
	return target;
}

static void a_filter_that_was_refused_is_not_wanted_sys_admin_for_where_the_program_goes_on(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = with_filter_refused("/usr/sbin/apache2", 1000000000);

	(void)state;
	assert_int_equal(target.evidence[0].class, LC_CLASS_REFUSED);
	assert_non_null(strstr(target.evidence[0].why, "PR_SET_NO_NEW_PRIVS"));
	assert_int_equal(target.wanted, 0);
}

static void a_filter_that_was_refused_is_wanted_sys_admin_for_where_the_program_is_not_seen_again(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target at_once = with_filter_refused("/usr/sbin/apache2", 10000000);
	_cleanup_(lc_target_clear) struct lc_target another = with_filter_refused("/usr/sbin/cron", 1000000000);

	(void)state;
	assert_int_equal(at_once.evidence[0].class, LC_CLASS_BLOCKED);
	assert_int_equal(at_once.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_int_equal(another.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void a_filter_that_was_set_by_sys_admin_is_listed_without_a_doubt(void **state)
{
	struct lc_check check = granted_check(CAP_SYS_ADMIN, "do_seccomp");
	_cleanup_(lc_target_clear) struct lc_target target = {0};

	(void)state;
	check.syscall = strdup("seccomp");
	target = judged(check);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_int_equal(target.verify, 0);
}

static void what_is_named_during_setup_or_in_another_user_namespace_does_not_count(void **state)
{
	struct lc_check setup = named_check(LC_SOURCE_CAPSET, CAP_NET_RAW, LC_VERDICT_GRANTED);
	struct lc_check nested = named_check(LC_SOURCE_FILE, CAP_NET_RAW, LC_VERDICT_GRANTED);

	(void)state;
	setup.phase = LC_PHASE_SETUP;
	assert_class(setup, LC_CLASS_SETUP);
	nested.userns = LC_USERNS_OTHER;
	assert_class(nested, LC_CLASS_NESTED);
}

/* Only a row of the table says that such a check does not count. */
static void what_ordinary_rules_would_have_allowed_is_required_at_an_unknown_call_site(void **state)
{
	struct lc_check check = granted_check(CAP_CHOWN, UNKNOWN);

	(void)state;
	check.ordinary = true;
	assert_class(check, LC_CLASS_REQUIRED);
}

static void denied_and_then_answered_by_another_is_an_alternative_and_not_wanted(void **state)
{
	struct lc_check check = denied_check(CAP_CHOWN, UNKNOWN, "EPERM");
	_cleanup_(lc_target_clear) struct lc_target target = {0};

	(void)state;
	check.answered = true;
	target = judged(check);
	assert_int_equal(target.evidence[0].class, LC_CLASS_ALTERNATIVE);
	assert_string_equal(target.evidence[0].why, "denied, but the same decision then accepted another capability");
	assert_int_equal(target.wanted, 0);
}

static void an_unknown_check_denied_in_io_uring_is_blocked_whatever_the_syscall_returned(void **state)
{
	struct lc_check check = denied_check(CAP_NET_ADMIN, UNKNOWN, "0");

	(void)state;
	check.syscall = strdup("io_uring_enter");
	assert_class(check, LC_CLASS_BLOCKED);
}

static bool has_results(const struct lc_callsite *row)
{
	return row->class == LC_CLASS_REQUIRED && row->results[0] && strcmp(row->results[0], "0") != 0;
}

static void a_result_that_the_call_sites_row_names_is_a_failure_for_want_of_the_capability(void **state)
{
	const struct lc_callsite *row = find_row(has_results);

	(void)state;
	assert_non_null(row);
	assert_class(denied_at(row, row->results[0]), LC_CLASS_BLOCKED);
	assert_class(denied_at(row, "EPERM"), LC_CLASS_BLOCKED);
	assert_class(denied_at(row, "ENXIO"), LC_CLASS_REFUSED);
}

static bool is_survivable(const struct lc_callsite *row)
{
	return row->class == LC_CLASS_REQUIRED && row->survivable && row->why;
}

static void what_a_row_calls_survivable_stays_on_the_list_and_says_so(void **state)
{
	const struct lc_callsite *row = find_row(is_survivable);
	_cleanup_(lc_target_clear) struct lc_target target = {0};
	struct lc_check check;

	(void)state;
	assert_non_null(row);
	check = denied_at(row, NULL);
	check.verdict = LC_VERDICT_GRANTED;
	check.authority = LC_AUTHORITY_EFFECTIVE;
	target = judged(check);
	assert_int_equal(target.evidence[0].class, LC_CLASS_REQUIRED);
	assert_true(target.evidence[0].survivable);
	assert_int_equal(target.verify, target.cap_add);
	assert_int_equal(target.cap_add, row->caps & -row->caps);
	assert_memory_equal(target.evidence[0].why, row->why, strlen(row->why));
	assert_string_equal(target.evidence[0].why + strlen(row->why), "; may be survivable: verify");
}

static void what_a_trial_refused_is_wanted_and_says_so(void **state)
{
	struct lc_check check = denied_check(CAP_CHOWN, UNKNOWN, "EPERM");

	(void)state;
	check.tried = true;

	_cleanup_(lc_target_clear) struct lc_target target = judged(check);

	assert_int_equal(target.evidence[0].class, LC_CLASS_BLOCKED);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_CHOWN));
	assert_non_null(strstr(target.evidence[0].why, "the trial refused it"));
	/* Nor had the process given up what its container has. */
	target.kind = LC_TARGET_CONTAINER;
	target.granted = LC_CAP_BIT(CAP_CHOWN);
	assert_int_equal(lc_copy_to(&target.user, "0:0"), 0);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_CHOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_capability_that_an_executed_file_carries_is_implied),
		cmocka_unit_test(an_exec_that_failed_for_a_files_capability_is_blocked_and_the_capability_wanted),
		cmocka_unit_test(a_capability_that_capset_or_prctl_named_outright_is_implied),
		cmocka_unit_test(a_set_of_few_that_the_program_had_read_before_is_implied_and_to_be_verified),
		cmocka_unit_test(a_set_that_was_only_kept_when_the_rest_was_given_up_is_implied_and_to_be_verified),
		cmocka_unit_test(a_set_that_was_raised_is_implied_without_a_doubt),
		cmocka_unit_test(memory_that_io_uring_would_not_lock_is_wanted_ipc_lock_for),
		cmocka_unit_test(
			a_files_capability_that_no_new_privs_makes_void_is_demanded_and_the_advice_is_to_allow_privileges),
		cmocka_unit_test(without_no_new_privs_nothing_is_said_of_it),
		cmocka_unit_test(a_refused_execve_demands_what_the_container_had_as_well),
		cmocka_unit_test(a_filter_that_was_refused_is_not_wanted_sys_admin_for_where_the_program_goes_on),
		cmocka_unit_test(a_filter_that_was_refused_is_wanted_sys_admin_for_where_the_program_is_not_seen_again),
		cmocka_unit_test(a_filter_that_was_set_by_sys_admin_is_listed_without_a_doubt),
		cmocka_unit_test(what_is_named_during_setup_or_in_another_user_namespace_does_not_count),
		cmocka_unit_test(what_ordinary_rules_would_have_allowed_is_required_at_an_unknown_call_site),
		cmocka_unit_test(denied_and_then_answered_by_another_is_an_alternative_and_not_wanted),
		cmocka_unit_test(an_unknown_check_denied_in_io_uring_is_blocked_whatever_the_syscall_returned),
		cmocka_unit_test(a_result_that_the_call_sites_row_names_is_a_failure_for_want_of_the_capability),
		cmocka_unit_test(what_a_trial_refused_is_wanted_and_says_so),
		cmocka_unit_test(what_a_row_calls_survivable_stays_on_the_list_and_says_so),
	};

	return cmocka_run_group_tests_name("judge classes", tests, NULL, NULL);
}
