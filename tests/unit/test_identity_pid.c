/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests lc_process_fill against this process and its children. */
#include "child.h"

#include <leastcap/capset.h>
#include <leastcap/identity.h>

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static uint64_t own_bounding_set(void)
{
	uint64_t set = 0;
	int cap;

	for (cap = 0; cap < 64; cap++) {
		if (prctl(PR_CAPBSET_READ, cap) == 1)
			set |= LC_CAP_BIT(cap);
	}
	return set;
}

static void stop_child(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void unknown_user_and_bounding_set_are_filled(void **state)
{
	struct lc_target target = {0};
	char expected[32];

	(void)state;
	snprintf(expected, sizeof(expected), "%u:%u", geteuid(), getegid());
	assert_int_equal(lc_process_fill(&target, getpid()), 0);
	assert_string_equal(target.user, expected);
	assert_true(target.granted == own_bounding_set());
	free(target.user);
}

static void known_user_and_bounding_set_are_kept(void **state)
{
	struct lc_target target = {.user = strdup("7:7"), .granted = LC_CAP_BIT(CAP_CHOWN)};

	(void)state;
	assert_int_equal(lc_process_fill(&target, getpid()), 0);
	assert_string_equal(target.user, "7:7");
	assert_true(target.granted == LC_CAP_BIT(CAP_CHOWN));
	free(target.user);
}

static void namespaces_are_their_inode_numbers(void **state)
{
	struct lc_namespaces namespaces = {0};
	struct stat user, pid;

	(void)state;
	assert_int_equal(stat("/proc/self/ns/user", &user), 0);
	assert_int_equal(stat("/proc/self/ns/pid", &pid), 0);
	assert_int_equal(lc_process_namespaces(getpid(), &namespaces), 0);
	assert_int_equal(namespaces.userns, user.st_ino);
	assert_int_equal(namespaces.userns_depth, 0);
	assert_int_equal(namespaces.pidns, pid.st_ino);
}

static void become_user_33(void)
{
	if (setgid(44) < 0 || seteuid(33) < 0)
		_exit(1);
}

static void the_effective_user_counts(void **state)
{
	struct lc_target target = {0};
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid = start_child(become_user_33);
	assert_int_equal(lc_process_fill(&target, pid), 0);
	assert_string_equal(target.user, "33:44");
	free(target.user);
	stop_child(pid);
}

static void drop_sys_time(void)
{
	if (prctl(PR_CAPBSET_DROP, CAP_SYS_TIME) < 0)
		_exit(1);
}

static void a_reduced_bounding_set_is_seen(void **state)
{
	struct lc_target target = {0};
	pid_t pid;

	(void)state;
	if (prctl(PR_CAPBSET_READ, CAP_SYS_TIME) != 1 || geteuid() != 0)
		skip();
	pid = start_child(drop_sys_time);
	assert_int_equal(lc_process_fill(&target, pid), 0);
	assert_true(target.granted == (own_bounding_set() & ~LC_CAP_BIT(CAP_SYS_TIME)));
	free(target.user);
	stop_child(pid);
}

static void take_a_hostile_name(void)
{
	prctl(PR_SET_NAME, "x\nUid:\t7 7\n");
}

static void a_process_cannot_name_itself_a_user(void **state)
{
	struct lc_target target = {0};
	char expected[32];
	pid_t pid;

	(void)state;
	snprintf(expected, sizeof(expected), "%u:%u", geteuid(), getegid());
	pid = start_child(take_a_hostile_name);
	assert_int_equal(lc_process_fill(&target, pid), 0);
	assert_string_equal(target.user, expected);
	free(target.user);
	stop_child(pid);
}

static void a_process_that_is_gone_is_said_so(void **state)
{
	struct lc_target target = {0};
	struct lc_namespaces namespaces = {0};
	pid_t pid;

	(void)state;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(lc_process_fill(&target, pid), -ESRCH);
	assert_int_equal(lc_process_namespaces(pid, &namespaces), -ESRCH);
	assert_null(target.user);
	assert_true(target.granted == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_user_and_bounding_set_are_filled),
		cmocka_unit_test(known_user_and_bounding_set_are_kept),
		cmocka_unit_test(namespaces_are_their_inode_numbers),
		cmocka_unit_test(the_effective_user_counts),
		cmocka_unit_test(a_reduced_bounding_set_is_seen),
		cmocka_unit_test(a_process_cannot_name_itself_a_user),
		cmocka_unit_test(a_process_that_is_gone_is_said_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
