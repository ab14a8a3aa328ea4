/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests what a process can't do any more in a worker's sandbox, each in a child of its own. */
#include <leastcap/worker.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Runs TRY in a child that has entered the sandbox, and is confined if CONFINED: how it ends, as wait(2) has it. */
static int run(bool confined, int (*try)(void))
{
	int sockets[2], status;
	pid_t pid;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		if (lc_sandbox_enter(sockets[1], false) || (confined && lc_sandbox_confine()))
			_exit(99);
		_exit(try());
	}
	close(sockets[0]);
	close(sockets[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void assert_ends_well(bool confined, int (*try)(void))
{
	int status = run(confined, try);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void assert_killed(int (*try)(void))
{
	int status = run(true, try);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static int count_descriptors(void)
{
	int fd, n = 0;

	for (fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n != 1 || fcntl(0, F_GETFD) < 0;
}

static void only_the_socket_is_left_open(void **state)
{
	(void)state;
	assert_ends_well(false, count_descriptors);
}

static int look_for_capabilities(void)
{
	cap_t none = cap_init(), now = cap_get_proc();

	return !none || !now || cap_compare(none, now) != 0;
}

static void there_are_no_capabilities(void **state)
{
	(void)state;
	assert_ends_well(false, look_for_capabilities);
}

static int look_for_bounding_set(void)
{
	cap_value_t cap;

	for (cap = 0; cap < cap_max_bits(); cap++) {
		if (cap_get_bound(cap) > 0)
			return 1;
	}
	return 0;
}

static void the_bounding_set_is_empty(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_ends_well(false, look_for_bounding_set);
}

static int look_for_root(void)
{
	uid_t real, effective, saved;

	return getresuid(&real, &effective, &saved) || real == 0 || effective == 0 || saved == 0 ||
	       getgroups(0, NULL) != 0;
}

static void it_is_nobody(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_ends_well(false, look_for_root);
}

static int look_for_a_way_back(void)
{
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0;
}

static void it_gains_nothing_by_exec_and_is_not_traced(void **state)
{
	(void)state;
	assert_ends_well(false, look_for_a_way_back);
}

static int open_file(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0 || errno != ENOENT;
}

static void no_file_can_be_opened(void **state)
{
	(void)state;
	assert_ends_well(true, open_file);
}

static int take_memory(void)
{
	void *memory = malloc(1 << 20), *grown;

	if (!memory)
		return 1;
	memset(memory, 1, 1 << 20);
	grown = realloc(memory, 4 << 20);
	free(grown ? grown : memory);
	return !grown;
}

static void memory_can_be_had(void **state)
{
	(void)state;
	assert_ends_well(true, take_memory);
}

static int take_too_much_memory(void)
{
	return mmap(NULL, 1UL << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static void a_gigabyte_can_not(void **state)
{
	(void)state;
#if defined(__SANITIZE_ADDRESS__)
	skip();
#endif
	assert_ends_well(true, take_too_much_memory);
}

static int make_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static void a_socket_is_death(void **state)
{
	(void)state;
	assert_killed(make_socket);
}

static int map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED;
}

static void new_code_is_death(void **state)
{
	(void)state;
	assert_killed(map_code);
}

static int execute(void)
{
	return execl("/bin/true", "true", (char *)NULL);
}

static void exec_is_death(void **state)
{
	(void)state;
	assert_killed(execute);
}

static int signal_parent(void)
{
	return (int)syscall(SYS_kill, getppid(), 0);
}

static void a_signal_to_others_is_death(void **state)
{
	(void)state;
	assert_killed(signal_parent);
}

static int spawn(void)
{
	return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static void a_child_is_death(void **state)
{
	(void)state;
	assert_killed(spawn);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_socket_is_left_open),
		cmocka_unit_test(there_are_no_capabilities),
		cmocka_unit_test(the_bounding_set_is_empty),
		cmocka_unit_test(it_is_nobody),
		cmocka_unit_test(it_gains_nothing_by_exec_and_is_not_traced),
		cmocka_unit_test(no_file_can_be_opened),
		cmocka_unit_test(memory_can_be_had),
		cmocka_unit_test(a_gigabyte_can_not),
		cmocka_unit_test(a_socket_is_death),
		cmocka_unit_test(new_code_is_death),
		cmocka_unit_test(exec_is_death),
		cmocka_unit_test(a_signal_to_others_is_death),
		cmocka_unit_test(a_child_is_death),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
