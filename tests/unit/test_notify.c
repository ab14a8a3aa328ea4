/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what a service manager is told: by a datagram to the socket that it names, in the file system or not. */
#include <leastcap/serve.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

/* Tells a manager that listens at NAME ("@…": abstract), and reads what it heard to TEXT, of SIZE bytes. */
static void tell(const char *name, char *text, size_t size)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ssize_t n;

	memcpy(address.sun_path, name, strlen(name));
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	assert_int_equal(bind(fd, (const struct sockaddr *)&address,
				 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))),
		0);
	setenv("NOTIFY_SOCKET", name, 1);
	assert_int_equal(lc_serve_notify("READY=1"), 0);
	n = read(fd, text, size - 1);
	assert_true(n >= 0);
	text[n] = '\0';
	close(fd);
}

static void a_socket_in_the_file_system_is_told(void **state)
{
	char directory[] = "/tmp/test-notify-XXXXXX", path[64], text[64];

	(void)state;
	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/notify", directory);
	tell(path, text, sizeof(text));
	assert_string_equal(text, "READY=1");
	unlink(path);
	rmdir(directory);
}

static void an_abstract_socket_is_told(void **state)
{
	char name[64], text[64];

	(void)state;
	snprintf(name, sizeof(name), "@leastcap-test-notify-%d", (int)getpid());
	tell(name, text, sizeof(text));
	assert_string_equal(text, "READY=1");
}

static void without_a_manager_nobody_is_told(void **state)
{
	(void)state;
	unsetenv("NOTIFY_SOCKET");
	assert_int_equal(lc_serve_notify("READY=1"), 0);
}

static void what_is_no_socket_s_name_is_refused(void **state)
{
	char text[256];

	(void)state;
	setenv("NOTIFY_SOCKET", "vsock:2:1", 1);
	assert_int_equal(lc_serve_notify("READY=1"), -EINVAL);
	memset(text, 'x', sizeof(text) - 1);
	text[0] = '/';
	text[sizeof(text) - 1] = '\0';
	setenv("NOTIFY_SOCKET", text, 1);
	assert_int_equal(lc_serve_notify("READY=1"), -EINVAL);
	setenv("NOTIFY_SOCKET", "/nowhere/notify", 1);
	assert_int_equal(lc_serve_notify("READY=1"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_socket_in_the_file_system_is_told),
		cmocka_unit_test(an_abstract_socket_is_told),
		cmocka_unit_test(without_a_manager_nobody_is_told),
		cmocka_unit_test(what_is_no_socket_s_name_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
