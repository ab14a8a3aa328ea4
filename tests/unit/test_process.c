/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests lc_process_read against this process and children that have changed themselves. */
#include "child.h"
#include <leastcap/host.h>

#include <leastcap/capset.h>

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <seccomp.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* Reads a child that has run PREPARE. */
static struct lc_process read_child(void (*prepare)(void))
{
	struct lc_process process;
	pid_t pid = start_child(prepare);

	assert_int_equal(lc_process_read(pid, &process), 0);
	assert_int_equal(process.init.pid, pid);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return process;
}

static void need_root(void)
{
	if (geteuid() != 0)
		skip();
}

static void change_nothing(void)
{
}

static void hold_five_different_sets(void)
{
	cap_t caps = cap_from_text("cap_setpcap,cap_chown,cap_kill,cap_setuid=p cap_chown,cap_kill+i cap_setuid+e");

	if (!caps || prctl(PR_CAPBSET_DROP, CAP_SYS_TIME) || cap_set_proc(caps) ||
		prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL, 0, 0))
		_exit(1);
	cap_free(caps);
}

static void each_of_the_five_sets_is_read(void **state)
{
	struct lc_process process;

	(void)state;
	need_root();
	process = read_child(hold_five_different_sets);
	assert_true(process.init.sets.effective == LC_CAP_BIT(CAP_SETUID));
	assert_true(process.init.sets.ambient == LC_CAP_BIT(CAP_KILL));
	assert_true(process.init.sets.inheritable == (LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL)));
	assert_true(process.init.sets.permitted ==
		    (LC_CAP_BIT(CAP_SETPCAP) | LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SETUID)));
	assert_false(process.init.sets.bounding & LC_CAP_BIT(CAP_SYS_TIME));
	assert_true(process.init.sets.bounding & LC_CAP_BIT(CAP_SETFCAP));
}

static void give_up_new_privileges(void)
{
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static void no_new_privileges_are_seen(void **state)
{
	(void)state;
	assert_true(read_child(give_up_new_privileges).init.no_new_privs);
	assert_false(read_child(change_nothing).init.no_new_privs);
}

static void load_a_filter(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

	if (!filter || seccomp_load(filter))
		_exit(1);
	seccomp_release(filter);
}

static void a_seccomp_filter_is_seen(void **state)
{
	(void)state;
	assert_int_equal(read_child(load_a_filter).init.seccomp, LC_SECCOMP_FILTER);
}

static void enter_a_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(1);
}

static void a_user_namespace_of_its_own_is_seen(void **state)
{
	(void)state;
	need_root();
	assert_true(read_child(enter_a_user_namespace).init.own_userns);
	assert_false(read_child(change_nothing).init.own_userns);
}

static void become_user_33(void)
{
	if (setgid(44) || seteuid(33))
		_exit(1);
}

static void the_effective_ids_are_read(void **state)
{
	struct lc_process process;

	(void)state;
	need_root();
	process = read_child(become_user_33);
	assert_int_equal(process.uid, 33);
	assert_int_equal(process.gid, 44);
}

static void the_parent_is_known(void **state)
{
	(void)state;
	assert_int_equal(read_child(change_nothing).parent, getpid());
}

static void the_older_of_two_started_earlier(void **state)
{
	struct lc_process self, child;

	(void)state;
	assert_int_equal(lc_process_read(getpid(), &self), 0);
	usleep(20000);
	child = read_child(change_nothing);
	assert_true(self.started > 0);
	assert_true(self.started < child.started);
}

/* A process's name may look like what follows it in /proc/PID/stat. */
static void take_a_name_that_ends_early(void)
{
	prctl(PR_SET_NAME, "x) S 1 1 1 1");
}

static void a_hostile_name_does_not_change_the_age(void **state)
{
	struct lc_process self, child;

	(void)state;
	assert_int_equal(lc_process_read(getpid(), &self), 0);
	child = read_child(take_a_name_that_ends_early);
	assert_true(child.started >= self.started && child.started != UINT64_MAX);
}

/* Becomes the parent of a pid namespace's init, which lives as long. */
static void start_an_init(void)
{
	if (unshare(CLONE_NEWPID) || fork() < 0)
		_exit(1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void the_init_of_a_pid_namespace_is_one_in_it(void **state)
{
	struct lc_process process;
	pid_t parent, pid = 0;
	char path[64];
	FILE *stream;

	(void)state;
	need_root();
	parent = start_child(start_an_init);
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent, parent);
	stream = fopen(path, "r");
	assert_non_null(stream);
	assert_int_equal(fscanf(stream, "%d", &pid), 1);
	fclose(stream);
	assert_int_equal(lc_process_read(pid, &process), 0);
	assert_int_equal(process.inner, 1);
	assert_int_equal(process.depth, 1);
	/* It may not have got as far as to ask for its end with its parent's. */
	kill(pid, SIGKILL);
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
}

static void a_process_that_is_gone_is_said_so_and_nothing_is_changed(void **state)
{
	struct lc_process process = {.inner = 4711};
	uint32_t inode = 4711;
	gid_t *groups = NULL;
	size_t n = 4711;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(lc_process_read(pid, &process), -ESRCH);
	assert_int_equal(process.inner, 4711);
	assert_int_equal(lc_process_namespace(pid, "pid", &inode), -ESRCH);
	assert_int_equal(inode, 4711);
	assert_int_equal(lc_process_groups(pid, &groups, &n), -ESRCH);
	assert_int_equal(n, 4711);
	assert_int_equal(lc_process_parent(pid), 0);
}

static void a_parent_and_a_namespace_are_told(void **state)
{
	uint32_t own = 0, same = 1;
	struct stat st;

	(void)state;
	assert_int_equal(lc_process_parent(getpid()), getppid());
	assert_int_equal(lc_process_namespace(0, "mnt", &own), 0);
	assert_int_equal(lc_process_namespace(getpid(), "mnt", &same), 0);
	assert_int_equal(own, same);
	assert_int_equal(stat("/proc/self/ns/mnt", &st), 0);
	assert_int_equal(own, st.st_ino);
}

static void a_process_is_called_what_it_calls_itself(void **state)
{
	char comm[32] = "as before";

	(void)state;
	assert_false(lc_process_comm(INT_MAX, comm, sizeof(comm)));
	assert_string_equal(comm, "as before");
	assert_int_equal(prctl(PR_SET_NAME, "a name"), 0);
	assert_true(lc_process_comm(getpid(), comm, sizeof(comm)));
	assert_string_equal(comm, "a name");
}

/* The label of a process is the file's first line; where no security module has one there is none. */
static void a_process_is_called_what_a_security_module_calls_it(void **state)
{
	char line[4096] = "";
	FILE *file = fopen("/proc/self/attr/current", "re");
	char *label = NULL;
	int r = lc_process_label(getpid(), &label);

	(void)state;
	if (file && fgets(line, sizeof(line), file))
		line[strcspn(line, "\n")] = '\0';
	if (file)
		fclose(file);
	if (*line) {
		assert_int_equal(r, 0);
		assert_string_equal(label, line);
	} else {
		assert_int_not_equal(r, 0);
		assert_null(label);
	}
	free(label);
	label = NULL;
	assert_int_equal(lc_process_label(INT_MAX, &label), -ESRCH);
	assert_null(label);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_of_the_five_sets_is_read),
		cmocka_unit_test(no_new_privileges_are_seen),
		cmocka_unit_test(a_seccomp_filter_is_seen),
		cmocka_unit_test(a_user_namespace_of_its_own_is_seen),
		cmocka_unit_test(the_effective_ids_are_read),
		cmocka_unit_test(the_parent_is_known),
		cmocka_unit_test(the_older_of_two_started_earlier),
		cmocka_unit_test(a_hostile_name_does_not_change_the_age),
		cmocka_unit_test(a_process_that_is_gone_is_said_so_and_nothing_is_changed),
		cmocka_unit_test(a_parent_and_a_namespace_are_told),
		cmocka_unit_test(the_init_of_a_pid_namespace_is_one_in_it),
		cmocka_unit_test(a_process_is_called_what_it_calls_itself),
		cmocka_unit_test(a_process_is_called_what_a_security_module_calls_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
