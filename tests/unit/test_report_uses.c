/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that a report does not contradict itself: each capability is in one group, whatever was recorded of it. */
#include "render.h"

#include "src/report/uses.h"

#include <leastcap/judge.h>

/* A number below N, the next of a fixed sequence. */
static unsigned int below(unsigned int n)
{
	static uint32_t state = 1;

	state = state * 1664525 + 1013904223;
	return (state >> 16) % n;
}

/* Adds a check of a capability of a few, of any kind. */
static void add_random(struct lc_target *target)
{
	static const char *const calls[] = {"chown", "mmap", "openat", "kill", "bind"};
	static const char *const callers[] = {"setattr_prepare", "cap_vm_enough_memory", "generic_permission", NULL};
	struct lc_check *check =
		add_evidence(target, (int)below(6), LC_CLASS_ADVISORY, 1 + below(9), "/bin/x", calls[below(5)], NULL);

	check->verdict = below(2) ? LC_VERDICT_DENIED : LC_VERDICT_GRANTED;
	check->authority = check->verdict == LC_VERDICT_GRANTED ? LC_AUTHORITY_EFFECTIVE : LC_AUTHORITY_NONE;
	check->credential = below(4) ? LC_CREDENTIAL_OWN : LC_CREDENTIAL_OVERRIDDEN;
	check->phase = below(4) ? LC_PHASE_WORKLOAD : LC_PHASE_SETUP;
	check->caller = copy(callers[below(4)]);
	check->result = check->verdict == LC_VERDICT_DENIED ? copy(below(2) ? "EPERM" : "0") : NULL;
	check->user = copy(below(2) ? "0:0" : "101:101");
}

static void assert_disjoint(const struct lc_report_uses *uses)
{
	const uint64_t groups[] = {
		uses->listed, uses->wanted, uses->alternative, uses->without_need, uses->in_vain, uses->never};
	uint64_t seen = 0;

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		assert_int_equal(seen & groups[i], 0);
		seen |= groups[i];
	}
}

/* Asserts that no capability that REPORT, a verbose one, says was never used has a row of the workload's. */
static void assert_never(const struct lc_target *target, const struct lc_report_uses *uses)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->phase == LC_PHASE_WORKLOAD && check->credential == LC_CREDENTIAL_OWN)
			assert_int_equal(uses->never & LC_CAP_BIT(check->cap), 0);
	}
}

static void each_capability_is_in_one_group(void **state)
{
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct lc_profile profile = {0};
		struct lc_target *target = add_container(&profile, "web", "nginx", NULL, 0);
		struct lc_report_uses uses;

		target->user = copy(below(2) ? "0:0" : "101:101");
		target->granted = below(64);
		for (unsigned int n = below(8); n; n--)
			add_random(target);
		assert_int_equal(lc_judge_target(target), 0);
		uses = lc_report_uses(target);
		assert_disjoint(&uses);
		assert_never(target, &uses);
		assert_int_equal(uses.never & ~target->granted, 0);
		lc_profile_clear(&profile);
	}
}

static void a_recording_that_lost_checks_does_not_say_that_nothing_ran(void **state)
{
	(void)state;
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++) {
		struct lc_profile profile = {.lost = 34270};
		char *report;

		profile.elsewhere.of[LC_LOSS_CHECKS] = 34270;
		report = render(&profile, (*format)->name, &(struct lc_style){0});
		if (strstr(report, "no container ran"))
			fail_msg("-f %s contradicts itself:\n%s", (*format)->name, report);
		free(report);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_capability_is_in_one_group),
		cmocka_unit_test(a_recording_that_lost_checks_does_not_say_that_nothing_ran),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
