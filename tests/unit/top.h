/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the tests of the screen: profiles made in a few words. */
#ifndef LEASTCAP_TESTS_TOP_H
#define LEASTCAP_TESTS_TOP_H

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/top.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

#define SECOND INT64_C(1000000000)

static inline struct lc_target *add_target(struct lc_profile *profile, const char *name)
{
	struct lc_target *target = lc_profile_add_target(profile);

	target->kind = LC_TARGET_CONTAINER;
	target->name = strdup(name);
	target->image = strdup("debian:12");
	return target;
}

static inline void add_checks(struct lc_target *target, int cap, enum lc_class class, const char *exe, uint64_t count)
{
	struct lc_check check = {.cap = cap,
		.class = class,
		.phase = class == LC_CLASS_SETUP ? LC_PHASE_SETUP : LC_PHASE_WORKLOAD,
		.count = count,
		.exe = strdup(exe),
		.syscall = strdup("chown")};

	if (class <= LC_CLASS_IMPLIED)
		target->cap_add |= LC_CAP_BIT(cap);
	if (class == LC_CLASS_BLOCKED)
		target->wanted |= LC_CAP_BIT(cap);
	assert_int_equal(lc_target_add_evidence(target, &check), 0);
}

static inline void add_refused(struct lc_target *target, const char *syscall, uint64_t count, bool expected)
{
	struct lc_failure failure = {.syscall = strdup(syscall),
		.result = strdup("EPERM"),
		.exe = strdup("/bin/job"),
		.count = count,
		.cause = LC_CAUSE_FILTER,
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN),
		.expected = expected};

	assert_int_equal(lc_target_add_failure(target, &failure), 0);
}

/* web: CHOWN so often; job: was denied SYS_ADMIN and holds it not; db: may do all. */
static inline void fill(struct lc_profile *profile, uint64_t chowns)
{
	struct lc_target *target = add_target(profile, "web");

	add_checks(target, CAP_CHOWN, LC_CLASS_REQUIRED, "/usr/sbin/nginx", chowns);
	add_checks(target, CAP_SETUID, LC_CLASS_REQUIRED, "/usr/sbin/nginx", 2);
	add_checks(target, CAP_SYS_ADMIN, LC_CLASS_SETUP, "/usr/bin/runc", 100 * chowns);
	target->granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID);
	target = add_target(profile, "job");
	add_checks(target, CAP_SYS_ADMIN, LC_CLASS_BLOCKED, "/bin/mount", 1);
	add_refused(target, "mount", 3, false);
	add_refused(target, "openat", 9, true);
	target->losses.of[LC_LOSS_CHECKS] = 7;
	target->granted = LC_CAP_BIT(CAP_CHOWN);
	target = add_target(profile, "db");
	target->rating.level = LC_RATING_PRIVILEGED;
	target->rating.score = 360;
	profile->lost = 7;
	profile->ended_ns = 3661 * SECOND;
}

/* TOP has seen all that twice, two seconds apart; web's CHOWN was asked for 20 times in between. */
static inline void look_twice(struct lc_top *top)
{
	struct lc_profile profile = {0};

	fill(&profile, 10);
	assert_int_equal(lc_top_take(top, &profile, 100 * SECOND), 0);
	fill(&profile, 30);
	assert_int_equal(lc_top_take(top, &profile, 102 * SECOND), 0);
}

#endif
