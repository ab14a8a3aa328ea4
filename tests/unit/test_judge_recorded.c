/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the judge on recorded workloads (scripts/record-fixtures): classes and lists are those found by hand. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/judge.h>
#include <leastcap/profile.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_ROWS 16

/*
 * The checks that agree with these words ("*": any) have the class that follows them; and with what they are about, where
 * that is given. The first row that fits counts.
 */
struct expected {
	const char *cap, *verdict, *credential, *phase, *userns, *syscall, *caller;
	const char *class;
	const char *about;
};

/* A recorded workload, and what it needs; names are separated by spaces. */
struct workload {
	const char *fixture;
	const char *cap_add;
	const char *used; /* granted and asked for: the rest of what was granted is unused */
	const char *wanted;
	struct expected rows[MAX_ROWS];
};

/* clang-format off */

/* Asked by every mmap, brk, fork and exec, whoever asks; what the answer is depends on the user. */
#define OVERCOMMIT {"SYS_ADMIN", "*", "own", "workload", "target", "*", "security_vm_enough_memory_mm", "advisory"}
/* Of a process that goes from root to an ordinary user: before, while and after. */
#define SETGROUPS {"SETGID", "granted", "own", "workload", "target", "setgroups", "__do_sys_setgroups", "required"}
#define SETRESGID {"SETGID", "granted", "own", "workload", "target", "setresgid", "__sys_setresgid", "required"}
#define SETRESUID {"SETUID", "granted", "own", "workload", "target", "setresuid", "__sys_setresuid", "required"}
#define CAPSET {"SETPCAP", "*", "own", "workload", "target", "capset", "cap_capset", "advisory"}
/* Of a container: what runc did, and what overlayfs did for the workload. */
#define SETUP {"*", "*", "*", "setup", "*", "*", "*", "setup"}
#define OVERLAYFS {"*", "granted", "overridden", "workload", "target", "*", "*", "overridden"}

static const struct workload chown_by_root = {
	.fixture = "chown", .cap_add = "CHOWN", .used = "CHOWN SYS_ADMIN", .wanted = "",
	.rows = {
		{"CHOWN", "granted", "own", "workload", "target", "fchownat", "setattr_prepare", "required"},
		OVERCOMMIT,
	},
};

static const struct workload shell_that_forks = {
	.fixture = "forks", .cap_add = "", .used = "SYS_ADMIN", .wanted = "",
	.rows = {OVERCOMMIT},
};

static const struct workload becoming_an_ordinary_user = {
	.fixture = "setpriv", .cap_add = "SETGID SETUID", .used = "SETGID SETUID SETPCAP SYS_ADMIN", .wanted = "",
	.rows = {SETGROUPS, SETRESGID, SETRESUID, CAPSET, OVERCOMMIT},
};

/* chown of root's file, reading a secret of root's, a signal to process 1, sethostname: each fails. */
static const struct workload denied_to_an_ordinary_user = {
	.fixture = "denied", .cap_add = "SETGID SETUID", .used = "SETGID SETUID SETPCAP SYS_ADMIN",
	.wanted = "CHOWN DAC_READ_SEARCH KILL SYS_ADMIN",
	.rows = {
		{"CHOWN", "denied", "own", "workload", "target", "fchownat", "setattr_prepare", "blocked"},
		{"DAC_OVERRIDE", "denied", "own", "workload", "target", "openat", "generic_permission", "alternative"},
		{"DAC_READ_SEARCH", "denied", "own", "workload", "target", "openat", "generic_permission", "blocked"},
		{"KILL", "denied", "own", "workload", "target", "kill", "check_kill_permission", "blocked"},
		{"SYS_ADMIN", "denied", "own", "workload", "target", "sethostname", "__x64_sys_sethostname", "blocked"},
		SETGROUPS, SETRESGID, SETRESUID, CAPSET, OVERCOMMIT,
	},
};

/* An ordinary user makes a user namespace and changes the host's name in there. */
static const struct workload user_namespace_of_its_own = {
	.fixture = "nested", .cap_add = "SETGID SETUID", .used = "SETGID SETUID SETPCAP SYS_ADMIN", .wanted = "",
	.rows = {
		{"SYS_ADMIN", "granted", "own", "workload", "target", "unshare", "unshare_nsproxy_namespaces", "owner"},
		{"SYS_ADMIN", "granted", "own", "workload", "other", "write", "map_write", "nested"},
		{"SYS_ADMIN", "granted", "own", "workload", "other", "openat", "proc_setgroups_open", "nested"},
		{"SYS_ADMIN", "granted", "own", "workload", "other", "sethostname", "__x64_sys_sethostname", "nested"},
		{"SYS_ADMIN", "denied", "own", "workload", "other", "*", "security_vm_enough_memory_mm", "nested"},
		SETGROUPS, SETRESGID, SETRESUID, CAPSET, OVERCOMMIT,
	},
};

/* Every syscall here succeeds without FSETID too; but the bit that chmod asks for is silently dropped without it. */
static const struct workload set_group_id_bits = {
	.fixture = "setgid", .cap_add = "CHOWN FSETID SETGID SETUID",
	.used = "CHOWN FSETID SETGID SETUID SETPCAP SYS_ADMIN", .wanted = "",
	.rows = {
		{"CHOWN", "granted", "own", "workload", "target", "fchownat", "setattr_prepare", "required"},
		{"FSETID", "granted", "own", "workload", "target", "fchmodat", "setattr_prepare", "required"},
		{"FSETID", "granted", "own", "workload", "target", "fchmodat", "setattr_copy", "required"},
		{"FSETID", "denied", "own", "workload", "target", "fchmodat", "setattr_prepare", "blocked"},
		{"FSETID", "denied", "own", "workload", "target", "fchmodat", "setattr_copy", "blocked"},
		{"FSETID", "granted", "own", "workload", "target", "fchownat", "setattr_prepare", "advisory"},
		{"FSETID", "granted", "own", "workload", "target", "fchownat", "setattr_copy", "advisory"},
		{"FSETID", "granted", "own", "workload", "target", "write", "setattr_should_drop_suidgid", "required"},
		SETGROUPS, SETRESGID, SETRESUID, CAPSET, OVERCOMMIT,
	},
};

/* A value that is not below the limit. SYS_RESOURCE was denied, and the write succeeded. */
static const struct workload higher_oom_score = {
	.fixture = "oom", .cap_add = "", .used = "SYS_ADMIN", .wanted = "",
	.rows = {
		{"SYS_RESOURCE", "*", "own", "workload", "target", "write", "__set_oom_adj", "advisory"},
		OVERCOMMIT,
	},
};

/* An ordinary user attaches such a filter too: the JIT asks only how careful to be. */
static const struct workload socket_filter = {
	.fixture = "filter", .cap_add = "", .used = "SYS_ADMIN", .wanted = "",
	.rows = {
		{"SYS_ADMIN", "granted", "own", "workload", "target", "setsockopt", "do_jit", "advisory"},
		OVERCOMMIT,
	},
};

/* Debian's nginx: its log directory belongs to www-data, its workers run as www-data. Port 80 is free in Docker. */
static const struct workload nginx_in_a_container = {
	.fixture = "nginx_container", .cap_add = "CHOWN DAC_OVERRIDE SETGID SETUID",
	.used = "CHOWN DAC_OVERRIDE SETGID SETUID", .wanted = "",
	.rows = {
		SETUP, OVERLAYFS,
		{"CHOWN", "granted", "own", "workload", "target", "chown", "setattr_prepare", "required"},
		{"DAC_OVERRIDE", "granted", "own", "workload", "target", "openat", "generic_permission", "required"},
		{"SETGID", "granted", "own", "workload", "target", "setgid", "__sys_setgid", "required"},
		{"SETUID", "granted", "own", "workload", "target", "setuid", "__sys_setuid", "required"},
		SETGROUPS, OVERCOMMIT,
	},
};

static const struct workload chown_of_a_lower_layers_file = {
	.fixture = "chown_container", .cap_add = "CHOWN", .used = "CHOWN", .wanted = "",
	.rows = {
		SETUP, OVERLAYFS,
		{"CHOWN", "granted", "own", "workload", "target", "fchownat", "setattr_prepare", "required"},
		OVERCOMMIT,
	},
};

/* DAC_READ_SEARCH is not among Docker's defaults: the same decision then accepts DAC_OVERRIDE. */
static const struct workload anothers_secret_under_dockers_defaults = {
	.fixture = "secret_container", .cap_add = "CHOWN DAC_OVERRIDE", .used = "CHOWN DAC_OVERRIDE", .wanted = "",
	.rows = {
		SETUP, OVERLAYFS,
		{"CHOWN", "granted", "own", "workload", "target", "fchownat", "setattr_prepare", "required"},
		{"DAC_OVERRIDE", "granted", "own", "workload", "target", "openat", "generic_permission", "required"},
		{"DAC_READ_SEARCH", "denied", "own", "workload", "target", "openat", "generic_permission", "alternative"},
		OVERCOMMIT,
	},
};

/* Here only the first of the two is ever asked for. */
static const struct workload anothers_secret_with_the_right_to_read_it = {
	.fixture = "secret_read_container", .cap_add = "CHOWN DAC_OVERRIDE",
	.used = "CHOWN DAC_OVERRIDE DAC_READ_SEARCH", .wanted = "",
	.rows = {
		SETUP, OVERLAYFS,
		{"CHOWN", "granted", "own", "workload", "target", "fchownat", "setattr_prepare", "required"},
		{"DAC_READ_SEARCH", "granted", "own", "workload", "target", "openat", "generic_permission", "alternative"},
		OVERCOMMIT,
	},
};

static const struct workload ids_of_its_own_and_of_another = {
	.fixture = "ids_container", .cap_add = "SETGID SETUID", .used = "SETGID SETUID", .wanted = "",
	.rows = {
		SETUP, OVERLAYFS,
		{"SETGID", "granted", "own", "workload", "target", "setgid", "__sys_setgid", "advisory", "gid 0"},
		{"SETGID", "granted", "own", "workload", "target", "setgid", "__sys_setgid", "required", "gid 1000"},
		{"SETUID", "granted", "own", "workload", "target", "setuid", "__sys_setuid", "advisory", "uid 0"},
		{"SETUID", "granted", "own", "workload", "target", "setuid", "__sys_setuid", "required", "uid 1000"},
		OVERCOMMIT,
	},
};

/* ping reads its own sets, keeps NET_RAW, and sets its own user id again. */
static const struct workload a_program_with_file_capabilities = {
	.fixture = "ping_container", .cap_add = "NET_RAW", .used = "NET_RAW SETPCAP", .wanted = "",
	.rows = {
		SETUP, OVERLAYFS,
		{"NET_RAW", "granted", "own", "workload", "target", "execve", "-", "implied",
			"/usr/bin/ping carries cap_net_raw=ep"},
		{"NET_RAW", "granted", "own", "workload", "target", "capset", "-", "implied"},
		{"SETUID", "denied", "own", "workload", "target", "setuid", "__sys_setuid", "advisory", "uid 0"},
		CAPSET, OVERCOMMIT,
	},
};

/* No check happens: execve compares the file's capabilities with the bounding set. */
static const struct workload a_program_that_may_not_start = {
	.fixture = "ping_refused_container", .cap_add = "", .used = "", .wanted = "NET_RAW",
	.rows = {
		SETUP, OVERLAYFS,
		{"NET_RAW", "denied", "own", "workload", "target", "execve", "-", "blocked"},
		OVERCOMMIT,
	},
};

static const struct workload a_refusal_in_a_netlink_answer = {
	.fixture = "netlink_container", .cap_add = "", .used = "", .wanted = "NET_ADMIN",
	.rows = {
		SETUP, OVERLAYFS,
		{"NET_ADMIN", "denied", "own", "workload", "target", "sendto", "rtnetlink_rcv_msg", "blocked"},
		OVERCOMMIT,
	},
};

/* clang-format on */

static bool word_fits(const char *word, const char *value)
{
	return !strcmp(word, "*") || !strcmp(word, value ? value : "-");
}

/* The index of the first row that fits CHECK; MAX_ROWS when none does. */
static size_t find_row(const struct workload *workload, const struct lc_check *check)
{
	char cap[LC_CAP_NAME_SIZE];

	lc_cap_name(check->cap, cap);
	for (size_t i = 0; i < MAX_ROWS && workload->rows[i].cap; i++) {
		const struct expected *row = &workload->rows[i];

		if (word_fits(row->cap, cap) && word_fits(row->verdict, lc_verdict_name(check->verdict)) &&
			word_fits(row->credential, lc_credential_name(check->credential)) &&
			word_fits(row->phase, lc_phase_name(check->phase)) &&
			word_fits(row->userns, lc_userns_name(check->userns)) &&
			word_fits(row->syscall, check->syscall) && word_fits(row->caller, check->caller) &&
			word_fits(row->about ? row->about : "*", check->about))
			return i;
	}
	return MAX_ROWS;
}

/* The set of capabilities that NAMES, separated by spaces, spell. */
static uint64_t set_of(const char *names)
{
	_cleanup_free_ char *copy = strdup(names);
	char *rest = copy;
	uint64_t set = 0;

	for (char *name; (name = strsep(&rest, " "));) {
		if (!*name)
			continue;
		assert_true(lc_cap_from_name(name) >= 0);
		set |= LC_CAP_BIT(lc_cap_from_name(name));
	}
	return set;
}

/* What stands in the file is the judgement of the day it was recorded: it must not pass for today's. */
static void spoil(struct lc_target *target)
{
	target->cap_add = target->unused = target->wanted = UINT64_MAX;
	for (size_t i = 0; i < target->n_evidence; i++)
		target->evidence[i].class = LC_CLASS_N;
}

static void assert_list(const struct workload *workload, const char *what, uint64_t list, uint64_t expected)
{
	char cap[LC_CAP_NAME_SIZE];

	for (int i = 0; i < 64; i++) {
		if ((list ^ expected) & LC_CAP_BIT(i))
			fail_msg("%s: %s %s %s", workload->fixture, lc_cap_name(i, cap),
				list & LC_CAP_BIT(i) ? "is in" : "is missing in", what);
	}
}

static void assert_classes(const struct workload *workload, const struct lc_target *target)
{
	bool met[MAX_ROWS + 1] = {0};

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		const char *class = lc_class_name(check->class);
		size_t row = find_row(workload, check);

		if (row == MAX_ROWS)
			fail_msg("%s: evidence[%zu] is not expected", workload->fixture, i);
		if (!class || strcmp(class, workload->rows[row].class) != 0)
			fail_msg("%s: evidence[%zu] is %s and not %s", workload->fixture, i, class,
				workload->rows[row].class);
		met[row] = true;
	}
	for (size_t i = 0; i < MAX_ROWS && workload->rows[i].cap; i++) {
		if (!met[i])
			fail_msg("%s: no evidence of %s at %s", workload->fixture, workload->rows[i].cap,
				workload->rows[i].caller);
	}
}

/* The test of one workload, given as its initial state. */
static void the_lists_and_every_class_are_as_found_by_hand(void **state)
{
	const struct workload *workload = *state;
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	struct lc_target *target;
	char path[128];

	snprintf(path, sizeof(path), "tests/unit/fixtures/%s.json", workload->fixture);
	if (lc_profile_load(&profile, path, &message))
		fail_msg("%s (run from the directory above tests)", message);
	assert_int_equal(profile.n_targets, 1);
	assert_int_equal(profile.lost, 0);
	target = &profile.targets[0];
	spoil(target);
	assert_int_equal(lc_judge_target(target), 0);
	assert_classes(workload, target);
	assert_list(workload, "the list", target->cap_add, set_of(workload->cap_add));
	assert_list(workload, "the unused", target->unused, target->granted & ~set_of(workload->used));
	assert_list(workload, "the wanted", target->wanted, set_of(workload->wanted));
}

/* The test of WORKLOAD, called NAME. */
static struct CMUnitTest test_of(const char *name, const struct workload *workload)
{
	return (struct CMUnitTest){
		.name = name,
		.test_func = the_lists_and_every_class_are_as_found_by_hand,
		.initial_state = (void *)workload,
	};
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_of("chown_by_root", &chown_by_root),
		test_of("shell_that_forks", &shell_that_forks),
		test_of("becoming_an_ordinary_user", &becoming_an_ordinary_user),
		test_of("denied_to_an_ordinary_user", &denied_to_an_ordinary_user),
		test_of("user_namespace_of_its_own", &user_namespace_of_its_own),
		test_of("set_group_id_bits", &set_group_id_bits),
		test_of("higher_oom_score", &higher_oom_score),
		test_of("socket_filter", &socket_filter),
		test_of("nginx_in_a_container", &nginx_in_a_container),
		test_of("chown_of_a_lower_layers_file", &chown_of_a_lower_layers_file),
		test_of("anothers_secret_under_dockers_defaults", &anothers_secret_under_dockers_defaults),
		test_of("anothers_secret_with_the_right_to_read_it", &anothers_secret_with_the_right_to_read_it),
		test_of("ids_of_its_own_and_of_another", &ids_of_its_own_and_of_another),
		test_of("a_program_with_file_capabilities", &a_program_with_file_capabilities),
		test_of("a_program_that_may_not_start", &a_program_that_may_not_start),
		test_of("a_refusal_in_a_netlink_answer", &a_refusal_in_a_netlink_answer),
	};

	return cmocka_run_group_tests_name("judge recorded", tests, NULL, NULL);
}
