/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of call sites: each row is whole, printable and reachable, and what it says of the calls that matter. */
#include "src/probe/symbol_name.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/facts.h>

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

/* Two lines of 55 bytes: what a terminal of 86 columns leaves beside the report's first three columns. */
#define SENTENCE 110

static const char *first_function(const struct lc_callsite *row)
{
	return row->functions[0] ? row->functions[0] : "any function";
}

static void there_are_rows(void **state)
{
	size_t n = 0;

	(void)state;
	assert_non_null(lc_callsites(&n));
	assert_true(n > 0);
}

static void a_rows_functions_are_names_without_a_gap_and_without_a_compilers_suffix(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool ended = false;

		for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS; j++) {
			const char *function = rows[i].functions[j];

			if (function &&
				(ended || !*function ||
					strspn(function, "abcdefghijklmnopqrstuvwxyz_0123456789") != strlen(function)))
				fail_msg("row %zu: function %zu is '%s'", i, j, function);
			ended = !function;
		}
	}
}

static void a_rows_class_is_one_that_a_call_site_can_give(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].class != LC_CLASS_ADVISORY && rows[i].class != LC_CLASS_REQUIRED)
			fail_msg("%s: class %d", first_function(&rows[i]), rows[i].class);
	}
}

/* What is not listed can't be missed. */
static void only_a_required_row_is_survivable(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].class == LC_CLASS_ADVISORY && rows[i].survivable)
			fail_msg("%s is advisory, and survivable", first_function(&rows[i]));
	}
}

/* An unknown call site is required: a row that says no more than that says nothing. */
static void a_required_row_says_more_than_that(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].class == LC_CLASS_REQUIRED && !rows[i].survivable && !rows[i].goes_on &&
			!rows[i].results[0])
			fail_msg("%s is plainly required", first_function(&rows[i]));
	}
}

/* EPERM and EACCES are refusals wherever the answer decides. */
static void a_rows_results_are_names_of_other_errnos_or_0_without_a_gap(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		bool ended = false;

		for (size_t j = 0; j < LC_CALLSITE_RESULTS; j++) {
			const char *result = rows[i].results[j];
			bool is_name = result &&
				       (strcmp(result, "0") == 0 ||
					       (result[0] == 'E' && strlen(result) >= 3 &&
						       strspn(result, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(result)));

			bool is_plain = result && rows[i].class == LC_CLASS_REQUIRED &&
					(!strcmp(result, "EPERM") || !strcmp(result, "EACCES"));

			if (result && (ended || !is_name || is_plain))
				fail_msg("%s: result %zu is '%s'", first_function(&rows[i]), j, result);
			ended = !result;
		}
	}
}

static void a_rows_capabilities_are_those_that_linux_has(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);
	uint64_t all = (LC_CAP_BIT(CAP_LAST_CAP) << 1) - 1;

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].caps || rows[i].caps & ~all)
			fail_msg("%s: capabilities %#llx", first_function(&rows[i]), (unsigned long long)rows[i].caps);
	}
}

static void a_rows_sentence_fits_two_lines_and_ends_without_a_full_stop(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *why = rows[i].why;
		size_t length = why ? strlen(why) : 0;

		if (length < 20 || length > SENTENCE || !isalpha((unsigned char)why[0]) || strchr(why, '\n') ||
			why[length - 1] == '.' || why[length - 1] == ' ')
			fail_msg("%s: %zu bytes: '%s'", first_function(&rows[i]), length, why ? why : "");
	}
}

/* A path in the kernel's tree, or several. */
static void a_row_names_its_source(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *source = rows[i].source;

		if (!source || !strchr(source, '/') || (!strstr(source, ".c") && !strstr(source, ".h")))
			fail_msg("%s: source '%s'", first_function(&rows[i]), source ? source : "");
	}
}

/* Whether every check that fits ROW by CAP and FUNCTION fits EARLIER too. */
static bool is_shadowed(const struct lc_callsite *row, const struct lc_callsite *earlier, int cap, const char *function)
{
	bool listed = !earlier->functions[0];

	for (size_t i = 0; function && i < LC_CALLSITE_FUNCTIONS && earlier->functions[i]; i++)
		listed = listed || strcmp(earlier->functions[i], function) == 0;
	if (!listed || !(earlier->caps & LC_CAP_BIT(cap)))
		return false;
	/* It holds for a kernel that EARLIER does not hold for. */
	if (earlier->since > row->since || (earlier->until && (!row->until || earlier->until < row->until)))
		return false;
	if ((earlier->noaudit && !row->noaudit) || (earlier->ordinary && !row->ordinary))
		return false;
	if (earlier->nothing && !row->nothing)
		return false;
	if (earlier->in_call && !(row->in_call && strstr(row->in_call, earlier->in_call)))
		return false;
	return !earlier->not_in_call || (row->not_in_call && strcmp(row->not_in_call, earlier->not_in_call) == 0);
}

static void fail_if_shadowed(const struct lc_callsite *rows, size_t i, int cap, const char *function)
{
	for (size_t j = 0; j < i; j++) {
		if (is_shadowed(&rows[i], &rows[j], cap, function))
			fail_msg("row %zu (%s, capability %d) is behind row %zu", i,
				function ? function : "any function", cap, j);
	}
}

/* The first row that fits wins: one behind a wider one would never be found. */
static void no_row_is_behind_one_that_always_fits_first(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
			if (!(rows[i].caps & LC_CAP_BIT(cap)))
				continue;
			if (!rows[i].functions[0])
				fail_if_shadowed(rows, i, cap, NULL);
			for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS && rows[i].functions[j]; j++)
				fail_if_shadowed(rows, i, cap, rows[i].functions[j]);
		}
	}
}

static void no_row_names_a_function_twice(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS && rows[i].functions[j]; j++) {
			for (size_t k = 0; k < j; k++)
				assert_string_not_equal(rows[i].functions[j], rows[i].functions[k]);
		}
	}
}

/* A check of CAP at FUNCTION in SYSCALL. */
static struct lc_check check_of(int cap, const char *function, const char *syscall)
{
	return (struct lc_check){
		.cap = cap, .caller = (char *)function, .audited = LC_AUDITED_YES, .syscall = (char *)syscall};
}

/* What is known of a check of CAP at FUNCTION in SYSCALL. */
static const struct lc_callsite *row_for(int cap, const char *function, const char *syscall)
{
	struct lc_check check = check_of(cap, function, syscall);

	return lc_callsite_find(&check, 0);
}

/* The same for one whose call would have gone the same way by ids and modes alone. */
static const struct lc_callsite *ordinary_row_for(int cap, const char *function, const char *syscall)
{
	struct lc_check check = check_of(cap, function, syscall);

	check.ordinary = true;
	return lc_callsite_find(&check, 0);
}

static void assert_advisory(const struct lc_callsite *row)
{
	assert_non_null(row);
	assert_int_equal(row->class, LC_CLASS_ADVISORY);
}

/* RESULT: what a refusal there looks like; NULL: as anywhere. */
static void assert_required(const struct lc_callsite *row, bool survivable, const char *result)
{
	assert_non_null(row);
	assert_int_equal(row->class, LC_CLASS_REQUIRED);
	assert_int_equal(row->survivable, survivable);
	if (result)
		assert_string_equal(row->results[0], result);
	else
		assert_null(row->results[0]);
}

/* A kernel that ROW holds for: the newest that was read where it does not say. */
static uint32_t kernel_of(const struct lc_callsite *row)
{
	if (row->since)
		return row->since;
	return row->until ? row->until - 1 : LC_KERNEL(7, 3);
}

static void each_row_is_found_by_each_of_its_functions_and_capabilities(void **state)
{
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
			for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS && (!j || rows[i].functions[j]); j++) {
				struct lc_check check = check_of(
					cap, rows[i].functions[j], rows[i].in_call ? rows[i].in_call : "getxattr");

				check.ordinary = rows[i].ordinary;
				if (rows[i].nothing)
					check.result = (char *)"ENOENT";
				if (rows[i].noaudit)
					check.audited = LC_AUDITED_NO;
				if (rows[i].not_in_call)
					check.syscall = (char *)"ioctl";
				if (rows[i].caps & LC_CAP_BIT(cap))
					assert_ptr_equal(lc_callsite_find(&check, kernel_of(&rows[i])), &rows[i]);
			}
		}
	}
}

static void a_rows_kernels_are_in_order_and_a_row_holds_only_for_them(void **state)
{
	struct lc_check check = check_of(CAP_IPC_LOCK, "do_mmap", "mmap");
	size_t n;
	const struct lc_callsite *rows = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].until && rows[i].since >= rows[i].until)
			fail_msg("%s: holds for no kernel", first_function(&rows[i]));
	}
	assert_false(lc_callsite_find(&check, LC_KERNEL(6, 4))->survivable);
	assert_true(lc_callsite_find(&check, LC_KERNEL(6, 5))->survivable);
	assert_true(lc_callsite_find(&check, LC_KERNEL(7, 3))->survivable);
}

/* Nobody knows better: a merged profile can be of several. */
static void of_an_unknown_kernel_rows_for_any_are_found(void **state)
{
	struct lc_check check = check_of(CAP_IPC_LOCK, "mlock_future_ok", "mmap");

	(void)state;
	assert_required(lc_callsite_find(&check, 0), true, "EAGAIN");
}

/* The kernel asks when nothing else would do any more: whoever has it gets the space, whoever has not gets these. */
static void what_is_asked_when_space_has_run_out_decides(void **state)
{
	(void)state;
	assert_required(row_for(CAP_SYS_RESOURCE, "ext4_has_free_clusters", "write"), true, "ENOSPC");
	assert_required(row_for(CAP_SYS_RESOURCE, "ext2_has_free_blocks", "write"), true, "ENOSPC");
	assert_required(row_for(CAP_SYS_RESOURCE, "ubifs_budget_space", "write"), true, "ENOSPC");
	assert_required(row_for(CAP_SYS_RESOURCE, "f2fs_reserve_new_blocks", "write"), true, "ENOSPC");
	assert_required(row_for(CAP_SYS_RESOURCE, "dquot_add_space", "write"), true, "EDQUOT");
	assert_required(row_for(CAP_SYS_RESOURCE, "dquot_add_inodes", "openat"), true, "EDQUOT");
	assert_required(row_for(CAP_SYS_RESOURCE, "qgroup_reserve", "write"), true, "EDQUOT");
}

/* A ring's memory is accounted until 5.12 and again since 6.14; that of registered buffers always. */
static void io_urings_memory_counts_against_the_limit_for_who_was_refused_when_the_ring_was_made(void **state)
{
	struct lc_check check = check_of(CAP_IPC_LOCK, "io_uring_create", "io_uring_setup");

	(void)state;
	assert_required(lc_callsite_find(&check, LC_KERNEL(5, 10)), true, "ENOMEM");
	assert_required(lc_callsite_find(&check, LC_KERNEL(6, 1)), true, NULL);
	assert_required(lc_callsite_find(&check, LC_KERNEL(6, 12)), true, NULL);
	assert_required(lc_callsite_find(&check, LC_KERNEL(6, 18)), true, "ENOMEM");
}

/* The same function first asks whether the value may be lowered at all. */
static void a_row_for_checks_without_audit_fits_no_others(void **state)
{
	struct lc_check check = check_of(CAP_SYS_RESOURCE, "__set_oom_adj", "write");

	(void)state;
	assert_required(lc_callsite_find(&check, 0), true, NULL);
	check.audited = LC_AUDITED_UNKNOWN;
	assert_required(lc_callsite_find(&check, 0), true, NULL);
	check.audited = LC_AUDITED_NO;
	assert_advisory(lc_callsite_find(&check, 0));
}

static void a_row_for_some_syscalls_fits_no_others_and_none_outside_of_one(void **state)
{
	(void)state;
	assert_required(row_for(CAP_SYS_PTRACE, "mm_access", "openat"), true, NULL);
	assert_null(row_for(CAP_SYS_PTRACE, "mm_access", "process_vm_readv"));
	assert_null(row_for(CAP_SYS_PTRACE, "mm_access", NULL));
	assert_advisory(row_for(CAP_SYS_RESOURCE, "set_permissions", "openat"));
	assert_null(row_for(CAP_SYS_RESOURCE, "set_permissions", "pwrite64"));
	assert_null(row_for(CAP_SYS_RESOURCE, "set_permissions", NULL));
}

static void another_function_or_none_or_another_capability_fits_no_row(void **state)
{
	(void)state;
	assert_advisory(row_for(CAP_SYS_ADMIN, "cap_vm_enough_memory", "mmap"));
	assert_null(row_for(CAP_SYS_ADMIN, "cap_vm_enough_memor", "mmap"));
	assert_null(row_for(CAP_SYS_ADMIN, "", "mmap"));
	assert_null(row_for(CAP_SYS_ADMIN, NULL, "mmap"));
	assert_null(row_for(CAP_SYS_RAWIO, "cap_vm_enough_memory", "mmap"));
}

/* The calls that decide by EPERM or EACCES, and nothing more to say. */
static void what_plainly_decides_has_no_row(void **state)
{
	(void)state;
	assert_null(row_for(CAP_CHOWN, "setattr_prepare", "fchownat"));
	assert_null(row_for(CAP_NET_BIND_SERVICE, "__inet_bind", "bind"));
	assert_null(row_for(CAP_NET_RAW, "inet_create", "socket"));
	assert_null(row_for(CAP_KILL, "check_kill_permission", "kill"));
	assert_null(row_for(CAP_SETGID, "may_setgroups", "setgroups"));
	assert_null(row_for(CAP_SYS_CHROOT, "__do_sys_chroot", "chroot"));
	assert_null(row_for(CAP_SYS_ADMIN, "may_mount", "mount"));
	assert_null(row_for(CAP_DAC_OVERRIDE, "generic_permission", "openat"));
}

static void setting_ids_that_are_there_already_is_advisory_and_setting_others_is_not(void **state)
{
	(void)state;
	assert_advisory(ordinary_row_for(CAP_SETUID, "__sys_setuid", "setuid"));
	assert_advisory(ordinary_row_for(CAP_SETUID, "cap_bprm_creds_from_file", "execve"));
	assert_advisory(ordinary_row_for(CAP_SETGID, "__sys_setresgid", "setresgid"));
	assert_null(row_for(CAP_SETUID, "__sys_setuid", "setuid"));
	assert_null(row_for(CAP_SETGID, "__sys_setresgid", "setresgid"));
}

static void setfsuid_is_refused_without_an_error(void **state)
{
	(void)state;
	assert_required(row_for(CAP_SETUID, "__sys_setfsuid", "setfsuid"), false, "0");
	assert_required(row_for(CAP_SETGID, "__sys_setfsgid", "setfsgid"), false, "0");
}

static void capset_that_inherits_what_it_may_is_advisory_and_another_is_not(void **state)
{
	(void)state;
	assert_advisory(ordinary_row_for(CAP_SETPCAP, "cap_capset", "capset"));
	assert_null(row_for(CAP_SETPCAP, "cap_capset", "capset"));
	assert_null(row_for(CAP_SETPCAP, "cap_task_prctl", "prctl"));
}

static void a_set_group_id_bit_that_nobody_asked_for_is_advisory_and_one_asked_for_is_lost_silently(void **state)
{
	(void)state;
	assert_advisory(ordinary_row_for(CAP_FSETID, "in_group_or_capable", "fchmodat"));
	assert_advisory(ordinary_row_for(CAP_FSETID, "mode_strip_sgid", "openat"));
	assert_required(row_for(CAP_FSETID, "in_group_or_capable", "fchmodat"), true, "0");
	assert_required(row_for(CAP_FSETID, "mode_strip_sgid", "openat"), true, "0");
}

static void a_write_that_keeps_set_id_bits_is_survivable_and_told_by_what_becomes_of_them(void **state)
{
	(void)state;
	assert_required(row_for(CAP_FSETID, "setattr_should_drop_suidgid", "write"), true, "0");
	assert_required(row_for(CAP_FSETID, "file_remove_privs", "write"), true, "0");
	/* FUSE asks whether there are any or not. */
	assert_advisory(row_for(CAP_FSETID, "fuse_direct_io", "pwrite64"));
}

static void a_network_sysctl_is_advisory_for_root_and_decides_for_others(void **state)
{
	(void)state;
	assert_advisory(ordinary_row_for(CAP_NET_ADMIN, "net_ctl_permissions", "openat"));
	assert_null(row_for(CAP_NET_ADMIN, "net_ctl_permissions", "openat"));
}

static void a_signal_to_everybody_is_survivable_and_one_to_a_process_decides(void **state)
{
	(void)state;
	assert_required(ordinary_row_for(CAP_KILL, "check_kill_permission", "kill"), true, NULL);
	assert_null(row_for(CAP_KILL, "check_kill_permission", "kill"));
}

/* What is ordinary for a sysctl is not for a request: it counts only where a row says so. */
static void a_netlink_request_is_required_whoever_makes_it_and_refused_in_the_answer(void **state)
{
	(void)state;
	assert_required(row_for(CAP_NET_ADMIN, "rtnetlink_rcv_msg", "sendto"), false, "0");
	assert_required(ordinary_row_for(CAP_NET_ADMIN, "rtnetlink_rcv_msg", "sendto"), false, "0");
	assert_required(row_for(CAP_NET_ADMIN, "nfnetlink_rcv", "sendmsg"), false, "0");
	assert_required(row_for(CAP_NET_ADMIN, "genl_rcv_msg", "sendmsg"), false, "0");
}

static void listing_sockets_is_advisory_and_killing_one_is_not(void **state)
{
	(void)state;
	assert_advisory(row_for(CAP_NET_ADMIN, "inet_diag_dump_icsk", "sendmsg"));
	assert_advisory(row_for(CAP_NET_ADMIN, "udp_dump", "recvmsg"));
	assert_required(row_for(CAP_NET_ADMIN, "sock_diag_destroy", "sendmsg"), false, "0");
}

static void writing_to_the_audit_log_is_survivable_and_configuring_it_is_not(void **state)
{
	(void)state;
	assert_required(row_for(CAP_AUDIT_WRITE, "audit_receive_msg", "sendto"), true, "0");
	assert_required(row_for(CAP_AUDIT_CONTROL, "audit_receive_msg", "sendto"), false, "0");
}

static void buffers_limits_and_priorities_are_survivable(void **state)
{
	(void)state;
	assert_required(row_for(CAP_NET_ADMIN, "sk_setsockopt", "setsockopt"), true, NULL);
	assert_required(row_for(CAP_SYS_RESOURCE, "do_prlimit", "prlimit64"), true, NULL);
	assert_required(row_for(CAP_SYS_NICE, "can_nice", "setpriority"), true, NULL);
	assert_required(row_for(CAP_SYS_NICE, "__sched_setscheduler", "sched_setscheduler"), true, NULL);
}

static void locked_memory_is_refused_with_another_error(void **state)
{
	(void)state;
	assert_required(row_for(CAP_IPC_LOCK, "do_mlock", "mlock"), false, "ENOMEM");
	assert_required(row_for(CAP_IPC_LOCK, "mlock_future_ok", "mmap"), true, "EAGAIN");
	assert_required(row_for(CAP_IPC_LOCK, "sev_pin_memory", "ioctl"), false, "ENOMEM");
	assert_required(row_for(CAP_IPC_LOCK, "iopt_alloc_pages", "ioctl"), true, "ENOMEM");
	assert_required(row_for(CAP_IPC_LOCK, "mm_account_pinned_pages", "sendmsg"), true, "ENOBUFS");
}

static void a_trusted_attribute_is_not_there_and_its_absence_from_a_list_is_advisory(void **state)
{
	(void)state;
	assert_required(row_for(CAP_SYS_ADMIN, "xattr_permission", "lgetxattr"), false, "ENODATA");
	assert_advisory(row_for(CAP_SYS_ADMIN, "xattr_permission", "execve"));
	assert_advisory(row_for(CAP_SYS_ADMIN, "simple_xattr_list", "listxattr"));
	assert_advisory(row_for(CAP_SYS_ADMIN, "ovl_listxattr", "llistxattr"));
}

static void a_link_to_an_open_file_is_refused_as_if_it_was_not_there(void **state)
{
	(void)state;
	assert_required(row_for(CAP_DAC_READ_SEARCH, "do_linkat", "linkat"), true, "ENOENT");
	assert_required(row_for(CAP_DAC_READ_SEARCH, "path_init", "linkat"), true, "ENOENT");
}

static void looking_at_the_stat_of_all_processes_is_advisory_and_following_their_links_is_survivable(void **state)
{
	(void)state;
	assert_advisory(row_for(CAP_SYS_PTRACE, "do_task_stat", "read"));
	assert_required(row_for(CAP_SYS_PTRACE, "proc_pid_readlink", "readlink"), true, NULL);
}

/* Those along PATH that are closed, and then hold nothing by the name: EACCES would have done as well as ENOENT. */
static void a_search_that_found_nothing_is_advisory_for_exec_and_survivable_for_others(void **state)
{
	struct lc_check check = check_of(CAP_DAC_READ_SEARCH, "inode_permission", "execve");

	(void)state;
	assert_null(lc_callsite_find(&check, 0));
	check.result = (char *)"ENOENT";
	assert_advisory(lc_callsite_find(&check, 0));
	check.syscall = (char *)"newfstatat";
	assert_required(lc_callsite_find(&check, 0), true, NULL);
	check.verdict = LC_VERDICT_DENIED;
	check.result = (char *)"EACCES";
	assert_null(lc_callsite_find(&check, 0));
	check.answered = true;
	assert_required(lc_callsite_find(&check, 0), true, NULL);
}

static void asking_whether_a_file_may_be_used_is_survivable_and_using_it_has_no_row(void **state)
{
	(void)state;
	assert_required(row_for(CAP_DAC_OVERRIDE, "generic_permission", "faccessat2"), true, NULL);
	assert_required(row_for(CAP_DAC_READ_SEARCH, "generic_permission", "access"), true, NULL);
	assert_null(row_for(CAP_DAC_OVERRIDE, "generic_permission", "openat"));
}

static void addresses_of_modules_are_advisory_and_those_of_symbols_survivable(void **state)
{
	(void)state;
	assert_advisory(row_for(CAP_SYSLOG, "modules_open", "openat"));
	assert_required(row_for(CAP_SYSLOG, "kallsyms_show_value", "openat"), true, NULL);
	assert_null(row_for(CAP_SYSLOG, "do_syslog", "syslog"));
}

static void a_fork_beyond_the_limit_is_refused_for_now(void **state)
{
	(void)state;
	assert_required(row_for(CAP_SYS_RESOURCE, "copy_process", "clone"), false, "EAGAIN");
	assert_required(row_for(CAP_SYS_ADMIN, "copy_process", "clone"), false, "EAGAIN");
}

/* Whoever runs when a packet leaves has nothing to do with the question. */
/* That there was no word of a packet's time is nobody else's affair: others have other credentials. */
static void a_time_stamp_that_is_not_told_is_missed_by_the_sockets_opener(void **state)
{
	(void)state;
	assert_required(row_for(CAP_NET_RAW, "__skb_tstamp_tx", NULL), true, NULL);
}

static void what_is_asked_about_somebody_else_is_advisory(void **state)
{
	(void)state;
	assert_advisory(row_for(CAP_NET_BROADCAST, "netlink_broadcast_filtered", "sendmsg"));
}

static void what_the_verifier_lets_pass_is_survivable_and_how_a_map_is_masked_is_advisory(void **state)
{
	(void)state;
	assert_required(row_for(CAP_PERFMON, "bpf_check", "bpf"), true, NULL);
	assert_advisory(row_for(CAP_PERFMON, "array_map_alloc", "bpf"));
	assert_advisory(row_for(CAP_BPF, "bpf_prog_kallsyms_add", "bpf"));
	assert_null(row_for(CAP_PERFMON, "bpf_prog_load", "bpf"));
}

/* --- the call sites that real kernels have (tests/unit/fixtures/kernels/make) */

#define KERNELS "tests/unit/fixtures/kernels/"

static const char *const kernels[] = {"5.10", "6.1", "6.12", "6.18", "7.3"};

#define N_KERNELS (sizeof(kernels) / sizeof(kernels[0]))

static bool is_named(const char *const *functions, const char *name)
{
	for (size_t i = 0; i < LC_CALLSITE_FUNCTIONS && functions[i]; i++) {
		if (!strcmp(functions[i], name))
			return true;
	}
	return false;
}

/* Whether a row of one of the two tables names FUNCTION. */
static bool in_tables(const char *function)
{
	size_t n, m;
	const struct lc_callsite *rows = lc_callsites(&n);
	const struct lc_alternative *alternatives = lc_alternatives(&m);

	for (size_t i = 0; i < n; i++) {
		if (is_named(rows[i].functions, function))
			return true;
	}
	for (size_t i = 0; i < m; i++) {
		if (is_named(alternatives[i].functions, function))
			return true;
	}
	return false;
}

struct names {
	struct lc_symbol_name *list; /* owned */
	size_t n;
};

/* The functions at the beginning of the lines of FILE, as the sources call them. */
static struct names read_names(const char *file)
{
	_cleanup_file_ FILE *lines = NULL;
	_cleanup_free_ char *line = NULL;
	struct names names = {0};
	char path[256];
	size_t size = 0;

	snprintf(path, sizeof(path), KERNELS "%s", file);
	lines = fopen(path, "re");
	if (!lines)
		fail_msg("%s can't be read", path);
	while (getline(&line, &size, lines) > 0) {
		if (*line == '#')
			continue;
		names.list = realloc(names.list, (names.n + 1) * sizeof(*names.list));
		assert_non_null(names.list);
		assert_true(lc_symbol_name_parse(&names.list[names.n++], line));
	}
	return names;
}

static struct names callers_in(const char *kernel)
{
	char file[64];

	snprintf(file, sizeof(file), "%s.callers", kernel);
	return read_names(file);
}

static bool has_name(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++) {
		if (!strcmp(names->list[i].text, name))
			return true;
	}
	return false;
}

/* *STATE: the kernel's series. */
static void each_function_of_a_kernel_that_asks_has_a_row_or_is_known_to_need_none(void **state)
{
	const char *kernel = *state;
	struct names callers = callers_in(kernel), plain = read_names("plain");
	size_t unknown = 0;

	assert_in_range(callers.n, 500, 2000);
	for (size_t i = 0; i < callers.n; i++) {
		const char *name = callers.list[i].text;

		if (in_tables(name) || has_name(&plain, name))
			continue;
		print_error(
			"%s: %s asks for a capability: read what its answer decides, and add a row to src/facts/callsites.c or its name to " KERNELS
			"plain\n",
			kernel, name);
		unknown++;
	}
	free(callers.list);
	free(plain.list);
	assert_int_equal(unknown, 0);
}

static void what_is_known_to_need_no_row_has_none_and_asks_in_some_kernel(void **state)
{
	struct names plain = read_names("plain"), callers[N_KERNELS];

	(void)state;
	for (size_t k = 0; k < N_KERNELS; k++)
		callers[k] = callers_in(kernels[k]);
	for (size_t i = 0; i < plain.n; i++) {
		const char *name = plain.list[i].text;
		bool asks = false;

		for (size_t k = 0; k < N_KERNELS && !asks; k++)
			asks = has_name(&callers[k], name);
		if (!asks)
			fail_msg("%s asks for nothing in any of the kernels", name);
		if (in_tables(name))
			fail_msg("%s has a row", name);
	}
	for (size_t k = 0; k < N_KERNELS; k++)
		free(callers[k].list);
	free(plain.list);
}

/* A request whose refusal comes in the answer to it, asked for by a function that ends in a jump. */
static void changing_a_tunnel_is_refused_in_the_answer_as_its_making_is(void **state)
{
	(void)state;
	assert_required(row_for(CAP_NET_ADMIN, "rtnl_dev_link_net_capable", "sendmsg"), false, "0");
	assert_required(row_for(CAP_NET_ADMIN, "ipgre_changelink", "sendmsg"), false, "0");
	assert_required(row_for(CAP_NET_ADMIN, "vxlan_changelink", "sendmsg"), false, "0");
}

static void listing_namespaces_is_survivable_and_reaching_into_them_has_no_row(void **state)
{
	(void)state;
	assert_required(row_for(CAP_SYS_ADMIN, "may_see_all_namespaces", "listns"), true, NULL);
	assert_null(row_for(CAP_SYS_ADMIN, "may_see_all_namespaces", "ioctl"));
}

#define ON_KERNEL(series)                                                                                              \
	{                                                                                                              \
		"each_function_of_" series "_that_asks_has_a_row_or_is_known_to_need_none",                            \
			each_function_of_a_kernel_that_asks_has_a_row_or_is_known_to_need_none, NULL, NULL,            \
			(void *)(series)                                                                               \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_are_rows),
		cmocka_unit_test(a_rows_functions_are_names_without_a_gap_and_without_a_compilers_suffix),
		cmocka_unit_test(a_rows_class_is_one_that_a_call_site_can_give),
		cmocka_unit_test(only_a_required_row_is_survivable),
		cmocka_unit_test(a_required_row_says_more_than_that),
		cmocka_unit_test(a_rows_results_are_names_of_other_errnos_or_0_without_a_gap),
		cmocka_unit_test(a_rows_capabilities_are_those_that_linux_has),
		cmocka_unit_test(a_rows_sentence_fits_two_lines_and_ends_without_a_full_stop),
		cmocka_unit_test(a_row_names_its_source),
		cmocka_unit_test(no_row_is_behind_one_that_always_fits_first),
		cmocka_unit_test(no_row_names_a_function_twice),
		cmocka_unit_test(a_rows_kernels_are_in_order_and_a_row_holds_only_for_them),
		cmocka_unit_test(of_an_unknown_kernel_rows_for_any_are_found),
		cmocka_unit_test(what_is_asked_when_space_has_run_out_decides),
		cmocka_unit_test(io_urings_memory_counts_against_the_limit_for_who_was_refused_when_the_ring_was_made),
		cmocka_unit_test(each_row_is_found_by_each_of_its_functions_and_capabilities),
		cmocka_unit_test(a_row_for_checks_without_audit_fits_no_others),
		cmocka_unit_test(a_row_for_some_syscalls_fits_no_others_and_none_outside_of_one),
		cmocka_unit_test(another_function_or_none_or_another_capability_fits_no_row),
		cmocka_unit_test(what_plainly_decides_has_no_row),
		cmocka_unit_test(setting_ids_that_are_there_already_is_advisory_and_setting_others_is_not),
		cmocka_unit_test(setfsuid_is_refused_without_an_error),
		cmocka_unit_test(capset_that_inherits_what_it_may_is_advisory_and_another_is_not),
		cmocka_unit_test(
			a_set_group_id_bit_that_nobody_asked_for_is_advisory_and_one_asked_for_is_lost_silently),
		cmocka_unit_test(a_write_that_keeps_set_id_bits_is_survivable_and_told_by_what_becomes_of_them),
		cmocka_unit_test(a_network_sysctl_is_advisory_for_root_and_decides_for_others),
		cmocka_unit_test(a_signal_to_everybody_is_survivable_and_one_to_a_process_decides),
		cmocka_unit_test(a_netlink_request_is_required_whoever_makes_it_and_refused_in_the_answer),
		cmocka_unit_test(listing_sockets_is_advisory_and_killing_one_is_not),
		cmocka_unit_test(writing_to_the_audit_log_is_survivable_and_configuring_it_is_not),
		cmocka_unit_test(buffers_limits_and_priorities_are_survivable),
		cmocka_unit_test(locked_memory_is_refused_with_another_error),
		cmocka_unit_test(a_trusted_attribute_is_not_there_and_its_absence_from_a_list_is_advisory),
		cmocka_unit_test(a_link_to_an_open_file_is_refused_as_if_it_was_not_there),
		cmocka_unit_test(
			looking_at_the_stat_of_all_processes_is_advisory_and_following_their_links_is_survivable),
		cmocka_unit_test(a_search_that_found_nothing_is_advisory_for_exec_and_survivable_for_others),
		cmocka_unit_test(asking_whether_a_file_may_be_used_is_survivable_and_using_it_has_no_row),
		cmocka_unit_test(addresses_of_modules_are_advisory_and_those_of_symbols_survivable),
		cmocka_unit_test(a_fork_beyond_the_limit_is_refused_for_now),
		cmocka_unit_test(a_time_stamp_that_is_not_told_is_missed_by_the_sockets_opener),
		cmocka_unit_test(what_is_asked_about_somebody_else_is_advisory),
		cmocka_unit_test(what_the_verifier_lets_pass_is_survivable_and_how_a_map_is_masked_is_advisory),
		ON_KERNEL("5.10"),
		ON_KERNEL("6.1"),
		ON_KERNEL("6.12"),
		ON_KERNEL("6.18"),
		ON_KERNEL("7.3"),
		cmocka_unit_test(what_is_known_to_need_no_row_has_none_and_asks_in_some_kernel),
		cmocka_unit_test(changing_a_tunnel_is_refused_in_the_answer_as_its_making_is),
		cmocka_unit_test(listing_namespaces_is_survivable_and_reaching_into_them_has_no_row),
	};

	return cmocka_run_group_tests_name("callsites", tests, NULL, NULL);
}
