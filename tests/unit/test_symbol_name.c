/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of functions' names: what compilers and the syscall macros make of them, with names of real kernels. */
#include "src/probe/symbol_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_name(const char *symbol, const char *expected)
{
	struct lc_symbol_name name;

	assert_true(lc_symbol_name_parse(&name, symbol));
	assert_string_equal(name.text, expected);
}

static void a_plain_name_stays_as_it_is(void **state)
{
	(void)state;
	assert_name("setattr_prepare", "setattr_prepare");
	assert_name("__inet_bind", "__inet_bind");
	assert_name("__sys_setresuid", "__sys_setresuid");
	assert_name("__sys_bpf", "__sys_bpf");
	assert_name("x", "x");
}

static void what_a_compiler_appends_to_copies_and_parts_is_cut_off(void **state)
{
	(void)state;
	assert_name("mode_strip_sgid.constprop.0", "mode_strip_sgid");
	assert_name("do_seccomp.isra.0", "do_seccomp");
	assert_name("may_delete.part.0", "may_delete");
	assert_name("unix_attach_fds.isra.0.part.0", "unix_attach_fds");
	assert_name("bpf_check.cold", "bpf_check");
	assert_name("ns_capable.cold.12", "ns_capable");
	assert_name("scsi_cmd_allowed.llvm.1234567890123456789", "scsi_cmd_allowed");
	assert_name("may_mount.__uniq.98765432109876543210.llvm.5", "may_mount");
	assert_name("net_ctl_permissions.lto_priv.0", "net_ctl_permissions");
	assert_name("may_open$e8f6a5a0b4c9", "may_open");
}

static void the_name_of_a_module_and_the_end_of_the_line_are_cut_off(void **state)
{
	(void)state;
	assert_name("ext4_statfs\t[ext4]\n", "ext4_statfs");
	assert_name("fuse_priv_ioctl_prepare.isra.0\t[fuse]\n", "fuse_priv_ioctl_prepare");
	assert_name("chroot_fs_refs\n", "chroot_fs_refs");
	assert_name("bind_set unix_bind", "bind_set");
}

static void every_layer_of_a_syscall_has_the_name_of_its_body(void **state)
{
	static const char *const layers[] = {"__x64_sys_setgroups", "__ia32_sys_setgroups", "__x32_sys_setgroups",
		"__arm64_sys_setgroups", "__riscv_sys_setgroups", "__s390x_sys_setgroups", "__s390_sys_setgroups",
		"__se_sys_setgroups", "__do_sys_setgroups", "__do_sys_setgroups.isra.0"};

	(void)state;
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		assert_name(layers[i], "__do_sys_setgroups");
}

static void a_syscall_of_32_bit_programs_stays_one_of_its_own(void **state)
{
	(void)state;
	assert_name("__ia32_compat_sys_kexec_load", "__do_compat_sys_kexec_load");
	assert_name("__se_compat_sys_kexec_load", "__do_compat_sys_kexec_load");
	assert_name("__do_compat_sys_kexec_load.constprop.0", "__do_compat_sys_kexec_load");
}

static void what_only_begins_like_a_layer_is_none(void **state)
{
	(void)state;
	assert_name("__x64_system", "__x64_system");
	assert_name("__do_syscall_slow", "__do_syscall_slow");
	assert_name("__se_syscall", "__se_syscall");
	assert_name("x64_sys_call", "x64_sys_call");
	assert_name("__do_", "__do_");
	assert_name("ksys_unshare", "ksys_unshare");
	assert_name("__audit_syscall_entry", "__audit_syscall_entry");
}

static void the_unlikely_part_is_told_from_the_main_one(void **state)
{
	struct lc_symbol_name name;

	(void)state;
	assert_true(lc_symbol_name_parse(&name, "cap_capable"));
	assert_false(name.cold);
	assert_true(lc_symbol_name_parse(&name, "cap_capable.cold"));
	assert_true(name.cold);
	assert_true(lc_symbol_name_parse(&name, "cap_capable.constprop.0.cold\n"));
	assert_true(name.cold);
	assert_true(lc_symbol_name_parse(&name, "cap_capable.constprop.0\n"));
	assert_false(name.cold);
}

static void no_name_at_all_is_refused(void **state)
{
	struct lc_symbol_name name;

	(void)state;
	assert_false(lc_symbol_name_parse(&name, ""));
	assert_false(lc_symbol_name_parse(&name, "\n"));
	assert_false(lc_symbol_name_parse(&name, ".L123"));
	assert_false(lc_symbol_name_parse(&name, "$x"));
	assert_false(lc_symbol_name_parse(&name, "\t[ext4]\n"));
}

static void a_name_that_is_too_long_is_refused_and_the_longest_is_not(void **state)
{
	struct lc_symbol_name name;
	char symbol[256] = "__x64_sys_";

	(void)state;
	/* One byte less when __x64_ has become __do_. */
	memset(symbol + 10, 'a', sizeof(name.text) - 10);
	assert_true(lc_symbol_name_parse(&name, symbol));
	assert_int_equal(strlen(name.text), sizeof(name.text) - 1);
	symbol[sizeof(name.text)] = 'a';
	assert_false(lc_symbol_name_parse(&name, symbol));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_name_stays_as_it_is),
		cmocka_unit_test(what_a_compiler_appends_to_copies_and_parts_is_cut_off),
		cmocka_unit_test(the_name_of_a_module_and_the_end_of_the_line_are_cut_off),
		cmocka_unit_test(every_layer_of_a_syscall_has_the_name_of_its_body),
		cmocka_unit_test(a_syscall_of_32_bit_programs_stays_one_of_its_own),
		cmocka_unit_test(what_only_begins_like_a_layer_is_none),
		cmocka_unit_test(the_unlikely_part_is_told_from_the_main_one),
		cmocka_unit_test(no_name_at_all_is_refused),
		cmocka_unit_test(a_name_that_is_too_long_is_refused_and_the_longest_is_not),
	};

	return cmocka_run_group_tests_name("symbol_name", tests, NULL, NULL);
}
