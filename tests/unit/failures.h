/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the tests of the judge: refused calls made in a few words. */
#ifndef LEASTCAP_TESTS_FAILURES_H
#define LEASTCAP_TESTS_FAILURES_H

#include "evidence.h"

/* A container of Docker's with its filter, as root, which holds GRANTED. */
static inline struct lc_target container(uint64_t granted)
{
	return (struct lc_target){
		.kind = LC_TARGET_CONTAINER,
		.engine = strdup("docker"),
		.engine_version = strdup("27.0.1"),
		.user = strdup("0:0"),
		.seccomp = true,
		.granted = granted,
	};
}

/* SYSCALL by /bin/a, as root, failed with RESULT. */
static inline struct lc_failure refused(const char *syscall, const char *result)
{
	return (struct lc_failure){
		.syscall = strdup(syscall),
		.result = strdup(result),
		.exe = strdup("/bin/a"),
		.comm = strdup("a"),
		.user = strdup("0:0"),
		.filter = LC_FILTER_ALLOWS,
		.count = 1,
		.first_ns = 1000,
		.last_ns = 1000,
	};
}

/* The same, before the kernel was asked. */
static inline struct lc_failure filtered_call(const char *syscall)
{
	struct lc_failure failure = refused(syscall, "EPERM");

	failure.filter = LC_FILTER_REFUSES;
	return failure;
}

/* FAILURE about ABOUT. */
static inline struct lc_failure about(struct lc_failure failure, const char *what)
{
	failure.about = strdup(what);
	return failure;
}

/* FAILURE about the file PATH with MODE. */
static inline struct lc_failure on_file(struct lc_failure failure, const char *path, uint32_t mode)
{
	failure.object = (struct lc_object){.path = strdup(path), .owner = strdup("root:root"), .mode = mode};
	return about(failure, path);
}

/* Appends FAILURE to TARGET, which takes over its strings. The pointer is good until the next one is added. */
static inline struct lc_failure *add_refused(struct lc_target *target, struct lc_failure failure)
{
	assert_int_equal(lc_target_add_failure(target, &failure), 0);
	return &target->failures[target->n_failures - 1];
}

/* Appends to TARGET that /bin/a was denied CAP in SYSCALL, which failed with RESULT. */
static inline struct lc_check *add_denied(struct lc_target *target, int cap, const char *syscall, const char *result)
{
	struct lc_check check = denied_check(cap, UNKNOWN, result);

	check.syscall = strdup(syscall);
	check.exe = strdup("/bin/a");
	check.user = strdup("0:0");
	return add(target, check);
}

/* The only refused call of TARGET, judged. */
static inline const struct lc_failure *judged_failure(struct lc_target *target)
{
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->n_failures, 1);
	return &target->failures[0];
}

/* FAILURE, the only one of a container with Docker's filter, has CAUSE. It is freed. */
static inline void assert_cause(struct lc_failure failure, enum lc_cause cause)
{
	_cleanup_(lc_target_clear) struct lc_target target = container(0);
	const struct lc_failure *judged;

	add_refused(&target, failure);
	judged = judged_failure(&target);
	assert_string_equal(lc_cause_name(judged->cause), lc_cause_name(cause));
	assert_non_null(judged->why);
}

#endif
