/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table of system calls: every call that this machine knows is in it, and every row makes sense. */
#include <leastcap/cleanup.h>
#include <leastcap/syscalls.h>

#include <fcntl.h>
#include <glob.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Calls without anything to show: numbers that the kernel keeps and answers with ENOSYS, and the trampolines of uprobes. */
static const char *const nothing_to_show[] = {"_sysctl", "afs_syscall", "create_module", "epoll_ctl_old",
	"epoll_wait_old", "get_kernel_syms", "getpmsg", "nfsservctl", "putpmsg", "query_module", "security", "tuxcall",
	"uprobe", "uretprobe", "vserver"};

/* Whether NAME is in the table or named above, in one of the two; complains otherwise. */
static bool is_known(const char *name)
{
	bool has_row = lc_syscall_named(name);
	bool has_nothing = false;

	for (size_t i = 0; i < sizeof(nothing_to_show) / sizeof(nothing_to_show[0]); i++)
		has_nothing |= !strcmp(nothing_to_show[i], name);
	if (has_row == has_nothing)
		print_message("%s: %s\n", name, has_row ? "in the table and named here" : "no row");
	return has_row != has_nothing;
}

static void every_call_of_the_library_is_known(void **state)
{
	bool known = true;
	int found = 0;

	(void)state;
	for (int number = 0; number < 1024; number++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86_64, number);

		known = (!name || is_known(name)) && known;
		found += name != NULL;
		free(name);
	}
	assert_true(known);
	assert_true(found > 300);
}

/* Holds the numbered names of the header PATH against the table. How many there are; -1 when one of them is not known. */
static int read_header(const char *path)
{
	_cleanup_file_ FILE *stream = fopen(path, "re");
	_cleanup_free_ char *line = NULL;
	bool known = true;
	size_t size = 0;
	int found = 0;
	char name[64];
	int number;

	while (stream && getline(&line, &size, stream) > 0) {
		const struct lc_syscall *call;

		if (sscanf(line, "#define __NR_%63s %d", name, &number) != 2)
			continue;
		found++;
		known = is_known(name) && known;
		call = lc_syscall_named(name);
		if (call && seccomp_arch_native() == SCMP_ARCH_X86_64 && call->number != number) {
			print_message("%s: %d in the table, %d in %s\n", name, call->number, number, path);
			known = false;
		}
	}
	return known ? found : -1;
}

static void every_call_of_the_headers_is_known(void **state)
{
	static const char *const places[] = {"/usr/include/asm/unistd_64.h",
		"/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
		"/usr/src/linux-headers-*/arch/x86/include/generated/uapi/asm/unistd_64.h"};
	glob_t paths = {0};
	int found = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		glob(places[i], i ? GLOB_APPEND : 0, NULL, &paths);
	for (size_t i = 0; i < paths.gl_pathc; i++) {
		int n = read_header(paths.gl_pathv[i]);

		assert_true(n >= 0);
		found += n;
	}
	globfree(&paths);
	if (!found) {
		print_message("no asm/unistd_64.h here\n");
		skip();
	}
}

/* Whether a row with TYPE, one of N arguments, says all that its kind needs and nothing else. */
static bool is_whole(const struct lc_type *type, size_t n)
{
	bool of_constants = type->kind == LC_KIND_FLAGS || type->kind == LC_KIND_WORD || type->kind == LC_KIND_BITS;
	bool of_layout =
		type->kind == LC_KIND_STRUCT || (type->kind == LC_KIND_ARRAY && type->element == LC_KIND_STRUCT);

	return of_constants == (type->constants != NULL) && of_layout == (type->layout != NULL) &&
	       (type->kind == LC_KIND_ARRAY) == (type->unit != 0) && type->from <= n && type->size <= n &&
	       type->when <= n && (type->when != 0) == (type->mask != 0) &&
	       (type->kind >= LC_KIND_STRING || (!type->size && !type->bytes));
}

/* Whether VARIANT of CALL has values, and points nowhere where the row does not. */
static bool is_sound(const struct lc_syscall *call, const struct lc_variant *variant)
{
	if (!variant->n_values || variant->n > call->variants->count)
		return false;
	for (size_t i = 0; i < variant->n && call->variants->first + i < call->n; i++) {
		const struct lc_type *type = &call->arguments[call->variants->first + i];

		if (!is_whole(&variant->types[i], call->n))
			return false;
		if (variant->types[i].kind >= LC_KIND_STRING && type->kind < LC_KIND_STRING)
			return false;
	}
	return true;
}

static bool has_sound_variants(const struct lc_syscall *call)
{
	const struct lc_variants *variants = call->variants;

	if (!variants)
		return true;
	if (variants->selector >= variants->first || variants->first >= call->n || !variants->n || !variants->count)
		return false;
	for (size_t i = 0; i < variants->n; i++) {
		if (!is_sound(call, &variants->rows[i]))
			return false;
	}
	return true;
}

/* What is wrong with CALL; NULL when nothing is. */
static const char *complaint(const struct lc_syscall *call)
{
	int subject = lc_syscall_subject(call);
	bool is_path = subject >= 0 && subject < call->n && call->arguments[subject].kind == LC_KIND_PATH;
	size_t pointers = 0;

	if (call->n > LC_CALL_ARGUMENTS)
		return "more arguments than registers";
	for (size_t i = 0; i < call->n; i++) {
		const struct lc_type *type = &call->arguments[i];

		if (type->kind == LC_KIND_NONE || !is_whole(type, call->n))
			return "an argument that is not what its kind says";
		if (type->kind == LC_KIND_DIRFD && (int)i != subject &&
			(i + 1 == call->n || call->arguments[i + 1].kind != LC_KIND_PATH))
			return "a directory without a path behind it";
		pointers += type->kind >= LC_KIND_STRING;
	}
	if (pointers > LC_TRACE_PIECES)
		return "more to take along than there is room for";
	if (subject >= call->n)
		return "about an argument that it does not have";
	if (call->about &&
		(call->arguments[subject].kind == LC_KIND_FLAGS || call->arguments[subject].kind == LC_KIND_SIZE))
		return "about what says nothing";
	if (call->access != LC_ACCESS_SEARCH && !lc_syscall_is_about_file(call))
		return "an access to no file";
	if (call->access == LC_ACCESS_ENTRY && !is_path)
		return "an entry without a path";
	if ((call->looks || call->keeps_links) && !is_path)
		return "looks at no path";
	if (call->looks && call->access != LC_ACCESS_SEARCH)
		return "looks only, and does more";
	if (call->verb && subject < 0)
		return "a verb without an object";
	if (call->result >= LC_KIND_STRING)
		return "a result that is an address of something";
	return has_sound_variants(call) ? NULL : "variants that do not fit";
}

static void every_row_is_consistent(void **state)
{
	const struct lc_syscall *call;
	size_t cursor = 0;
	int wrong = 0;

	(void)state;
	while ((call = lc_syscall_next(&cursor))) {
		const char *why = complaint(call);

		if (why)
			print_message("%s: %s\n", call->name, why);
		wrong += why != NULL;
	}
	assert_int_equal(wrong, 0);
}

static void every_row_is_found_by_its_name_and_number(void **state)
{
	const struct lc_syscall *call;
	size_t cursor = 0;

	(void)state;
	while ((call = lc_syscall_next(&cursor))) {
		int number = seccomp_syscall_resolve_name(call->name);

		assert_ptr_equal(lc_syscall_named(call->name), call);
		assert_ptr_equal(lc_syscall_numbered(call->number), call->number < 0 ? NULL : call);
		if (number >= 0)
			assert_int_equal(call->number, number);
	}
	assert_null(lc_syscall_named(NULL));
	assert_null(lc_syscall_named("no_such_call"));
	assert_null(lc_syscall_numbered(-1));
	assert_null(lc_syscall_numbered(1023));
}

/* Asserts which argument NAME is about, counted from 0, and that this is of KIND. */
static void assert_subject(const char *name, int argument, enum lc_kind kind)
{
	const struct lc_syscall *call = lc_syscall_named(name);

	assert_int_equal(lc_syscall_subject(call), argument);
	assert_int_equal(call->arguments[argument].kind, kind);
}

static void what_a_call_is_about_is_known(void **state)
{
	(void)state;
	assert_subject("openat2", 1, LC_KIND_PATH);
	assert_subject("fchmodat2", 1, LC_KIND_PATH);
	assert_subject("setxattrat", 1, LC_KIND_PATH);
	assert_subject("open_tree", 1, LC_KIND_PATH);
	assert_subject("mount_setattr", 1, LC_KIND_PATH);
	assert_subject("mount", 1, LC_KIND_PATH);
	assert_subject("linkat", 3, LC_KIND_PATH);
	assert_subject("accept4", 0, LC_KIND_FILE);
	assert_subject("preadv", 0, LC_KIND_FILE);
	assert_subject("open_by_handle_at", 0, LC_KIND_DIRFD);
	assert_subject("sendmsg", 1, LC_KIND_STRUCT);
	assert_subject("sendmmsg", 1, LC_KIND_MESSAGES);
	assert_subject("ptrace", 1, LC_KIND_PID);
	assert_subject("setsockopt", 2, LC_KIND_INT);
	assert_subject("fsopen", 0, LC_KIND_STRING);
	assert_int_equal(lc_syscall_subject(lc_syscall_named("getpid")), -1);
	assert_int_equal(lc_syscall_subject(NULL), -1);
	assert_false(lc_syscall_is_about_file(lc_syscall_named("delete_module")));
	assert_false(lc_syscall_is_about_file(NULL));
}

#define ACCESS(name, ...) lc_syscall_access(lc_syscall_named(name), (const uint64_t[LC_CALL_ARGUMENTS]){__VA_ARGS__})

static void what_a_call_wants_of_its_file_is_known(void **state)
{
	(void)state;
	assert_int_equal(ACCESS("open", 0, O_RDONLY), LC_ACCESS_READ);
	assert_int_equal(ACCESS("openat", 0, 0, O_RDONLY | O_TRUNC), LC_ACCESS_WRITE);
	assert_int_equal(ACCESS("openat2", 0, 0, O_RDWR), LC_ACCESS_WRITE);
	assert_int_equal(ACCESS("creat", 0), LC_ACCESS_WRITE);
	assert_int_equal(ACCESS("access", 0, X_OK), LC_ACCESS_EXECUTE);
	assert_int_equal(ACCESS("faccessat2", 0, 0, R_OK | W_OK), LC_ACCESS_WRITE);
	assert_int_equal(ACCESS("faccessat", 0, 0, F_OK), LC_ACCESS_SEARCH);
	assert_int_equal(ACCESS("setxattrat", 0), LC_ACCESS_WRITE);
	assert_int_equal(ACCESS("unlinkat", 0), LC_ACCESS_ENTRY);
	assert_int_equal(ACCESS("fanotify_init", 0, O_RDWR), LC_ACCESS_SEARCH);
	assert_int_equal(ACCESS("no_such_call", 0), LC_ACCESS_SEARCH);
}

#define FOLLOWS(name, ...) lc_syscall_follows(lc_syscall_named(name), (const uint64_t[LC_CALL_ARGUMENTS]){__VA_ARGS__})

static void whether_a_symbolic_link_is_followed_is_known(void **state)
{
	(void)state;
	assert_true(FOLLOWS("chown", 0));
	assert_false(FOLLOWS("lchown", 0));
	assert_false(FOLLOWS("lsetxattr", 0));
	assert_true(FOLLOWS("fchownat", 0, 0, 0, 0, AT_EMPTY_PATH));
	assert_false(FOLLOWS("fchownat", 0, 0, 0, 0, AT_SYMLINK_NOFOLLOW));
	assert_false(FOLLOWS("utimensat", 0, 0, 0, AT_SYMLINK_NOFOLLOW));
	assert_true(FOLLOWS("no_such_call", 0));
}

/* A call that this machine lacks is only ever a 32-bit program's, and shown with its registers. */
static void every_argument_of_a_call_has_a_name(void **state)
{
	const struct lc_syscall *call;
	size_t cursor = 0, length = 0;

	(void)state;
	while ((call = lc_syscall_next(&cursor))) {
		for (size_t i = 0; call->number >= 0 && i < call->n; i++) {
			const char *name = lc_syscall_argument_name(call, i, &length);

			if (!name || !length)
				fail_msg("%s: argument %zu has no name", call->name, i + 1);
		}
	}
	assert_null(lc_syscall_argument_name(NULL, 0, &length));
	assert_null(lc_syscall_argument_name(lc_syscall_named("close"), 1, &length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_of_the_library_is_known),
		cmocka_unit_test(every_call_of_the_headers_is_known),
		cmocka_unit_test(every_row_is_consistent),
		cmocka_unit_test(every_row_is_found_by_its_name_and_number),
		cmocka_unit_test(what_a_call_is_about_is_known),
		cmocka_unit_test(what_a_call_wants_of_its_file_is_known),
		cmocka_unit_test(whether_a_symbolic_link_is_followed_is_known),
		cmocka_unit_test(every_argument_of_a_call_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
