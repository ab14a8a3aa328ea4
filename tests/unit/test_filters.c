/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of engines' filters of system calls. */
#include <leastcap/capset.h>
#include <leastcap/facts.h>

#include <linux/capability.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define ADMIN         LC_CAP_BIT(CAP_SYS_ADMIN)

static void what_opens_a_call_depends_on_the_engine_and_its_version(void **state)
{
	static const struct {
		const char *engine, *version, *syscall;
		uint64_t argument, caps;
	} cases[] = {
		{"docker", "20.10.24+dfsg1", "mount", 0, ADMIN},
		{"docker", "20.10.24+dfsg1", "perf_event_open", 0, ADMIN},
		{"docker", "23.0.1", "perf_event_open", 0, ADMIN | LC_CAP_BIT(CAP_PERFMON)},
		{"docker", "20.10.24", "bpf", 0, ADMIN},
		{NULL, NULL, "bpf", 0, ADMIN | LC_CAP_BIT(CAP_BPF)},
		{"docker", NULL, "syslog", 0, ADMIN | LC_CAP_BIT(CAP_SYSLOG)},
		{"docker", NULL, "chroot", 0, LC_CAP_BIT(CAP_SYS_CHROOT)},
		{"docker", "nonsense", "set_mempolicy", 0, LC_CAP_BIT(CAP_SYS_NICE)},
		{"docker", "24.0.9", "set_mempolicy_home_node", 0, 0},
		{"docker", "23.0.10", "set_mempolicy_home_node", 0, LC_CAP_BIT(CAP_SYS_NICE)},
		{"docker", "18.09.1", "ptrace", 0, LC_CAP_BIT(CAP_SYS_PTRACE)},
		{"docker", "19.03", "ptrace", 0, 0},
		{"docker", NULL, "clone", CLONE_NEWUSER | SIGCHLD, ADMIN},
		{"docker", NULL, "clone", CLONE_NEWCGROUP, ADMIN},
		{"docker", "19.03.15", "clone", CLONE_NEWCGROUP, 0},
		{"docker", NULL, "clone", CLONE_VM | SIGCHLD, 0},
		{"docker", NULL, "clone3", 0, ADMIN},
		{"docker", NULL, "keyctl", 0, 0},
		{"docker", NULL, "read", 0, 0},
		{"docker", NULL, "no_such_call", 0, 0},
		{"docker", NULL, NULL, 0, 0},
		{"containerd", "1.6.15", "mbind", 0, 0},
		{"containerd", "1.6.20~ds1", "mbind", 0, LC_CAP_BIT(CAP_SYS_NICE)},
		{"containerd", "1.6.20~ds1", "process_vm_readv", 0, LC_CAP_BIT(CAP_SYS_PTRACE)},
		{"containerd", "v1.7.0", "process_vm_readv", 0, 0},
		{"podman", "4.3.1", "mount", 0, 0},
		{"podman", "4.3.1", "unshare", 0, 0},
		{"podman", "4.3.1", "sethostname", 0, ADMIN},
		{"podman", "3.2", "set_mempolicy", 0, LC_CAP_BIT(CAP_SYS_NICE)},
		{"podman", "4.3.1", "set_mempolicy", 0, 0},
		{"podman", "5.4.0", "perf_event_open", 0, 0},
		{"cri-o", "1.30.5", "unshare", 0, 0},
		{"cri-o", "1.30.6", "unshare", 0, ADMIN},
		{"lxc", NULL, "mount", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		uint64_t caps = lc_filter_opens(cases[i].engine, cases[i].version, cases[i].syscall, cases[i].argument);

		if (caps != cases[i].caps)
			fail_msg("case %zu, %s: %llx", i, cases[i].syscall, (unsigned long long)caps);
	}
}

/* Whether the filter refuses a call to a container without capabilities. */
static bool refuses(const char *engine, const char *version, const char *syscall, uint64_t argument)
{
	return lc_filter_row_find(engine, version, syscall, argument);
}

static void what_no_capability_opens_is_told_from_what_passes(void **state)
{
	(void)state;
	assert_true(refuses("docker", "20.10.24", "keyctl", 0));
	assert_true(refuses("docker", NULL, "userfaultfd", 0));
	assert_false(refuses("docker", NULL, "read", 0));
	assert_false(refuses("docker", "24.0.9", "io_uring_setup", 0));
	assert_true(refuses("docker", "25.0.0", "io_uring_setup", 0));
	assert_true(refuses("docker", "19.03.15", "io_uring_setup", 0));
	assert_false(refuses("docker", NULL, "personality", 0x20008));
	assert_false(refuses("docker", NULL, "personality", 0));
	assert_true(refuses("docker", NULL, "personality", 0x40000));
	assert_false(refuses("docker", "20.10.24", "socket", 40));
	assert_true(refuses("docker", "23.0.0", "socket", 40));
	assert_false(refuses("docker", "29.4.1", "socket", 38));
	assert_true(refuses("docker", "29.4.2", "socket", 38));
	assert_false(refuses("docker", NULL, "socket", 39));
	assert_false(refuses("docker", NULL, "socket", 0));
	assert_true(refuses("podman", "5.4.0", "perf_event_open", 0));
	assert_true(lc_filter_knows("cri-o"));
	assert_true(lc_filter_knows(NULL));
	assert_false(lc_filter_knows("lxc"));
}

static void clone3_gives_enosys(void **state)
{
	(void)state;
	assert_true(lc_filter_row_find("docker", "20.10.24", "clone3", 0)->nosys);
	assert_false(lc_filter_row_find("docker", "20.10.9", "clone3", 0)->nosys);
	assert_false(lc_filter_row_find("docker", "20.10.24", "mount", 0)->nosys);
}

static void calls_are_guarded_that_a_capability_opens(void **state)
{
	(void)state;
	assert_true(lc_filter_guards("mount"));
	assert_true(lc_filter_guards("clone"));
	assert_true(lc_filter_guards("get_mempolicy"));
	assert_false(lc_filter_guards("keyctl"));
	assert_false(lc_filter_guards("socket"));
	assert_false(lc_filter_guards("read"));
	assert_int_equal(lc_filter_selector("clone"), 0);
	assert_int_equal(lc_filter_selector("personality"), 0);
	assert_int_equal(lc_filter_selector("unshare"), -1);
	assert_int_equal(lc_filter_selector("read"), -1);
}

/* Calls that libseccomp in its oldest supported version does not know yet. */
static bool is_newer(const char *call)
{
	static const char *const newer[] = {"cachestat", "fchmodat2", "fchroot", "file_getattr", "file_setattr",
		"futex_requeue", "futex_wait", "futex_wake", "getxattrat", "listmount", "listns", "listxattrat",
		"lsm_get_self_attr", "lsm_list_modules", "lsm_set_self_attr", "map_shadow_stack", "mseal",
		"open_tree_attr", "removexattrat", "rseq_slice_yield", "set_mempolicy_home_node", "setxattrat",
		"statmount", "uretprobe"};

	for (size_t i = 0; i < LENGTH(newer); i++) {
		if (!strcmp(newer[i], call))
			return true;
	}
	return false;
}

static void rows_are_whole(void **state)
{
	size_t n;
	const struct lc_filter_row *rows = lc_filter_rows(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct lc_filter_row *row = &rows[i];

		if (!lc_filter_knows(row->engine) || !row->calls[0] ||
			(row->versions.before && row->versions.from >= row->versions.before) ||
			row->caps & ~(LC_CAP_BIT(CAP_LAST_CAP + 1) - 1) || (row->passes && (row->caps || row->nosys)))
			fail_msg("row %zu", i);
		for (size_t j = 0; row->calls[j]; j++) {
			if (seccomp_syscall_resolve_name(row->calls[j]) == __NR_SCMP_ERROR && !is_newer(row->calls[j]))
				fail_msg("row %zu: no call is called %s", i, row->calls[j]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_opens_a_call_depends_on_the_engine_and_its_version),
		cmocka_unit_test(what_no_capability_opens_is_told_from_what_passes),
		cmocka_unit_test(clone3_gives_enosys),
		cmocka_unit_test(calls_are_guarded_that_a_capability_opens),
		cmocka_unit_test(rows_are_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
