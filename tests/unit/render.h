/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the tests of reports: profiles made in a few words, and their reports as strings. */
#ifndef LEASTCAP_TESTS_RENDER_H
#define LEASTCAP_TESTS_RENDER_H

#include <leastcap/capset.h>
#include <leastcap/report.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

static inline char *copy(const char *text)
{
	return text ? strdup(text) : NULL;
}

/* Adds a container with the given list to PROFILE. The pointer is good until the next one is added. */
static inline struct lc_target *add_container(
	struct lc_profile *profile, const char *name, const char *image, const char *service, uint64_t cap_add)
{
	struct lc_target *target = lc_profile_add_target(profile);

	assert_non_null(target);
	target->kind = LC_TARGET_CONTAINER;
	target->name = copy(name);
	target->image = copy(image);
	target->service = copy(service);
	target->project = copy(service ? "shop" : NULL);
	target->cap_add = cap_add;
	return target;
}

/* Adds a granted workload check to TARGET. The pointer is good until the next one is added. */
static inline struct lc_check *add_evidence(struct lc_target *target, int cap, enum lc_class class, uint64_t count,
	const char *exe, const char *syscall, const char *about)
{
	struct lc_check check = {
		.cap = cap,
		.class = class,
		.authority = LC_AUTHORITY_EFFECTIVE,
		.phase = LC_PHASE_WORKLOAD,
		.count = count,
		.exe = copy(exe),
		.syscall = copy(syscall),
		.about = copy(about),
	};

	assert_int_equal(lc_target_add_evidence(target, &check), 0);
	return &target->evidence[target->n_evidence - 1];
}

/* Adds COUNT calls to TARGET that failed with EPERM for CAUSE, and that any of CAPS opens. The pointer is good until the next one is added. */
static inline struct lc_failure *add_failure(struct lc_target *target, enum lc_cause cause, uint64_t caps,
	uint64_t count, const char *exe, const char *syscall, const char *about)
{
	struct lc_failure failure = {
		.cause = cause,
		.caps = caps,
		.count = count,
		.exe = copy(exe),
		.syscall = copy(syscall),
		.about = copy(about),
		.result = copy("EPERM"),
	};

	assert_int_equal(lc_target_add_failure(target, &failure), 0);
	return &target->failures[target->n_failures - 1];
}

/* PROFILE's report; the caller frees it. */
static inline char *render(const struct lc_profile *profile, const char *format, const struct lc_style *style)
{
	const struct lc_report_format *found = lc_report_find(format);
	struct lc_strbuf out = {0};

	assert_non_null(found);
	assert_int_equal(found->render(profile, style, &out), 0);
	return lc_strbuf_steal(&out);
}

/* Asserts that PROFILE's report is EXPECTED. */
static inline void assert_rendered(
	const struct lc_profile *profile, const char *format, const struct lc_style *style, const char *expected)
{
	char *report = render(profile, format, style);

	assert_string_equal(report, expected);
	free(report);
}

/* The same, and frees PROFILE. */
static inline void assert_report(
	struct lc_profile *profile, const char *format, const struct lc_style *style, const char *expected)
{
	assert_rendered(profile, format, style, expected);
	lc_profile_clear(profile);
}

#endif
