/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of kernel symbols: on this kernel's own, and on made-up ones mounted over them in a namespace of our own. */
#include "src/probe/kallsyms.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>

#include <cmocka.h>

#define KALLSYMS "/proc/kallsyms"

/* The address of the function NAME in /proc/kallsyms, and in *END that of the next symbol; 0 when there is none. */
static uint64_t address_of(const char *name, uint64_t *end)
{
	_cleanup_file_ FILE *file = fopen(KALLSYMS, "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	uint64_t found = 0;

	assert_non_null(file);
	*end = 0;
	while (getline(&line, &size, file) > 0) {
		char *at;
		uint64_t address = strtoull(line, &at, 16);

		if (found && address > found) {
			*end = address;
			break;
		}
		at[strcspn(at, "\n")] = '\0';
		if (strlen(at) > 3 && !strcmp(at + 3, name))
			found = address;
	}
	return found;
}

/* That of the N SYMBOLS that is at ADDRESS; NULL: none is. */
static const struct lc_symbol *symbol_at(const struct lc_symbol *symbols, size_t n, uint64_t address)
{
	for (size_t i = 0; i < n; i++) {
		if (symbols[i].address == address)
			return &symbols[i];
	}
	return NULL;
}

static void need_addresses(void)
{
	uint64_t end;

	if (!address_of("cap_capable", &end)) {
		print_message("kernel addresses are hidden (kptr_restrict): run as root\n");
		skip();
	}
}

static bool has_range(const struct lc_wrappers *wrappers, uint64_t start, uint64_t end)
{
	for (size_t i = 0; i < wrappers->n; i++) {
		if (wrappers->ranges[i].start == start && wrappers->ranges[i].end == end)
			return true;
	}
	return false;
}

static void on_this_kernel_cap_capable_is_found_with_its_end(void **state)
{
	struct lc_wrappers wrappers;
	uint64_t end, start;

	(void)state;
	need_addresses();
	start = address_of("cap_capable", &end);
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	assert_int_equal(wrappers.cap_capable.start, start);
	assert_int_equal(wrappers.cap_capable.end, end);
}

static void on_this_kernel_the_wrappers_are_found_with_their_ends(void **state)
{
	static const char *const names[] = {"security_capable", "capable", "ns_capable", "capable_wrt_inode_uidgid"};
	struct lc_wrappers wrappers;

	(void)state;
	need_addresses();
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint64_t end, start = address_of(names[i], &end);

		if (!has_range(&wrappers, start, end))
			fail_msg("%s at %#" PRIx64 " to %#" PRIx64 " is not among the wrappers", names[i], start, end);
	}
}

static void on_this_kernel_no_range_is_empty_or_larger_than_a_function(void **state)
{
	struct lc_wrappers wrappers;

	(void)state;
	need_addresses();
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	assert_in_range(wrappers.n, 10, LC_WRAPPERS);
	for (size_t i = 0; i < wrappers.n; i++) {
		assert_true(wrappers.ranges[i].start < wrappers.ranges[i].end);
		assert_true(wrappers.ranges[i].end - wrappers.ranges[i].start < 8192);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(wrappers.ranges[i].start, wrappers.ranges[j].start);
	}
}

static void on_this_kernel_a_call_site_in_a_known_function_has_its_name(void **state)
{
	static const char *const names[] = {"setattr_prepare", "cap_capable", "ns_capable", "generic_permission"};
	struct lc_symbol symbols[4] = {0};
	uint64_t starts[4], end;

	(void)state;
	need_addresses();
	for (size_t i = 0; i < 4; i++) {
		starts[i] = address_of(names[i], &end);
		assert_true(starts[i] > 0);
		symbols[i].address = starts[i] + 5;
	}
	assert_int_equal(lc_kallsyms_resolve(symbols, 4), 0);
	for (size_t i = 0; i < 4; i++) {
		const struct lc_symbol *symbol = symbol_at(symbols, 4, starts[i] + 5);

		assert_non_null(symbol);
		assert_int_equal(symbol->start, starts[i]);
		assert_string_equal(symbol->name, names[i]);
	}
	for (size_t i = 0; i < 4; i++)
		free(symbols[i].name);
}

/* --- made-up symbols */

/* Puts the file PATH in the place of /proc/kallsyms, for this process only and until restore_kallsyms. 0 or -1. */
static int mount_kallsyms(const char *path)
{
	int r = mount(path, KALLSYMS, NULL, MS_BIND, NULL);

	if (r)
		print_message("nothing can be mounted over " KALLSYMS ": run as root\n");
	return r;
}

/* The same for TEXT. Skips where that is refused. */
static void replace_kallsyms(const char *text)
{
	char path[] = "/tmp/leastcap-kallsyms.XXXXXX";
	int fd = mkstemp(path);
	int r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	r = mount_kallsyms(path);
	unlink(path);
	if (r)
		skip();
}

static int restore_kallsyms(void **state)
{
	(void)state;
	umount2(KALLSYMS, MNT_DETACH);
	return 0;
}

/* What is mounted from now on, nobody else sees. */
static int enter_own_mount_namespace(void **state)
{
	(void)state;
	if (!unshare(CLONE_NEWNS))
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	return 0;
}

static void assert_range(const struct lc_text_range *range, uint64_t start, uint64_t end)
{
	assert_int_equal(range->start, start);
	assert_int_equal(range->end, end);
}

static void a_function_ends_where_the_next_one_begins(void **state)
{
	struct lc_wrappers wrappers;

	(void)state;
	replace_kallsyms("0000000000001000 T before\n"
			 "0000000000001100 T ns_capable\n"
			 "0000000000001200 T capable\n"
			 "0000000000001280 t behind\n"
			 "0000000000002000 T cap_capable\n"
			 "0000000000002040 T cap_settime\n");
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	assert_range(&wrappers.cap_capable, 0x2000, 0x2040);
	assert_int_equal(wrappers.n, 2);
	assert_range(&wrappers.ranges[0], 0x1100, 0x1200);
	assert_range(&wrappers.ranges[1], 0x1200, 0x1280);
}

static void the_wrappers_that_ask_without_audit_are_marked(void **state)
{
	struct lc_wrappers wrappers;

	(void)state;
	replace_kallsyms("0000000000001100 T ns_capable\n"
			 "0000000000001200 T ns_capable_noaudit\n"
			 "0000000000001300 T cap_capable\n"
			 "0000000000001400 T behind\n");
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	assert_int_equal(wrappers.n, 2);
	assert_false(wrappers.noaudit[0]);
	assert_true(wrappers.noaudit[1]);
}

static void two_names_at_one_address_are_one_function(void **state)
{
	struct lc_wrappers wrappers;

	(void)state;
	replace_kallsyms("0000000000001100 T capable\n"
			 "0000000000001100 T alias_of_capable\n"
			 "0000000000001200 T behind\n"
			 "0000000000001300 T cap_capable\n"
			 "0000000000001400 T behind_that\n");
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	assert_int_equal(wrappers.n, 1);
	assert_range(&wrappers.ranges[0], 0x1100, 0x1200);
}

static void the_cold_part_of_cap_capable_is_not_taken_for_it(void **state)
{
	struct lc_wrappers wrappers;

	(void)state;
	replace_kallsyms("0000000000001100 t cap_capable.cold\n"
			 "0000000000001110 t other.cold\n"
			 "0000000000002000 T cap_capable\n"
			 "0000000000002040 T cap_settime\n"
			 "0000000000002080 T cap_vm_enough_memory\n"
			 "0000000000002090 T cap_mmap_addr\n");
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	assert_range(&wrappers.cap_capable, 0x2000, 0x2040);
}

static void the_functions_that_ask_without_a_wrapper_are_found(void **state)
{
	struct lc_wrappers wrappers;

	(void)state;
	replace_kallsyms("0000000000001000 T cap_capable\n"
			 "0000000000001100 T cap_capset\n"
			 "0000000000001200 t cap_task_prctl.cold\n"
			 "0000000000001300 T cap_task_prctl\n"
			 "0000000000001400 T cap_mmap_addr\n"
			 "0000000000001410 T behind\n");
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	assert_range(&wrappers.callers[LC_INLINING_CAPSET], 0x1100, 0x1200);
	assert_range(&wrappers.callers[LC_INLINING_PRCTL], 0x1300, 0x1400);
	assert_range(&wrappers.callers[LC_INLINING_MMAP], 0x1400, 0x1410);
}

static void hidden_addresses_are_an_error(void **state)
{
	struct lc_wrappers wrappers;

	(void)state;
	replace_kallsyms("0000000000000000 T ns_capable\n"
			 "0000000000000000 T cap_capable\n"
			 "0000000000000000 T behind\n");
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), -EPERM);
}

static void a_file_that_is_no_list_of_symbols_is_an_error(void **state)
{
	struct lc_wrappers wrappers;

	(void)state;
	replace_kallsyms("\n"
			 "cap_capable\n"
			 "1000Tcap_capable\n"
			 "0000000000001000\n"
			 "0000000000001000 T\n"
			 "0000000000001000 T \n");
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), -EPERM);
}

/* Names the N addresses and asserts that they have these names ("" for none), in the order of the addresses. */
static void assert_names(const uint64_t *addresses, const char *const *names, size_t n)
{
	struct lc_symbol symbols[8] = {0};

	assert_in_range(n, 1, 8);
	/* In the wrong order: sorting them is its work. */
	for (size_t i = 0; i < n; i++)
		symbols[i].address = addresses[n - 1 - i];
	assert_int_equal(lc_kallsyms_resolve(symbols, n), 0);
	for (size_t i = 0; i < n; i++) {
		const struct lc_symbol *symbol = symbol_at(symbols, n, addresses[i]);

		assert_non_null(symbol);
		assert_string_equal(symbol->name ? symbol->name : "", names[i]);
	}
	for (size_t i = 0; i < n; i++)
		free(symbols[i].name);
}

#define ASSERT_NAMES(addresses, ...)                                                                                   \
	assert_names(addresses, (const char *const[]){__VA_ARGS__}, sizeof(addresses) / sizeof((addresses)[0]))

#define TWO_FUNCTIONS                                                                                                  \
	"0000000000001000 T first\n"                                                                                   \
	"0000000000002000 t second\n"                                                                                  \
	"0000000000003000 T third\n"

static void each_address_has_the_name_of_the_function_around_it(void **state)
{
	const uint64_t addresses[] = {0x1004, 0x2fff, 0x3001};

	(void)state;
	replace_kallsyms(TWO_FUNCTIONS);
	ASSERT_NAMES(addresses, "first", "second", "third");
}

static void several_addresses_in_one_function_all_have_its_name(void **state)
{
	const uint64_t addresses[] = {0x1004, 0x2001, 0x2002, 0x2800, 0x2fff, 0x3004};

	(void)state;
	replace_kallsyms(TWO_FUNCTIONS);
	ASSERT_NAMES(addresses, "first", "second", "second", "second", "second", "third");
}

static void the_same_address_twice_has_its_name_twice(void **state)
{
	const uint64_t addresses[] = {0x2004, 0x2004};

	(void)state;
	replace_kallsyms(TWO_FUNCTIONS);
	ASSERT_NAMES(addresses, "second", "second");
}

/* A call that does not return may be the last instruction of a function: it returns to where the next one starts. */
static void a_return_address_at_a_functions_start_belongs_to_the_one_before(void **state)
{
	const uint64_t addresses[] = {0x2000};

	(void)state;
	replace_kallsyms(TWO_FUNCTIONS);
	ASSERT_NAMES(addresses, "first");
}

static void an_address_below_every_function_has_no_name(void **state)
{
	const uint64_t addresses[] = {0x10, 0x1000};

	(void)state;
	replace_kallsyms(TWO_FUNCTIONS);
	ASSERT_NAMES(addresses, "", "");
}

static void data_does_not_lend_its_name(void **state)
{
	const uint64_t addresses[] = {0x2004};

	(void)state;
	replace_kallsyms("0000000000001000 T function\n"
			 "0000000000001800 D variable\n"
			 "0000000000001900 r constant\n"
			 "0000000000003000 T behind\n");
	ASSERT_NAMES(addresses, "function");
}

static void a_compilers_suffix_and_a_modules_name_are_cut_off(void **state)
{
	const uint64_t addresses[] = {0x1004, 0x2004, 0x3004, 0x4004};

	(void)state;
	replace_kallsyms("0000000000001000 t mode_strip_sgid.constprop.0\n"
			 "0000000000002000 t chown_common.isra.0.cold\n"
			 "0000000000003000 t ext4_statfs\t[ext4]\n"
			 "0000000000004000 t __ext4_x.part.0\t[ext4]\n");
	ASSERT_NAMES(addresses, "mode_strip_sgid", "chown_common", "ext4_statfs", "__ext4_x");
}

/* Modules come behind the kernel in the list, wherever they lie. */
static void symbols_out_of_order_are_found(void **state)
{
	const uint64_t addresses[] = {0x1004, 0x2004, 0x3004, 0x3008};

	(void)state;
	replace_kallsyms("0000000000003000 T kernel\n"
			 "0000000000002000 t second\t[module]\n"
			 "0000000000001000 t first\t[module]\n");
	ASSERT_NAMES(addresses, "first", "second", "kernel", "kernel");
}

static void hidden_addresses_name_nothing(void **state)
{
	const uint64_t addresses[] = {0x1004, 0x2004};

	(void)state;
	replace_kallsyms("0000000000000000 T first\n"
			 "0000000000000000 T second\n");
	ASSERT_NAMES(addresses, "", "");
}

static void resolving_nothing_is_no_error(void **state)
{
	(void)state;
	assert_int_equal(lc_kallsyms_resolve(NULL, 0), 0);
}

static void a_syscall_has_one_name_however_the_compiler_merged_its_layers(void **state)
{
	const uint64_t addresses[] = {0x1004, 0x2004, 0x3004, 0x4004};

	(void)state;
	replace_kallsyms("0000000000001000 t __do_sys_setgroups\n"
			 "0000000000002000 T __x64_sys_setgroups\n"
			 "0000000000003000 T __ia32_sys_setgroups\n"
			 "0000000000004000 t __se_sys_setgroups.constprop.0\n");
	ASSERT_NAMES(addresses, "__do_sys_setgroups", "__do_sys_setgroups", "__do_sys_setgroups", "__do_sys_setgroups");
}

/* --- real kernels (tests/unit/fixtures/kernels/make) */

struct kernel {
	const char *series;
	size_t wrappers;      /* parts of functions that pass a question on: counted in its symbols */
	const char *names[8]; /* those of them that not every kernel has */
};

static const struct kernel kernels[] = {
	{"5.10", 32, {"has_capability"}},
	{"6.1", 35, {"has_capability", "may_mount", "sockopt_capable", "sockopt_ns_capable"}},
	{"6.12", 36, {"may_mount", "bpf_token_capable", "sockopt_capable", "sockopt_ns_capable"}},
	{"6.18", 35, {"may_mount", "bpf_token_capable", "sockopt_capable", "sockopt_ns_capable"}},
	{"7.3", 37, {"may_mount", "bpf_token_capable", "capable_noaudit", "capable_noaudit.cold"}},
};

static const char *const in_every_kernel[] = {"security_capable", "capable", "capable.cold", "ns_capable",
	"ns_capable.cold", "ns_capable_noaudit", "ns_capable_noaudit.cold", "ns_capable_setid", "ns_capable_setid.cold",
	"has_ns_capability", "has_ns_capability_noaudit", "has_capability_noaudit", "file_ns_capable",
	"capable_wrt_inode_uidgid", "capable_wrt_inode_uidgid.cold", "inode_owner_or_capable", "in_group_or_capable",
	"mount_capable", "kallsyms_show_value", "ptracer_capable", "ptrace_may_access", "__ptrace_may_access",
	"cap_ptrace_access_check", "security_ptrace_access_check", "sk_capable", "sk_ns_capable", "sk_net_capable",
	"netlink_capable", "netlink_ns_capable", "__netlink_ns_capable", "netlink_net_capable"};

static void assert_wrapper(const struct kernel *kernel, const struct lc_wrappers *wrappers, const char *name)
{
	uint64_t end, start = address_of(name, &end);

	if (!start || !has_range(wrappers, start, end))
		fail_msg("%s: %s at %#" PRIx64 " to %#" PRIx64 " is not among the wrappers", kernel->series, name,
			start, end);
}

static void assert_function(const struct lc_text_range *range, const char *name)
{
	uint64_t end, start = address_of(name, &end);

	assert_true(start > 0);
	assert_range(range, start, end);
}

static void the_wrappers_of_a_kernel_are_found_with_their_ends(void **state)
{
	const struct kernel *kernel = *state;
	struct lc_wrappers wrappers;
	uint64_t end;
	char path[256];

	snprintf(path, sizeof(path), "tests/unit/fixtures/kernels/%s.symbols", kernel->series);
	if (mount_kallsyms(path))
		skip();
	assert_int_equal(lc_kallsyms_wrappers(&wrappers), 0);
	for (size_t i = 0; i < sizeof(in_every_kernel) / sizeof(in_every_kernel[0]); i++)
		assert_wrapper(kernel, &wrappers, in_every_kernel[i]);
	for (size_t i = 0; i < 8 && kernel->names[i]; i++)
		assert_wrapper(kernel, &wrappers, kernel->names[i]);
	assert_int_equal(wrappers.n, kernel->wrappers);
	assert_function(&wrappers.cap_capable, "cap_capable");
	assert_function(&wrappers.overcommit[0], "cap_vm_enough_memory");
	assert_function(&wrappers.overcommit[1], "security_vm_enough_memory_mm");
	assert_int_equal(wrappers.kernel.start, address_of("_stext", &end));
	assert_int_equal(wrappers.kernel.end, address_of("_etext", &end));
}

#define ON_KERNEL(series, number)                                                                                      \
	{                                                                                                              \
		"the_wrappers_of_" series "_are_found_with_their_ends",                                                \
			the_wrappers_of_a_kernel_are_found_with_their_ends, NULL, restore_kallsyms,                    \
			(void *)&kernels[number]                                                                       \
	}

#define ON_MADE_UP(test) cmocka_unit_test_teardown(test, restore_kallsyms)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(on_this_kernel_cap_capable_is_found_with_its_end),
		cmocka_unit_test(on_this_kernel_the_wrappers_are_found_with_their_ends),
		cmocka_unit_test(on_this_kernel_no_range_is_empty_or_larger_than_a_function),
		cmocka_unit_test(on_this_kernel_a_call_site_in_a_known_function_has_its_name),
		ON_MADE_UP(a_function_ends_where_the_next_one_begins),
		ON_MADE_UP(the_wrappers_that_ask_without_audit_are_marked),
		ON_MADE_UP(two_names_at_one_address_are_one_function),
		ON_MADE_UP(the_cold_part_of_cap_capable_is_not_taken_for_it),
		ON_MADE_UP(the_functions_that_ask_without_a_wrapper_are_found),
		ON_MADE_UP(hidden_addresses_are_an_error),
		ON_MADE_UP(a_file_that_is_no_list_of_symbols_is_an_error),
		ON_MADE_UP(each_address_has_the_name_of_the_function_around_it),
		ON_MADE_UP(several_addresses_in_one_function_all_have_its_name),
		ON_MADE_UP(the_same_address_twice_has_its_name_twice),
		ON_MADE_UP(a_return_address_at_a_functions_start_belongs_to_the_one_before),
		ON_MADE_UP(an_address_below_every_function_has_no_name),
		ON_MADE_UP(data_does_not_lend_its_name),
		ON_MADE_UP(a_compilers_suffix_and_a_modules_name_are_cut_off),
		ON_MADE_UP(symbols_out_of_order_are_found),
		ON_MADE_UP(hidden_addresses_name_nothing),
		ON_MADE_UP(a_syscall_has_one_name_however_the_compiler_merged_its_layers),
		ON_KERNEL("5.10", 0),
		ON_KERNEL("6.1", 1),
		ON_KERNEL("6.12", 2),
		ON_KERNEL("6.18", 3),
		ON_KERNEL("7.3", 4),
		cmocka_unit_test(resolving_nothing_is_no_error),
	};

	return cmocka_run_group_tests_name("kallsyms", tests, enter_own_mount_namespace, NULL);
}
