/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of -e: which checks a trace shows. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/trace.h>

#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void cleanup_filter(struct lc_trace_filter **filter)
{
	lc_trace_filter_free(*filter);
}
#define _cleanup_filter_ _cleanup_(cleanup_filter)

/* A filter of up to two expressions; the second may be NULL. */
static struct lc_trace_filter *made(const char *first, const char *second)
{
	struct lc_trace_filter *filter = lc_trace_filter_new(false);
	char *message = NULL;

	assert_non_null(filter);
	assert_int_equal(lc_trace_filter_add(filter, first, &message), 0);
	assert_null(message);
	if (second)
		assert_int_equal(lc_trace_filter_add(filter, second, &message), 0);
	return filter;
}

static struct lc_check check_of(int cap, const char *syscall)
{
	return (struct lc_check){.cap = cap, .syscall = (char *)(uintptr_t)syscall, .class = LC_CLASS_REQUIRED};
}

static bool passes_class(const struct lc_trace_filter *filter, enum lc_class class)
{
	struct lc_check check = check_of(CAP_CHOWN, "chown");

	check.class = class;
	return lc_trace_filter_passes(filter, &check);
}

static bool passes(const struct lc_trace_filter *filter, int cap, const char *syscall)
{
	struct lc_check check = check_of(cap, syscall);

	return lc_trace_filter_passes(filter, &check);
}

static void set_up_overridden_and_advisory_checks_are_left_out(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = lc_trace_filter_new(false);

	(void)state;
	for (int class = 0; class < LC_CLASS_N; class ++)
		assert_int_equal(passes_class(filter, (enum lc_class) class),
			class != LC_CLASS_SETUP && class != LC_CLASS_OVERRIDDEN && class != LC_CLASS_ADVISORY);
}

static void all_means_all(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = lc_trace_filter_new(true);

	(void)state;
	for (int class = 0; class < LC_CLASS_N; class ++)
		assert_true(passes_class(filter, (enum lc_class) class));
}

static void capabilities_are_named_as_people_write_them(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = made("cap=net_admin,CAP_SYS_ADMIN", NULL);

	(void)state;
	assert_true(passes(filter, CAP_NET_ADMIN, "ioctl"));
	assert_true(passes(filter, CAP_SYS_ADMIN, "mount"));
	assert_false(passes(filter, CAP_CHOWN, "chown"));
}

static void an_exclamation_mark_turns_an_expression_around(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *caps = made("cap=!chown", NULL);
	_cleanup_filter_ struct lc_trace_filter *calls = made("!bind,mount", NULL);

	(void)state;
	assert_false(passes(caps, CAP_CHOWN, "chown"));
	assert_true(passes(caps, CAP_KILL, "kill"));
	assert_false(passes(calls, CAP_SYS_ADMIN, "mount"));
	assert_true(passes(calls, CAP_SYS_ADMIN, "umount2"));
}

static void a_name_alone_is_a_system_call(void **state)
{
	static const char *const spellings[] = {"bind", "trace=bind", "syscall=bind"};

	(void)state;
	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		_cleanup_filter_ struct lc_trace_filter *filter = made(spellings[i], NULL);

		assert_true(passes(filter, CAP_NET_BIND_SERVICE, "bind"));
		assert_false(passes(filter, CAP_NET_BIND_SERVICE, "connect"));
		assert_false(passes(filter, CAP_NET_BIND_SERVICE, NULL));
	}
}

static void verdicts_are_told_apart(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = made("verdict=denied", NULL);
	struct lc_check check = check_of(CAP_CHOWN, "chown");

	(void)state;
	assert_false(lc_trace_filter_passes(filter, &check));
	check.verdict = LC_VERDICT_DENIED;
	assert_true(lc_trace_filter_passes(filter, &check));
}

static void a_class_that_is_asked_for_is_shown_though_left_out_else(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = made("class=advisory", NULL);

	(void)state;
	assert_true(passes_class(filter, LC_CLASS_ADVISORY));
	assert_false(passes_class(filter, LC_CLASS_REQUIRED));
}

static void a_class_that_is_not_wanted_leaves_the_others_as_they_were(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = made("class=!blocked", NULL);

	(void)state;
	assert_false(passes_class(filter, LC_CLASS_BLOCKED));
	assert_true(passes_class(filter, LC_CLASS_REQUIRED));
	assert_false(passes_class(filter, LC_CLASS_ADVISORY));
}

static void several_expressions_narrow_each_other(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *same = made("cap=chown,kill", "cap=kill,setuid");
	_cleanup_filter_ struct lc_trace_filter *different = made("cap=chown", "fchown");

	(void)state;
	assert_true(passes(same, CAP_KILL, "kill"));
	assert_false(passes(same, CAP_CHOWN, "chown"));
	assert_false(passes(different, CAP_CHOWN, "chown"));
	assert_true(passes(different, CAP_CHOWN, "fchown"));
}

static void capabilities_that_never_pass_are_known(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *one = made("cap=chown", NULL);
	_cleanup_filter_ struct lc_trace_filter *none = made("verdict=denied", "verdict=granted");
	_cleanup_filter_ struct lc_trace_filter *all = made("bind", NULL);

	(void)state;
	assert_true(lc_trace_filter_never(one) == ~LC_CAP_BIT(CAP_CHOWN));
	assert_true(lc_trace_filter_never(none) == UINT64_MAX);
	assert_true(lc_trace_filter_never(all) == 0);
}

/* Asserts that EXPRESSION is refused with a line that has PART in it. */
static void assert_refused(const char *expression, const char *part)
{
	_cleanup_filter_ struct lc_trace_filter *filter = lc_trace_filter_new(false);
	_cleanup_free_ char *message = NULL;

	assert_int_equal(lc_trace_filter_add(filter, expression, &message), -EINVAL);
	assert_non_null(message);
	assert_null(strchr(message, '\n'));
	if (!strstr(message, part))
		fail_msg("%s", message);
}

static void a_wrong_word_is_named_with_those_that_there_are(void **state)
{
	(void)state;
	assert_refused("verdict=maybe", "there is no verdict \"maybe\"; there are granted, denied");
	assert_refused("class=requird", "there is no class \"requird\"; there are required, implied");
	assert_refused("cap=nonsense", "there is no capability \"nonsense\"; there are CHOWN, DAC_OVERRIDE");
	assert_refused("bnid", "there is no system call \"bnid\"");
	assert_refused("caps=chown", "is cap= meant?");
	assert_refused("cause=filtre", "there is no cause \"filtre\"; there are capability, filter");
	assert_refused("cause=filtre", "; is filter meant?");
	assert_refused("syscall=chwon", "; is chown meant?");
	assert_refused("cause=", "there is no cause \"\"");
	assert_refused("causes=filter", "is cause= meant?");
	assert_refused("cap=", "there is no capability \"\"");
	assert_refused("cap=\033[2J", "\\033[2J");
}

static void a_refused_expression_changes_nothing(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = lc_trace_filter_new(false);
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_trace_filter_add(filter, "cap=chown,nonsense", &message), -EINVAL);
	assert_true(passes(filter, CAP_KILL, "kill"));
}

static bool passes_failure(const struct lc_trace_filter *filter, enum lc_cause cause)
{
	const struct lc_failure failure = {.syscall = (char *)(uintptr_t) "mount", .cause = cause};

	return lc_trace_filter_passes_failure(filter, &failure);
}

static bool passes_caps(const struct lc_trace_filter *filter, uint64_t caps)
{
	const struct lc_failure failure = {
		.syscall = (char *)(uintptr_t) "mount", .cause = LC_CAUSE_FILTER, .caps = caps};

	return lc_trace_filter_passes_failure(filter, &failure);
}

static void refused_calls_pass_but_expected_ones(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *usual = lc_trace_filter_new(false);
	_cleanup_filter_ struct lc_trace_filter *all = lc_trace_filter_new(true);
	const struct lc_failure expected = {
		.syscall = (char *)(uintptr_t) "execve", .cause = LC_CAUSE_FILE, .expected = true};

	(void)state;
	assert_true(passes_failure(usual, LC_CAUSE_UNKNOWN));
	assert_false(lc_trace_filter_passes_failure(usual, &expected));
	assert_true(lc_trace_filter_passes_failure(all, &expected));
}

static void what_a_check_tells_of_is_not_told_again(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *all = lc_trace_filter_new(true);
	_cleanup_filter_ struct lc_trace_filter *filter = made("cause=capability", NULL);

	(void)state;
	assert_false(passes_failure(all, LC_CAUSE_CAPABILITY));
	assert_false(passes_failure(filter, LC_CAUSE_CAPABILITY));
	assert_false(lc_trace_filter_shows_failures(filter, NULL));
}

static void causes_are_told_apart(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *two = made("cause=filter,device", NULL);
	_cleanup_filter_ struct lc_trace_filter *others = made("cause=!file", NULL);

	(void)state;
	assert_true(passes_failure(two, LC_CAUSE_FILTER));
	assert_true(passes_failure(two, LC_CAUSE_DEVICE));
	assert_false(passes_failure(two, LC_CAUSE_FILE));
	assert_false(passes_failure(others, LC_CAUSE_FILE));
	assert_true(passes_failure(others, LC_CAUSE_UNKNOWN));
}

static void a_cause_that_is_asked_for_leaves_checks_out(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = made("cause=filter", NULL);
	_cleanup_filter_ struct lc_trace_filter *others = made("cause=!filter", NULL);

	(void)state;
	assert_false(passes_class(filter, LC_CLASS_BLOCKED));
	assert_false(passes_class(filter, LC_CLASS_REQUIRED));
	assert_true(lc_trace_filter_never(filter) == UINT64_MAX);
	assert_true(passes_class(others, LC_CLASS_BLOCKED));
	assert_true(passes_class(others, LC_CLASS_REQUIRED));
	assert_true(lc_trace_filter_never(others) == 0);
}

static void of_checks_the_cause_is_a_capability_if_the_call_failed(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *filter = made("cause=capability,file", NULL);
	_cleanup_filter_ struct lc_trace_filter *others = made("cause=!capability", NULL);

	(void)state;
	assert_true(passes_class(filter, LC_CLASS_BLOCKED));
	assert_false(passes_class(filter, LC_CLASS_REFUSED));
	assert_true(passes_failure(filter, LC_CAUSE_FILE));
	assert_true(lc_trace_filter_never(filter) == 0);
	assert_false(passes_class(others, LC_CLASS_BLOCKED));
	assert_true(passes_class(others, LC_CLASS_REFUSED));
}

static void refused_calls_count_as_denied_and_have_no_class(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *denied = made("verdict=denied", NULL);
	_cleanup_filter_ struct lc_trace_filter *granted = made("verdict=granted", NULL);
	_cleanup_filter_ struct lc_trace_filter *class = made("class=blocked", NULL);
	_cleanup_filter_ struct lc_trace_filter *others = made("class=!blocked", NULL);

	(void)state;
	assert_true(passes_failure(denied, LC_CAUSE_FILTER));
	assert_true(lc_trace_filter_shows_failures(denied, NULL));
	assert_false(passes_failure(granted, LC_CAUSE_FILTER));
	assert_false(lc_trace_filter_shows_failures(granted, NULL));
	assert_false(passes_failure(class, LC_CAUSE_FILTER));
	assert_false(lc_trace_filter_shows_failures(class, NULL));
	assert_true(passes_failure(others, LC_CAUSE_FILTER));
}

static void refused_calls_have_the_capabilities_that_open_them(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *one = made("cap=sys_admin", NULL);
	_cleanup_filter_ struct lc_trace_filter *others = made("cap=!sys_admin", NULL);

	(void)state;
	assert_true(passes_caps(one, LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF)));
	assert_false(passes_caps(one, LC_CAP_BIT(CAP_BPF)));
	assert_false(passes_caps(one, 0));
	assert_false(passes_caps(others, LC_CAP_BIT(CAP_SYS_ADMIN)));
	assert_true(passes_caps(others, 0));
}

static void system_calls_narrow_refused_ones_too(void **state)
{
	_cleanup_filter_ struct lc_trace_filter *one = made("trace=mount", NULL);
	_cleanup_filter_ struct lc_trace_filter *others = made("!mount", NULL);

	(void)state;
	assert_true(passes_failure(one, LC_CAUSE_UNKNOWN));
	assert_true(lc_trace_filter_shows_failures(one, "mount"));
	assert_false(lc_trace_filter_shows_failures(one, "openat"));
	assert_true(lc_trace_filter_shows_failures(one, NULL));
	assert_false(passes_failure(others, LC_CAUSE_UNKNOWN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_up_overridden_and_advisory_checks_are_left_out),
		cmocka_unit_test(all_means_all),
		cmocka_unit_test(capabilities_are_named_as_people_write_them),
		cmocka_unit_test(an_exclamation_mark_turns_an_expression_around),
		cmocka_unit_test(a_name_alone_is_a_system_call),
		cmocka_unit_test(verdicts_are_told_apart),
		cmocka_unit_test(a_class_that_is_asked_for_is_shown_though_left_out_else),
		cmocka_unit_test(a_class_that_is_not_wanted_leaves_the_others_as_they_were),
		cmocka_unit_test(several_expressions_narrow_each_other),
		cmocka_unit_test(capabilities_that_never_pass_are_known),
		cmocka_unit_test(a_wrong_word_is_named_with_those_that_there_are),
		cmocka_unit_test(a_refused_expression_changes_nothing),
		cmocka_unit_test(refused_calls_pass_but_expected_ones),
		cmocka_unit_test(what_a_check_tells_of_is_not_told_again),
		cmocka_unit_test(causes_are_told_apart),
		cmocka_unit_test(a_cause_that_is_asked_for_leaves_checks_out),
		cmocka_unit_test(of_checks_the_cause_is_a_capability_if_the_call_failed),
		cmocka_unit_test(refused_calls_count_as_denied_and_have_no_class),
		cmocka_unit_test(refused_calls_have_the_capabilities_that_open_them),
		cmocka_unit_test(system_calls_narrow_refused_ones_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
