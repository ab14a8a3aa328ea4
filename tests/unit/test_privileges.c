/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of capabilities that a recording needs, of what is said when some are missing, and of what is kept. */
#include <leastcap/capset.h>
#include <leastcap/privileges.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define BIT LC_CAP_BIT

/* What leastcap-kernels(7) tells to give. */
#define ENOUGH (BIT(CAP_BPF) | BIT(CAP_PERFMON) | BIT(CAP_SYS_PTRACE) | BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_SYSLOG))

/* Of the lines of 80 columns "leastcap: " takes ten. */
#define COLUMNS 70

static const struct lc_privilege_use nothing_special;

/* A new kernel of Debian's, and a user who has EFFECTIVE. */
static struct lc_privilege_host user_with(uint64_t effective)
{
	return (struct lc_privilege_host){.effective = effective, .perf_paranoid = 3};
}

static void assert_refusal(
	const struct lc_privilege_use *use, const struct lc_privilege_host *host, const char *expected)
{
	char *refusal = lc_privileges_refusal(use, host);

	assert_string_equal(refusal, expected);
	assert_true(strlen(refusal) <= COLUMNS);
	free(refusal);
}

static void assert_allowed(const struct lc_privilege_use *use, const struct lc_privilege_host *host)
{
	assert_null(lc_privileges_refusal(use, host));
}

static void five_are_enough(void **state)
{
	const struct lc_privilege_host host = user_with(ENOUGH);

	(void)state;
	assert_allowed(&nothing_special, &host);
}

static void one_that_is_missing_is_named_with_its_purpose_and_what_to_do(void **state)
{
	const struct lc_privilege_host host = user_with(ENOUGH & ~BIT(CAP_PERFMON));

	(void)state;
	assert_refusal(&nothing_special, &host, "needs CAP_PERFMON (traces the kernel): sudo or setcap");
}

static void who_has_none_is_told_all_that_are_required(void **state)
{
	const struct lc_privilege_host host = user_with(0);

	(void)state;
	assert_refusal(&nothing_special, &host, "needs root, or CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE: sudo or setcap");
}

static void root_is_not_told_to_use_sudo(void **state)
{
	struct lc_privilege_host host = user_with(0);

	(void)state;
	host.is_root = true;
	assert_refusal(&nothing_special, &host, "needs CAP_BPF, CAP_PERFMON, CAP_SYS_PTRACE: root lacks them here");
	host.effective = ENOUGH & ~BIT(CAP_BPF);
	assert_refusal(&nothing_special, &host, "needs CAP_BPF (loads the BPF programs): root lacks it here");
}

static void all_capabilities_of_a_user_namespace_are_none(void **state)
{
	struct lc_privilege_host host = user_with(UINT64_MAX);

	(void)state;
	host.in_user_ns = true;
	assert_refusal(&nothing_special, &host, "can't record from inside a user namespace: run it on the host");
}

static void sys_admin_does_as_well_as_the_two_that_were_split_off_it(void **state)
{
	const struct lc_privilege_host host =
		user_with((ENOUGH & ~BIT(CAP_BPF) & ~BIT(CAP_PERFMON)) | BIT(CAP_SYS_ADMIN));

	(void)state;
	assert_allowed(&nothing_special, &host);
}

static void dac_override_reads_what_dac_read_search_reads(void **state)
{
	size_t n;
	const struct lc_privilege *table = lc_privileges(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (table[i].cap == CAP_DAC_READ_SEARCH)
			assert_true(lc_privilege_is_held(&table[i], BIT(CAP_DAC_OVERRIDE)));
	}
}

static void locked_memory_takes_sys_resource_where_it_is_short(void **state)
{
	struct lc_privilege_host host = user_with(ENOUGH);

	(void)state;
	host.memlock_is_low = true;
	assert_refusal(
		&nothing_special, &host, "needs CAP_SYS_RESOURCE (maps, or ulimit -l unlimited): sudo or setcap");
	host.effective |= BIT(CAP_SYS_RESOURCE);
	assert_allowed(&nothing_special, &host);
}

static void kprobes_take_sys_admin_where_perf_is_more_than_paranoid(void **state)
{
	const struct lc_privilege_use kprobe = {.hook = "kprobe"}, fexit = {.hook = "fexit"};
	struct lc_privilege_host host = user_with(ENOUGH);

	(void)state;
	assert_refusal(&kprobe, &host, "needs CAP_SYS_ADMIN (kprobe, or perf_event_paranoid=2): sudo or setcap");
	assert_allowed(&fexit, &host);
	host.perf_paranoid = 2;
	assert_allowed(&kprobe, &host);
}

/* Whether CAP is needed for USE on HOST, by any row. */
static bool is_needed(int cap, const struct lc_privilege_use *use, const struct lc_privilege_host *host)
{
	size_t n;
	const struct lc_privilege *table = lc_privileges(&n);

	for (size_t i = 0; i < n; i++) {
		if (table[i].cap == cap && lc_privilege_is_needed(&table[i], use, host))
			return true;
	}
	return false;
}

static void syslog_is_needed_where_symbols_are_hidden_from_others(void **state)
{
	struct lc_privilege_host host = user_with(0);

	(void)state;
	assert_true(is_needed(CAP_SYSLOG, &nothing_special, &host));
	host.perf_paranoid = 1;
	assert_false(is_needed(CAP_SYSLOG, &nothing_special, &host));
	host.kptr_restrict = 1;
	assert_true(is_needed(CAP_SYSLOG, &nothing_special, &host));
	/* Then nobody sees them. */
	host.kptr_restrict = 2;
	assert_false(is_needed(CAP_SYSLOG, &nothing_special, &host));
}

static void what_is_poorer_without_says_how(void **state)
{
	size_t n, poorer = 0;
	const struct lc_privilege *table = lc_privileges(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (table[i].without != LC_WITHOUT_POORER)
			continue;
		assert_non_null(table[i].cost);
		poorer++;
	}
	assert_int_equal(poorer, 2);
}

static void a_user_keeps_three(void **state)
{
	const struct lc_privilege_use use = {.command = true};
	const struct lc_privilege_host host = user_with(UINT64_MAX);

	(void)state;
	assert_int_equal(
		lc_privileges_kept(&use, &host), BIT(CAP_SYS_PTRACE) | BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_SYSLOG));
}

static void what_is_not_held_is_not_kept(void **state)
{
	const struct lc_privilege_host host = user_with(ENOUGH & ~BIT(CAP_SYSLOG));

	(void)state;
	assert_int_equal(lc_privileges_kept(&nothing_special, &host), BIT(CAP_SYS_PTRACE) | BIT(CAP_DAC_READ_SEARCH));
}

static void bpf_is_kept_where_reading_a_map_takes_it(void **state)
{
	struct lc_privilege_host host = user_with(ENOUGH);

	(void)state;
	host.reading_is_asked = true;
	assert_true(lc_privileges_kept(&nothing_special, &host) & BIT(CAP_BPF));
	host.effective = (ENOUGH & ~BIT(CAP_BPF)) | BIT(CAP_SYS_ADMIN);
	assert_true(lc_privileges_kept(&nothing_special, &host) & BIT(CAP_SYS_ADMIN));
}

static void root_with_a_command_keeps_kill(void **state)
{
	const struct lc_privilege_use with_command = {.command = true};
	struct lc_privilege_host host = user_with(UINT64_MAX);

	(void)state;
	host.is_root = true;
	assert_true(lc_privileges_kept(&with_command, &host) & BIT(CAP_KILL));
	assert_false(lc_privileges_kept(&nothing_special, &host) & BIT(CAP_KILL));
}

static void root_keeps_dac_override_only_for_a_directory_that_is_closed_to_it(void **state)
{
	char directory[] = "/tmp/leastcap-test-XXXXXX", output[64];
	const struct lc_privilege_use use = {.output = output};
	struct lc_privilege_host host = user_with(UINT64_MAX);

	(void)state;
	if (geteuid())
		skip();
	host.is_root = true;
	assert_non_null(mkdtemp(directory));
	snprintf(output, sizeof(output), "%s/profile.json", directory);
	assert_false(lc_privileges_kept(&use, &host) & BIT(CAP_DAC_OVERRIDE));
	assert_int_equal(chown(directory, 65534, 65534), 0);
	assert_true(lc_privileges_kept(&use, &host) & BIT(CAP_DAC_OVERRIDE));
	rmdir(directory);
}

static void trying_to_write_takes_no_capability_away(void **state)
{
	struct lc_privilege_host before, after;

	(void)state;
	lc_privilege_host_read(&before);
	assert_int_equal(lc_privileges_try_write("/tmp/leastcap-never-made", UINT64_MAX), 0);
	lc_privilege_host_read(&after);
	assert_int_equal(before.effective, after.effective);
	assert_int_not_equal(access("/tmp/leastcap-never-made", F_OK), 0);
}

static void what_can_be_written_is_told_from_what_can_not(void **state)
{
	(void)state;
	assert_int_equal(lc_privileges_try_write(NULL, 0), 0);
	assert_int_equal(lc_privileges_try_write("-", 0), 0);
	assert_int_equal(lc_privileges_try_write("/dev/null", 0), 0);
	assert_int_equal(lc_privileges_try_write("/tmp", 0), -EISDIR);
	assert_int_equal(lc_privileges_try_write("/nowhere/profile.json", 0), -ENOENT);
	assert_int_equal(lc_privileges_try_write("/proc/profile.json", BIT(CAP_DAC_OVERRIDE)), -EACCES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(five_are_enough),
		cmocka_unit_test(one_that_is_missing_is_named_with_its_purpose_and_what_to_do),
		cmocka_unit_test(who_has_none_is_told_all_that_are_required),
		cmocka_unit_test(root_is_not_told_to_use_sudo),
		cmocka_unit_test(all_capabilities_of_a_user_namespace_are_none),
		cmocka_unit_test(sys_admin_does_as_well_as_the_two_that_were_split_off_it),
		cmocka_unit_test(dac_override_reads_what_dac_read_search_reads),
		cmocka_unit_test(locked_memory_takes_sys_resource_where_it_is_short),
		cmocka_unit_test(kprobes_take_sys_admin_where_perf_is_more_than_paranoid),
		cmocka_unit_test(syslog_is_needed_where_symbols_are_hidden_from_others),
		cmocka_unit_test(what_is_poorer_without_says_how),
		cmocka_unit_test(a_user_keeps_three),
		cmocka_unit_test(what_is_not_held_is_not_kept),
		cmocka_unit_test(bpf_is_kept_where_reading_a_map_takes_it),
		cmocka_unit_test(root_with_a_command_keeps_kill),
		cmocka_unit_test(root_keeps_dac_override_only_for_a_directory_that_is_closed_to_it),
		cmocka_unit_test(trying_to_write_takes_no_capability_away),
		cmocka_unit_test(what_can_be_written_is_told_from_what_can_not),
	};

	return cmocka_run_group_tests_name("privileges", tests, NULL, NULL);
}
