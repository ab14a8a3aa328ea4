/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's types tell of looking at a call's return by task work: src/probe/resumed.c, calls.c. */
#include "src/probe/calls.h"
#include "src/probe/resumed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A kernel's types, with the functions NAMES (a NULL behind the last), and the one that runs filters, which answers with ENCODING. */
static struct btf *types_with(const char *const *names, int encoding)
{
	struct btf *types = btf__new_empty();
	int answer = btf__add_int(
		types, encoding == BTF_INT_BOOL ? "_Bool" : "int", encoding == BTF_INT_BOOL ? 1 : 4, encoding);
	int prototype = btf__add_func_proto(types, answer);

	assert_true(btf__add_func(types, "__seccomp_filter", BTF_FUNC_STATIC, prototype) > 0);
	for (; *names; names++)
		assert_true(btf__add_func(types, *names, BTF_FUNC_STATIC, prototype) > 0);
	return types;
}

static void names_of_functions(void **state)
{
	(void)state;
	assert_string_equal(lc_resumed_syscall("__x64_sys_mount"), "mount");
	assert_string_equal(lc_resumed_syscall("__ia32_sys_mount"), "mount");
	assert_string_equal(lc_resumed_syscall("__ia32_compat_sys_execve"), "execve");
	assert_string_equal(lc_resumed_syscall("__x64_compat_sys_execve"), "execve");
	assert_string_equal(lc_resumed_syscall("__arm64_sys_capset"), "capset");
	assert_string_equal(lc_resumed_syscall("__x64_sys_umount"), "umount2");
	assert_string_equal(lc_resumed_syscall("__ia32_sys_oldumount"), "umount");
	assert_string_equal(lc_resumed_syscall("__ia32_sys_clock_settime32"), "clock_settime");
	assert_null(lc_resumed_syscall("__do_sys_mount"));
	assert_null(lc_resumed_syscall("cap_capable"));
}

static void calls_that_are_looked_at(void **state)
{
	static const char *const yes[] = {"execve", "execveat", "capget", "capset", "prctl", "io_uring_register",
		"mount", "set_mempolicy", "get_mempolicy", "mbind", "clone", "clone3", "landlock_restrict_self", "kcmp",
		"umount2"};
	static const char *const no[] = {"read", "openat", "chown", "setuid", "mmap", "getppid", "dup"};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(lc_call_is_looked_at(yes[i]));
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(lc_call_is_looked_at(no[i]));
}

static void a_kernel_without_task_work(void **state)
{
	static const char *const names[] = {"__x64_sys_mount", NULL};
	struct btf *types = types_with(names, BTF_INT_SIGNED);
	struct lc_resumed resumed = {0};

	(void)state;
	assert_int_equal(lc_resumed_find(&resumed, types), 0);
	assert_int_equal(resumed.resumption, LC_RESUMPTION_NONE);
	assert_int_equal(resumed.n, 0);
	lc_resumed_clear(&resumed);
	btf__free(types);
}

static void the_function_of_6_18(void **state)
{
	static const char *const names[] = {"bpf_task_work_schedule_resume_impl", "__x64_sys_mount", "__x64_sys_read",
		"__ia32_sys_mount", "__do_sys_mount", NULL};
	struct btf *types = types_with(names, BTF_INT_SIGNED);
	struct lc_resumed resumed = {0};

	(void)state;
#if !defined(__x86_64__)
	btf__free(types);
	skip();
#endif
	assert_int_equal(lc_resumed_find(&resumed, types), 0);
	assert_int_equal(resumed.resumption, LC_RESUMPTION_EXPLICIT);
	assert_true(resumed.filter_answers_int);
	assert_int_equal(resumed.n, 2);
	assert_string_equal(resumed.functions[0], "__x64_sys_mount");
	assert_string_equal(resumed.functions[1], "__ia32_sys_mount");
	lc_resumed_clear(&resumed);
	btf__free(types);
}

/* Later kernels have both names, and only the plain one may be called. */
static void the_function_of_later_kernels(void **state)
{
	static const char *const names[] = {
		"bpf_task_work_schedule_resume_impl", "bpf_task_work_schedule_resume", "__x64_sys_capset", NULL};
	struct btf *types = types_with(names, BTF_INT_BOOL);
	struct lc_resumed resumed = {0};

	(void)state;
#if !defined(__x86_64__)
	btf__free(types);
	skip();
#endif
	assert_int_equal(lc_resumed_find(&resumed, types), 0);
	assert_int_equal(resumed.resumption, LC_RESUMPTION_PLAIN);
	assert_false(resumed.filter_answers_int);
	assert_int_equal(resumed.n, 1);
	lc_resumed_clear(&resumed);
	btf__free(types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_functions),
		cmocka_unit_test(calls_that_are_looked_at),
		cmocka_unit_test(a_kernel_without_task_work),
		cmocka_unit_test(the_function_of_6_18),
		cmocka_unit_test(the_function_of_later_kernels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
