/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what a syscall was about: paths, addresses, signals, ids and requests, however hostile. */
#include "bpf/record.h"
#include "src/probe/about.h"
#include "src/probe/calls.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <seccomp.h>

static uint16_t number_of(const char *syscall)
{
	int number = seccomp_syscall_resolve_name(syscall);

	assert_in_range(number, 0, LC_SYSCALLS - 1);
	return (uint16_t)number;
}

/* Asserts that SUBJECT is described as EXPECTED, NULL for not at all. */
static void assert_described(const struct lc_subject *subject, const char *expected)
{
	char *about = lc_about_describe(subject);

	if (expected) {
		assert_non_null(about);
		assert_string_equal(about, expected);
	} else {
		assert_null(about);
	}
	free(about);
}

/* The same for SUBJECT of SYSCALL. */
static void assert_about(struct lc_subject *subject, const char *syscall, const char *expected)
{
	subject->syscall = number_of(syscall);
	assert_described(subject, expected);
}

/* The same for a syscall whose argument points to BYTES bytes of TEXT. */
static void assert_about_text(const char *syscall, const void *text, size_t bytes, const char *expected)
{
	struct lc_subject subject = {.text_bytes = (uint32_t)bytes};

	/* What lies behind must not be read. */
	memset(subject.text, 'X', sizeof(subject.text));
	memcpy(subject.text, text, bytes);
	assert_about(&subject, syscall, expected);
}

/* The same for one whose path starts at the directory that BYTES bytes of COMPONENTS are, or whose open file is that. */
static void assert_about_below(
	const char *syscall, const char *text, const char *components, size_t bytes, const char *expected)
{
	struct lc_subject subject = {.text_bytes = (uint32_t)strlen(text) + 1, .base_bytes = (uint32_t)bytes};

	memset(subject.base, 'X', sizeof(subject.base));
	memcpy(subject.base, components, bytes);
	snprintf(subject.text, sizeof(subject.text), "%s", text);
	assert_about(&subject, syscall, expected);
}

/* The same for a syscall that is all about its arguments. */
static void assert_about_arguments(const char *syscall, const uint64_t *arguments, size_t n, const char *expected)
{
	struct lc_subject subject = {0};

	memcpy(subject.arguments, arguments, n * sizeof(*arguments));
	assert_about(&subject, syscall, expected);
}

#define ARGUMENTS(...) ((const uint64_t[]){__VA_ARGS__}), sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t)

/* Asserts that BYTES bytes of COMPONENTS are the path EXPECTED. In memory of that size, for the address sanitizer. */
static void assert_path(const char *components, size_t bytes, const char *expected)
{
	char *exact = malloc(bytes ? bytes : 1);
	char *path;

	assert_non_null(exact);
	memcpy(exact, components, bytes);
	path = lc_about_path(exact, (uint32_t)bytes);
	free(exact);
	assert_non_null(path);
	assert_string_equal(path, expected);
	free(path);
}

static void a_path_is_put_together_from_its_leaf_upwards(void **state)
{
	(void)state;
	assert_path("passwd\0etc", sizeof("passwd\0etc"), "/etc/passwd");
	assert_path("x", sizeof("x"), "/x");
	assert_path("d\0c\0b\0a", sizeof("d\0c\0b\0a"), "/a/b/c/d");
}

static void no_components_are_no_path(void **state)
{
	(void)state;
	assert_null(lc_about_path("", 0));
}

/* The kernel side stops in the middle of a path that is too long. */
static void a_path_cut_off_without_its_last_nul_keeps_what_there_is(void **state)
{
	(void)state;
	assert_path("passwd\0et", strlen("passwd") + 3, "/et/passwd");
	assert_path("pass", 4, "/pass");
}

static void empty_components_do_not_lead_outside_the_buffer(void **state)
{
	(void)state;
	assert_path("\0\0\0", 3, "///");
	assert_path("a\0\0", 3, "//a");
	assert_path("\0a", 3, "/a/");
}

static void no_more_than_the_samples_room_is_read(void **state)
{
	char components[LC_PATH_SIZE];
	char *path;

	(void)state;
	memset(components, 'a', sizeof(components));
	path = lc_about_path(components, UINT32_MAX);
	assert_non_null(path);
	assert_int_equal(strlen(path), 1 + sizeof(components));
	free(path);
}

/* Escaping is for whoever prints it, and depends on where. */
static void hostile_bytes_in_a_path_are_handed_on_as_they_are(void **state)
{
	(void)state;
	assert_path("\033[2J\n\xff\xfe\0..", sizeof("\033[2J\n\xff\xfe\0.."), "/../\033[2J\n\xff\xfe");
	assert_about_text("openat", "a\n\033]0;x\a\xc3", sizeof("a\n\033]0;x\a\xc3"), "/a\n\033]0;x\a\xc3");
}

static void an_absolute_path_is_told_as_it_was_given(void **state)
{
	(void)state;
	assert_about_text("fchownat", "/etc/hostname", sizeof("/etc/hostname"), "/etc/hostname");
	assert_about_text("mount", "/mnt", sizeof("/mnt"), "/mnt");
}

static void a_relative_path_is_told_with_the_directory_that_it_starts_at(void **state)
{
	(void)state;
	assert_about_below("chown", "../data/x", "lib\0var", sizeof("lib\0var"), "/var/lib/../data/x");
	assert_about_below("openat", "./x", "lib\0var", sizeof("lib\0var"), "/var/lib/x");
	assert_about_below("openat", "x", "", 0, "/x");
}

static void an_absolute_path_has_nothing_to_do_with_a_directory(void **state)
{
	(void)state;
	assert_about_below("openat", "/etc/x", "lib\0var", sizeof("lib\0var"), "/etc/x");
}

static void an_empty_path_is_the_directory_itself(void **state)
{
	(void)state;
	assert_about_below("fchownat", "", "x\0data", sizeof("x\0data"), "/data/x");
}

static void a_path_argument_without_its_nul_ends_where_the_sample_ends(void **state)
{
	char text[LC_PATH_SIZE], expected[LC_PATH_SIZE + 1] = "";

	(void)state;
	assert_about_text("chown", "/abc", 4, "/abc");
	memset(text, 'p', sizeof(text));
	text[0] = '/';
	memcpy(expected, text, sizeof(text));
	assert_about_text("chown", text, sizeof(text), expected);
}

static void a_path_that_could_not_be_read_or_is_empty_is_not_told(void **state)
{
	(void)state;
	assert_about_text("chown", "", 0, NULL);
	assert_about_text("chown", "", 1, NULL);
}

static void an_open_file_is_told_by_its_path(void **state)
{
	(void)state;
	assert_about_below("fchown", "", "x\0data", sizeof("x\0data"), "/data/x");
	assert_about_below("write", "", "oom_score_adj\0self\0proc", sizeof("oom_score_adj\0self\0proc"),
		"/proc/self/oom_score_adj");
	assert_about_below("fchown", "", "", 0, NULL);
}

static void only_what_names_a_file_is_a_path(void **state)
{
	struct lc_subject subject = {0};

	(void)state;
	subject.syscall = number_of("openat");
	assert_true(lc_about_is_path(&subject));
	subject.syscall = number_of("fchown");
	assert_true(lc_about_is_path(&subject));
	subject.syscall = number_of("bind");
	assert_false(lc_about_is_path(&subject));
	subject.syscall = LC_SYSCALL_NONE;
	assert_false(lc_about_is_path(&subject));
}

static void an_ipv4_address_is_told_with_its_port(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};

	(void)state;
	assert_about_text("bind", &address, sizeof(address), "0.0.0.0:80");
	address.sin_addr.s_addr = htonl(0xc6336401);
	address.sin_port = htons(65535);
	assert_about_text("connect", &address, sizeof(address), "198.51.100.1:65535");
}

static void an_ipv6_address_is_told_in_brackets(void **state)
{
	struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(443)};

	(void)state;
	assert_about_text("bind", &address, sizeof(address), "[::]:443");
	assert_int_equal(inet_pton(AF_INET6, "2001:db8::1", &address.sin6_addr), 1);
	assert_about_text("bind", &address, sizeof(address), "[2001:db8::1]:443");
}

static void a_unix_socket_is_told_by_its_path(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/x.sock"};

	(void)state;
	assert_about_text("connect", &address, sizeof(address), "/run/x.sock");
}

static void an_abstract_unix_socket_is_told_with_an_at_sign(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0hidden"};

	(void)state;
	assert_about_text("connect", &address, sizeof(address), "@hidden");
}

/* All 108 bytes may be used. */
static void a_unix_sockets_path_needs_no_nul(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	char expected[sizeof(address.sun_path) + 1] = "";

	(void)state;
	memset(address.sun_path, 's', sizeof(address.sun_path));
	memset(expected, 's', sizeof(address.sun_path));
	assert_about_text("connect", &address, sizeof(address), expected);
	address.sun_path[0] = '\0';
	expected[0] = '@';
	assert_about_text("connect", &address, sizeof(address), expected);
}

static void another_address_family_is_told_by_its_number(void **state)
{
	struct sockaddr address = {.sa_family = AF_NETLINK};

	(void)state;
	assert_about_text("bind", &address, sizeof(address), "address family 16");
	address.sa_family = 65535;
	assert_about_text("bind", &address, sizeof(address), "address family 65535");
}

static void of_a_short_address_nothing_is_read_that_was_not_given(void **state)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/run/x.sock"};

	(void)state;
	assert_about_text("bind", &in6, 8, "address family 10");
	assert_about_text("connect", &un, sizeof(un.sun_family) + 4, "/run");
	assert_about_text("connect", &un, sizeof(un.sun_family), "@");
	assert_about_text("connect", "\1", 1, "@");
}

static void an_address_longer_than_any_is_cut_off(void **state)
{
	char text[LC_PATH_SIZE] = {AF_UNIX, 0};
	char expected[sizeof(struct sockaddr_un) - 1] = "";

	(void)state;
	memset(text + 2, 's', sizeof(text) - 2);
	memset(expected, 's', sizeof(struct sockaddr_un) - 2);
	assert_about_text("connect", text, sizeof(text), expected);
}

static void an_address_that_was_not_given_is_not_told(void **state)
{
	(void)state;
	assert_about_text("sendto", "", 0, NULL);
}

static void a_signal_is_told_by_its_name_and_target(void **state)
{
	(void)state;
	assert_about_arguments("kill", ARGUMENTS(42, SIGTERM), "SIGTERM to 42");
	assert_about_arguments("tgkill", ARGUMENTS(42, 43, SIGKILL), "SIGKILL to 42");
}

static void a_signal_without_a_name_is_told_by_its_number(void **state)
{
	(void)state;
	assert_about_arguments("kill", ARGUMENTS(1, 0), "signal 0 to 1");
	assert_about_arguments("kill", ARGUMENTS(1, 40), "signal 40 to 1");
	assert_about_arguments("kill", ARGUMENTS(1, (uint64_t)INT32_MIN), "signal -2147483648 to 1");
}

static void a_process_group_keeps_its_sign(void **state)
{
	(void)state;
	assert_about_arguments("kill", ARGUMENTS((uint64_t)-1, SIGHUP), "SIGHUP to -1");
	/* As the register holds a 32-bit value. */
	assert_about_arguments("kill", ARGUMENTS(UINT32_MAX, SIGHUP), "SIGHUP to -1");
}

static void ids_are_told_as_many_as_the_syscall_takes(void **state)
{
	const uint64_t unchanged = UINT32_MAX;

	(void)state;
	assert_about_arguments("setuid", ARGUMENTS(33, 7, 7), "uid 33");
	assert_about_arguments("setregid", ARGUMENTS(33, 34, 7), "gid 33,34");
	assert_about_arguments("setresuid", ARGUMENTS(1, 2, 3, 7), "uid 1,2,3");
	assert_about_arguments("setresgid", ARGUMENTS(unchanged, 0, unchanged), "gid -1,0,-1");
}

static void a_process_is_told_by_its_id(void **state)
{
	(void)state;
	assert_about_arguments("ptrace", ARGUMENTS(PTRACE_ATTACH, 42), "pid 42");
	assert_about_arguments("sched_setattr", ARGUMENTS(0), "pid 0");
}

static void a_request_is_told_in_hexadecimal(void **state)
{
	(void)state;
	assert_about_arguments("ioctl", ARGUMENTS(3, 0x8914), "0x8914");
	assert_about_arguments("prctl", ARGUMENTS(22), "0x16");
}

static void of_a_syscall_without_a_subject_nothing_is_told(void **state)
{
	(void)state;
	assert_about_text("sethostname", "name", 5, NULL);
}

/* A name that leads to no file has no directory before it. */
static void a_name_is_told_as_it_is(void **state)
{
	struct lc_subject subject = {.syscall = number_of("fsopen"), .text = "tmpfs", .text_bytes = 6};

	(void)state;
	memcpy(subject.base, "lib\0var", sizeof("lib\0var"));
	subject.base_bytes = sizeof("lib\0var");
	assert_described(&subject, "tmpfs");
	assert_false(lc_about_is_path(&subject));
	subject.syscall = number_of("delete_module");
	assert_described(&subject, "tmpfs");
	assert_false(lc_about_is_path(&subject));
}

static void a_call_newer_than_the_library_is_told(void **state)
{
	struct lc_subject subject = {.syscall = 472};
	char *name = lc_syscall_name(472);

	(void)state;
	assert_string_equal(name, "fchroot");
	free(name);
	assert_int_equal(lc_call_place("fchroot", LC_ABI_NATIVE), 472);
	assert_int_equal(lc_call_place("fchroot", LC_ABI_32_BIT), LC_SYSCALLS + 472);
	memcpy(subject.base, "jail\0srv", sizeof("jail\0srv"));
	subject.base_bytes = sizeof("jail\0srv");
	assert_described(&subject, "/srv/jail");
}

static void outside_of_a_syscall_nothing_is_told(void **state)
{
	struct lc_subject subject = {.syscall = LC_SYSCALL_NONE};

	(void)state;
	assert_null(lc_about_describe(&subject));
}

/* The number of SYSCALL as the key of a 32-bit program carries it. */
static uint16_t compat_number_of(const char *syscall)
{
	uint32_t arch = seccomp_arch_native() == SCMP_ARCH_AARCH64 ? SCMP_ARCH_ARM : SCMP_ARCH_X86;

	return LC_SYSCALL_COMPAT | (uint16_t)seccomp_syscall_resolve_name_arch(arch, syscall);
}

static void a_32_bit_syscall_has_its_own_name(void **state)
{
	char *name = lc_syscall_name(compat_number_of("setuid32"));

	(void)state;
	assert_non_null(name);
	assert_string_equal(name, "setuid32");
	free(name);
}

static void a_32_bit_syscall_is_about_the_same_as_its_like(void **state)
{
	struct lc_subject file = {.syscall = compat_number_of("chown32"), .text = "/x", .text_bytes = 3};
	struct lc_subject user = {.syscall = compat_number_of("setresuid32"), .arguments = {1, 2, 0xffffffff}};

	(void)state;
	assert_described(&file, "/x");
	assert_true(lc_about_is_path(&file));
	assert_described(&user, "uid 1,2,-1");
}

static void a_syscall_has_its_name(void **state)
{
	char *name = lc_syscall_name(number_of("fchownat"));

	(void)state;
	assert_non_null(name);
	assert_string_equal(name, "fchownat");
	free(name);
}

static void no_syscall_and_an_unknown_one_have_no_name(void **state)
{
	(void)state;
	assert_null(lc_syscall_name(LC_SYSCALL_NONE));
	assert_null(lc_syscall_name(LC_SYSCALLS - 1));
	assert_null(lc_syscall_name(LC_SYSCALL_COMPAT | LC_SYSCALL_NUMBER));
}

/* What MAP, filled by lc_about_install, says about SYSCALL of ABI. */
static void assert_shape(int map, const char *syscall, enum lc_abi abi, enum lc_shape_kind kind, int argument)
{
	uint32_t key = (uint32_t)lc_call_place(syscall, abi);
	struct lc_shape shape = {.kind = UINT8_MAX};

	assert_int_equal(bpf_map_lookup_elem(map, &key, &shape), 0);
	assert_int_equal(shape.kind, kind);
	assert_int_equal(shape.argument, argument);
}

static void the_kernel_side_is_told_which_argument_to_read(void **state)
{
	int map = bpf_map_create(
		BPF_MAP_TYPE_ARRAY, "shapes", sizeof(uint32_t), sizeof(struct lc_shape), LC_CALL_TABLE, NULL);

	(void)state;
	if (map < 0) {
		print_message("no map can be made here (%s): run as root\n", strerror(errno));
		skip();
	}
	assert_int_equal(lc_about_install(map), 0);
	assert_shape(map, "fchownat", LC_ABI_NATIVE, LC_SHAPE_PATH, 1);
	assert_shape(map, "bind", LC_ABI_NATIVE, LC_SHAPE_SOCKADDR, 1);
	assert_shape(map, "fchown", LC_ABI_NATIVE, LC_SHAPE_FD, 0);
	assert_shape(map, "kill", LC_ABI_NATIVE, LC_SHAPE_NONE, 0);
	assert_shape(map, "getpid", LC_ABI_NATIVE, LC_SHAPE_NONE, 0);
	assert_shape(map, "lchown32", LC_ABI_32_BIT, LC_SHAPE_PATH, 0);
	assert_shape(map, "fstatat64", LC_ABI_32_BIT, LC_SHAPE_PATH, 1);
	assert_shape(map, "accept4", LC_ABI_NATIVE, LC_SHAPE_FD, 0);
	assert_shape(map, "preadv", LC_ABI_NATIVE, LC_SHAPE_FD, 0);
	assert_shape(map, "fspick", LC_ABI_NATIVE, LC_SHAPE_PATH, 1);
	assert_shape(map, "fanotify_mark", LC_ABI_NATIVE, LC_SHAPE_PATH, 4);
	assert_shape(map, "openat2", LC_ABI_NATIVE, LC_SHAPE_PATH, 1);
	assert_shape(map, "open_tree", LC_ABI_NATIVE, LC_SHAPE_PATH, 1);
	assert_shape(map, "mount_setattr", LC_ABI_NATIVE, LC_SHAPE_PATH, 1);
	assert_shape(map, "setxattrat", LC_ABI_NATIVE, LC_SHAPE_PATH, 1);
	assert_shape(map, "fchmodat2", LC_ABI_NATIVE, LC_SHAPE_PATH, 1);
	assert_shape(map, "mmap", LC_ABI_NATIVE, LC_SHAPE_FD, 4);
	assert_shape(map, "sendmsg", LC_ABI_NATIVE, LC_SHAPE_MESSAGE, 1);
	assert_shape(map, "sendmmsg", LC_ABI_NATIVE, LC_SHAPE_MESSAGE, 1);
	close(map);
}

static void a_map_that_cannot_be_written_is_an_error(void **state)
{
	(void)state;
	assert_true(lc_about_install(-1) < 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_put_together_from_its_leaf_upwards),
		cmocka_unit_test(no_components_are_no_path),
		cmocka_unit_test(a_path_cut_off_without_its_last_nul_keeps_what_there_is),
		cmocka_unit_test(empty_components_do_not_lead_outside_the_buffer),
		cmocka_unit_test(no_more_than_the_samples_room_is_read),
		cmocka_unit_test(hostile_bytes_in_a_path_are_handed_on_as_they_are),
		cmocka_unit_test(an_absolute_path_is_told_as_it_was_given),
		cmocka_unit_test(a_relative_path_is_told_with_the_directory_that_it_starts_at),
		cmocka_unit_test(an_absolute_path_has_nothing_to_do_with_a_directory),
		cmocka_unit_test(an_empty_path_is_the_directory_itself),
		cmocka_unit_test(a_path_argument_without_its_nul_ends_where_the_sample_ends),
		cmocka_unit_test(a_path_that_could_not_be_read_or_is_empty_is_not_told),
		cmocka_unit_test(an_open_file_is_told_by_its_path),
		cmocka_unit_test(only_what_names_a_file_is_a_path),
		cmocka_unit_test(an_ipv4_address_is_told_with_its_port),
		cmocka_unit_test(an_ipv6_address_is_told_in_brackets),
		cmocka_unit_test(a_unix_socket_is_told_by_its_path),
		cmocka_unit_test(an_abstract_unix_socket_is_told_with_an_at_sign),
		cmocka_unit_test(a_unix_sockets_path_needs_no_nul),
		cmocka_unit_test(another_address_family_is_told_by_its_number),
		cmocka_unit_test(of_a_short_address_nothing_is_read_that_was_not_given),
		cmocka_unit_test(an_address_longer_than_any_is_cut_off),
		cmocka_unit_test(an_address_that_was_not_given_is_not_told),
		cmocka_unit_test(a_signal_is_told_by_its_name_and_target),
		cmocka_unit_test(a_signal_without_a_name_is_told_by_its_number),
		cmocka_unit_test(a_process_group_keeps_its_sign),
		cmocka_unit_test(ids_are_told_as_many_as_the_syscall_takes),
		cmocka_unit_test(a_process_is_told_by_its_id),
		cmocka_unit_test(a_request_is_told_in_hexadecimal),
		cmocka_unit_test(of_a_syscall_without_a_subject_nothing_is_told),
		cmocka_unit_test(a_name_is_told_as_it_is),
		cmocka_unit_test(a_call_newer_than_the_library_is_told),
		cmocka_unit_test(outside_of_a_syscall_nothing_is_told),
		cmocka_unit_test(a_32_bit_syscall_has_its_own_name),
		cmocka_unit_test(a_32_bit_syscall_is_about_the_same_as_its_like),
		cmocka_unit_test(a_syscall_has_its_name),
		cmocka_unit_test(no_syscall_and_an_unknown_one_have_no_name),
		cmocka_unit_test(the_kernel_side_is_told_which_argument_to_read),
		cmocka_unit_test(a_map_that_cannot_be_written_is_an_error),
	};

	return cmocka_run_group_tests_name("about", tests, NULL, NULL);
}
