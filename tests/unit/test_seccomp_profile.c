/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a seccomp profile in Docker's form says of one system call. */
#include <leastcap/capset.h>
#include <leastcap/filter.h>

#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define PROFILE                                                                                                                    \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":["                                                                     \
	"{\"names\":[\"read\",\"write\"],\"action\":\"SCMP_ACT_ALLOW\"},"                                                          \
	"{\"names\":[\"mount\",\"umount2\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}},"           \
	"{\"names\":[\"personality\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":0,\"op\":\"SCMP_CMP_EQ\"}]}," \
	"{\"names\":[\"kexec_load\"],\"action\":\"SCMP_ACT_KILL\"},"                                                               \
	"{\"name\":\"bpf\",\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_BPF\"]}},"                                  \
	"{\"name\":\"bpf\",\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}},"                            \
	"{\"name\":\"acct\",\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_PACCT\",\"CAP_SYS_ADMIN\"]}}]}"

static struct lc_profile_rule found(const char *syscall)
{
	struct lc_profile_rule rule;

	assert_int_equal(lc_profile_rule_find(&rule, PROFILE, syscall), 0);
	return rule;
}

static void a_call_that_no_entry_names_is_the_default_actions(void **state)
{
	struct lc_profile_rule rule = found("swapon");

	(void)state;
	assert_int_equal(rule.entry, 0);
	assert_string_equal(rule.action, "SCMP_ACT_ERRNO");
	assert_int_equal(rule.opens, 0);
	assert_int_equal(rule.arguments, 0);
}

static void an_entry_that_refuses_is_named_by_its_number(void **state)
{
	struct lc_profile_rule rule = found("kexec_load");

	(void)state;
	assert_int_equal(rule.entry, 4);
	assert_string_equal(rule.action, "SCMP_ACT_KILL");
}

static void each_capability_that_alone_opens_the_call_does(void **state)
{
	(void)state;
	assert_int_equal(found("umount2").opens, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_int_equal(found("bpf").opens, LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF));
}

static void two_capabilities_that_open_it_together_are_not_one(void **state)
{
	(void)state;
	assert_int_equal(found("acct").opens, 0);
}

static void an_entry_for_other_arguments_is_named(void **state)
{
	struct lc_profile_rule rule = found("personality");

	(void)state;
	assert_int_equal(rule.arguments, 3);
	assert_int_equal(rule.entry, 0);
}

static void what_is_no_profile_tells_nothing(void **state)
{
	static const char *const texts[] = {
		"", "{", "[]", "{}", "{\"defaultAction\":\"\\u001b[2J\"}", "{\"defaultAction\":7}"};
	struct lc_profile_rule rule;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(lc_profile_rule_find(&rule, texts[i], "mount"), -EINVAL);
}

static void members_of_another_kind_are_passed_over(void **state)
{
	struct lc_profile_rule rule;

	(void)state;
	assert_int_equal(
		lc_profile_rule_find(&rule,
			"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[7,{\"names\":\"mount\"},{\"names\":[7,\"mount\"],\"action\":\"EVIL\",\"includes\":[],\"args\":7}]}",
			"mount"),
		0);
	assert_int_equal(rule.entry, 0);
	assert_int_equal(rule.opens, 0);
}

static void what_a_profile_opens_by_capabilities_is_known_for_an_argument(void **state)
{
	static const char profile[] =
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},{\"names\":[\"clone\",\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}},{\"names\":[\"setns\"],\"action\":\"SCMP_ACT_ALLOW\"},{\"names\":[\"setns\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}}]}";

	(void)state;
	assert_int_equal(lc_profile_opens(profile, "clone", 0, 0x11), 0);
	assert_int_equal(lc_profile_opens(profile, "clone", 0, 0x10000011), LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_int_equal(lc_profile_opens(profile, "bpf", -1, 0), LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_int_equal(lc_profile_opens(profile, "setns", -1, 0), 0);
	assert_int_equal(lc_profile_opens(profile, "swapon", -1, 0), 0);
	assert_int_equal(lc_profile_opens(profile, NULL, -1, 0), 0);
	assert_int_equal(lc_profile_opens(NULL, "bpf", -1, 0), 0);
	assert_int_equal(lc_profile_opens("[", "bpf", -1, 0), 0);
	assert_int_equal(
		lc_profile_opens(
			"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_BPF\"]}}]}",
			"bpf", -1, 0),
		0);
}

static void conditions_on_an_argument_are_compared_as_libseccomp_does(void **state)
{
	static const struct {
		const char *op;
		uint32_t argument;
		bool fits;
	} cases[] = {
		{"SCMP_CMP_EQ", 8, true},
		{"SCMP_CMP_EQ", 9, false},
		{"SCMP_CMP_NE", 8, false},
		{"SCMP_CMP_NE", 9, true},
		{"SCMP_CMP_LT", 7, true},
		{"SCMP_CMP_LT", 8, false},
		{"SCMP_CMP_LE", 8, true},
		{"SCMP_CMP_LE", 9, false},
		{"SCMP_CMP_GT", 9, true},
		{"SCMP_CMP_GT", 8, false},
		{"SCMP_CMP_GE", 8, true},
		{"SCMP_CMP_GE", 7, false},
		{"EVIL", 8, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char profile[512];

		snprintf(profile, sizeof(profile),
			"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"syslog\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":8,\"op\":\"%s\"}]},{\"names\":[\"syslog\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYSLOG\"]}}]}",
			cases[i].op);
		assert_int_equal(lc_profile_opens(profile, "syslog", 0, cases[i].argument),
			cases[i].fits ? 0 : LC_CAP_BIT(CAP_SYSLOG));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_call_that_no_entry_names_is_the_default_actions),
		cmocka_unit_test(an_entry_that_refuses_is_named_by_its_number),
		cmocka_unit_test(each_capability_that_alone_opens_the_call_does),
		cmocka_unit_test(two_capabilities_that_open_it_together_are_not_one),
		cmocka_unit_test(an_entry_for_other_arguments_is_named),
		cmocka_unit_test(what_is_no_profile_tells_nothing),
		cmocka_unit_test(members_of_another_kind_are_passed_over),
		cmocka_unit_test(what_a_profile_opens_by_capabilities_is_known_for_an_argument),
		cmocka_unit_test(conditions_on_an_argument_are_compared_as_libseccomp_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
