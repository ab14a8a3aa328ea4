/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the causes of refused calls: one for each proof, and for each row of the table. */
#include "failures.h"

#include <leastcap/causes.h>

#include <sys/stat.h>

static void a_denied_check_is_the_cause(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *failure;

	(void)state;
	add_denied(&target, CAP_NET_ADMIN, "sendto", "EPERM");
	add_refused(&target, refused("sendto", "EPERM"))->denied = true;
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_CAPABILITY);
	assert_int_equal(failure->caps, LC_CAP_BIT(CAP_NET_ADMIN));
	assert_string_equal(failure->why, "The kernel asked for NET_ADMIN, and the process does not have it.");
	assert_string_equal(failure->help, "NET_ADMIN lets it through.");
	assert_false(failure->expected);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_NET_ADMIN));
}

static void a_setting_of_the_hosts_that_makes_the_kernel_ask_is_named(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_check *check = add_denied(&target, CAP_SYS_PTRACE, "ptrace", "EPERM");
	const struct lc_failure *failure;

	(void)state;
	free(check->caller);
	check->caller = strdup("yama_ptrace_access_check");
	/* Another check of the same call knows of no setting. */
	add_denied(&target, CAP_SYS_PTRACE, "ptrace", "EPERM");
	add_refused(&target, refused("ptrace", "EPERM"))->denied = true;
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_CAPABILITY);
	assert_int_equal(failure->caps, LC_CAP_BIT(CAP_SYS_PTRACE));
	assert_string_equal(failure->why,
		"The kernel asked for SYS_PTRACE, and the process does not have it. Yama asks for it where who looks into a process of the same user did not start that.");
	assert_string_equal(failure->help,
		"SYS_PTRACE lets it through. kernel.yama.ptrace_scope=0 on the host lets it through, too.");
	assert_null(lc_setting_find(NULL));
	assert_null(lc_setting_find("ptrace_attach"));
}

static void either_of_a_pair_lets_the_call_through(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_alternative *pair = row_of(CAP_BPF, CAP_SYS_ADMIN);
	struct lc_check check = narrow_check(pair, LC_VERDICT_DENIED);
	const struct lc_failure *failure;

	(void)state;
	check.syscall = strdup("bpf");
	check.exe = strdup("/bin/a");
	add(&target, check);
	check = wide_check(pair, LC_VERDICT_DENIED);
	check.syscall = strdup("bpf");
	check.exe = strdup("/bin/a");
	add(&target, check);
	add_refused(&target, refused("bpf", "EPERM"))->denied = true;
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_CAPABILITY);
	assert_int_equal(failure->caps, LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void what_the_engine_does_not_know_is_not_said_to_let_a_call_through(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_alternative *pair = row_of(CAP_BPF, CAP_SYS_ADMIN);
	struct lc_check check = narrow_check(pair, LC_VERDICT_DENIED);

	(void)state;
	free(target.engine_version);
	target.engine_version = strdup("20.10.24");
	check.syscall = strdup("bpf");
	check.exe = strdup("/bin/a");
	add(&target, check);
	add_refused(&target, refused("bpf", "EPERM"))->denied = true;
	assert_int_equal(judged_failure(&target)->caps, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void what_the_call_was_about_tells_which_check_it_was(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_denied(&target, CAP_DAC_OVERRIDE, "openat", "EACCES")->about = strdup("/a");
	add_denied(&target, CAP_SYS_PTRACE, "openat", "EACCES")->about = strdup("/proc/1/mem");
	add_refused(&target, about(refused("openat", "EACCES"), "/a"))->denied = true;
	add_refused(&target, about(refused("openat", "EACCES"), "/proc/1/mem"))->denied = true;
	add_refused(&target, about(refused("openat", "EACCES"), "/b"))->denied = true;
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.failures[0].caps & LC_CAP_BIT(CAP_SYS_PTRACE), 0);
	assert_int_equal(target.failures[1].caps, LC_CAP_BIT(CAP_SYS_PTRACE));
	assert_int_equal(target.failures[2].caps & LC_CAP_BIT(CAP_SYS_PTRACE), LC_CAP_BIT(CAP_SYS_PTRACE));
	assert_int_equal(target.failures[2].caps & LC_CAP_BIT(CAP_DAC_OVERRIDE), LC_CAP_BIT(CAP_DAC_OVERRIDE));
}

static void another_programs_check_is_not_the_cause(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_failure *failure;

	(void)state;
	add_denied(&target, CAP_NET_ADMIN, "sendto", "EPERM");
	failure = add_refused(&target, refused("sendto", "EPERM"));
	free(failure->exe);
	failure->exe = strdup("/bin/b");
	assert_int_not_equal(judged_failure(&target)->cause, LC_CAUSE_CAPABILITY);
}

static void a_check_in_another_call_of_the_kind_is_not_the_cause(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_denied(&target, CAP_DAC_OVERRIDE, "openat", "EACCES")->about = strdup("/a");
	/* No check was denied in this one. */
	add_refused(&target, about(refused("openat", "EROFS"), "/b"));
	assert_int_equal(judged_failure(&target)->cause, LC_CAUSE_FILE);
}

static void a_check_that_changed_nothing_is_not_the_cause(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_check check = denied_check(CAP_SYS_ADMIN, "cap_vm_enough_memory", "EACCES");

	(void)state;
	check.syscall = strdup("mprotect");
	check.exe = strdup("/bin/a");
	add(&target, check);
	add_refused(&target, refused("mprotect", "EACCES"))->denied = true;
	assert_int_equal(judged_failure(&target)->cause, LC_CAUSE_FILE);
}

static void a_capability_that_was_named_is_the_cause_without_a_check(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_check check = named_check(LC_SOURCE_CAPSET, CAP_NET_RAW, LC_VERDICT_DENIED);
	const struct lc_failure *failure;

	(void)state;
	check.exe = strdup("/bin/a");
	add(&target, check);
	add_refused(&target, refused("capset", "EPERM"));
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_CAPABILITY);
	assert_int_equal(failure->caps, LC_CAP_BIT(CAP_NET_RAW));
}

static void all_that_a_request_named_is_needed_together(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const int caps[] = {CAP_CHOWN, CAP_NET_RAW};
	const struct lc_failure *failure;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lc_check check = named_check(LC_SOURCE_CAPSET, caps[i], LC_VERDICT_DENIED);

		check.exe = strdup("/bin/a");
		add(&target, check);
	}
	add_refused(&target, refused("capset", "EPERM"));
	failure = judged_failure(&target);
	assert_int_equal(failure->caps, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_RAW));
	assert_string_equal(
		failure->why, "The kernel asked for CHOWN and NET_RAW, and the process does not have all of them.");
	assert_string_equal(failure->help, "CHOWN and NET_RAW let it through together.");
}

static void what_programs_go_on_without_is_said_to_be_tried_last(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *failure;

	(void)state;
	add_denied(&target, CAP_SYS_RESOURCE, "prlimit64", "EPERM");
	add_refused(&target, refused("prlimit64", "EPERM"))->denied = true;
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_CAPABILITY);
	assert_string_equal(failure->help,
		"SYS_RESOURCE lets it through. So does a higher hard limit (--ulimit nofile=…), within which nothing is asked. It is tried last, because programs go on below the limit that they asked for.");
}

/* The only cause of a write to a map of user namespaces, by USER in a container on KERNEL that was granted GRANTED. */
static enum lc_cause cause_of_map(const char *user, uint64_t granted, uint32_t kernel)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(granted);
	struct lc_failure *failure = add_refused(&target, about(refused("write", "EPERM"), "/proc/7/uid_map"));
	const struct lc_failure *judged;

	target.kernel = kernel;
	free(failure->user);
	failure->user = strdup(user);
	judged = judged_failure(&target);
	if (judged->cause == LC_CAUSE_CAPABILITY) {
		assert_int_equal(judged->caps, LC_CAP_BIT(CAP_SETFCAP));
		assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SETFCAP));
	}
	return judged->cause;
}

static void root_maps_itself_into_a_user_namespace_with_setfcap_alone(void **state)
{
	(void)state;
	assert_int_equal(cause_of_map("0:0", 0, LC_KERNEL(5, 12)), LC_CAUSE_CAPABILITY);
	assert_int_equal(cause_of_map("0:0", 0, LC_KERNEL(5, 10)), LC_CAUSE_FILE);
	assert_int_equal(cause_of_map("0:0", LC_CAP_BIT(CAP_SETFCAP), LC_KERNEL(5, 12)), LC_CAUSE_FILE);
	assert_int_equal(cause_of_map("1000:1000", 0, LC_KERNEL(5, 12)), LC_CAUSE_FILE);
}

static void an_executables_capability_is_the_cause_of_a_refused_execve(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_check check = named_check(LC_SOURCE_FILE, CAP_NET_RAW, LC_VERDICT_DENIED);

	(void)state;
	check.exe = strdup("/usr/bin/ping");
	check.about = strdup("/usr/bin/ping carries cap_net_raw=ep");
	add(&target, check);
	add_refused(&target, about(refused("execve", "EPERM"), "/usr/bin/ping"));
	assert_int_equal(judged_failure(&target)->caps, LC_CAP_BIT(CAP_NET_RAW));
}

static void what_is_denied_without_consequence_hides_no_cause(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_check check = named_check(LC_SOURCE_FILE, CAP_NET_RAW, LC_VERDICT_DENIED);
	struct lc_check *overcommit = add_denied(&target, CAP_SYS_ADMIN, "execve", "EPERM");

	(void)state;
	free(overcommit->caller);
	overcommit->caller = strdup("security_vm_enough_memory_mm");
	overcommit->about = strdup("/usr/bin/ping");
	check.exe = strdup("/usr/bin/ping");
	check.about = strdup("/usr/bin/ping carries cap_net_raw=ep");
	add(&target, check);
	add_refused(&target, about(refused("execve", "EPERM"), "/usr/bin/ping"))->denied = true;
	assert_int_equal(judged_failure(&target)->caps, LC_CAP_BIT(CAP_NET_RAW));
}

static void a_check_that_is_not_among_the_evidence_is_all_that_is_known(void **state)
{
	struct lc_failure failure = refused("sendto", "EPERM");

	(void)state;
	failure.denied = true;
	assert_cause(failure, LC_CAUSE_CAPABILITY);
}

static void what_the_container_has_the_program_gave_up(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SETUID));
	const struct lc_failure *failure;

	(void)state;
	add_denied(&target, CAP_SETUID, "setuid", "EPERM");
	add_refused(&target, refused("setuid", "EPERM"))->denied = true;
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_CAPABILITY);
	assert_non_null(strstr(failure->help, "The container has SETUID already"));
	assert_int_equal(target.wanted, 0);
}

static void an_ordinary_users_file_is_the_files_affair(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_failure *failure;

	(void)state;
	free(target.user);
	target.user = strdup("33:33");
	add_denied(&target, CAP_DAC_OVERRIDE, "openat", "EACCES");
	failure = add_refused(&target, on_file(refused("openat", "EACCES"), "/etc/shadow", S_IFREG | 0600));
	failure->denied = true;
	free(failure->user);
	failure->user = strdup("33:33");
	judged_failure(&target);
	assert_int_equal(target.failures[0].cause, LC_CAUSE_FILE);
	assert_non_null(strstr(target.failures[0].why, "as uid 33. /etc/shadow is root:root 0600."));
	assert_non_null(strstr(target.failures[0].help, "What helps is another owner or mode of /etc/shadow"));
	assert_non_null(strstr(target.failures[0].help, "setcap"));
}

static void roots_file_is_opened_by_a_capability_or_another_mode(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *failure;

	(void)state;
	add_denied(&target, CAP_DAC_OVERRIDE, "openat", "EACCES");
	add_refused(&target, on_file(refused("openat", "EACCES"), "/data", S_IFREG | 0600))->denied = true;
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_CAPABILITY);
	assert_non_null(strstr(failure->why, " /data is root:root 0600."));
	assert_non_null(strstr(failure->help, " lets it through. So does another owner or mode of /data"));
}

static void a_check_within_a_limit_says_so(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	add_denied(&target, CAP_SYS_NICE, "setpriority", "EACCES");
	add_refused(&target, refused("setpriority", "EACCES"))->denied = true;
	assert_non_null(strstr(judged_failure(&target)->help, "--ulimit nice="));
}

static void a_question_beyond_the_user_namespace_is_no_lists_affair(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_TIME));
	const struct lc_failure *failure;

	(void)state;
	add_denied(&target, CAP_SYS_TIME, "clock_settime", "EPERM")->authority = LC_AUTHORITY_BEYOND;
	add_refused(&target, refused("clock_settime", "EPERM"))->denied = true;
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_NAMESPACE);
	assert_int_equal(failure->caps, 0);
	assert_non_null(strstr(failure->help, "--userns=host"));
}

static void what_no_new_privs_makes_void_no_list_gives(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	struct lc_failure *failure;

	(void)state;
	free(target.user);
	target.user = strdup("1000:1000");
	add_denied(&target, CAP_NET_BIND_SERVICE, "bind", "EACCES");
	failure = add_refused(&target, refused("bind", "EACCES"));
	failure->denied = failure->no_new_privs = failure->void_file = true;
	judged_failure(&target);
	assert_int_equal(target.failures[0].cause, LC_CAUSE_NO_NEW_PRIVS);
	assert_int_equal(target.failures[0].caps, 0);
	assert_int_equal(target.wanted, 0);
	/* What the container does not hold no file can give either. */
	target.granted = 0;
	judged_failure(&target);
	assert_int_equal(target.failures[0].cause, LC_CAUSE_CAPABILITY);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_NET_BIND_SERVICE));
}

static void a_void_file_explains_a_call_without_a_check(void **state)
{
	struct lc_failure failure = refused("keyctl", "EACCES");

	(void)state;
	failure.no_new_privs = failure.void_file = true;
	assert_cause(failure, LC_CAUSE_NO_NEW_PRIVS);
}

static void no_void_file_explains_that_a_plain_file_can_not_be_waited_for(void **state)
{
	struct lc_failure failure = refused("epoll_ctl", "EPERM");

	(void)state;
	failure.no_new_privs = failure.void_file = true;
	assert_cause(failure, LC_CAUSE_FILE);
}

static void the_engines_filter_is_opened_by_a_capability(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *failure;

	(void)state;
	add_refused(&target, filtered_call("mount"));
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_FILTER);
	assert_int_equal(failure->caps, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_string_equal(failure->why, "Docker's filter refused it before the kernel was asked.");
	assert_string_equal(failure->help, "With SYS_ADMIN it lets it through.");
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void what_newer_kernels_accept_is_named_alone(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	/* Docker's filter takes SYS_ADMIN for it, too; the kernel then asks, and since 6.12 only for this one. */
	add_refused(&target, filtered_call("syslog"));
	assert_int_equal(judged_failure(&target)->caps, LC_CAP_BIT(CAP_SYSLOG));
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SYSLOG));
}

static void what_no_capability_opens_another_filter_would(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *failure;

	(void)state;
	add_refused(&target, filtered_call("keyctl"));
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_FILTER);
	assert_int_equal(failure->caps, 0);
	assert_string_equal(failure->help, "No capability opens it; a seccomp profile of your own would.");
	assert_int_equal(target.wanted, 0);
}

static void what_the_default_filter_lets_through_another_one_refused(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_ADMIN));

	(void)state;
	add_refused(&target, filtered_call("mount"));
	add_refused(&target, filtered_call("openat"));
	assert_int_equal(lc_judge_target(&target), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(target.failures[i].cause, LC_CAUSE_FILTER);
		assert_int_equal(target.failures[i].caps, 0);
		assert_non_null(strstr(target.failures[i].why, "Docker's default one would have let it through"));
	}
	assert_int_equal(target.wanted, 0);
}

/* A container that was started with PROFILE, and was refused mount. */
static struct lc_target with_profile(const char *profile)
{
	struct lc_target target = container(0);

	target.own_filter = true;
	target.own_profile = strdup(profile);
	add_refused(&target, filtered_call("mount"));
	return target;
}

static void the_users_own_profile_refuses_by_the_entry_that_is_named(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = with_profile(
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ERRNO\"}]}");
	const struct lc_failure *failure = judged_failure(&target);

	(void)state;
	assert_string_equal(failure->why,
		"Your own seccomp profile refused it before the kernel was asked: entry 1 of its syscalls says SCMP_ACT_ERRNO.");
	assert_int_equal(failure->caps, 0);
	assert_int_equal(target.wanted, 0);
}

static void what_opens_the_users_own_profile_is_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = with_profile(
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}}]}");
	const struct lc_failure *failure = judged_failure(&target);

	(void)state;
	assert_int_equal(failure->caps, LC_CAP_BIT(CAP_SYS_ADMIN));
	assert_string_equal(failure->help, "With SYS_ADMIN the profile lets it through.");
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void what_the_users_own_profile_said_is_kept_where_it_is_not_at_hand_any_more(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = with_profile(
		"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}}]}");

	(void)state;
	judged_failure(&target);
	free(target.own_profile);
	target.own_profile = NULL;
	assert_int_equal(lc_judge_target(&target), 0);
	assert_string_equal(target.failures[0].rule,
		"no entry of its syscalls lets it through, and its defaultAction is SCMP_ACT_ERRNO");
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void a_programs_own_filter_refuses_on_purpose(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *failure;

	(void)state;
	target.seccomp = false;
	add_refused(&target, filtered_call("mount"));
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_FILTER);
	assert_int_equal(failure->caps, 0);
	assert_true(failure->expected);
	assert_int_equal(target.wanted, 0);
}

static void a_services_filter_is_the_units(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_SERVICE};
	const struct lc_failure *failure;

	(void)state;
	add_refused(&target, filtered_call("mount"));
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_FILTER);
	assert_int_equal(failure->caps, 0);
	assert_false(failure->expected);
	assert_non_null(strstr(failure->why, "SystemCallFilter="));
}

static void an_engine_that_nobody_knows_has_a_filter_that_nobody_knows(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	free(target.engine);
	target.engine = strdup("lxc");
	add_refused(&target, filtered_call("mount"));
	assert_int_equal(judged_failure(&target)->caps, 0);
	assert_string_equal(target.failures[0].why, "LXC's filter refused it before the kernel was asked.");
}

static void a_filter_that_was_not_read_would_refuse(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *failure;

	(void)state;
	add_refused(&target, refused("mount", "EPERM"))->filter = LC_FILTER_UNKNOWN;
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_FILTER);
	assert_non_null(strstr(failure->why, "would refuse it"));
	assert_int_equal(failure->caps, LC_CAP_BIT(CAP_SYS_ADMIN));
}

static void a_filter_that_was_not_read_is_not_the_cause_of_another_error(void **state)
{
	struct lc_failure failure = refused("mount", "EACCES");
	struct lc_failure asked = refused("mount", "EPERM");
	struct lc_failure open = refused("openat", "EPERM");

	(void)state;
	asked.asked = true;
	failure.filter = asked.filter = open.filter = LC_FILTER_UNKNOWN;
	assert_cause(failure, LC_CAUSE_FILE);
	assert_cause(asked, LC_CAUSE_FILE);
	assert_cause(open, LC_CAUSE_FILE);
}

static void a_filter_that_lets_the_call_through_is_not_the_cause(void **state)
{
	(void)state;
	assert_cause(refused("syslog", "EPERM"), LC_CAUSE_UNKNOWN);
}

static void a_policy_decides_about_calls_whatever_capabilities_there_are(void **state)
{
	static const struct {
		const char *label;
		const char *says;
		enum lc_cause cause;
	} labels[] = {
		{"docker-default (enforce)", "AppArmor confines the container as docker-default (enforce)",
			LC_CAUSE_CONFINEMENT},
		{"system_u:system_r:container_t:s0:c1,c2", "SELinux confines the container", LC_CAUSE_CONFINEMENT},
		{"_", "Smack confines the container as _", LC_CAUSE_CONFINEMENT},
		{"docker-default (complain)", "", LC_CAUSE_FILE},
		{"unconfined", "", LC_CAUSE_FILE},
		{"system_u:system_r:spc_t:s0", "", LC_CAUSE_FILE},
		{"unconfined_u:unconfined_r:unconfined_t:s0", "", LC_CAUSE_FILE},
		{NULL, "", LC_CAUSE_FILE},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_ADMIN));
		const struct lc_failure *failure;

		target.label = labels[i].label ? strdup(labels[i].label) : NULL;
		add_refused(&target, refused("mount", "EACCES"));
		failure = judged_failure(&target);
		assert_int_equal(failure->cause, labels[i].cause);
		assert_int_equal(failure->caps, 0);
		assert_non_null(strstr(failure->why, labels[i].says));
	}
}

static void a_program_that_has_restricted_itself_is_refused_by_that(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_failure own = refused("openat", "EACCES"), others = refused("openat", "EACCES"),
			  inherited = refused("openat", "EACCES");

	(void)state;
	target.landlock = strdup("/usr/bin/sandboxer");
	free(own.exe);
	own.exe = strdup("/usr/bin/sandboxer");
	inherited.no_new_privs = true;
	assert_string_not_equal(others.exe, "/usr/bin/sandboxer");
	add_refused(&target, own);
	add_refused(&target, inherited);
	add_refused(&target, others);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.n_failures, 3);
	for (size_t i = 0; i < 3; i++) {
		const struct lc_failure *failure = &target.failures[i];
		bool restricted = failure->no_new_privs || strcmp(failure->exe, "/usr/bin/sandboxer") == 0;

		assert_int_equal(failure->cause == LC_CAUSE_CONFINEMENT, restricted);
		assert_int_equal(strstr(failure->why, "Landlock") != NULL, restricted);
		assert_true(!restricted || !failure->caps);
	}
}

/* A call that was refused to a program that has restricted itself, in a container with LABEL. */
static void assert_mediated(
	const char *label, const char *syscall, const char *result, enum lc_cause cause, const char *says)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_SYS_ADMIN));
	const struct lc_failure *failure;

	if (label)
		target.label = strdup(label);
	else
		target.landlock = strdup("/bin/a");
	add_refused(&target, refused(syscall, result));
	failure = judged_failure(&target);
	assert_string_equal(lc_cause_name(failure->cause), lc_cause_name(cause));
	assert_non_null(strstr(failure->why, says));
	assert_int_equal(failure->caps, 0);
}

static void landlock_refuses_with_other_errors_than_policies_do(void **state)
{
	static const char *const docker = "docker-default (enforce)";

	(void)state;
	assert_mediated(NULL, "openat", "EACCES", LC_CAUSE_CONFINEMENT, "Landlock decides about files.");
	assert_mediated(NULL, "mount", "EPERM", LC_CAUSE_CONFINEMENT, "Landlock decides about mounts.");
	assert_mediated(NULL, "ptrace", "EPERM", LC_CAUSE_CONFINEMENT,
		"Landlock decides about processes that look into others.");
	assert_mediated(NULL, "kill", "EPERM", LC_CAUSE_CONFINEMENT, "Landlock decides about signals.");
	assert_mediated(NULL, "bind", "EACCES", LC_CAUSE_CONFINEMENT, "Landlock decides about TCP ports.");
	assert_mediated(NULL, "openat", "EPERM", LC_CAUSE_FILE, "");
	assert_mediated(NULL, "io_uring_setup", "EACCES", LC_CAUSE_UNKNOWN, "");
	assert_mediated(
		docker, "mount", "EACCES", LC_CAUSE_CONFINEMENT, "AppArmor confines the container as docker-default");
	assert_mediated(docker, "mount", "EPERM", LC_CAUSE_FILE, "");
	assert_mediated(docker, "kill", "EACCES", LC_CAUSE_CONFINEMENT, "signals");
	/* It makes an EPERM of whatever refuses it. */
	assert_mediated(docker, "process_vm_readv", "EPERM", LC_CAUSE_CONFINEMENT, "processes that look into others");
	assert_mediated(docker, "ptrace", "EPERM", LC_CAUSE_UNKNOWN, "Yama");
}

static void a_profile_that_is_no_engines_own_may_forbid_a_capability_that_was_granted(void **state)
{
	static const struct {
		const char *label;
		bool forbids;
	} labels[] = {
		{"my-profile (enforce)", true},
		{"docker-default-mine (enforce)", true},
		{"docker-default (enforce)", false},
		{"cri-containerd.apparmor.d (enforce)", false},
		{"crio-default (enforce)", false},
		{"containers-default-0.50.1 (enforce)", false},
		{"my-profile (complain)", false},
		{"system_u:system_r:container_t:s0:c1,c2", false},
		{NULL, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		for (int how = 0; how < 3; how++) {
			_cleanup_(lc_target_clear) struct lc_target target = container(LC_CAP_BIT(CAP_CHOWN));
			/* Granted; not asked at all; granted for another file. */
			if (how != 1)
				add_denied(&target, CAP_CHOWN, "fchownat", NULL)->verdict = LC_VERDICT_GRANTED;
			if (how == 2)
				target.evidence[0].about = strdup("/other");
			add_refused(&target, refused("fchownat", "EPERM"));
			target.label = labels[i].label ? strdup(labels[i].label) : NULL;
			judged_failure(&target);
			assert_int_equal(
				target.failures[0].cause == LC_CAUSE_CONFINEMENT, labels[i].forbids && how == 0);
		}
	}
}

static void what_is_confined_is_called_what_it_is(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {
		.kind = LC_TARGET_SERVICE, .label = strdup("named (enforce)")};
	const struct lc_failure *failure;

	(void)state;
	add_refused(&target, refused("openat", "EACCES"));
	failure = judged_failure(&target);
	assert_string_equal(failure->why,
		"AppArmor confines what runs there as named (enforce), no capability was lacking, and the policy decides about files.");
	/* An option of an engine's is of no use there. */
	assert_null(strstr(failure->help, "--security-opt"));
	assert_non_null(strstr(failure->help, "auditd"));
}

static void a_policy_is_not_the_cause_where_a_check_was_denied_or_a_mode_tells(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);

	(void)state;
	target.label = strdup("docker-default (enforce)");
	add_denied(&target, CAP_DAC_OVERRIDE, "openat", "EACCES");
	add_refused(&target, refused("openat", "EACCES"))->denied = true;
	add_refused(&target, on_file(refused("execve", "EACCES"), "/x", S_IFREG | 0644));
	add_refused(&target, refused("openat", "EROFS"));
	/* What no policy decides about. */
	add_refused(&target, refused("getpid", "EACCES"));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.failures[0].cause, LC_CAUSE_CAPABILITY);
	assert_int_equal(target.failures[1].cause, LC_CAUSE_FILE);
	assert_int_equal(target.failures[2].cause, LC_CAUSE_FILE);
	assert_int_equal(target.failures[3].cause, LC_CAUSE_UNKNOWN);
}

static void every_limit_is_told_with_the_capability_that_lifts_it(void **state)
{
	size_t n;
	const struct lc_limit *limits = lc_limits(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < LC_REFUSAL_CALLS && limits[i].calls[k]; k++) {
			_cleanup_(lc_target_clear) struct lc_target target = container(0);
			const struct lc_failure *failure;

			add_refused(&target, refused(limits[i].calls[k], limits[i].result));
			failure = judged_failure(&target);
			assert_int_equal(failure->cause, LC_CAUSE_LIMIT);
			assert_int_equal(failure->caps, LC_CAP_BIT(limits[i].cap));
			assert_non_null(strstr(failure->why, limits[i].limit));
			assert_non_null(strstr(failure->help, limits[i].ulimit));
			/* It is no capability's affair first. */
			assert_int_equal(target.wanted, 0);
		}
	}
}

/* A call that ROW is about. */
static struct lc_failure example_of(const struct lc_refusal *row)
{
	static const char *const calls[LC_REFUSAL_WHEN_N] = {
		[LC_REFUSAL_ALWAYS] = "openat",
		[LC_REFUSAL_FILE] = "unlinkat",
		[LC_REFUSAL_NOT_OF_FILTER] = "clone3",
		[LC_REFUSAL_KERNELS] = "openat",
	};
	static const uint32_t modes[LC_REFUSAL_WHEN_N] = {
		[LC_REFUSAL_DEVICE] = S_IFCHR | 0666,
		[LC_REFUSAL_DIRECTORY] = S_IFDIR | 0755,
		[LC_REFUSAL_NO_EXECUTE] = S_IFREG | 0644,
	};
	struct lc_failure failure = refused(row->calls[0] ? row->calls[0] : calls[row->when], row->results[0]);

	failure.asked = row->when == LC_REFUSAL_GRANTED;
	return on_file(failure, row->when == LC_REFUSAL_KERNELS ? "/proc/sys/kernel/x" : "/x",
		modes[row->when] ? modes[row->when] : S_IFREG | 0755);
}

static void every_row_of_the_table_is_the_cause_of_its_calls(void **state)
{
	size_t n;
	const struct lc_refusal *rows = lc_refusals(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		_cleanup_(lc_target_clear) struct lc_target target = container(0);
		const struct lc_failure *failure;

		add_refused(&target, example_of(&rows[i]));
		failure = judged_failure(&target);
		if (failure->cause != rows[i].cause || strncmp(failure->why, rows[i].why, strlen(rows[i].why)) != 0)
			fail_msg("row %zu (%s): %s", i, rows[i].why, failure->why);
		if (rows[i].help)
			assert_string_equal(failure->help, rows[i].help);
		else
			assert_null(failure->help);
		if (rows[i].expected)
			assert_true(failure->expected);
		assert_int_equal(failure->caps, 0);
	}
}

static void what_the_rows_say_is_whole_sentences(void **state)
{
	size_t n;
	const struct lc_refusal *rows = lc_refusals(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *texts[] = {rows[i].why, rows[i].help ? rows[i].help : "Nothing."};

		for (size_t k = 0; k < 2; k++) {
			assert_true(strlen(texts[k]) > 5);
			assert_int_equal(texts[k][strlen(texts[k]) - 1], '.');
		}
		/* A row that says "after" the policy is one that guesses. */
		assert_true(rows[i].cause < LC_CAUSE_N);
	}
}

static void what_nothing_explains_is_said_to_be_so(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *failure;

	(void)state;
	add_refused(&target, refused("getpid", "EPERM"));
	failure = judged_failure(&target);
	assert_int_equal(failure->cause, LC_CAUSE_UNKNOWN);
	assert_string_equal(failure->why,
		"Nothing that is known explains why getpid failed with EPERM: no capability was asked for.");
	assert_null(failure->help);
	assert_false(failure->expected);
}

static void a_refused_call_is_judged_by_itself_too(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	_cleanup_(lc_failure_clear) struct lc_failure failure = filtered_call("mount");

	(void)state;
	failure.why = strdup("what was said before");
	assert_int_equal(lc_judge_failure(&failure, &target), 0);
	assert_int_equal(failure.cause, LC_CAUSE_FILTER);
	assert_string_equal(failure.why, "Docker's filter refused it before the kernel was asked.");
}

static void what_nothing_is_known_of_is_judged_as_well(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};

	(void)state;
	for (int denied = 0; denied < 2; denied++) {
		for (int answer = 0; answer < LC_FILTER_ANSWERS_N; answer++)
			add_refused(&target,
				(struct lc_failure){.denied = denied, .filter = (enum lc_filter_answer)answer});
	}
	assert_int_equal(lc_judge_target(&target), 0);
	for (size_t i = 0; i < target.n_failures; i++)
		assert_non_null(target.failures[i].why);
}

static void what_stands_for_many_keeps_what_was_found_of_them(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	struct lc_failure *failure =
		add_refused(&target, about(refused("openat", "EACCES"), "7 more kinds of calls like these"));

	(void)state;
	free(failure->exe);
	failure->exe = NULL;
	failure->cause = LC_CAUSE_DEVICE;
	failure->expected = true;
	failure->why = strdup("For a test.");
	assert_int_equal(judged_failure(&target)->cause, LC_CAUSE_DEVICE);
	assert_string_equal(target.failures[0].why, "For a test.");
	assert_true(target.failures[0].expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_denied_check_is_the_cause),
		cmocka_unit_test(a_setting_of_the_hosts_that_makes_the_kernel_ask_is_named),
		cmocka_unit_test(either_of_a_pair_lets_the_call_through),
		cmocka_unit_test(what_the_engine_does_not_know_is_not_said_to_let_a_call_through),
		cmocka_unit_test(what_the_call_was_about_tells_which_check_it_was),
		cmocka_unit_test(another_programs_check_is_not_the_cause),
		cmocka_unit_test(a_check_in_another_call_of_the_kind_is_not_the_cause),
		cmocka_unit_test(a_check_that_changed_nothing_is_not_the_cause),
		cmocka_unit_test(a_capability_that_was_named_is_the_cause_without_a_check),
		cmocka_unit_test(all_that_a_request_named_is_needed_together),
		cmocka_unit_test(what_programs_go_on_without_is_said_to_be_tried_last),
		cmocka_unit_test(root_maps_itself_into_a_user_namespace_with_setfcap_alone),
		cmocka_unit_test(an_executables_capability_is_the_cause_of_a_refused_execve),
		cmocka_unit_test(what_is_denied_without_consequence_hides_no_cause),
		cmocka_unit_test(a_check_that_is_not_among_the_evidence_is_all_that_is_known),
		cmocka_unit_test(what_the_container_has_the_program_gave_up),
		cmocka_unit_test(an_ordinary_users_file_is_the_files_affair),
		cmocka_unit_test(roots_file_is_opened_by_a_capability_or_another_mode),
		cmocka_unit_test(a_check_within_a_limit_says_so),
		cmocka_unit_test(a_question_beyond_the_user_namespace_is_no_lists_affair),
		cmocka_unit_test(what_no_new_privs_makes_void_no_list_gives),
		cmocka_unit_test(a_void_file_explains_a_call_without_a_check),
		cmocka_unit_test(no_void_file_explains_that_a_plain_file_can_not_be_waited_for),
		cmocka_unit_test(the_engines_filter_is_opened_by_a_capability),
		cmocka_unit_test(what_newer_kernels_accept_is_named_alone),
		cmocka_unit_test(what_no_capability_opens_another_filter_would),
		cmocka_unit_test(what_the_default_filter_lets_through_another_one_refused),
		cmocka_unit_test(the_users_own_profile_refuses_by_the_entry_that_is_named),
		cmocka_unit_test(what_opens_the_users_own_profile_is_wanted),
		cmocka_unit_test(what_the_users_own_profile_said_is_kept_where_it_is_not_at_hand_any_more),
		cmocka_unit_test(a_programs_own_filter_refuses_on_purpose),
		cmocka_unit_test(a_services_filter_is_the_units),
		cmocka_unit_test(an_engine_that_nobody_knows_has_a_filter_that_nobody_knows),
		cmocka_unit_test(a_filter_that_was_not_read_would_refuse),
		cmocka_unit_test(a_filter_that_was_not_read_is_not_the_cause_of_another_error),
		cmocka_unit_test(a_filter_that_lets_the_call_through_is_not_the_cause),
		cmocka_unit_test(a_policy_decides_about_calls_whatever_capabilities_there_are),
		cmocka_unit_test(a_program_that_has_restricted_itself_is_refused_by_that),
		cmocka_unit_test(landlock_refuses_with_other_errors_than_policies_do),
		cmocka_unit_test(a_profile_that_is_no_engines_own_may_forbid_a_capability_that_was_granted),
		cmocka_unit_test(what_is_confined_is_called_what_it_is),
		cmocka_unit_test(a_policy_is_not_the_cause_where_a_check_was_denied_or_a_mode_tells),
		cmocka_unit_test(every_limit_is_told_with_the_capability_that_lifts_it),
		cmocka_unit_test(every_row_of_the_table_is_the_cause_of_its_calls),
		cmocka_unit_test(what_the_rows_say_is_whole_sentences),
		cmocka_unit_test(what_nothing_explains_is_said_to_be_so),
		cmocka_unit_test(a_refused_call_is_judged_by_itself_too),
		cmocka_unit_test(what_nothing_is_known_of_is_judged_as_well),
		cmocka_unit_test(what_stands_for_many_keeps_what_was_found_of_them),
	};

	return cmocka_run_group_tests_name("causes of refused calls", tests, NULL, NULL);
}
