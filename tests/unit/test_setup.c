/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests which of a container's processes count as its runtime's when a recording begins, on processes made as runtimes make theirs. */
#include "src/identity/identity.h"

#include <leastcap/host.h>
#include <leastcap/identity.h>

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
	struct lc_hierarchy hierarchy;
	struct lc_identity *identity;
	struct lc_target target;
	pid_t pid; /* of the process that is looked at */
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct lc_process own;

	if (!f || lc_hierarchy_find(&f->hierarchy) || lc_identity_new(&f->identity, "/nowhere", NULL) ||
		lc_process_read(getpid(), &own))
		return -1;
	lc_identity_in(f->identity, &f->hierarchy);
	/* No process has its parent in here. */
	f->target = (struct lc_target){
		.kind = LC_TARGET_CONTAINER, .cgroup = strdup("/no/such"), .granted = own.init.sets.bounding};
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	if (f->pid > 0) {
		kill(f->pid, SIGKILL);
		waitpid(f->pid, NULL, 0);
	}
	lc_identity_free(f->identity);
	lc_target_clear(&f->target);
	free(f);
	return 0;
}

/* What a process made for a test is in. */
enum { OWN_PIDS = 1, OWN_MOUNTS = 2, RUNS_PROGRAM = 4, LESS_GRANTED = 8 };

/* The life of such a process, which tells through FD when it is what it is to be. */
static void live(unsigned int how, int fd)
{
	if ((how & OWN_MOUNTS && unshare(CLONE_NEWNS)) || write(fd, "!", 1) != 1)
		_exit(1);
	close(fd);
	if (how & RUNS_PROGRAM)
		execlp("sleep", "sleep", "100", NULL);
	for (;;)
		pause();
}

/* Waits until process PID has run a program. */
static void await_program(pid_t pid)
{
	struct lc_process process = {.forked = true};

	for (int i = 0; process.forked && i < 1000; i++) {
		usleep(5000);
		assert_int_equal(lc_process_read(pid, &process), 0);
	}
	assert_false(process.forked);
}

/* How long set-up lasts of a process that is in what HOW says. Skips the test where it can't be made. */
static unsigned int left(struct fixture *f, unsigned int how)
{
	char byte;
	int ends[2];

	if (geteuid())
		skip();
	assert_int_equal(pipe(ends), 0);
	f->pid = (pid_t)syscall(SYS_clone, (how & OWN_PIDS ? CLONE_NEWPID : 0) | SIGCHLD, 0, 0, 0, 0);
	if (!f->pid)
		live(how, ends[1]);
	if (f->pid < 0)
		skip();
	close(ends[1]);
	if (read(ends[0], &byte, 1) != 1)
		skip();
	close(ends[0]);
	if (how & RUNS_PROGRAM)
		await_program(f->pid);
	if (how & LESS_GRANTED)
		f->target.granted &= ~(UINT64_C(1) << CAP_CHOWN);
	return lc_identity_setup_left(f->identity, &f->target, f->pid);
}

static void what_a_runtime_has_put_there_and_is_in_the_hosts_mounts_is_its_own(void **state)
{
	assert_true(left(*state, RUNS_PROGRAM) > 0);
}

static void what_has_run_no_program_is_its_runtimes_though_it_has_given_up_capabilities(void **state)
{
	assert_true(left(*state, OWN_PIDS | OWN_MOUNTS) > 0);
}

static void the_first_program_in_mounts_of_its_own_is_the_workload(void **state)
{
	assert_int_equal(left(*state, OWN_PIDS | OWN_MOUNTS | RUNS_PROGRAM), 0);
}

static void a_program_with_more_than_the_container_is_the_workload_all_the_same(void **state)
{
	assert_int_equal(left(*state, OWN_PIDS | OWN_MOUNTS | RUNS_PROGRAM | LESS_GRANTED), 0);
}

static void an_orphan_in_the_hosts_pid_namespace_is_the_workload(void **state)
{
	assert_int_equal(left(*state, OWN_MOUNTS), 0);
}

static void in_the_hosts_pid_namespace_what_holds_more_is_its_runtimes(void **state)
{
	assert_true(left(*state, OWN_MOUNTS | LESS_GRANTED) > 0);
}

static void whose_parent_is_in_the_container_is_the_workload(void **state)
{
	struct fixture *f = *state;
	char own[PATH_MAX];

	assert_int_equal(lc_cgroup_of_pid(&f->hierarchy, getpid(), own, sizeof(own)), 0);
	free(f->target.cgroup);
	f->target.cgroup = strdup(own);
	assert_int_equal(left(f, RUNS_PROGRAM), 0);
}

/* Ends the parent of f->pid now and then, which a subreaper takes over; all the while the process is its runtime's. */
static void a_parent_that_ends_meanwhile_changes_nothing(void **state)
{
	struct fixture *f = *state;

	if (geteuid() || prctl(PR_SET_CHILD_SUBREAPER, 1))
		skip();
	for (int i = 0; i < 50; i++) {
		int ends[2];
		pid_t runtime;

		assert_int_equal(pipe(ends), 0);
		runtime = fork();
		if (!runtime) {
			pid_t child = fork();

			if (!child)
				live(RUNS_PROGRAM, open("/dev/null", O_WRONLY | O_CLOEXEC));
			_exit(child < 0 || write(ends[1], &child, sizeof(child)) != sizeof(child));
		}
		assert_true(runtime > 0);
		close(ends[1]);
		assert_int_equal(read(ends[0], &f->pid, sizeof(f->pid)), sizeof(f->pid));
		close(ends[0]);
		/* The runtime ends just now. */
		assert_true(lc_identity_setup_left(f->identity, &f->target, f->pid) > 0);
		waitpid(runtime, NULL, 0);
		kill(f->pid, SIGKILL);
		waitpid(f->pid, NULL, 0);
		f->pid = 0;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_a_runtime_has_put_there_and_is_in_the_hosts_mounts_is_its_own),
		TEST(an_orphan_in_the_hosts_pid_namespace_is_the_workload),
		TEST(in_the_hosts_pid_namespace_what_holds_more_is_its_runtimes),
		TEST(whose_parent_is_in_the_container_is_the_workload),
		TEST(a_parent_that_ends_meanwhile_changes_nothing),
		TEST(what_has_run_no_program_is_its_runtimes_though_it_has_given_up_capabilities),
		TEST(the_first_program_in_mounts_of_its_own_is_the_workload),
		TEST(a_program_with_more_than_the_container_is_the_workload_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
