/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests what the doctor says of hosts on which one thing or another is wrong. */
#include "doctor_tree.h"

#include <leastcap/capset.h>

#include <errno.h>

#define BPF_ONLY (LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_PERFMON))

static void a_host_with_nothing_wrong_is_ok(void **state)
{
	const struct doctored *doctored = *state;

	examine(state, "kernel");
	for (size_t i = 0; i < doctored->diagnosis.n; i++) {
		const struct lc_doctor_finding *finding = &doctored->diagnosis.list[i];

		if (finding->state != LC_DOCTOR_OK || finding->cost.length || finding->remedy.length)
			fail_msg("%s is %s: %s", finding->name, lc_doctor_state_name(finding->state),
				finding->found.text);
		assert_true(finding->found.length > 0);
	}
	assert_int_equal(lc_diagnosis_worst(&doctored->diagnosis), LC_DOCTOR_OK);
}

static void the_kernel_is_named_with_its_architecture(void **state)
{
	assert_finding(state, "kernel", LC_DOCTOR_OK, "6.12.30-cloud-amd64, x86_64");
}

static void kernels_older_than_5_10_cannot_record(void **state)
{
	put(state, "/proc/sys/kernel/osrelease", "5.9.16\n");
	assert_tells(&assert_finding(state, "kernel", LC_DOCTOR_MISSING, "5.9.16")->remedy, "5.10");
	put(state, "/proc/sys/kernel/osrelease", "4.19.0-27-amd64\n");
	assert_finding(state, "kernel", LC_DOCTOR_MISSING, "4.19");
	put(state, "/proc/sys/kernel/osrelease", "5.10.0-35-amd64\n");
	assert_finding(state, "kernel", LC_DOCTOR_OK, "5.10");
}

static void without_btf_the_remedy_is_a_file_with_it(void **state)
{
	put(state, "/sys/kernel/btf/vmlinux", NULL);
	assert_tells(&assert_finding(state, "btf", LC_DOCTOR_MISSING, "/sys/kernel/btf/vmlinux")->remedy, "--btf FILE");
}

static void a_file_with_btf_stands_in_for_the_kernels(void **state)
{
	struct doctored *doctored = *state;

	put(state, "/sys/kernel/btf/vmlinux", NULL);
	doctored->host.btf = "/proc/self/exe";
	assert_finding(state, "btf", LC_DOCTOR_OK, "/proc/self/exe");
	doctored->host.btf = "/nowhere/there.btf";
	assert_finding(state, "btf", LC_DOCTOR_MISSING, "/nowhere/there.btf: No such file");
}

static void lockdown_for_confidentiality_cannot_record(void **state)
{
	put(state, "/sys/kernel/security/lockdown", "none integrity [confidentiality]\n");
	assert_tells(&assert_finding(state, "lockdown", LC_DOCTOR_MISSING, "confidentiality")->remedy, "integrity");
}

static void lockdown_for_integrity_is_fine(void **state)
{
	put(state, "/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	assert_finding(state, "lockdown", LC_DOCTOR_OK, "integrity");
}

static void a_kernel_without_lockdown_is_fine(void **state)
{
	put(state, "/sys/kernel/security/lockdown", NULL);
	assert_finding(state, "lockdown", LC_DOCTOR_OK, "none");
}

static void lockdown_that_cannot_be_read_matters_only_where_recording_fails(void **state)
{
	struct doctored *doctored = *state;

	put(state, "/sys/kernel/security/lockdown", NULL);
	put(state, "/sys/kernel/security/lsm", NULL);
	assert_finding(state, "lockdown", LC_DOCTOR_OK, "securityfs is not mounted");
	doctored->host.trial_error = -EPERM;
	assert_tells(
		&assert_finding(state, "lockdown", LC_DOCTOR_UNKNOWN, "No such file")->remedy, "mount -t securityfs");
}

static void a_vital_capability_that_is_missing_cannot_record(void **state)
{
	put_capabilities(state, LC_CAP_BIT(CAP_PERFMON) | LC_CAP_BIT(CAP_SYSLOG));
	assert_finding(state, "privileges", LC_DOCTOR_MISSING, "CAP_BPF is missing");
}

static void every_missing_capability_is_named(void **state)
{
	put_capabilities(state, 0);
	assert_tells(
		&assert_finding(state, "privileges", LC_DOCTOR_MISSING, "CAP_BPF, CAP_PERFMON, CAP_SYSLOG are")->remedy,
		"root");
}

static void sys_admin_stands_in_for_bpf_and_perfmon(void **state)
{
	put_capabilities(state, LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_SYSLOG));
	assert_finding(state, "privileges", LC_DOCTOR_OK, "every");
}

static void a_capability_that_only_tells_more_degrades_and_says_what_is_lost(void **state)
{
	put_capabilities(state, BPF_ONLY);
	assert_tells(&assert_finding(state, "privileges", LC_DOCTOR_DEGRADED, "CAP_SYSLOG is missing")->cost,
		"without CAP_SYSLOG: call sites unknown");
}

static void root_without_capabilities_is_told_that_they_were_taken_away(void **state)
{
	put(state, "/proc/self/status", "Uid:\t0\t0\t0\t0\nCapEff:\t00000000a80425fb\n");
	assert_tells(&assert_finding(state, "privileges", LC_DOCTOR_MISSING, "are missing")->remedy, "takes them away");
}

static void roots_capabilities_in_a_user_namespace_do_not_count(void **state)
{
	put_namespace(state, "user", "4026532448");
	assert_finding(state, "privileges", LC_DOCTOR_MISSING, "user namespace");
}

static void one_hook_that_works_is_enough_and_the_others_are_told_with_the_reason(void **state)
{
	struct doctored *doctored = *state;

	doctored->host.hooks[0].error = -EPERM;
	doctored->host.hooks[2].error = -ENOENT;
	assert_finding(state, "hooks", LC_DOCTOR_OK,
		"tp_btf; not here: fexit (this kernel forbids it), kprobe (this kernel lacks it)");
}

static void with_few_capabilities_a_refused_hook_is_not_blamed_on_the_kernel(void **state)
{
	struct doctored *doctored = *state;

	put_capabilities(state, BPF_ONLY);
	doctored->host.hooks[0].error = -EPERM;
	assert_finding(state, "hooks", LC_DOCTOR_OK, "tp_btf, kprobe; not here: fexit (not permitted)");
}

static void without_any_hook_nothing_can_be_recorded(void **state)
{
	struct doctored *doctored = *state;

	for (size_t i = 0; i < 3; i++)
		doctored->host.hooks[i].error = -ENOENT;
	doctored->host.trial_error = -ENOENT;
	assert_finding(state, "hooks", LC_DOCTOR_MISSING, "none; not here: fexit (this kernel lacks it), tp_btf");
}

static void a_seccomp_filter_is_named_where_no_hook_works(void **state)
{
	struct doctored *doctored = *state;

	put(state, "/proc/self/status", "CapEff:\t000001ffffffffff\nSeccomp:\t2\n");
	doctored->host.hooks[1].error = -EPERM;
	assert_finding(state, "hooks", LC_DOCTOR_OK, "not here: tp_btf (this kernel forbids it)");
	doctored->host.hooks[0].error = doctored->host.hooks[2].error = doctored->host.trial_error = -EPERM;
	assert_tells(
		&assert_finding(state, "hooks", LC_DOCTOR_MISSING, "seccomp filter")->remedy, "seccomp=unconfined");
}

static void hooks_cannot_be_told_without_privileges(void **state)
{
	struct doctored *doctored = *state;

	put_capabilities(state, 0);
	doctored->host.hooks[0].error = doctored->host.hooks[1].error = -EPERM;
	doctored->host.trial_error = -EPERM;
	assert_finding(state, "hooks", LC_DOCTOR_UNKNOWN, "can't be told without CAP_BPF");
	assert_finding(state, "recording", LC_DOCTOR_UNKNOWN, "can't be tried without CAP_BPF");
}

static void the_reason_does_not_send_its_reader_to_the_doctor(void **state)
{
	struct doctored *doctored = *state;
	char message[] = "no hook; see 'leastcap doctor'; it takes root";

	doctored->host.trial_error = -EINVAL;
	doctored->host.trial_message = message;
	assert_finding(state, "recording", LC_DOCTOR_MISSING, "tried: no hook; it takes root");
}

static void a_recording_that_does_not_begin_says_why(void **state)
{
	struct doctored *doctored = *state;
	char message[] = "could not attach cgroup_made: Invalid argument";

	doctored->host.trial_error = -EINVAL;
	doctored->host.trial_message = message;
	assert_finding(state, "recording", LC_DOCTOR_MISSING, message);
}

static void where_the_kernel_refuses_to_nobody_trials_are_the_engines(void **state)
{
	struct doctored *doctored = *state;
	char message[] = "this kernel lets no program refuse capabilities; 'leastcap prove' tries by the engine";

	assert_finding(state, "trials", LC_DOCTOR_OK, "by the kernel in what already runs");
	doctored->host.refusal_error = -ENOEXEC;
	doctored->host.refusal_message = message;
	assert_finding(state, "trials", LC_DOCTOR_OK, message);
	doctored->host.trial_error = -EPERM;
	assert_finding(state, "trials", LC_DOCTOR_UNKNOWN, "nothing is recorded here");
}

static void hidden_symbols_degrade_and_the_remedy_fits_the_cause(void **state)
{
	put(state, "/proc/kallsyms", "0000000000000000 T _stext\n0000000000000000 T cap_capable\n");
	put(state, "/proc/sys/kernel/kptr_restrict", "2\n");
	assert_tells(
		&assert_finding(state, "symbols", LC_DOCTOR_DEGRADED, "is 2")->remedy, "sysctl kernel.kptr_restrict=1");
	put(state, "/proc/sys/kernel/kptr_restrict", "1\n");
	put_capabilities(state, BPF_ONLY);
	assert_tells(&assert_finding(state, "symbols", LC_DOCTOR_DEGRADED, "CAP_SYSLOG is missing")->remedy, "root");
}

static void a_symbol_that_only_begins_like_cap_capable_is_another(void **state)
{
	put(state, "/proc/kallsyms", "ffffffff81000000 T cap_capable_helper\n");
	assert_finding(state, "symbols", LC_DOCTOR_DEGRADED, "not in it");
}

static void no_jit_degrades(void **state)
{
	put(state, "/proc/sys/net/core/bpf_jit_enable", "0\n");
	assert_tells(&assert_finding(state, "jit", LC_DOCTOR_DEGRADED, "off")->remedy, "bpf_jit_enable=1");
}

static void the_jit_cannot_be_told_where_it_is_not_to_be_seen(void **state)
{
	put(state, "/proc/sys/net/core/bpf_jit_enable", NULL);
	assert_finding(state, "jit", LC_DOCTOR_UNKNOWN, "can't be told");
}

static void locked_memory_matters_before_5_11_only(void **state)
{
	struct doctored *doctored = *state;

	put_capabilities(state, BPF_ONLY | LC_CAP_BIT(CAP_SYSLOG));
	assert_finding(state, "memlock", LC_DOCTOR_OK, "does not matter");
	put(state, "/proc/sys/kernel/osrelease", "5.10.0-35-amd64\n");
	assert_finding(state, "memlock", LC_DOCTOR_OK, "8388608 bytes");
	doctored->host.trial_error = -EPERM;
	assert_tells(&assert_finding(state, "memlock", LC_DOCTOR_MISSING, "8388608 bytes")->remedy, "ulimit -l");
	put_capabilities(state, BPF_ONLY | LC_CAP_BIT(CAP_SYS_RESOURCE));
	assert_finding(state, "memlock", LC_DOCTOR_OK, "raises");
}

static void too_little_locked_memory_is_why_a_recording_does_not_begin(void **state)
{
	struct doctored *doctored = *state;

	put(state, "/proc/sys/kernel/osrelease", "5.10.0-35-amd64\n");
	put_capabilities(state, BPF_ONLY);
	doctored->host.trial_error = -EPERM;
	assert_finding(state, "memlock", LC_DOCTOR_MISSING, "8388608 bytes may be locked");
	put_capabilities(state, 0);
	assert_finding(state, "memlock", LC_DOCTOR_DEGRADED, "8388608 bytes may be locked");
}

static void locked_memory_without_a_limit_is_fine(void **state)
{
	put_capabilities(state, BPF_ONLY);
	put(state, "/proc/sys/kernel/osrelease", "5.10.0-35-amd64\n");
	put(state, "/proc/self/limits", "Max locked memory         unlimited            unlimited            bytes\n");
	assert_finding(state, "memlock", LC_DOCTOR_OK, "unlimited");
}

static void too_few_open_files_degrade(void **state)
{
	put(state, "/proc/self/limits", "Max open files            64                   524288               files\n");
	assert_tells(&assert_finding(state, "files", LC_DOCTOR_DEGRADED, "64 may")->remedy, "ulimit -n");
}

static void a_v1_hierarchy_is_named_with_its_controller(void **state)
{
	struct doctored *doctored = *state;

	doctored->host.hierarchy = (struct lc_hierarchy){
		.mode = "hybrid", .controller = "pids", .mount = "/sys/fs/cgroup/pids", .root = "/"};
	assert_finding(state, "cgroups", LC_DOCTOR_OK, "hybrid, containers told apart by the pids controller at /sys");
}

static void without_cgroups_nothing_can_be_recorded(void **state)
{
	struct doctored *doctored = *state;

	doctored->host.hierarchy_error = doctored->host.trial_error = -ENOENT;
	assert_tells(&assert_finding(state, "cgroups", LC_DOCTOR_MISSING, "no hierarchy")->remedy, "mount -t cgroup2");
	assert_finding(state, "recording", LC_DOCTOR_UNKNOWN, "without cgroups");
}

static void in_a_pid_namespace_others_cannot_be_looked_at(void **state)
{
	put_namespace(state, "pid", "4026532448");
	assert_tells(&assert_finding(state, "place", LC_DOCTOR_DEGRADED, "in a container: a pid namespace")->remedy,
		"--pid=host");
}

static void in_a_cgroup_namespace_or_below_the_hosts_cgroups_less_is_found(void **state)
{
	struct doctored *doctored = *state;

	put_namespace(state, "cgroup", "4026532448");
	assert_tells(
		&assert_finding(state, "place", LC_DOCTOR_DEGRADED, "not the host's view")->cost, "only what runs in");
	put_namespace(state, "cgroup", "4026531835");
	snprintf(doctored->host.hierarchy.root, sizeof(doctored->host.hierarchy.root), "/docker/0123");
	assert_finding(state, "place", LC_DOCTOR_DEGRADED, "not the host's view");
}

static void an_empty_host_is_looked_at_without_harm(void **state)
{
	struct doctored *doctored = *state;

	doctored->host.root = "/nowhere";
	examine(state, "kernel");
	assert_int_equal(lc_diagnosis_worst(&doctored->diagnosis), LC_DOCTOR_MISSING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_on_host(a_host_with_nothing_wrong_is_ok),
		test_on_host(the_kernel_is_named_with_its_architecture),
		test_on_host(kernels_older_than_5_10_cannot_record),
		test_on_host(without_btf_the_remedy_is_a_file_with_it),
		test_on_host(a_file_with_btf_stands_in_for_the_kernels),
		test_on_host(lockdown_for_confidentiality_cannot_record),
		test_on_host(lockdown_for_integrity_is_fine),
		test_on_host(a_kernel_without_lockdown_is_fine),
		test_on_host(lockdown_that_cannot_be_read_matters_only_where_recording_fails),
		test_on_host(a_vital_capability_that_is_missing_cannot_record),
		test_on_host(every_missing_capability_is_named),
		test_on_host(sys_admin_stands_in_for_bpf_and_perfmon),
		test_on_host(a_capability_that_only_tells_more_degrades_and_says_what_is_lost),
		test_on_host(root_without_capabilities_is_told_that_they_were_taken_away),
		test_on_host(roots_capabilities_in_a_user_namespace_do_not_count),
		test_on_host(one_hook_that_works_is_enough_and_the_others_are_told_with_the_reason),
		test_on_host(with_few_capabilities_a_refused_hook_is_not_blamed_on_the_kernel),
		test_on_host(without_any_hook_nothing_can_be_recorded),
		test_on_host(a_seccomp_filter_is_named_where_no_hook_works),
		test_on_host(hooks_cannot_be_told_without_privileges),
		test_on_host(a_recording_that_does_not_begin_says_why),
		test_on_host(where_the_kernel_refuses_to_nobody_trials_are_the_engines),
		test_on_host(the_reason_does_not_send_its_reader_to_the_doctor),
		test_on_host(hidden_symbols_degrade_and_the_remedy_fits_the_cause),
		test_on_host(a_symbol_that_only_begins_like_cap_capable_is_another),
		test_on_host(no_jit_degrades),
		test_on_host(the_jit_cannot_be_told_where_it_is_not_to_be_seen),
		test_on_host(locked_memory_matters_before_5_11_only),
		test_on_host(too_little_locked_memory_is_why_a_recording_does_not_begin),
		test_on_host(locked_memory_without_a_limit_is_fine),
		test_on_host(too_few_open_files_degrade),
		test_on_host(a_v1_hierarchy_is_named_with_its_controller),
		test_on_host(without_cgroups_nothing_can_be_recorded),
		test_on_host(in_a_pid_namespace_others_cannot_be_looked_at),
		test_on_host(in_a_cgroup_namespace_or_below_the_hosts_cgroups_less_is_found),
		test_on_host(an_empty_host_is_looked_at_without_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
