/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of system calls as text: what is taken along, what is shown of it, and that nothing hostile gets through. */
#include "tests/unit/trace_memory.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include <cmocka.h>

/* The text of CALL; the caller frees it. */
static char *shown(const struct lc_call_made *call)
{
	struct lc_strbuf out = {0};

	lc_trace_format_call(&out, call, false);
	return lc_strbuf_steal(&out);
}

static void assert_shown(const struct lc_call_made *call, const char *expected)
{
	_cleanup_free_ char *text = shown(call);

	assert_string_equal(text, expected);
}

/* Takes along what CALL points to and asserts its text. */
static void assert_taken(struct lc_call_made call, const char *expected)
{
	struct taken taken;

	take_pieces(&call, &taken);
	assert_shown(&call, expected);
}

static void assert_result(const struct lc_call_made *call, int64_t result, const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	lc_trace_format_result(&out, call, result);
	assert_string_equal(out.text, expected);
}

static void a_bind_shows_its_address(void **state)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(80)};

	(void)state;
	assert_taken((struct lc_call_made){.number = SYS_bind, .arguments = {6, (uintptr_t)&address, sizeof(address)}},
		"bind(6, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"0.0.0.0\")}, 16)");
}

static void a_mount_shows_its_strings(void **state)
{
	(void)state;
	assert_taken((struct lc_call_made){.number = SYS_mount,
			     .arguments = {(uintptr_t) "none", (uintptr_t) "/mnt", (uintptr_t) "tmpfs", 0, 0}},
		"mount(\"none\", \"/mnt\", \"tmpfs\", 0, NULL)");
}

static void what_was_not_taken_along_is_an_address(void **state)
{
	(void)state;
	assert_shown(&(struct lc_call_made){.number = SYS_chroot, .arguments = {0x7ffe1000}}, "chroot(0x7ffe1000)");
	assert_shown(&(struct lc_call_made){.number = SYS_bind, .arguments = {6, 0x7ffe1000, 16}},
		"bind(6, 0x7ffe1000, 16)");
	assert_shown(&(struct lc_call_made){.number = SYS_chroot}, "chroot(NULL)");
}

static void a_path_is_shown_in_full(void **state)
{
	char path[LC_TRACE_PIECE];
	char expected[LC_TRACE_PIECE + 32];

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	snprintf(expected, sizeof(expected), "chroot(\"%s\")", path);
	assert_taken((struct lc_call_made){.number = SYS_chroot, .arguments = {(uintptr_t)path}}, expected);
}

static void a_path_longer_than_what_is_taken_along_ends_in_dots(void **state)
{
	char path[2 * LC_TRACE_PIECE];
	struct lc_call_made call = {.number = SYS_chroot, .arguments = {(uintptr_t)path}};
	_cleanup_free_ char *text = NULL;
	struct taken taken;

	(void)state;
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	take_pieces(&call, &taken);
	text = shown(&call);
	assert_int_equal(strlen(text), strlen("chroot(\"\"...)") + LC_TRACE_PIECE);
	assert_string_equal(text + strlen(text) - 5, "\"...)");
}

static void what_is_written_is_cut_after_32_bytes(void **state)
{
	(void)state;
	assert_taken((struct lc_call_made){.number = SYS_write,
			     .arguments = {1, (uintptr_t) "0123456789abcdef0123456789abcdef", 32}},
		"write(1, \"0123456789abcdef0123456789abcdef\", 32)");
	assert_taken((struct lc_call_made){.number = SYS_write,
			     .arguments = {1, (uintptr_t) "0123456789abcdef0123456789abcdefg", 33}},
		"write(1, \"0123456789abcdef0123456789abcdef\"..., 33)");
}

static void strings_are_escaped(void **state)
{
	(void)state;
	assert_taken(
		(struct lc_call_made){.number = SYS_chroot, .arguments = {(uintptr_t) "\033]0;owned\a\n\0019\x9b\"\\"}},
		"chroot(\"\\33]0;owned\\7\\n\\19\\233\\\"\\\\\")");
}

static void a_call_without_a_row_shows_six_numbers(void **state)
{
	(void)state;
	assert_shown(&(struct lc_call_made){.number = SYS_nfsservctl, .arguments = {1, 2, 3, 0, 0, 0x20}},
		"nfsservctl(0x1, 0x2, 0x3, 0, 0, 0x20)");
	assert_shown(&(struct lc_call_made){.number = 1023}, "syscall_0x3ff(0, 0, 0, 0, 0, 0)");
}

static void a_call_without_arguments_shows_none(void **state)
{
	(void)state;
	assert_shown(&(struct lc_call_made){.number = SYS_getpid, .arguments = {1, 2, 3}}, "getpid()");
}

/* By its number alone: neither this machine's headers nor its library need know the call. */
static void a_call_newer_than_the_library_has_its_name_and_arguments(void **state)
{
	(void)state;
	assert_taken((struct lc_call_made){.number = 463,
			     .arguments = {(uint32_t)AT_FDCWD, (uintptr_t) "/x", AT_SYMLINK_NOFOLLOW,
				     (uintptr_t) "user.a", 0x10, 16}},
		"setxattrat(AT_FDCWD, \"/x\", AT_SYMLINK_NOFOLLOW, \"user.a\", 0x10, 16)");
}

static void a_32_bit_call_has_its_own_name_and_numbers(void **state)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86, 21);

	(void)state;
	if (!name || seccomp_arch_native() != SCMP_ARCH_X86_64) {
		print_message("no 32-bit calls here\n");
		free(name);
		skip();
	}
	free(name);
	assert_shown(&(struct lc_call_made){.number = 21, .compat = true, .arguments = {0x8000, 1}},
		"mount(0x8000, 0x1, 0, 0, 0, 0)");
}

static void a_mode_is_shown_only_of_an_open_that_makes_a_file(void **state)
{
	(void)state;
	assert_taken((struct lc_call_made){.number = SYS_openat,
			     .arguments = {(uint32_t)AT_FDCWD, (uintptr_t) "/x", O_RDWR, 0777}},
		"openat(AT_FDCWD, \"/x\", O_RDWR)");
	assert_taken((struct lc_call_made){.number = SYS_openat,
			     .arguments = {(uint32_t)AT_FDCWD, (uintptr_t) "/x", O_RDWR | O_CREAT, 0777}},
		"openat(AT_FDCWD, \"/x\", O_RDWR|O_CREAT, 0777)");
}

static void unknown_flags_are_numbers(void **state)
{
	(void)state;
	assert_shown(&(struct lc_call_made){.number = SYS_umount2, .arguments = {0, MNT_DETACH | 0x8000}},
		"umount2(NULL, MNT_DETACH|0x8000)");
	assert_shown(&(struct lc_call_made){.number = SYS_umount2, .arguments = {0, 0x8000}},
		"umount2(NULL, 0x8000 /* MNT_??? */)");
}

static void an_unknown_ioctl_is_shown_in_its_parts(void **state)
{
	(void)state;
	assert_shown(&(struct lc_call_made){.number = SYS_ioctl, .arguments = {3, _IOW('z', 9, int), 0x7ffe0000}},
		"ioctl(3, _IOC(_IOC_WRITE, 0x7a, 0x9, 0x4), 0x7ffe0000)");
}

static void what_is_at_the_address_of_an_unknown_request_is_not_guessed(void **state)
{
	char bytes[64] = "not an interface";
	char expected[64];

	(void)state;
	snprintf(expected, sizeof(expected), "ioctl(3, TIOCSTI, %p)", (void *)bytes);
	assert_taken((struct lc_call_made){.number = SYS_ioctl, .arguments = {3, TIOCSTI, (uintptr_t)bytes}}, expected);
}

static void a_capset_names_its_capabilities(void **state)
{
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct sets[2] = {{1 << CAP_KILL, 0, 0}, {1 << (CAP_BPF - 32), 0, 1U << 31}};

	(void)state;
	assert_taken((struct lc_call_made){.number = SYS_capset, .arguments = {(uintptr_t)&header, (uintptr_t)sets}},
		"capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=1<<CAP_KILL|1<<CAP_BPF, permitted=0, inheritable=0x8000000000000000})");
}

static void an_abstract_socket_has_an_at_sign(void **state)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "\0bus"};

	(void)state;
	assert_taken((struct lc_call_made){.number = SYS_connect,
			     .arguments = {3, (uintptr_t)&address, offsetof(struct sockaddr_un, sun_path) + 4}},
		"connect(3, {sa_family=AF_UNIX, sun_path=@\"bus\"}, 6)");
}

static void an_address_that_is_too_short_shows_its_bytes(void **state)
{
	(void)state;
	assert_taken((struct lc_call_made){.number = SYS_bind, .arguments = {3, (uintptr_t) "\2\0\0\120", 4}},
		"bind(3, {sa_family=AF_INET, sa_data=\"\\0P\"}, 4)");
	assert_taken((struct lc_call_made){.number = SYS_bind, .arguments = {3, (uintptr_t) "\2", 1}},
		"bind(3, \"\\2\", 1)");
}

static void descriptors_have_their_paths_when_asked(void **state)
{
	_cleanup_fd_ int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct lc_call_made call = {
		.number = SYS_fchmod, .arguments = {(uint64_t)fd, 0644}, .pid = getpid(), .descriptor_paths = true};
	char expected[64];

	(void)state;
	snprintf(expected, sizeof(expected), "fchmod(%d</dev/null>, 0644)", fd);
	assert_shown(&call, expected);
	call.number = SYS_openat;
	snprintf(expected, sizeof(expected), "%d</dev/null>", fd);
	assert_result(&call, fd, expected);
}

static void a_process_that_is_gone_has_no_paths(void **state)
{
	(void)state;
	assert_shown(
		&(struct lc_call_made){
			.number = SYS_fchmod, .arguments = {3, 0644}, .pid = 0x7fffffff, .descriptor_paths = true},
		"fchmod(3, 0644)");
}

static void results_read_as_with_strace(void **state)
{
	(void)state;
	assert_result(NULL, 0, "0");
	assert_result(NULL, 42, "42");
	assert_result(NULL, -EPERM, "-1 EPERM (Operation not permitted)");
	assert_result(NULL, -512, "? ERESTARTSYS (To be restarted if SA_RESTART is set)");
	assert_result(NULL, -4000, "-1 (errno 4000)");
	assert_result(NULL, -4096, "-4096");
	assert_result(&(struct lc_call_made){.number = SYS_mmap}, 0x7f0012345000, "0x7f0012345000");
	assert_result(&(struct lc_call_made){.number = SYS_umask}, 022, "022");
}

static void what_is_taken_along_fits_the_call(void **state)
{
	struct lc_capture capture = lc_syscall_capture(SYS_bind);

	(void)state;
	assert_int_equal(capture.pieces[0].kind, LC_PIECE_BUFFER);
	assert_int_equal(capture.pieces[0].argument, 1);
	assert_int_equal(capture.pieces[0].size, 2);
	assert_int_equal(capture.pieces[0].unit, 1);
	assert_int_equal(capture.pieces[1].kind, LC_PIECE_NONE);
	capture = lc_syscall_capture(SYS_mount);
	assert_int_equal(capture.pieces[3].kind, LC_PIECE_STRING);
	assert_int_equal(capture.pieces[3].argument, 4);
	assert_int_equal(lc_syscall_capture(SYS_setgroups).pieces[0].unit, sizeof(gid_t));
}

static void nothing_is_taken_along_of_other_calls(void **state)
{
	static const struct lc_capture nothing;
	const int numbers[] = {-1, SYS_getpid, SYS_setuid, 1023, 1 << 30};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct lc_capture capture = lc_syscall_capture(numbers[i]);

		assert_memory_equal(&capture, &nothing, sizeof(capture));
	}
}

/* A generator with a seed of its own, so that a failure comes again (Marsaglia's xorshift). */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* Makes up a call: arguments small, huge or random; pieces of any bytes and any length, in memory of exactly that length. */
static void make_up(struct lc_call_made *call, int number, uint64_t *seed, unsigned char *pieces[LC_TRACE_PIECES])
{
	*call = (struct lc_call_made){.number = number, .compat = next_random(seed) % 16 == 0};
	for (size_t i = 0; i < 6; i++)
		call->arguments[i] = next_random(seed) >> next_random(seed) % 64;
	for (size_t i = 0; i < LC_TRACE_PIECES; i++) {
		uint32_t length = (uint32_t)(next_random(seed) % (LC_TRACE_PIECE + 1));

		pieces[i] = malloc(length ? length : 1);
		assert_non_null(pieces[i]);
		for (uint32_t at = 0; at < length; at++)
			pieces[i][at] = (unsigned char)(next_random(seed) % 4 ? next_random(seed) : 0);
		call->pieces[i] =
			(struct lc_piece){next_random(seed) % 8 ? pieces[i] : NULL, length, next_random(seed) % 2};
	}
}

static void no_call_however_made_up_harms_a_terminal(void **state)
{
	uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);

	(void)state;
	for (int round = 0; round < 20; round++) {
		for (int number = 0; number < 1024; number++) {
			unsigned char *pieces[LC_TRACE_PIECES];
			struct lc_call_made call;
			_cleanup_free_ char *text = NULL;

			make_up(&call, number, &seed, pieces);
			text = shown(&call);
			assert_non_null(text);
			for (const char *at = text; *at; at++)
				assert_in_range(*at, ' ', '~');
			assert_true(strchr(text, '(') && text[strlen(text) - 1] == ')');
			for (size_t i = 0; i < LC_TRACE_PIECES; i++)
				free(pieces[i]);
		}
	}
}

/* The same with the names of arguments. */
static void assert_named(int number, const uint64_t arguments[LC_CALL_ARGUMENTS], const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	struct lc_call_made call = {.number = number};

	for (size_t i = 0; i < LC_CALL_ARGUMENTS; i++)
		call.arguments[i] = arguments[i];
	lc_trace_format_call(&out, &call, true);
	assert_string_equal(out.text, expected);
}

/* As strace 7.2 shows them with -N. */
static void arguments_are_called_as_strace_calls_them(void **state)
{
	(void)state;
	assert_named(SYS_openat, (const uint64_t[6]){(uint64_t)AT_FDCWD, 0, O_RDONLY | O_CLOEXEC},
		"openat(dirfd=AT_FDCWD, pathname=NULL, flags=O_RDONLY|O_CLOEXEC)");
	assert_named(SYS_openat, (const uint64_t[6]){64, 0, O_CREAT, 0100},
		"openat(dirfd=64, pathname=NULL, flags=O_RDONLY|O_CREAT, mode=0100)");
	assert_named(SYS_mount, (const uint64_t[6]){0},
		"mount(source=NULL, target=NULL, filesystemtype=NULL, mountflags=0, data=NULL)");
	assert_named(SYS_bind, (const uint64_t[6]){0}, "bind(sockfd=0, addr=NULL, addrlen=0)");
	assert_named(SYS_setresuid, (const uint64_t[6]){1, 2, 3}, "setresuid(ruid=1, euid=2, suid=3)");
	assert_named(SYS_fcntl, (const uint64_t[6]){0}, "fcntl(fd=0, op=F_DUPFD, arg=0)");
	assert_named(SYS_sync, (const uint64_t[6]){0}, "sync()");
	/* These names stand there without -N, too, and only once. */
	assert_named(SYS_clone, (const uint64_t[6]){0}, "clone(child_stack=NULL, flags=0)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bind_shows_its_address),
		cmocka_unit_test(a_mount_shows_its_strings),
		cmocka_unit_test(what_was_not_taken_along_is_an_address),
		cmocka_unit_test(a_path_is_shown_in_full),
		cmocka_unit_test(a_path_longer_than_what_is_taken_along_ends_in_dots),
		cmocka_unit_test(what_is_written_is_cut_after_32_bytes),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(a_call_without_a_row_shows_six_numbers),
		cmocka_unit_test(a_call_without_arguments_shows_none),
		cmocka_unit_test(a_call_newer_than_the_library_has_its_name_and_arguments),
		cmocka_unit_test(a_32_bit_call_has_its_own_name_and_numbers),
		cmocka_unit_test(a_mode_is_shown_only_of_an_open_that_makes_a_file),
		cmocka_unit_test(unknown_flags_are_numbers),
		cmocka_unit_test(an_unknown_ioctl_is_shown_in_its_parts),
		cmocka_unit_test(what_is_at_the_address_of_an_unknown_request_is_not_guessed),
		cmocka_unit_test(a_capset_names_its_capabilities),
		cmocka_unit_test(an_abstract_socket_has_an_at_sign),
		cmocka_unit_test(an_address_that_is_too_short_shows_its_bytes),
		cmocka_unit_test(descriptors_have_their_paths_when_asked),
		cmocka_unit_test(a_process_that_is_gone_has_no_paths),
		cmocka_unit_test(results_read_as_with_strace),
		cmocka_unit_test(what_is_taken_along_fits_the_call),
		cmocka_unit_test(nothing_is_taken_along_of_other_calls),
		cmocka_unit_test(no_call_however_made_up_harms_a_terminal),
		cmocka_unit_test(arguments_are_called_as_strace_calls_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
