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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
