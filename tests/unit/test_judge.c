/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the judge: each class from the facts of one check, and the three lists from the classes. */
#include "evidence.h"

#include <leastcap/profile.h>

/* A call site that decides, and no row of the table; one that does not decide, for SYS_ADMIN. */
#define DECIDING "setattr_prepare"
#define ADVISORY "cap_vm_enough_memory"

static void what_a_deciding_call_site_granted_is_required(void **state)
{
	(void)state;
	assert_class(granted_check(CAP_CHOWN, DECIDING), LC_CLASS_REQUIRED);
}

static void an_unknown_call_site_counts_as_one_that_decides(void **state)
{
	(void)state;
	assert_class(granted_check(CAP_SYS_ADMIN, "no_such_function"), LC_CLASS_REQUIRED);
	assert_class(granted_check(CAP_SYS_ADMIN, NULL), LC_CLASS_REQUIRED);
}

static void overlayfs_reading_its_own_attributes_is_advisory_and_a_workload_doing_so_is_not(void **state)
{
	struct lc_check overlay = granted_check(CAP_SYS_ADMIN, "xattr_permission");
	struct lc_check workload = granted_check(CAP_SYS_ADMIN, "xattr_permission");

	(void)state;
	overlay.syscall = strdup("execve");
	assert_class(overlay, LC_CLASS_ADVISORY);
	workload.syscall = strdup("fsetxattr");
	assert_class(workload, LC_CLASS_REQUIRED);
	assert_class(granted_check(CAP_SYS_ADMIN, "xattr_permission"), LC_CLASS_REQUIRED);
}

static void an_advisory_call_site_makes_the_check_advisory_and_says_why(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = judged(granted_check(CAP_SYS_ADMIN, ADVISORY));

	(void)state;
	assert_int_equal(target.evidence[0].class, LC_CLASS_ADVISORY);
	assert_non_null(target.evidence[0].why);
	assert_string_equal(target.evidence[0].why, lc_callsite_find(&target.evidence[0], 0)->why);
}

static void an_advisory_call_site_is_one_only_for_its_own_capability(void **state)
{
	(void)state;
	assert_class(granted_check(CAP_CHOWN, ADVISORY), LC_CLASS_REQUIRED);
	assert_class(granted_check(CAP_SYS_ADMIN, DECIDING), LC_CLASS_REQUIRED);
}

static void a_required_check_needs_no_sentence(void **state)
{
	struct lc_check check = granted_check(CAP_CHOWN, UNKNOWN);
	_cleanup_(lc_target_clear) struct lc_target target = {0};

	(void)state;
	check.why = strdup("what an earlier judgement said");
	target = judged(check);
	assert_null(target.evidence[0].why);
}

static void what_the_runtime_asked_is_setup(void **state)
{
	struct lc_check check = granted_check(CAP_CHOWN, DECIDING);

	(void)state;
	check.phase = LC_PHASE_SETUP;
	assert_class(check, LC_CLASS_SETUP);
}

/* The runtime's checks say nothing about the workload, whatever else is true of them. */
static void setup_goes_before_every_other_fact(void **state)
{
	struct lc_check check = denied_check(CAP_SYS_ADMIN, ADVISORY, "EPERM");

	(void)state;
	check.phase = LC_PHASE_SETUP;
	check.credential = LC_CREDENTIAL_OVERRIDDEN;
	check.userns = LC_USERNS_OTHER;
	assert_class(check, LC_CLASS_SETUP);
}

static void somebody_elses_credentials_are_overridden(void **state)
{
	struct lc_check check = granted_check(CAP_DAC_OVERRIDE, "generic_permission");

	(void)state;
	check.credential = LC_CREDENTIAL_OVERRIDDEN;
	assert_class(check, LC_CLASS_OVERRIDDEN);
}

static void what_was_denied_to_somebody_elses_credentials_does_not_block_the_workload(void **state)
{
	struct lc_check check = denied_check(CAP_DAC_OVERRIDE, "generic_permission", "EACCES");

	(void)state;
	check.credential = LC_CREDENTIAL_OVERRIDDEN;
	assert_class(check, LC_CLASS_OVERRIDDEN);
}

static void a_user_namespace_of_the_workloads_own_is_nested(void **state)
{
	struct lc_check check = granted_check(CAP_SYS_ADMIN, "path_mount");

	(void)state;
	check.userns = LC_USERNS_OTHER;
	assert_class(check, LC_CLASS_NESTED);
}

/* --cap-add gives nothing in there. */
static void what_was_denied_in_a_nested_user_namespace_does_not_block_the_workload(void **state)
{
	struct lc_check check = denied_check(CAP_SYS_ADMIN, "path_mount", "EPERM");

	(void)state;
	check.userns = LC_USERNS_OTHER;
	assert_class(check, LC_CLASS_NESTED);
}

static void the_owner_of_a_child_user_namespace_needs_no_capability(void **state)
{
	struct lc_check check = granted_check(CAP_SYS_ADMIN, "unshare_nsproxy_namespaces");

	(void)state;
	check.authority = LC_AUTHORITY_OWNER;
	assert_class(check, LC_CLASS_OWNER);
}

static void denied_and_failed_with_EPERM_is_blocked(void **state)
{
	(void)state;
	assert_class(denied_check(CAP_CHOWN, DECIDING, "EPERM"), LC_CLASS_BLOCKED);
}

static void denied_and_failed_with_EACCES_is_blocked(void **state)
{
	(void)state;
	assert_class(denied_check(CAP_NET_BIND_SERVICE, "inet_bind", "EACCES"), LC_CLASS_BLOCKED);
}

static void denied_while_the_syscall_went_on_to_succeed_is_refused(void **state)
{
	(void)state;
	assert_class(denied_check(CAP_CHOWN, DECIDING, "0"), LC_CLASS_REFUSED);
}

static void denied_while_the_syscall_failed_for_another_reason_is_refused(void **state)
{
	(void)state;
	assert_class(denied_check(CAP_CHOWN, DECIDING, "ENOENT"), LC_CLASS_REFUSED);
}

static void denied_above_the_containers_user_namespace_is_refused_and_never_wanted(void **state)
{
	struct lc_check check = denied_check(CAP_MKNOD, "vfs_mknod", "EPERM");
	_cleanup_(lc_target_clear) struct lc_target target = {0};

	(void)state;
	check.authority = LC_AUTHORITY_BEYOND;
	target = judged(check);
	assert_int_equal(target.evidence[0].class, LC_CLASS_REFUSED);
	assert_non_null(target.evidence[0].why);
	assert_int_equal(target.wanted, 0);
}

static void denied_with_an_unknown_outcome_is_refused(void **state)
{
	(void)state;
	assert_class(denied_check(CAP_CHOWN, DECIDING, NULL), LC_CLASS_REFUSED);
}

/* The function asks twice: for a value below the limit, which decides, and whether to move the limit, which does not. */
static void in_set_oom_adj_only_the_check_without_audit_is_advisory(void **state)
{
	struct lc_check check = granted_check(CAP_SYS_RESOURCE, "__set_oom_adj");

	(void)state;
	check.audited = LC_AUDITED_NO;
	assert_class(check, LC_CLASS_ADVISORY);
	assert_class(granted_check(CAP_SYS_RESOURCE, "__set_oom_adj"), LC_CLASS_REQUIRED);
	assert_class(denied_check(CAP_SYS_RESOURCE, "__set_oom_adj", "EACCES"), LC_CLASS_BLOCKED);
}

/* Asked when a limit is reached already: who was granted it went beyond, who was denied it got these. */
static void what_a_full_disk_or_a_quota_asks_is_required_and_blocked_when_it_was_denied(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = judged(granted_check(CAP_SYS_RESOURCE, "dquot_add_space"));

	(void)state;
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_SYS_RESOURCE));
	assert_int_equal(target.verify, LC_CAP_BIT(CAP_SYS_RESOURCE));
	assert_class(denied_check(CAP_SYS_RESOURCE, "dquot_add_space", "EDQUOT"), LC_CLASS_BLOCKED);
	assert_class(denied_check(CAP_SYS_RESOURCE, "dquot_add_space", "0"), LC_CLASS_REFUSED);
	assert_class(denied_check(CAP_SYS_RESOURCE, "ext4_has_free_clusters", "ENOSPC"), LC_CLASS_BLOCKED);
}

/* It came before it mattered, and then it did: a sysctl that is opened for writing, an owner whose quota is used up. */
static void an_advisory_call_site_where_the_denied_call_then_failed_for_it_is_blocked(void **state)
{
	struct lc_check check = denied_check(CAP_SYS_RESOURCE, "set_permissions", "EACCES");

	(void)state;
	check.syscall = strdup("openat");
	assert_class(check, LC_CLASS_BLOCKED);
	check = denied_check(CAP_SYS_RESOURCE, "set_permissions", "0");
	check.syscall = strdup("openat");
	assert_class(check, LC_CLASS_ADVISORY);
	assert_class(denied_check(CAP_FOWNER, "xfs_setattr_nonsize", "EDQUOT"), LC_CLASS_BLOCKED);
	assert_class(denied_check(CAP_FOWNER, "xfs_setattr_nonsize", "EPERM"), LC_CLASS_ADVISORY);
}

static void the_kernel_that_a_target_was_recorded_on_decides_which_rows_hold(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kernel = LC_KERNEL(6, 1)};

	(void)state;
	add(&target, granted_check(CAP_IPC_LOCK, "do_mmap"));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.verify, 0);
	target.kernel = LC_KERNEL(6, 12);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.verify, LC_CAP_BIT(CAP_IPC_LOCK));
}

/* Adds a check of DAC_OVERRIDE to TARGET, granted by SYSCALL, which returned RESULT (NULL: something else). */
static void add_search(struct lc_target *target, const char *syscall, const char *result)
{
	struct lc_check check = granted_check(CAP_DAC_OVERRIDE, "inode_permission");

	check.chained = true;
	check.syscall = strdup(syscall);
	check.result = result ? strdup(result) : NULL;
	add(target, check);
}

/* As a search of PATH does: a directory on it is another user's alone, and what is looked for lies elsewhere. */
static void an_exec_that_found_nothing_where_only_the_capability_let_it_look_needs_no_capability(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};
	struct lc_check first = denied_check(CAP_DAC_READ_SEARCH, "inode_permission", "ENOENT");

	(void)state;
	first.answered = true;
	first.syscall = strdup("execve");
	add(&target, first);
	add_search(&target, "execve", "ENOENT");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, 0);
	assert_int_equal(target.evidence[0].class, LC_CLASS_ADVISORY);
	assert_int_equal(target.evidence[1].class, LC_CLASS_ADVISORY);
	add_search(&target, "execve", NULL);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_DAC_OVERRIDE));
	assert_int_equal(target.verify, 0);
}

static void a_stat_that_found_nothing_there_is_to_be_verified(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};

	(void)state;
	add_search(&target, "newfstatat", "ENOENT");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_DAC_OVERRIDE));
	assert_int_equal(target.verify, LC_CAP_BIT(CAP_DAC_OVERRIDE));
}

static void in_set_oom_adj_a_check_of_unknown_audit_counts_as_one_that_decides(void **state)
{
	struct lc_check check = granted_check(CAP_SYS_RESOURCE, "__set_oom_adj");

	(void)state;
	check.audited = LC_AUDITED_UNKNOWN;
	assert_class(check, LC_CLASS_REQUIRED);
}

/* Adds a target to PROFILE that was granted CHOWN, KILL, SYS_ADMIN and SYS_TIME. */
static struct lc_target *new_target(struct lc_profile *profile)
{
	struct lc_target *target = lc_profile_add_target(profile);

	assert_non_null(target);
	target->granted =
		LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_SYS_TIME);
	return target;
}

static void the_list_is_what_is_required(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	add(target, granted_check(CAP_CHOWN, DECIDING));
	add(target, granted_check(CAP_KILL, "check_kill_permission"));
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
}

static void what_concerns_others_or_decides_nothing_is_not_on_the_list(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	for (int i = 0; i < 6; i++)
		add(target, granted_check(CAP_SYS_ADMIN, i ? "path_mount" : ADVISORY));
	target->evidence[1].phase = LC_PHASE_SETUP;
	target->evidence[2].credential = LC_CREDENTIAL_OVERRIDDEN;
	target->evidence[3].userns = LC_USERNS_OTHER;
	target->evidence[4].authority = LC_AUTHORITY_OWNER;
	target->evidence[5].verdict = LC_VERDICT_DENIED;
	target->evidence[5].authority = LC_AUTHORITY_NONE;
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, 0);
}

static void one_required_check_among_advisory_ones_puts_the_capability_on_the_list(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	add(target, granted_check(CAP_SYS_ADMIN, ADVISORY));
	add(target, granted_check(CAP_SYS_ADMIN, "path_mount"));
	add(target, granted_check(CAP_SYS_ADMIN, ADVISORY));
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void unused_is_what_was_granted_and_never_asked_for(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	add(target, granted_check(CAP_CHOWN, DECIDING));
	add(target, granted_check(CAP_SYS_ADMIN, ADVISORY));
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->unused, LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SYS_TIME));
}

static void what_only_the_runtime_and_the_mounter_asked_for_is_unused(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	add(target, granted_check(CAP_SYS_ADMIN, "path_mount"));
	add(target, granted_check(CAP_CHOWN, DECIDING));
	target->evidence[0].phase = LC_PHASE_SETUP;
	target->evidence[1].credential = LC_CREDENTIAL_OVERRIDDEN;
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->unused, target->granted);
}

/* A process that dropped a capability from its effective set and asks for it has not used it. */
static void what_was_asked_for_and_denied_is_unused(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	add(target, denied_check(CAP_SYS_ADMIN, ADVISORY, "0"));
	add(target, denied_check(CAP_KILL, "check_kill_permission", "EPERM"));
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->unused, target->granted);
}

static void wanted_is_what_was_denied_where_the_syscall_failed(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	add(target, denied_check(CAP_NET_RAW, "inet_create", "EPERM"));
	add(target, denied_check(CAP_SYS_NICE, "set_one_prio", "0"));
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->wanted, LC_CAP_BIT(CAP_NET_RAW));
	assert_int_equal(target->cap_add, 0);
}

/* A container of USER's that holds CHOWN, and was denied it. */
static struct lc_target denied_what_it_holds(const char *user)
{
	struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = LC_CAP_BIT(CAP_CHOWN), .user = strdup(user)};
	struct lc_check check = denied_check(CAP_CHOWN, DECIDING, "EPERM");

	assert_int_equal(lc_target_add_evidence(&target, &check), 0);
	assert_int_equal(lc_judge_target(&target), 0);
	return target;
}

static void what_a_process_of_roots_container_had_given_up_is_not_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = denied_what_it_holds("0:0");

	(void)state;
	assert_int_equal(target.evidence[0].class, LC_CLASS_BLOCKED);
	assert_int_equal(target.wanted, 0);
}

static void what_an_ordinary_users_container_has_no_use_of_is_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = denied_what_it_holds("1000:1000");

	(void)state;
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_CHOWN));
}

static void a_denied_check_at_an_advisory_call_site_is_not_wanted(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	add(target, denied_check(CAP_SYS_ADMIN, ADVISORY, "EPERM"));
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_not_equal(target->evidence[0].class, LC_CLASS_BLOCKED);
	assert_int_equal(target->wanted, 0);
	assert_int_equal(target->cap_add, 0);
}

/* As root it may, as the user that it becomes it may not: the list has it already. */
static void what_is_on_the_list_is_not_wanted_too(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	add(target, granted_check(CAP_KILL, "check_kill_permission"));
	add(target, denied_check(CAP_KILL, "check_kill_permission", "EPERM"));
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, LC_CAP_BIT(CAP_KILL));
	assert_int_equal(target->wanted, 0);
}

static void without_evidence_everything_granted_is_unused(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = new_target(&profile);

	(void)state;
	target->cap_add = target->wanted = LC_CAP_BIT(CAP_BPF);
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, 0);
	assert_int_equal(target->unused, target->granted);
	assert_int_equal(target->wanted, 0);
}

static void judging_again_changes_nothing(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *once = NULL;
	_cleanup_free_ char *twice = NULL;
	struct lc_target *target = new_target(&profile);

	(void)state;
	target->name = strdup("web");
	add(target, granted_check(CAP_CHOWN, DECIDING));
	add(target, granted_check(CAP_SYS_ADMIN, ADVISORY));
	add(target, denied_check(CAP_KILL, "check_kill_permission", "EPERM"));
	assert_int_equal(lc_judge_target(target), 0);
	once = lc_profile_to_json(&profile);
	assert_int_equal(lc_judge_target(target), 0);
	twice = lc_profile_to_json(&profile);
	assert_non_null(once);
	assert_non_null(strstr(once, "\"why\""));
	assert_string_equal(once, twice);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_deciding_call_site_granted_is_required),
		cmocka_unit_test(an_unknown_call_site_counts_as_one_that_decides),
		cmocka_unit_test(overlayfs_reading_its_own_attributes_is_advisory_and_a_workload_doing_so_is_not),
		cmocka_unit_test(an_advisory_call_site_makes_the_check_advisory_and_says_why),
		cmocka_unit_test(an_advisory_call_site_is_one_only_for_its_own_capability),
		cmocka_unit_test(a_required_check_needs_no_sentence),
		cmocka_unit_test(what_the_runtime_asked_is_setup),
		cmocka_unit_test(setup_goes_before_every_other_fact),
		cmocka_unit_test(somebody_elses_credentials_are_overridden),
		cmocka_unit_test(what_was_denied_to_somebody_elses_credentials_does_not_block_the_workload),
		cmocka_unit_test(a_user_namespace_of_the_workloads_own_is_nested),
		cmocka_unit_test(what_was_denied_in_a_nested_user_namespace_does_not_block_the_workload),
		cmocka_unit_test(the_owner_of_a_child_user_namespace_needs_no_capability),
		cmocka_unit_test(denied_and_failed_with_EPERM_is_blocked),
		cmocka_unit_test(denied_and_failed_with_EACCES_is_blocked),
		cmocka_unit_test(denied_while_the_syscall_went_on_to_succeed_is_refused),
		cmocka_unit_test(denied_while_the_syscall_failed_for_another_reason_is_refused),
		cmocka_unit_test(denied_above_the_containers_user_namespace_is_refused_and_never_wanted),
		cmocka_unit_test(denied_with_an_unknown_outcome_is_refused),
		cmocka_unit_test(in_set_oom_adj_only_the_check_without_audit_is_advisory),
		cmocka_unit_test(what_a_full_disk_or_a_quota_asks_is_required_and_blocked_when_it_was_denied),
		cmocka_unit_test(an_advisory_call_site_where_the_denied_call_then_failed_for_it_is_blocked),
		cmocka_unit_test(the_kernel_that_a_target_was_recorded_on_decides_which_rows_hold),
		cmocka_unit_test(an_exec_that_found_nothing_where_only_the_capability_let_it_look_needs_no_capability),
		cmocka_unit_test(a_stat_that_found_nothing_there_is_to_be_verified),
		cmocka_unit_test(in_set_oom_adj_a_check_of_unknown_audit_counts_as_one_that_decides),
		cmocka_unit_test(the_list_is_what_is_required),
		cmocka_unit_test(what_concerns_others_or_decides_nothing_is_not_on_the_list),
		cmocka_unit_test(one_required_check_among_advisory_ones_puts_the_capability_on_the_list),
		cmocka_unit_test(unused_is_what_was_granted_and_never_asked_for),
		cmocka_unit_test(what_only_the_runtime_and_the_mounter_asked_for_is_unused),
		cmocka_unit_test(what_was_asked_for_and_denied_is_unused),
		cmocka_unit_test(wanted_is_what_was_denied_where_the_syscall_failed),
		cmocka_unit_test(what_a_process_of_roots_container_had_given_up_is_not_wanted),
		cmocka_unit_test(what_an_ordinary_users_container_has_no_use_of_is_wanted),
		cmocka_unit_test(a_denied_check_at_an_advisory_call_site_is_not_wanted),
		cmocka_unit_test(what_is_on_the_list_is_not_wanted_too),
		cmocka_unit_test(without_evidence_everything_granted_is_unused),
		cmocka_unit_test(judging_again_changes_nothing),
	};

	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
