/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of calls that an engine's filter let through because of a capability: what that puts on the list. */
#include "failures.h"

#define BOTH (LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_SYS_ADMIN))

/* SYSCALL by /bin/a, which a filter guards, and which did not fail. */
static struct lc_failure passed(const char *syscall)
{
	struct lc_failure call = refused(syscall, "");

	free(call.result);
	call.result = NULL;
	return call;
}

/* Adds that SYSCALL was let through, and judges TARGET. */
static void pass(struct lc_target *target, const char *syscall)
{
	_cleanup_(lc_failure_clear) struct lc_failure call = passed(syscall);

	assert_int_equal(lc_judge_add_passed(target, &call), 0);
	assert_string_equal(call.syscall, syscall);
	assert_int_equal(lc_judge_target(target), 0);
}

static void what_opened_the_filter_is_implied(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_NICE));

	(void)state;
	pass(&target, "set_mempolicy");
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_NICE));
	assert_int_equal(target.verify, 0);
	assert_int_equal(target.unused, 0);
	assert_int_equal(target.n_evidence, 1);
	assert_int_equal(target.evidence[0].class, LC_CLASS_IMPLIED);
	assert_int_equal(target.evidence[0].source, LC_SOURCE_FILTER);
	assert_string_equal(target.evidence[0].exe, "/bin/a");
	assert_string_equal(target.evidence[0].why,
		"Docker's filter lets set_mempolicy through only with SYS_NICE, whatever the kernel then asks: a seccomp profile that allows it would do");
	/* Judged again it says the same. */
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_NICE));
}

/* A profile by which SYS_NICE opens set_mempolicy, and nothing more is asked for bpf. */
#define OWN                                                                                                            \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"bpf\"],\"action\":\"SCMP_ACT_ALLOW\"},"     \
	"{\"names\":[\"set_mempolicy\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_NICE\"]}}]}"

static void what_opened_a_profile_of_the_users_own_is_implied(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_NICE) | BOTH);

	(void)state;
	target.own_filter = true;
	target.own_profile = strdup(OWN);
	pass(&target, "bpf");
	assert_int_equal(target.n_evidence, 0);
	pass(&target, "set_mempolicy");
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_NICE));
	assert_string_equal(target.evidence[0].why,
		"the container's own seccomp profile lets set_mempolicy through only with SYS_NICE, whatever the kernel then asks");
	/* Read again from a file, which does not have the profile. */
	free(target.own_profile);
	target.own_profile = NULL;
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_NICE));
}

static void of_an_unknown_profile_of_the_users_own_nothing_is_said(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(UINT64_MAX);

	(void)state;
	target.own_filter = true;
	pass(&target, "set_mempolicy");
	assert_int_equal(target.n_evidence, 0);
}

static void what_the_container_does_not_have_did_not_open_it(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_CHOWN));

	(void)state;
	pass(&target, "set_mempolicy");
	assert_int_equal(target.n_evidence, 0);
}

static void what_is_let_through_without_asks_for_nothing(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(UINT64_MAX);

	(void)state;
	pass(&target, "openat");
	assert_int_equal(target.n_evidence, 0);
}

static void unconfined_nothing_is_asked(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_NICE));

	(void)state;
	target.seccomp = false;
	pass(&target, "set_mempolicy");
	assert_int_equal(target.n_evidence, 0);
}

static void a_process_without_a_filter_asks_for_nothing(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_NICE));
	_cleanup_(lc_failure_clear) struct lc_failure call = passed("set_mempolicy");

	(void)state;
	call.filter = LC_FILTER_NONE;
	assert_int_equal(lc_judge_add_passed(&target, &call), 0);
	assert_int_equal(target.n_evidence, 0);
}

static void what_failed_did_not_pass(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_NICE));
	_cleanup_(lc_failure_clear) struct lc_failure call = refused("set_mempolicy", "EPERM");

	(void)state;
	assert_int_equal(lc_judge_add_passed(&target, &call), 0);
	assert_int_equal(target.n_evidence, 0);
}

static void a_privileged_container_is_for_running_it_with_the_default_filter(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(UINT64_MAX);
	_cleanup_(lc_failure_clear) struct lc_failure call = passed("set_mempolicy");

	(void)state;
	target.seccomp = false;
	target.privileged = true;
	call.filter = LC_FILTER_NONE;
	assert_int_equal(lc_judge_add_passed(&target, &call), 0);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_NICE));
	assert_non_null(strstr(target.evidence[0].why, "a privileged container has no filter of system calls"));
}

static void no_command_and_no_service_is_behind_an_engines_filter(void **state)
{
	static const enum lc_target_kind kinds[] = {LC_TARGET_COMMAND, LC_TARGET_SERVICE, LC_TARGET_CGROUP};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_NICE));

		target.kind = kinds[i];
		pass(&target, "set_mempolicy");
		assert_int_equal(target.n_evidence, 0);
	}
}

static void an_engine_that_nobody_knows_asks_for_nothing(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_NICE));

	(void)state;
	free(target.engine);
	target.engine = NULL;
	pass(&target, "set_mempolicy");
	assert_int_equal(target.n_evidence, 0);
}

static void of_several_the_narrowest_is_on_the_list(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(BOTH);

	(void)state;
	pass(&target, "bpf");
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_BPF));
}

static void an_older_version_knows_only_the_wide_one(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(BOTH);

	(void)state;
	free(target.engine_version);
	target.engine_version = strdup("20.10.24");
	pass(&target, "bpf");
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void what_is_on_the_list_already_is_taken(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(BOTH);

	(void)state;
	add(&target, granted_check(CAP_SYS_ADMIN, UNKNOWN));
	pass(&target, "bpf");
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_int_equal(target.n_evidence, 2);
	assert_int_equal(target.evidence[1].class, LC_CLASS_ALTERNATIVE);
	assert_string_equal(target.evidence[1].why, "SYS_ADMIN, which is on the list already, is accepted as well");
}

static void what_the_kernel_asked_in_the_same_call_is_told_once(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_ADMIN));
	struct lc_check *check = add(&target, granted_check(CAP_SYS_ADMIN, UNKNOWN));

	(void)state;
	check->syscall = strdup("mount");
	check->exe = strdup("/bin/a");
	pass(&target, "mount");
	assert_int_equal(target.n_evidence, 1);
	pass(&target, "umount2");
	assert_int_equal(target.n_evidence, 2);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void an_argument_can_make_the_difference(void **state)
{
	static const uint64_t newuser = 0x10000000;

	(void)state;
	for (int with = 0; with < 2; with++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_ADMIN));
		_cleanup_(lc_failure_clear) struct lc_failure call = passed("clone");

		call.argument = with ? newuser : 0;
		assert_int_equal(lc_judge_add_passed(&target, &call), 0);
		assert_int_equal(lc_judge_target(&target), 0);
		assert_int_equal(target.cap_add, with ? LC_CAP_BIT(CAP_SYS_ADMIN) : 0);
	}
}

static void a_call_that_the_filter_would_say_is_not_there_asks_for_nothing(void **state)
{
	(void)state;
	for (int privileged = 0; privileged < 2; privileged++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_ADMIN));

		target.privileged = privileged;
		pass(&target, "clone3");
		assert_int_equal(target.n_evidence, 0);
		assert_int_equal(target.cap_add, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_opened_the_filter_is_implied),
		cmocka_unit_test(what_opened_a_profile_of_the_users_own_is_implied),
		cmocka_unit_test(of_an_unknown_profile_of_the_users_own_nothing_is_said),
		cmocka_unit_test(what_the_container_does_not_have_did_not_open_it),
		cmocka_unit_test(what_is_let_through_without_asks_for_nothing),
		cmocka_unit_test(unconfined_nothing_is_asked),
		cmocka_unit_test(a_process_without_a_filter_asks_for_nothing),
		cmocka_unit_test(what_failed_did_not_pass),
		cmocka_unit_test(a_privileged_container_is_for_running_it_with_the_default_filter),
		cmocka_unit_test(no_command_and_no_service_is_behind_an_engines_filter),
		cmocka_unit_test(an_engine_that_nobody_knows_asks_for_nothing),
		cmocka_unit_test(of_several_the_narrowest_is_on_the_list),
		cmocka_unit_test(an_older_version_knows_only_the_wide_one),
		cmocka_unit_test(what_is_on_the_list_already_is_taken),
		cmocka_unit_test(what_the_kernel_asked_in_the_same_call_is_told_once),
		cmocka_unit_test(an_argument_can_make_the_difference),
		cmocka_unit_test(a_call_that_the_filter_would_say_is_not_there_asks_for_nothing),
	};

	return cmocka_run_group_tests_name("calls let through", tests, NULL, NULL);
}
