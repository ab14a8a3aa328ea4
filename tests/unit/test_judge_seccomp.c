/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what an engine's filter of system calls asks of the list. */
#include "evidence.h"

/* A container with a filter that holds SYS_ADMIN and SYS_CHROOT, and asked CHECK. */
static struct lc_target filtered(struct lc_check check, const char *engine)
{
	struct lc_target target = {
		.kind = LC_TARGET_CONTAINER,
		.engine = strdup(engine),
		.seccomp = true,
		.granted = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_SYS_CHROOT),
	};

	assert_int_equal(lc_target_add_evidence(&target, &check), 0);
	assert_int_equal(lc_judge_target(&target), 0);
	return target;
}

/* What is asked inside a user namespace of the workload's own. */
static struct lc_check nested_check(int cap, const char *syscall)
{
	struct lc_check check = granted_check(cap, UNKNOWN);

	check.userns = LC_USERNS_OTHER;
	check.syscall = strdup(syscall);
	return check;
}

static void a_user_namespace_behind_dockers_filter_implies_sys_admin(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = filtered(nested_check(CAP_SYS_ADMIN, "write"), "docker");

	(void)state;
	assert_int_equal(target.evidence[0].class, LC_CLASS_IMPLIED);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_non_null(strstr(target.evidence[0].why, "seccomp profile"));
}

static void a_chroot_in_there_implies_sys_chroot(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = filtered(nested_check(CAP_SYS_CHROOT, "chroot"), "docker");

	(void)state;
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_CHROOT));
}

static void other_capabilities_in_there_are_nobodys_business(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = filtered(nested_check(CAP_CHOWN, "chown"), "docker");

	(void)state;
	assert_int_equal(target.evidence[0].class, LC_CLASS_NESTED);
	assert_int_equal(target.cap_add, 0);
}

static void podmans_filter_lets_user_namespaces_through(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = filtered(nested_check(CAP_SYS_ADMIN, "write"), "podman");

	(void)state;
	assert_int_equal(target.cap_add, 0);
}

static void without_a_filter_nothing_is_implied(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = filtered(nested_check(CAP_SYS_ADMIN, "write"), "docker");

	(void)state;
	target.seccomp = false;
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, 0);
}

static void what_the_container_was_not_given_the_filter_did_not_ask_for(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = filtered(nested_check(CAP_SYS_ADMIN, "write"), "docker");

	(void)state;
	target.granted = 0;
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, 0);
}

/* A container of Docker's in VERSION that was granted SYS_ADMIN and made a call, whose decision accepts PAIR: the wide member decided. */
static struct lc_target with_pair(const char *version, const char *syscall, const struct lc_alternative *pair)
{
	struct lc_target target = {
		.kind = LC_TARGET_CONTAINER,
		.engine = strdup("docker"),
		.engine_version = strdup(version),
		.seccomp = true,
		.granted = LC_CAP_BIT(CAP_SYS_ADMIN),
	};
	struct lc_check *check;

	check = add(&target, narrow_check(pair, LC_VERDICT_DENIED));
	check->answered = true;
	check->syscall = strdup(syscall);
	check = add(&target, wide_check(pair, LC_VERDICT_GRANTED));
	check->syscall = strdup(syscall);
	assert_int_equal(lc_judge_target(&target), 0);
	return target;
}

static void what_the_recorded_engine_does_not_know_is_on_no_list(void **state)
{
	const struct lc_alternative *pair = row_of(CAP_PERFMON, CAP_SYS_ADMIN);
	_cleanup_(lc_target_clear) struct lc_target old = with_pair("20.10.24+dfsg1", "perf_event_open", pair);
	_cleanup_(lc_target_clear) struct lc_target new = with_pair("27.0.1", "perf_event_open", pair);

	(void)state;
	assert_int_equal(old.cap_add, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_non_null(strstr(old.evidence[1].why, "docker 20.10.24+dfsg1 does not know it"));
	assert_int_equal(new.cap_add, LC_CAP_BIT(CAP_PERFMON));
}

static void of_a_pair_the_list_has_what_opens_the_filter(void **state)
{
	const struct lc_alternative *pair = row_of(CAP_CHECKPOINT_RESTORE, CAP_SYS_ADMIN);
	_cleanup_(lc_target_clear) struct lc_target target = with_pair("27.0.1", "clone3", pair);
	_cleanup_(lc_target_clear) struct lc_target other = with_pair("27.0.1", "prctl", pair);

	(void)state;
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_non_null(strstr(target.evidence[1].why, "lets clone3 through only with SYS_ADMIN"));
	assert_int_equal(other.cap_add, LC_CAP_BIT(CAP_CHECKPOINT_RESTORE));
}

/* bpf(2) is opened by BPF, which another decision of the same call asks for. */
static void what_opens_a_call_for_one_decision_opens_it_for_all(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target =
		with_pair("27.0.1", "bpf", row_of(CAP_NET_ADMIN, CAP_SYS_ADMIN));

	(void)state;
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_NET_ADMIN));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_user_namespace_behind_dockers_filter_implies_sys_admin),
		cmocka_unit_test(a_chroot_in_there_implies_sys_chroot),
		cmocka_unit_test(other_capabilities_in_there_are_nobodys_business),
		cmocka_unit_test(podmans_filter_lets_user_namespaces_through),
		cmocka_unit_test(without_a_filter_nothing_is_implied),
		cmocka_unit_test(what_the_container_was_not_given_the_filter_did_not_ask_for),
		cmocka_unit_test(what_the_recorded_engine_does_not_know_is_on_no_list),
		cmocka_unit_test(of_a_pair_the_list_has_what_opens_the_filter),
		cmocka_unit_test(what_opens_a_call_for_one_decision_opens_it_for_all),
	};

	return cmocka_run_group_tests_name("judge seccomp", tests, NULL, NULL);
}
